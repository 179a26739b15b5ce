using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>Speed counts only where the law was kept: after each part every number is there once, and the chain is sound.</summary>
internal static class Checks
{
    private const string Numbers = """
        select n.seller_id, n.series, n.last, count(i.invoice_id), coalesce(max(right(i.number, -length(n.series) - 1)::bigint), 0)
        from invoicing.number_series n
            left join invoicing.invoice i on i.seller_id = n.seller_id and i.environment = n.environment and i.series = n.series
        where n.seller_id = any(@sellers) group by 1, 2, 3
        """;
    private const string IssuedByAll = "select coalesce(sum(last), 0)::bigint from invoicing.number_series";
    private const string Issued = "select coalesce(sum(last), 0)::bigint from invoicing.number_series where seller_id = any(@sellers)";

    /// <summary>How many numbers the shops have been given.</summary>
    public static async Task<long> IssuedAsync(NpgsqlDataSource invoicing, IReadOnlyList<Shop> shops, CancellationToken cancellation)
    {
        await using var command = Of(invoicing, Issued, shops);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>How many numbers have been given.</summary>
    public static async Task<long> IssuedAsync(NpgsqlDataSource invoicing, CancellationToken cancellation)
    {
        await using var command = invoicing.CreateCommand(IssuedByAll);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Fails where a series has a gap or a number twice, a chain is broken, or there are more or fewer invoices than were answered.</summary>
    public static async Task AreSoundAsync(
        NpgsqlDataSource invoicing,
        RunningSystem system,
        IReadOnlyList<Shop> shops,
        long answered,
        CancellationToken cancellation
    )
    {
        var given = 0L;
        await using (var command = Of(invoicing, Numbers, shops))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var (last, count, highest) = (reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
                given += last;
                if (count != last || highest != last)
                {
                    throw new InvalidOperationException(
                        $"{reader.GetString(0)} {reader.GetString(1)}: {last} numbers were given, {count} invoices have one, the highest is {highest}"
                    );
                }
            }
        }

        if (given != answered)
        {
            throw new InvalidOperationException($"{answered} sales were answered as issued, and there are {given} invoices");
        }

        var today = TimeProvider.System.GetUtcNow();
        var days = string.Create(CultureInfo.InvariantCulture, $"from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}");
        var records = 0L;
        foreach (var shop in shops)
        {
            using var http = Connections.Http(system.Http("invoicing"), shop.ApiKey);
            var chain = await http.GetFromJsonAsync<JsonElement>($"/v1/fiscal/chain?{days}", cancellation);
            records += chain.GetProperty("records").GetInt64();
            if (!chain.GetProperty("valid").GetBoolean())
            {
                throw new InvalidOperationException($"the chain of {shop.SellerId} is broken: {chain}");
            }
        }

        if (records != given)
        {
            throw new InvalidOperationException($"{given} invoices have {records} fiscal records");
        }
    }

    private static NpgsqlCommand Of(NpgsqlDataSource invoicing, string sql, IReadOnlyList<Shop> shops)
    {
        var command = invoicing.CreateCommand(sql);
        command.Parameters.Add(new("sellers", shops.Select(shop => shop.SellerId).ToArray()));
        return command;
    }
}
