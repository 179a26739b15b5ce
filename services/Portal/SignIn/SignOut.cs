using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>Ends the session at once, here and in the database: the cookie opens nothing any more, wherever it went.</summary>
public sealed class SignOut(NpgsqlDataSource database)
{
    private const string End = """
        delete from session where token_hash = @hash
        """;

    /// <summary>Signs out.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Form form, HttpContext http)
    {
        if (form.Fault is { } stale)
        {
            return page.Show(stale);
        }

        if (Cookies.SecretIn(http, Cookies.Session) is { } token)
        {
            await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
            await connection.ExecuteAsync(
                new CommandDefinition(End, new { hash = Secrets.HashOf(token) }, cancellationToken: http.RequestAborted)
            );
        }

        http.Response.Cookies.Delete(Cookies.Session, Cookies.Options(http, TimeSpan.Zero));
        return PageContext.GoTo("/sign-in");
    }
}
