using Dapper;
using Npgsql;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>Shows the button that signs in. Looking changes nothing, so a mail scanner that opens every link uses none up.</summary>
public sealed class ShowLink(NpgsqlDataSource database, PortalOptions options, TimeProvider clock)
{
    internal const string FindLink = """
        select link_id, browser_hash, email, next_path, expires_at, used_at from sign_in_link where token_hash = @token
        """;

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(string token, PageContext page, HttpContext http)
    {
        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var link = await FindAsync(connection, token, http.RequestAborted);
        return Link.WhyNot(link, Cookies.SecretIn(http, Cookies.Browser), clock.GetUtcNow(), options.LinkLifetime) is { } fault
            ? page.Show(fault)
            : page.Show<ConfirmPage, ConfirmModel>(new ConfirmModel(token, link!.Email));
    }

    internal static async Task<Link?> FindAsync(NpgsqlConnection connection, string token, CancellationToken cancellationToken) =>
        Secrets.IsPlausible(token)
            ? await connection.QuerySingleOrDefaultAsync<Link>(
                new CommandDefinition(FindLink, new { token = Secrets.HashOf(token) }, cancellationToken: cancellationToken)
            )
            : null;
}
