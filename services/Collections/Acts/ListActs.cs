using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Acts;

/// <summary>Which acts are asked for.</summary>
public sealed record ActFilter
{
    /// <summary>Of this invoice.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Of this customer, by its key.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many, up to 200.</summary>
    public int? Limit { get; init; }

    /// <summary>The stores that whoever asks is held to, which no address says; all where absent.</summary>
    internal string[]? Stores { get; init; }
}

/// <summary>An act as it is shown.</summary>
public sealed record ActBody
{
    /// <summary>The act.</summary>
    public required Guid ActId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>key, staff, customer or system.</summary>
    public required string ByKind { get; init; }

    /// <summary>The key's id, or the address.</summary>
    public required string By { get; init; }

    /// <summary>A member of staff's role.</summary>
    public string? Role { get; init; }

    /// <summary>What was done.</summary>
    public required string Kind { get; init; }

    /// <summary>The invoice.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The customer.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>Why.</summary>
    public string? Why { get; init; }

    /// <summary>What else there is to say of it.</summary>
    public JsonElement? Body { get; init; }
}

/// <summary>A page of acts, the latest first.</summary>
public sealed record ActPage(IReadOnlyList<ActBody> Items, string? NextCursor);

/// <summary>Who did what about a seller's receivables, the latest first.</summary>
public sealed class ListActs(NpgsqlDataSource database)
{
    private const int MostAtOnce = 200;
    private const int Usual = 50;

    private const string Page = """
        select act_id, at, by_kind, by_name, role, kind, invoice_id, customer_key, why, body::text as body
        from act
        where seller_id = @seller
          and (@invoice::uuid is null or invoice_id = @invoice)
          and (@customer::text is null or customer_key = @customer)
          and (@stores::text[] is null or exists (
              select from receivable r
              where r.seller_id = act.seller_id and r.invoice_id = act.invoice_id and r.store_id = any(@stores)))
          and (@before::uuid is null or act_id < @before)
        order by act_id desc
        limit @limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<ActPage>> RunAsync(SellerId seller, ActFilter filter, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListActs");
        var invoice = default(InvoiceId);
        if (filter.InvoiceId is { } asked && !Contracts.InvoiceId.TryParse(asked, out invoice))
        {
            return DoorFaults.BadParameter.At("invoiceId", "invoiceId", asked);
        }

        if (filter.CustomerId is { } customer && (customer.Length is 0 or > 320 || customer.Contains('\0')))
        {
            return DoorFaults.BadParameter.At("customerId", "customerId", customer.Replace('\0', ' '));
        }

        if (filter.Limit is < 1 or > MostAtOnce)
        {
            return DoorFaults.BadParameter.At("limit", "limit", $"1 … {MostAtOnce}");
        }

        var before = default(Guid);
        if (filter.Cursor is { } cursor && !Guid.TryParseExact(cursor, "D", out before))
        {
            return DoorFaults.BadParameter.At("cursor", "cursor", cursor);
        }

        var limit = filter.Limit ?? Usual;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (
            await connection.QueryAsync<Row>(
                Page,
                new
                {
                    seller = seller.Value,
                    invoice = filter.InvoiceId is null ? default(Guid?) : invoice.Value,
                    customer = filter.CustomerId,
                    stores = filter.Stores,
                    before = filter.Cursor is null ? default(Guid?) : before,
                    limit = limit + 1,
                }
            )
        ).AsList();
        var items = rows.Take(limit).Select(row => row.Shown()).ToArray();
        return new ActPage(items, rows.Count > limit ? items[^1].ActId.ToString() : null);
    }

    private sealed record Row
    {
        public Guid ActId { get; init; }

        public DateTimeOffset At { get; init; }

        public string ByKind { get; init; } = "";

        public string ByName { get; init; } = "";

        public string? Role { get; init; }

        public string Kind { get; init; } = "";

        public InvoiceId? InvoiceId { get; init; }

        public string? CustomerKey { get; init; }

        public string? Why { get; init; }

        public string? Body { get; init; }

        public ActBody Shown() =>
            new()
            {
                ActId = ActId,
                At = At,
                ByKind = ByKind,
                By = ByName,
                Role = Role,
                Kind = Kind,
                InvoiceId = InvoiceId,
                CustomerKey = CustomerKey,
                Why = Why,
                Body = Body is null ? null : JsonSerializer.Deserialize<JsonElement>(Body),
            };
    }
}
