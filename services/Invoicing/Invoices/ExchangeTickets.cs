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
        if (request.FormerTickets.Any(ticket => ticket is null))
        {
            return InvoicingFaults.NullItem.At("formerTickets");
        }

        var former = request.FormerTickets.Select(ticket => Original.Former(seller, ticket.Number, ticket.IssueDate)).ToList();
        var named = tickets.Concat(former.Select(ticket => ticket.Id)).ToList();
        if (named.Count is 0 or > MostTickets || named.Distinct().Count() != named.Count)
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
                former,
                read => ExchangeDraft.Of(read, request, act.Value, clock.GetUtcNow()),
                cancellationToken
            );
    }
}
