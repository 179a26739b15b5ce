using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Disputes;

/// <summary>Disputes of an invoice, the latest first.</summary>
public sealed record DisputeList(IReadOnlyList<DisputeBody> Items);

/// <summary>What a customer said of an invoice, and what came of it.</summary>
public sealed class ListDisputes(NpgsqlDataSource database)
{
    private const string OfInvoice = """
        select dispute_id, invoice_id, line_id, currency, amount, reason, raised_at, outcome, resolved_at
        from dispute where seller_id = @seller and invoice_id = @invoice
        order by raised_at desc, dispute_id desc limit 200
        """;

    /// <summary>Those of an invoice.</summary>
    public async Task<Outcome<DisputeList>> RunAsync(SellerId seller, string invoiceId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListDisputes");
        if (!InvoiceId.TryParse(invoiceId, out var invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<DisputeBody>(OfInvoice, new { seller = seller.Value, invoice = invoice.Value });
        return new DisputeList([.. rows.Select(row => row with { Amount = Money.Of(row.Amount, row.Currency).Amount })]);
    }
}
