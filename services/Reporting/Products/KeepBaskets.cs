using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Products;

/// <summary>What was bought together is kept once; a sale that is cancelled is left out when it is asked for.</summary>
public sealed class KeepBaskets : IProjection
{
    // Arrays of arrays are all of one length: a basket's products come with its place.
    private const string Keep = """
        insert into basket (seller_id, invoice_id, known_at, operation_date, tier, products)
        select b.seller_id, b.invoice_id, b.known_at, b.operation_date, b.tier, p.products
        from unnest(@sellers, @invoices, @known, @days, @tiers) with ordinality as b (seller_id, invoice_id, known_at, operation_date, tier, place)
        join (
            select place, array_agg(product order by nth) as products
            from unnest(@places, @products) with ordinality as each (place, product, nth)
            group by place
        ) p on p.place = b.place
        on conflict do nothing
        """;

    private const string Copy = "copy basket (seller_id, invoice_id, known_at, operation_date, tier, products) from stdin (format binary)";

    /// <inheritdoc />
    public string Name => "baskets";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["basket"];

    /// <summary>Keeps what these events say was bought, each known at the instant beside it.</summary>
    public async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        var baskets = told.Where(each => each.Event is InvoiceIssued)
            .Select(each => (Basket: Basket.Of((InvoiceIssued)each.Event), each.KnownAt))
            .Where(each => each.Basket is not null)
            .DistinctBy(each => (each.Basket!.SellerId, each.Basket.InvoiceId))
            .ToArray();
        if (baskets.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Keep, transaction.Connection, transaction);
        command.Parameters.AddRange(
            (NpgsqlParameter[])
                [
                    new("sellers", baskets.Select(each => each.Basket!.SellerId.Value).ToArray()),
                    new("invoices", baskets.Select(each => each.Basket!.InvoiceId.Value).ToArray()),
                    new("known", baskets.Select(each => each.KnownAt.ToUniversalTime()).ToArray()),
                    new("days", baskets.Select(each => each.Basket!.OperationDate).ToArray()),
                    new("tiers", baskets.Select(each => (short)each.Basket!.Tier).ToArray()),
                    new("places", baskets.SelectMany((each, i) => Enumerable.Repeat(i + 1L, each.Basket!.Products.Count)).ToArray()),
                    new("products", baskets.SelectMany(each => each.Basket!.Products).ToArray()),
                ]
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Appended => ["basket"];

    /// <inheritdoc />
    public async Task LoadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await transaction.Connection!.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var (issued, knownAt) in told)
        {
            if (issued is not InvoiceIssued invoice || Basket.Of(invoice) is not { } basket)
            {
                continue;
            }

            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(basket.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(basket.InvoiceId.Value, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(knownAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(basket.OperationDate, NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync((short)basket.Tier, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(basket.Products.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
