using MassTransit;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// What known customers bought is counted where sales are learned from, and coupons that their sales used are redeemed: by it campaigns
/// choose their customers and are measured. Cancellations are counted as they are told. Events may come in any order.
/// </summary>
public sealed class CountPurchases : IConsumer<InvoiceCancelled>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "delivery-count-purchases";

    private const string KeepPurchases = """
        insert into purchase (seller_id, invoice_id, customer, at, currency, total)
        select * from unnest(@sellers, @invoices, @customers, @ats, @currencies, @totals)
            as t (seller_id, invoice_id, customer, at, currency, total)
        order by seller_id, invoice_id
        on conflict do nothing
        """;

    private const string KeepReturns = """
        insert into purchase_return (seller_id, corrective_id, invoice_id, amount)
        select * from unnest(@sellers, @correctives, @invoices, @amounts) as t (seller_id, corrective_id, invoice_id, amount)
        order by seller_id, corrective_id
        on conflict do nothing
        """;

    private const string KeepCancelled = """
        insert into purchase_cancelled (seller_id, invoice_id)
        select * from unnest(@sellers, @invoices) as t (seller_id, invoice_id)
        order by seller_id, invoice_id
        on conflict do nothing
        """;

    private readonly InboxLine<PurchaseFact> _line;
    private readonly RedeemCoupons _redeem;

    /// <summary>Opens the line that facts wait in.</summary>
    public CountPurchases(Inbox inbox, RedeemCoupons redeem) =>
        (_line, _redeem) = (
            inbox.Line<PurchaseFact>(
                nameof(CountPurchases),
                (transaction, heard, token) => KeepAsync(transaction, [.. heard.Select(each => each.Fact)], token)
            ),
            redeem
        );

    /// <summary>Counts issued invoices of any kind, in the transaction that learns from them.</summary>
    public Task CountAsync(NpgsqlTransaction transaction, IReadOnlyList<InvoiceIssued> issued, CancellationToken cancellationToken) =>
        KeepAsync(transaction, [.. issued.Select(PurchaseFact.Of).OfType<PurchaseFact>()], cancellationToken);

    /// <summary>One that should never have been.</summary>
    public Task Consume(ConsumeContext<InvoiceCancelled> context) =>
        _line.TakeAsync(
            Queue,
            context.Message.EventId,
            PurchaseFact.OfCancelled(context.Message.SellerId, context.Message.InvoiceId),
            context.CancellationToken
        );

    private async Task KeepAsync(NpgsqlTransaction transaction, PurchaseFact[] facts, CancellationToken cancellationToken)
    {
        var purchases = Array.FindAll(facts, fact => fact is { Customer: not null, IsCancelled: false, Corrects: null });
        var returns = Array.FindAll(facts, fact => fact.Corrects is not null);
        var cancelled = Array.FindAll(facts, fact => fact.IsCancelled);
        if (purchases.Length > 0)
        {
            await ExecuteAsync(
                transaction,
                KeepPurchases,
                purchases,
                cancellationToken,
                new("invoices", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                {
                    Value = Array.ConvertAll(purchases, each => each.InvoiceId.Value),
                },
                new("customers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = Array.ConvertAll(purchases, each => each.Customer!) },
                new("ats", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
                {
                    Value = Array.ConvertAll(purchases, each => each.At.ToUniversalTime()),
                },
                new("currencies", NpgsqlDbType.Array | NpgsqlDbType.Text)
                {
                    Value = Array.ConvertAll(purchases, each => each.Currency.Code),
                },
                new("totals", NpgsqlDbType.Array | NpgsqlDbType.Numeric) { Value = Array.ConvertAll(purchases, each => each.Total) }
            );
        }

        if (returns.Length > 0)
        {
            await ExecuteAsync(
                transaction,
                KeepReturns,
                returns,
                cancellationToken,
                new("correctives", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                {
                    Value = Array.ConvertAll(returns, each => each.InvoiceId.Value),
                },
                new("invoices", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                {
                    Value = Array.ConvertAll(returns, each => each.Corrects!.Value.Value),
                },
                new("amounts", NpgsqlDbType.Array | NpgsqlDbType.Numeric) { Value = Array.ConvertAll(returns, each => each.TakenOff) }
            );
        }

        if (cancelled.Length > 0)
        {
            await ExecuteAsync(
                transaction,
                KeepCancelled,
                cancelled,
                cancellationToken,
                new NpgsqlParameter("invoices", NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                {
                    Value = Array.ConvertAll(cancelled, each => each.InvoiceId.Value),
                }
            );
        }

        var withCoupons = Array.FindAll(facts, fact => fact.Coupons.Count > 0);
        if (withCoupons.Length > 0)
        {
            await _redeem.RunAsync(transaction, withCoupons, cancellationToken);
        }
    }

    private static async Task ExecuteAsync(
        NpgsqlTransaction transaction,
        string sql,
        PurchaseFact[] facts,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.Add(
            new NpgsqlParameter("sellers", NpgsqlDbType.Array | NpgsqlDbType.Text)
            {
                Value = Array.ConvertAll(facts, each => each.SellerId.Value),
            }
        );
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
