using Npgsql;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Benchmarks;

/// <summary>An event that a service tells, and a consumer that hears every one of it and remembers it; the memory's key lets it do so once.</summary>
internal sealed record EnduranceHeard(string Teller, string Event, string Hearer, string Consumer)
{
    /// <summary>Who hears what a sale leads to.</summary>
    public static readonly IReadOnlyList<EnduranceHeard> All =
    [
        new("invoicing", InvoiceIssued.Exchange, "delivery", "delivery-send-invoice"),
        new("invoicing", InvoiceIssued.Exchange, "payments", "payments-open-balance"),
        new("invoicing", InvoiceIssued.Exchange, "collections", "collections-open-receivable"),
        new("invoicing", InvoiceIssued.Exchange, "reporting", "reporting-facts"),
        new("payments", PaymentAllocated.Exchange, "collections", "collections-apply-allocation"),
        new("payments", PaymentAllocated.Exchange, "reporting", "reporting-facts"),
        new("payments", InvoicePaid.Exchange, "collections", "collections-settle-receivable"),
    ];

    private const string Told = "select event_id from event where seller_id = @seller and name = @name order by event_id";
    private const string Had = "select event_id from inbox where consumer = @consumer order by event_id";

    /// <summary>How many of the seller's events the consumer has not had.</summary>
    public async Task<long> MissingAsync(EnduranceTarget target, CancellationToken cancellation)
    {
        await using var teller = await target.DatabaseAsync(Teller, cancellation);
        await using var hearer = await target.DatabaseAsync(Hearer, cancellation);
        await using var tell = new NpgsqlCommand(Told, teller) { Parameters = { new("seller", target.SellerId), new("name", Event) } };
        await using var hear = new NpgsqlCommand(Had, hearer) { Parameters = { new("consumer", Consumer) } };
        await using var told = await tell.ExecuteReaderAsync(cancellation);
        await using var had = await hear.ExecuteReaderAsync(cancellation);
        var missing = 0L;
        var isThere = await had.ReadAsync(cancellation);
        while (await told.ReadAsync(cancellation))
        {
            var id = told.GetGuid(0);
            while (isThere && had.GetGuid(0).CompareTo(id) < 0)
            {
                isThere = await had.ReadAsync(cancellation);
            }

            missing += isThere && had.GetGuid(0) == id ? 0 : 1;
        }

        return missing;
    }
}
