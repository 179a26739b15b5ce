using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>
/// A mailed link signs its address in once, within its minutes, in the browser that asked for it. Looking at it changes nothing, so a
/// mail scanner does not use it up.
/// </summary>
public sealed class SignInByLink(NpgsqlDataSource database, Secrets secrets, PortalOptions options, TimeProvider clock)
{
    private const string FindLink = """
        select link_id, browser_hash, email, next_path, expires_at, used_at from sign_in_link where token_hash = @token
        """;

    private const string UseUp = """
        update sign_in_link set used_at = @now
        where token_hash = @token and browser_hash = @browser and used_at is null and expires_at > @now
        returning link_id, browser_hash, email, next_path, expires_at, used_at
        """;

    private const string Start = """
        insert into session (token_hash, link_id, email, started_at, expires_at) values (@session, @linkId, @email, @now, @expires)
        """;

    private const string SessionStands = """
        select exists (select from session where token_hash = @session and expires_at > @now)
        """;

    /// <summary>Shows the button that signs in.</summary>
    public async Task<IResult> ShowAsync(string token, PageContext page, HttpContext http)
    {
        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var link = await FindAsync(connection, token, http.RequestAborted);
        return WhyNot(link, http) is { } fault
            ? page.Show(fault)
            : page.Show<ConfirmPage, ConfirmModel>(new ConfirmModel(token, link!.Email));
    }

    /// <summary>Signs in.</summary>
    public async Task<IResult> RunAsync(string token, PageContext page, Form form, HttpContext http)
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
                new { token = Secrets.HashOf(token), browser = Secrets.HashOf(browser ?? ""), now },
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
        var link = await FindAsync(connection, token, http.RequestAborted);
        var now = clock.GetUtcNow();
        if (browser is not null && link?.UsedAt is { } used && now - used <= options.DoubleClick && IsFrom(link, browser))
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

        return page.Show(WhyNot(link, http) ?? PortalFaults.UsedLink.With());
    }

    private IResult Enter(string session, Link link, HttpContext http)
    {
        http.Response.Cookies.Append(Cookies.Session, session, Cookies.Options(http, options.SessionLifetime));
        return PageContext.GoTo(link.NextPath);
    }

    private Fault? WhyNot(Link? link, HttpContext http) =>
        link is null ? PortalFaults.UnknownLink.With()
        : link.UsedAt is not null ? PortalFaults.UsedLink.With()
        : link.ExpiresAt <= clock.GetUtcNow() ? PortalFaults.LateLink.With((int)options.LinkLifetime.TotalMinutes)
        : Cookies.SecretIn(http, Cookies.Browser) is not { } browser || !IsFrom(link, browser) ? PortalFaults.OtherBrowser.With()
        : null;

    private static bool IsFrom(Link link, string browser) => link.BrowserHash.AsSpan().SequenceEqual(Secrets.HashOf(browser));

    private static async Task<Link?> FindAsync(NpgsqlConnection connection, string token, CancellationToken cancellationToken) =>
        Secrets.IsPlausible(token)
            ? await connection.QuerySingleOrDefaultAsync<Link>(
                new CommandDefinition(FindLink, new { token = Secrets.HashOf(token) }, cancellationToken: cancellationToken)
            )
            : null;

    private sealed record Link
    {
        public Guid LinkId { get; init; }
        public byte[] BrowserHash { get; init; } = [];
        public string Email { get; init; } = "";
        public string NextPath { get; init; } = "/";
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? UsedAt { get; init; }
    }
}
