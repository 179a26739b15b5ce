using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// A corrective invoice states what is wrong with another by differences, or states it anew; what is taken away, the other must still
/// have (RD 1619/2012 art. 15).
/// </summary>
public sealed class CorrectInvoice(ActOnInvoices acts, TimeProvider clock)
{
    /// <summary>Issues the corrective invoice.</summary>
    public async Task<Outcome<PostedAct>> CorrectAsync(
        SellerId seller,
        InvoiceId invoice,
        CorrectionRequest request,
        string? key,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("CorrectInvoice");
        var act = ActOnInvoices.ActOf($"correct {invoice}", key, request);
        return act.Refused(out var fault)
            ? fault
            : await acts.IssueAsync(
                seller,
                act.Value,
                [invoice],
                [],
                read => CorrectionDraft.Of(read.Seller, read.Invoices[0], [.. read.Since[invoice]], request, act.Value, clock.GetUtcNow()),
                cancellationToken
            );
    }
}
