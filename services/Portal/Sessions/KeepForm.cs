using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.SignIn;

namespace RetailInvoicing.Portal.Sessions;

/// <summary>
/// A form that was sent after its session had ended does nothing, and what was written is not lost: it is kept sealed for half an hour, and
/// shown again in the same browser to the same person. Files are not kept, and neither is a form that was not opened here.
/// </summary>
public sealed class KeepForm(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long it is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private const int MostBytes = 512 * 1024;

    private const string Keep = """
        insert into kept_form (form_id, browser_hash, email, sealed, expires_at) values (@id, @browser, @email, @sealedForm, @expires)
        """;

    private const string Find = """
        select sealed from kept_form
        where form_id = @id and browser_hash = @browser and lower(email) = lower(@email) and expires_at > @now
        """;

    /// <summary>Keeps what the person of an ended session sent; the address that shows it again, or none where there is nothing to keep.</summary>
    public async Task<string?> KeepAsync(HttpContext http, string email)
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } pattern })
        {
            return null;
        }

        var form = await Form.ReadAsync(http);
        if (form.Fault is not null)
        {
            return null;
        }

        var kept = new KeptForm
        {
            Pattern = pattern,
            Path = http.Request.Path.ToUriComponent(),
            Query = http.Request.QueryString.ToUriComponent(),
            Route = http.Request.RouteValues.ToDictionary(each => each.Key, each => each.Value?.ToString() ?? "", StringComparer.Ordinal),
            // The token is the page's to give anew.
            Fields = form
                .Fields.Where(field => !field.Key.StartsWith('_'))
                .ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToArray(), StringComparer.Ordinal),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(kept);
        if (bytes.Length > MostBytes)
        {
            return null;
        }

        var browser = Cookies.SecretIn(http, Cookies.Browser) ?? Secrets.New();
        http.Response.Cookies.Append(Cookies.Browser, browser, Cookies.Options(http, TimeSpan.FromHours(1)));
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    id,
                    browser = Secrets.HashOf(browser),
                    email,
                    sealedForm = SealOf(browser).Protect(bytes),
                    expires = clock.GetUtcNow() + Kept,
                },
                cancellationToken: http.RequestAborted
            )
        );
        return $"/kept-forms/{id:D}";
    }

    /// <summary>What was kept in this browser for that person, where it still is.</summary>
    public async Task<KeptForm?> FindAsync(HttpContext http, Guid id, string email)
    {
        if (Cookies.SecretIn(http, Cookies.Browser) is not { } browser)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var kept = await connection.QuerySingleOrDefaultAsync<byte[]>(
            new CommandDefinition(
                Find,
                new
                {
                    id,
                    browser = Secrets.HashOf(browser),
                    email,
                    now = clock.GetUtcNow(),
                },
                cancellationToken: http.RequestAborted
            )
        );
        try
        {
            return kept is null ? null : JsonSerializer.Deserialize<KeptForm>(SealOf(browser).Unprotect(kept));
        }
        catch (CryptographicException)
        {
            // Sealed by a key that is gone.
            return null;
        }
    }

    /// <summary>Opened only with the browser's own secret, which the database does not hold.</summary>
    private IDataProtector SealOf(string browser) => protection.CreateProtector("kept form", browser);
}
