using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Sessions;

/// <summary>Shows someone where he is signed in: nobody else's sessions, and nothing that would open one.</summary>
public sealed class ShowSessions(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Mine = """
        select session_id, device, started_at, last_seen_at, session_id = @own as is_this
        from session where lower(email) = lower(@email) and expires_at > @now
        order by session_id = @own desc, coalesce(last_seen_at, started_at) desc
        """;

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, string? done, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sessions = await connection.QueryAsync<OpenSession>(
            new CommandDefinition(
                Mine,
                new
                {
                    own = visitor.SessionId,
                    email = visitor.Email,
                    now = clock.GetUtcNow(),
                },
                cancellationToken: cancellationToken
            )
        );
        return page.Show<SessionsPage, SessionsModel>(new SessionsModel([.. sessions], Zones.Of(null), done));
    }
}
