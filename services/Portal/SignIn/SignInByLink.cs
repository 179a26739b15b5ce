using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>
/// A mailed link signs its address in once, within its minutes, in the browser that asked for it.
/// </summary>
public sealed class SignInByLink(NpgsqlDataSource database, Secrets secrets, PortalOptions options, TimeProvider clock)
{
    private const string UseUp = """
        update sign_in_link set used_at = @now
        where token_hash = @token and browser_hash = @browser and used_at is null and expires_at > @now
        returning link_id, browser_hash, email, next_path, expires_at, used_at
        """;

    private const string Start = """
        insert into session (token_hash, link_id, email, started_at, expires_at, device, last_seen_at)
        values (@session, @linkId, @email, @now, @expires, @device, @now)
        """;

    private const string SessionStands = """
        select exists (select from session where token_hash = @session and expires_at > @now)
        """;

    /// <summary>Signs in.</summary>
    public async Task<IResult> HandleAsync(string token, PageContext page, Form form, HttpContext http)
    {
        using var span = Telemetry.Source.StartActivity(nameof(SignInByLink));
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        var cancellationToken = http.RequestAborted;
        var browser = Cookies.SecretIn(http, Cookies.Browser);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var link = await connection.QuerySingleOrDefaultAsync<Link>(
            new CommandDefinition(
                UseUp,
                new
                {
                    token = Secrets.HashOf(token),
                    browser = Secrets.HashOf(browser ?? ""),
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (link is null)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await AgainAsync(connection, token, browser, page, http);
        }

        var session = secrets.SessionToken(link.LinkId, browser!);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Start,
                new
                {
                    session = Secrets.HashOf(session),
                    link.LinkId,
                    link.Email,
                    now,
                    expires = now + options.SessionLifetime,
                    device = Device.Of(http.Request.Headers.UserAgent),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return Enter(session, link, http);
    }

    /// <summary>The second half of a double click gets the session the first half made; everything else is told why not.</summary>
    private async Task<IResult> AgainAsync(NpgsqlConnection connection, string token, string? browser, PageContext page, HttpContext http)
    {
        var link = await ShowLink.FindAsync(connection, token, http.RequestAborted);
        var now = clock.GetUtcNow();
        if (browser is not null && link?.UsedAt is { } used && now - used <= options.DoubleClick && link.IsFrom(browser))
        {
            var session = secrets.SessionToken(link.LinkId, browser);
            var stands = await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(SessionStands, new { session = Secrets.HashOf(session), now }, cancellationToken: http.RequestAborted)
            );
            if (stands)
            {
                return Enter(session, link, http);
            }
        }

        return page.Show(Link.WhyNot(link, browser, now, options.LinkLifetime) ?? PortalFaults.UsedLink.With());
    }

    private IResult Enter(string session, Link link, HttpContext http)
    {
        // A day longer than the session: whose it was is known when a form comes after its end.
        http.Response.Cookies.Append(Cookies.Session, session, Cookies.Options(http, options.SessionLifetime + TimeSpan.FromDays(1)));
        return PageContext.GoTo(link.NextPath);
    }
}
