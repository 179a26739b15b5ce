using Dapper;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Whoever comes with the cookie of a live session is that session's person; a page for the signed in sends others to sign in.</summary>
public sealed class RecogniseVisitor(RequestDelegate next, NpgsqlDataSource database, KeepForm keep, TimeProvider clock)
{
    private const string FindSession = """
        select email, session_id, last_seen_at, expires_at > @now as is_live from session where token_hash = @hash
        """;

    private const string SeeSession = """
        update session set last_seen_at = @now where session_id = @sessionId
        """;

    /// <summary>When it was last seen is told to some minutes: not every page is a write.</summary>
    private static readonly TimeSpan SeenAgain = TimeSpan.FromMinutes(5);

    /// <summary>Recognises, then goes on.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var session = default(Session);
        if (endpoint?.Metadata.GetMetadata<NeedsNobody>() is null && Cookies.SecretIn(http, Cookies.Session) is { } token)
        {
            session = await FindAsync(token, http.RequestAborted);
            if (session is { IsLive: true })
            {
                Visitor.Set(http, new Visitor(session.Email) { SessionId = session.SessionId });
            }
        }

        if (endpoint?.Metadata.GetMetadata<NeedsSignIn>() is not null && Visitor.Of(http) is null)
        {
            var back = LocalPath.Of(http.Request.Path.ToUriComponent() + http.Request.QueryString);
            if (HttpMethods.IsPost(http.Request.Method))
            {
                // What was written is kept where it is known whose it is; else coming back is to the page, not to the form's address.
                back =
                    (session is null ? null : await keep.KeepAsync(http, session.Email))
                    ?? LocalPath.Of(http.Request.Path.ToUriComponent());
            }

            await PageContext.GoTo(QueryHelpers.AddQueryString("/sign-in", "next", back)).ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    private async Task<Session?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var session = await connection.QuerySingleOrDefaultAsync<Session>(
            new CommandDefinition(FindSession, new { hash = Secrets.HashOf(token), now }, cancellationToken: cancellationToken)
        );
        if (session is { IsLive: true } && (session.LastSeenAt is not { } seen || now - seen >= SeenAgain))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(SeeSession, new { session.SessionId, now }, cancellationToken: cancellationToken)
            );
        }

        return session;
    }

    private sealed record Session
    {
        public string Email { get; init; } = "";

        public Guid SessionId { get; init; }

        public DateTimeOffset? LastSeenAt { get; init; }

        public bool IsLive { get; init; }
    }
}
