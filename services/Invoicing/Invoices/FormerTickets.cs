using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// Tickets of a former system, priced as a sale of their day is, so that they can be exchanged as our own are: in their form, under the
/// rates of their date. They were declared by the system that issued them.
/// </summary>
internal static class FormerTickets
{
    /// <summary>The tickets as they would stand here, or what is wrong with the first that is wrong.</summary>
    public static Outcome<IReadOnlyList<InvoiceBody>> Of(Read read, IReadOnlyList<FormerTicket> tickets, DateTimeOffset now)
    {
        var stated = new List<InvoiceBody>(tickets.Count);
        for (var i = 0; i < tickets.Count; i++)
        {
            var ticket = Of(read, tickets[i], now);
            if (ticket.Refused(out var fault))
            {
                return At(fault, $"formerTickets[{i}]");
            }

            stated.Add(ticket.Value);
        }

        return stated;
    }

    private static Outcome<InvoiceBody> Of(Read read, FormerTicket ticket, DateTimeOffset now)
    {
        var zone = read.Seller.ZoneOf(ticket.StoreId);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var original = Original.Former(read.Seller.SellerId, ticket.Number, ticket.IssueDate);
        var sale = Sale.Of(Posted(ticket, now));
        if (SaleRules.Of(sale, now) is { Count: > 0 } faults)
        {
            return Fault.Of(faults);
        }

        if (ticket.IssueDate > today)
        {
            return InvoicingFaults.OriginalToCome.At("issueDate", $"{ticket.IssueDate:yyyy-MM-dd}");
        }

        var (isOurs, exchange) = read.Former[original.Id];
        if (isOurs)
        {
            return InvoicingFaults.TicketOurs.At("number", ticket.Number);
        }

        var taxing = Taxation.Of(sale.Posted, read.Seller.Body, ticket.IssueDate, surcharged: false);
        if (taxing.Refused(out var untaxed))
        {
            return untaxed;
        }

        var pricing = Basket.Of(sale.Posted, taxing.Value);
        if (pricing.Refused(out var unpriced))
        {
            return unpriced;
        }

        var basket = pricing.Value;
        if (basket.Totals.TotalWithVat <= 0m)
        {
            return InvoicingFaults.NoTicket.At("lines", ticket.Number);
        }

        var settling = ticket.Payments is null
            ? new Settlement(basket.Totals.TotalWithVat, [])
            : Settlement.Of(sale.Posted, basket.Totals.TotalWithVat);
        if (settling.Refused(out var unsettled))
        {
            return unsettled;
        }

        var draft = new InvoiceDraft
        {
            Seller = read.Seller,
            Sale = sale,
            Kind = InvoiceKind.Simplified,
            RecordType = "F2",
            OperationDate = ticket.IssueDate,
            Zone = zone,
            Basket = basket with { Totals = basket.Totals.Paid(settling.Value.Paid, sale.Posted.Currency) },
            Settlement = settling.Value,
        };
        var numbered = new Numbered(original.Id, "", ticket.Number, ticket.IssueDate, now);
        return IssuedInvoice.Of(draft, numbered, IssuedInvoice.Unrecorded(draft), null) with
        {
            ReplacedBy = exchange,
            CorrectedBy = [.. read.Since[original.Id].Select(IssuedInvoice.Cited)],
        };
    }

    /// <summary>The ticket as a sale of now, whose own reference holds its number to the rules for one.</summary>
    private static SalePosted Posted(FormerTicket ticket, DateTimeOffset now) =>
        new()
        {
            SaleId = SaleId.Of("former"),
            StoreId = ticket.StoreId,
            OccurredAt = now,
            Currency = ExchangeRate.Accounting,
            PricesIncludeVat = ticket.PricesIncludeVat,
            Lines = ticket.Lines,
            Allowances = ticket.Allowances,
            Charges = ticket.Charges,
            Payments = ticket.Payments ?? [],
            ReturnOf = new ReturnReference { Number = ticket.Number, IssueDate = ticket.IssueDate },
        };

    private static Fault At(Fault fault, string ticket) =>
        fault with
        {
            Path = fault.Path is { } path ? $"{ticket}.{path.Replace("returnOf.", "", StringComparison.Ordinal)}" : ticket,
            Parts = [.. fault.Parts.Select(part => At(part, ticket))],
        };
}
