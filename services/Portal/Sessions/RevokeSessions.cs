using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Sessions;

/// <summary>Ends a session of one's own, or all but the one that asks; whoever holds its cookie is out at the next request.</summary>
public sealed class RevokeSessions(NpgsqlDataSource database)
{
    private const string EndOne = """
        delete from session where lower(email) = lower(@email) and session_id = @session
        """;

    private const string EndOthers = """
        delete from session where lower(email) = lower(@email) and session_id <> @own
        """;

    /// <summary>Ends the one that the form names.</summary>
    public async Task<IResult> OneAsync(PageContext page, Visitor visitor, Form form, HttpContext http)
    {
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        if (!Guid.TryParseExact(form["session"], "D", out var session))
        {
            return page.Show(PortalFaults.BadRequest.With());
        }

        // Somebody else's is none; saying so, or that it had ended before, helps nobody.
        await EndAsync(EndOne, new { email = visitor.Email, session }, http.RequestAborted);
        if (session != visitor.SessionId)
        {
            return PageContext.GoTo("/account/sessions?done=one");
        }

        http.Response.Cookies.Delete(Cookies.Session, Cookies.Options(http, TimeSpan.Zero));
        return PageContext.GoTo("/sign-in");
    }

    /// <summary>Ends all others.</summary>
    public async Task<IResult> OthersAsync(PageContext page, Visitor visitor, Form form, CancellationToken cancellationToken)
    {
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        await EndAsync(EndOthers, new { email = visitor.Email, own = visitor.SessionId }, cancellationToken);
        return PageContext.GoTo("/account/sessions?done=others");
    }

    private async Task EndAsync(string sql, object which, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, which, cancellationToken: cancellationToken));
    }
}
