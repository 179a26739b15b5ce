using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// A customer who has tickets asks for one full invoice instead: it names them, states what they declared net of returns, and adds no
/// sale, no VAT and no debt. A ticket is exchanged once.
/// </summary>
public sealed class ExchangeTickets(ActOnInvoices acts, TimeProvider clock)
{
    private const int MostTickets = 1000;

    /// <summary>Issues the full invoice.</summary>
    public async Task<Outcome<PostedAct>> ExchangeAsync(
        SellerId seller,
        ExchangeRequest request,
        string? key,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("ExchangeTickets");
        var tickets = request.TicketInvoiceIds;
        if (tickets.Count is 0 or > MostTickets || tickets.Distinct().Count() != tickets.Count)
        {
            return InvoicingFaults.NoTickets.At("ticketInvoiceIds");
        }

        var act = ActOnInvoices.ActOf("exchange", key, request);
        return act.Refused(out var fault)
            ? fault
            : await acts.IssueAsync(
                seller,
                act.Value,
                tickets,
                read => ExchangeDraft.Of(read.Seller, read.Invoices, read.Since, request.Buyer, act.Value, clock.GetUtcNow()),
                cancellationToken
            );
    }
}
