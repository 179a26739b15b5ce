using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>The system under trial and the seller whose sales it gets; the system is asked anew each time, since its processes change.</summary>
internal sealed record EnduranceTarget(Func<RunningSystem> System, string SellerId, string ApiKey)
{
    private const string NumbersOfSales = """
        select s.sale_id, i.number from sale s join invoice i using (seller_id, invoice_id)
        where s.seller_id = @seller and s.sale_id = any(@sales)
        """;

    /// <summary>A client of a service with the seller's key.</summary>
    public HttpClient Http(string service) => Connections.Http(System().Http(service), ApiKey);

    /// <summary>A GET's JSON.</summary>
    public async Task<JsonElement> GetAsync(string service, string path, CancellationToken cancellation)
    {
        using var http = Http(service);
        http.Timeout = TimeSpan.FromHours(1);
        return await http.GetFromJsonAsync<JsonElement>(path, cancellation);
    }

    /// <summary>The numbers of a sale's invoices.</summary>
    public async Task<IReadOnlyList<string>> NumbersOfSaleAsync(HttpClient http, string saleId, CancellationToken cancellation)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/v1/invoices?saleId={saleId}", cancellation);
        return [.. page.GetProperty("invoices").EnumerateArray().Select(invoice => invoice.GetProperty("number").GetString()!)];
    }

    /// <summary>The numbers of those of the sales that have an invoice, from the database: a till on the bus asks nobody.</summary>
    public async Task<IReadOnlyList<(string SaleId, string Number)>> NumbersOfSalesAsync(string[] saleIds, CancellationToken cancellation)
    {
        await using var connection = await DatabaseAsync("invoicing", cancellation);
        await using var command = new NpgsqlCommand(NumbersOfSales, connection)
        {
            Parameters = { new("seller", SellerId), new("sales", saleIds) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var numbers = new List<(string, string)>();
        while (await row.ReadAsync(cancellation))
        {
            numbers.Add((row.GetString(0), row.GetString(1)));
        }

        return numbers;
    }

    /// <summary>A service's database, to read only.</summary>
    public async Task<NpgsqlConnection> DatabaseAsync(string service, CancellationToken cancellation)
    {
        var server = System().Postgres ?? throw new CommandFailed("endpoints.json names no database server.");
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = server.Host,
                Port = server.Port,
                Username = server.Username,
                Password = server.Password,
                Database = $"{service}db",
                Options = $"-c search_path={service} -c default_transaction_read_only=on -c work_mem=64MB",
                CommandTimeout = 0,
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>One value of a service's database.</summary>
    public async Task<T> ValueAsync<T>(string service, string sql, CancellationToken cancellation)
    {
        await using var connection = await DatabaseAsync(service, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("@seller", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("seller", SellerId);
        }

        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
