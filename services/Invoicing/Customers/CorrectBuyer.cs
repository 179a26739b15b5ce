using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>
/// A buyer whose name or address is wrong on an invoice gets the corrective invoice at once: by substitution, to the same taxpayer, with
/// the same amounts (RD 1619/2012 art. 15).
/// </summary>
public sealed class CorrectBuyer(ActOnInvoices acts, GetInvoice get, TimeProvider clock)
{
    /// <summary>Issues the corrective invoice.</summary>
    public async Task<Outcome<PostedAct>> CorrectAsync(
        string email,
        InvoiceId invoiceId,
        SaleBuyer buyer,
        string key,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("CorrectBuyer");
        if (await get.GetAsync(invoiceId, null, email, cancellationToken) is not { } invoice)
        {
            return InvoicingFaults.NoInvoice.With();
        }

        var act = ActOnInvoices.ActOf($"correct {invoiceId}", $"customer {key}", buyer);
        return act.Refused(out var unkeyed)
            ? unkeyed
            : await acts.IssueAsync(
                invoice.SellerId,
                act.Value,
                [invoiceId],
                [],
                read => Draft(read, buyer, act.Value, clock.GetUtcNow()),
                cancellationToken
            );
    }

    private static Outcome<InvoiceDraft> Draft(Read read, SaleBuyer buyer, Act act, DateTimeOffset now)
    {
        var invoice = read.Invoices[0];
        if (RightBuyer.Refusal(invoice, buyer) is { } refusal)
        {
            return refusal;
        }

        var drafting = CorrectionDraft.Of(
            read.Seller,
            invoice,
            [.. read.Since[invoice.InvoiceId]],
            RightBuyer.Request(invoice, buyer),
            act,
            now
        );
        if (drafting.Refused(out var fault))
        {
            return fault;
        }

        var (anew, before) = (drafting.Value.Basket.Totals, invoice.Totals);
        return anew.TotalWithVat == before.TotalWithVat && anew.VatTotal == before.VatTotal
            ? drafting
            : CustomerFaults.WouldDiffer.With(invoice.Number);
    }
}
