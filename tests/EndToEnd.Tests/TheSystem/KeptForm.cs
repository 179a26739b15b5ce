using Dapper;
using Npgsql;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>What somebody had written when the session was over, kept until it is sent by whoever wrote it.</summary>
internal static class KeptForm
{
    private const string EndAll = """
        update session set expires_at = now() - interval '1 minute' where lower(email) = lower(@email)
        """;

    /// <summary>The shop's customer, signed in once more, for whom the portal keeps what was written about an invoice.</summary>
    public static async Task<Visit> KeepAsync(StartedSystem system, FullShop shop)
    {
        var visit = await Visit.SignInAsync(system, shop.CustomerEmail);
        var server = system.Now.Postgres!;
        var portal = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Username = server.Username,
            Password = server.Password,
            Database = "portaldb",
            SearchPath = "portal",
            Pooling = false,
        };
        await using (var connection = new NpgsqlConnection(portal.ConnectionString))
        {
            await connection.ExecuteAsync(EndAll, new { email = shop.CustomerEmail });
        }

        var late = await visit.SendAsync($"/invoices/{shop.Invoice}/dispute", [("line", "1"), ("reason", $"Lo escribió {shop.Mark}")]);
        var kept = Uri.UnescapeDataString(late.Location ?? "").Split("/kept-forms/");
        Assert.True(kept.Length == 2, $"nothing was kept: {late.Status} {late.Location}");
        shop.Know("formId", kept[1].Split('?', '&')[0]);
        await visit.EnterAsync(system);
        return visit;
    }
}
