using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What is told of an invoice is kept once, and the sums of its day, shop, till and VAT rates change with it.</summary>
public sealed class KeepSale(Inbox inbox, SalesFeed feed)
{
    private const string LockSale = """
        insert into sale (seller_id, invoice_id) values (@seller, @invoice) on conflict do nothing;
        select seller_id, invoice_id, number, kind, operation_date, hour, store_id, till_id, currency,
            invoices, total_without_vat, vat_total, total_with_vat, returns, cancelled_at
        from sale where seller_id = @seller and invoice_id = @invoice for update
        """;
    private const string VatOfSale = """
        select rate as value, invoices, total_without_vat, vat_total, total_with_vat, returns
        from sale_vat where seller_id = @seller and invoice_id = @invoice
        """;
    private const string KeepIssued = """
        update sale set
            number = @Number, kind = @kind, operation_date = @OperationDate, hour = @Hour, store_id = @StoreId, till_id = @TillId,
            channel = @channel, customer_id = @CustomerId, currency = @Currency,
            invoices = @invoices, total_without_vat = @withoutVat, vat_total = @vat, total_with_vat = @withVat, returns = @returns
        where seller_id = @SellerId and invoice_id = @InvoiceId;
        insert into sale_vat (seller_id, invoice_id, rate, invoices, total_without_vat, vat_total, total_with_vat, returns)
        select @SellerId, @InvoiceId, *
        from unnest(@rates, @rateInvoices, @rateWithoutVat, @rateVat, @rateWithVat, @rateReturns);
        insert into sale_line (seller_id, invoice_id, operation_date, currency, product, quantity, net_amount, gross_amount, line)
        select @SellerId, @InvoiceId, @OperationDate, @Currency, *
        from unnest(@products, @quantities, @netAmounts, @grossAmounts) with ordinality
        """;
    private const string KeepCancelled = """
        update sale set cancelled_at = @CancelledAt where seller_id = @SellerId and invoice_id = @InvoiceId
        """;

    // Everyone takes the day's row first and then the rates upwards, so that two invoices at once never wait for each other in a circle.
    private const string AddToSums = """
        insert into sales_total as sum
            (seller_id, operation_date, hour, store_id, till_id, currency, invoices, total_without_vat, vat_total, total_with_vat, returns)
        values (@SellerId, @OperationDate, @Hour, @StoreId, @TillId, @Currency, @invoices, @withoutVat, @vat, @withVat, @returns)
        on conflict (seller_id, operation_date, hour, store_id, till_id, currency) do update set
            invoices = sum.invoices + excluded.invoices,
            total_without_vat = sum.total_without_vat + excluded.total_without_vat,
            vat_total = sum.vat_total + excluded.vat_total,
            total_with_vat = sum.total_with_vat + excluded.total_with_vat,
            returns = sum.returns + excluded.returns;
        insert into sales_vat_total as sum
            (seller_id, operation_date, currency, rate, invoices, total_without_vat, vat_total, total_with_vat, returns)
        select @SellerId, @OperationDate, @Currency, *
        from unnest(@rates, @rateInvoices, @rateWithoutVat, @rateVat, @rateWithVat, @rateReturns) as share (rate)
        order by share.rate
        on conflict (seller_id, operation_date, rate, currency) do update set
            invoices = sum.invoices + excluded.invoices,
            total_without_vat = sum.total_without_vat + excluded.total_without_vat,
            vat_total = sum.vat_total + excluded.vat_total,
            total_with_vat = sum.total_with_vat + excluded.total_with_vat,
            returns = sum.returns + excluded.returns
        """;

    /// <summary>Keeps what the event adds, unless this consumer has had it.</summary>
    public async Task KeepAsync(
        string consumer,
        IEvent told,
        InvoiceId invoice,
        DateTimeOffset happenedAt,
        Func<Sale, Sale> add,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("KeepSale");
        using var waiting = feed.Take(happenedAt);
        await inbox.OnceAsync(
            consumer,
            told.EventId,
            async transaction =>
            {
                var before = await LockAsync(transaction, told.SellerId, invoice);
                var after = add(before);
                if (after == before)
                {
                    return;
                }

                var sql = before.Number is null && after.Number is not null ? KeepIssued : KeepCancelled;
                await transaction.Connection!.ExecuteAsync(sql, Row(after, after.Figures, after.Vat), transaction);
                if (after.Adds != before.Adds)
                {
                    var change = Changes.Between(before, after);
                    await transaction.Connection!.ExecuteAsync(AddToSums, Row(after, change.Figures, change.Vat), transaction);
                }
            },
            cancellationToken
        );
    }

    private static async Task<Sale> LockAsync(NpgsqlTransaction transaction, SellerId seller, InvoiceId invoice)
    {
        var key = new { seller = seller.Value, invoice = invoice.Value };
        var sale = (
            await transaction.Connection!.QueryAsync<Sale, Figures, Ending, Sale>(
                LockSale,
                (sale, figures, ending) => sale with { Figures = figures, CancelledAt = ending?.CancelledAt },
                key,
                transaction,
                splitOn: "invoices,cancelled_at"
            )
        ).Single();
        return sale.Number is null
            ? sale
            : sale with
            {
                Vat =
                [
                    .. (
                        await transaction.Connection!.QueryAsync<Rate, Figures, VatShare>(
                            VatOfSale,
                            (rate, figures) => new VatShare(rate.Value, figures),
                            key,
                            transaction,
                            splitOn: "invoices"
                        )
                    ),
                ],
            };
    }

    private static object Row(Sale sale, Figures figures, IReadOnlyList<VatShare> vat) =>
        new
        {
            sale.SellerId,
            sale.InvoiceId,
            sale.Number,
            kind = sale.Kind.ToString().ToLowerInvariant(),
            sale.OperationDate,
            sale.Hour,
            sale.StoreId,
            sale.TillId,
            channel = sale.Channel.ToString().ToLowerInvariant(),
            sale.CustomerId,
            sale.Currency,
            sale.CancelledAt,
            invoices = figures.Invoices,
            withoutVat = figures.TotalWithoutVat,
            vat = figures.VatTotal,
            withVat = figures.TotalWithVat,
            returns = figures.Returns,
            rates = vat.Select(share => share.Rate).ToArray(),
            rateInvoices = vat.Select(share => share.Figures.Invoices).ToArray(),
            rateWithoutVat = vat.Select(share => share.Figures.TotalWithoutVat).ToArray(),
            rateVat = vat.Select(share => share.Figures.VatTotal).ToArray(),
            rateWithVat = vat.Select(share => share.Figures.TotalWithVat).ToArray(),
            rateReturns = vat.Select(share => share.Figures.Returns).ToArray(),
            products = sale.Lines.Select(line => line.Product).ToArray(),
            quantities = sale.Lines.Select(line => line.Quantity).ToArray(),
            netAmounts = sale.Lines.Select(line => line.NetAmount).ToArray(),
            grossAmounts = sale.Lines.Select(line => line.GrossAmount).ToArray(),
        };

    private sealed record Rate
    {
        public decimal Value { get; init; }
    }

    private sealed record Ending
    {
        public DateTimeOffset? CancelledAt { get; init; }
    }
}
