using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// One full invoice for several tickets ("canje"): it states what they declared, net of what has come back of them, and adds nothing to
/// it. The tickets stay as they are.
/// </summary>
public static class ExchangeDraft
{
    /// <summary>The full invoice, or why there can be none.</summary>
    public static Outcome<InvoiceDraft> Of(Read read, ExchangeRequest request, Act act, DateTimeOffset now)
    {
        var (seller, returns, asked) = (read.Seller, read.Since, request.Buyer);
        if (SaleRules.Of(asked) is { Count: > 0 } faults)
        {
            return Fault.Of(faults);
        }

        var buyer = BuyerRules.Of(asked);
        if (buyer is null || (buyer.Business == true && !BuyerRules.HasAddress(buyer)))
        {
            return InvoicingFaults.NotIdentified.At("buyer");
        }

        var former = FormerTickets.Of(read, request.FormerTickets, now);
        if (former.Refused(out var unknown))
        {
            return unknown;
        }

        IReadOnlyList<InvoiceBody> tickets = [.. read.Invoices, .. former.Value];
        for (var i = 0; i < tickets.Count; i++)
        {
            if (Refusal(tickets[i], [.. returns[tickets[i].InvoiceId]]) is { } fault)
            {
                return fault with { Path = i < read.Invoices.Count ? "ticketInvoiceIds" : "formerTickets" };
            }
        }

        var first = tickets[0];
        if (tickets.Any(each => each.Currency != first.Currency || each.ExchangeRate != first.ExchangeRate))
        {
            return InvoicingFaults.TicketsDiffer.At("ticketInvoiceIds");
        }

        InvoiceBody[] stated = [.. tickets.SelectMany(ticket => returns[ticket.InvoiceId].Prepend(ticket))];
        var basket = Together(stated, first.Currency);
        var paid = stated.Sum(each => each.Totals.PaidAmount);
        return new InvoiceDraft
        {
            Seller = seller,
            Sale = Sale.Of(Posted(first, asked, now)),
            SaleIds = [.. tickets.SelectMany(ticket => ticket.SaleIds).Distinct()],
            Act = act,
            Kind = InvoiceKind.Exchange,
            RecordType = "F3",
            Buyer = buyer,
            Contact = BuyerRules.ContactOf(asked),
            OperationDate = tickets.Max(ticket => ticket.OperationDate),
            Zone = seller.ZoneOf(first.StoreId),
            Basket = basket with { Totals = basket.Totals.Paid(paid, first.Currency).Stating(first.ExchangeRate) },
            Settlement = new Settlement(paid, [.. stated.SelectMany(each => each.Payments)]),
            ExchangeRate = first.ExchangeRate,
            Tickets = tickets,
            Replaces =
            [
                .. read.Invoices.Select(IssuedInvoice.Cited),
                .. former.Value.Select(ticket => IssuedInvoice.Cited(ticket) with { InvoiceId = null }),
            ],
        };
    }

    internal static Fault? Refusal(InvoiceBody ticket, InvoiceBody[] returns) =>
        ticket.Status == InvoiceStatus.Cancelled ? InvoicingFaults.TicketCancelled.With(ticket.Number)
        : ticket.Kind != InvoiceKind.Simplified || ticket.Buyer is not null ? InvoicingFaults.NotATicket.With(ticket.Number)
        : ticket.ReplacedBy is { } exchange ? InvoicingFaults.Exchanged.With(ticket.Number, exchange.Number)
        : Array.Find(returns, each => each.Correction?.Method == CorrectionMethod.Substitution) is { } inPlace
            ? InvoicingFaults.Superseded.With(ticket.Number, inPlace.Number)
        : returns.Length > 0 && ticket.Totals.TotalWithVat + returns.Sum(each => each.Totals.TotalWithVat) <= 0m
            ? InvoicingFaults.TicketReturned.With(ticket.Number)
        : null;

    private static Basket Together(IReadOnlyList<InvoiceBody> stated, Currency currency)
    {
        InvoiceLineBody[] lines = [.. stated.SelectMany(each => each.Lines).Select((line, i) => line with { LineId = $"{i + 1}" })];
        InvoiceAllowanceBody[] allowances = [.. stated.SelectMany(each => each.Allowances)];
        InvoiceAllowanceBody[] charges = [.. stated.SelectMany(each => each.Charges)];
        var breakdown = Declared.Sum(stated);
        return new Basket
        {
            Lines = lines,
            Allowances = allowances,
            Charges = charges,
            VatBreakdown = breakdown,
            Totals = InvoiceSums.Of(lines, allowances, charges, breakdown, currency),
        };
    }

    private static SalePosted Posted(InvoiceBody first, SaleBuyer asked, DateTimeOffset now) =>
        new()
        {
            SaleId = CorrectionDraft.SaleOf(first),
            StoreId = first.StoreId,
            Channel = first.Channel,
            OccurredAt = now,
            Currency = first.Currency,
            ExchangeRate = first.ExchangeRate,
            PricesIncludeVat = first.PricesIncludeVat,
            Lines = [],
            Buyer = asked,
            PaymentTerms = first.PaymentTerms,
        };
}
