using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>
/// A customer who needs its tax data on the invoice gets one full invoice for the tickets it holds (RD 1619/2012 art. 15.6), itself and at
/// once; it is sent to the address that was proved.
/// </summary>
public sealed class ExchangeHeldTickets(FindTickets find, ExchangeTickets exchange)
{
    /// <summary>Issues it.</summary>
    public async Task<Outcome<PostedAct>> ExchangeAsync(
        string email,
        IReadOnlyList<HeldTicket> tickets,
        SaleBuyer buyer,
        string key,
        CancellationToken cancellationToken
    )
    {
        var looked = await find.FindAsync(email, tickets, cancellationToken);
        if (looked.Refused(out var tooMany))
        {
            return tooMany;
        }

        var found = looked.Value;
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i] is null)
            {
                return CustomerFaults.NoTicket.At($"tickets[{i}]");
            }
        }

        if (found.Count == 0)
        {
            return InvoicingFaults.NoTickets.At("tickets");
        }

        var seller = found[0]!.SellerId;
        if (found.Any(each => each!.SellerId != seller))
        {
            return CustomerFaults.SeveralSellers.With();
        }

        // The shop goes on knowing its customer by its own name for it, where the tickets were that customer's.
        var known = found.Select(each => each!.Contact).FirstOrDefault(each => Is(each?.Email, email))?.CustomerId;
        var request = new ExchangeRequest
        {
            TicketInvoiceIds = [.. found.Select(each => each!.InvoiceId)],
            Buyer = buyer with { Email = email, CustomerId = known },
        };
        return await exchange.ExchangeAsync(seller, request, $"customer {key}", cancellationToken);
    }

    private static bool Is(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
