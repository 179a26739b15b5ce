using Dapper;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Whoever comes with the cookie of a live session is that session's person; a page for the signed in sends others to sign in.</summary>
public sealed class RecogniseVisitor(RequestDelegate next, NpgsqlDataSource database, TimeProvider clock)
{
    private const string FindSession = """
        select email from session where token_hash = @hash and expires_at > @now
        """;

    /// <summary>Recognises, then goes on.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<NeedsNobody>() is null && Cookies.SecretIn(http, Cookies.Session) is { } token)
        {
            await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
            var email = await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(
                    FindSession,
                    new { hash = Secrets.HashOf(token), now = clock.GetUtcNow() },
                    cancellationToken: http.RequestAborted
                )
            );
            if (email is not null)
            {
                Visitor.Set(http, new Visitor(email));
            }
        }

        if (endpoint?.Metadata.GetMetadata<NeedsSignIn>() is not null && Visitor.Of(http) is null)
        {
            // What was in a form is gone with the session, so coming back is to the page, not to the form's address.
            var back = HttpMethods.IsPost(http.Request.Method)
                ? LocalPath.Of(http.Request.Path.ToUriComponent())
                : LocalPath.Of(http.Request.Path.ToUriComponent() + http.Request.QueryString);
            await PageContext.GoTo(QueryHelpers.AddQueryString("/sign-in", "next", back)).ExecuteAsync(http);
            return;
        }

        await next(http);
    }
}
