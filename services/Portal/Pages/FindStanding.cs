using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Invoices with how they stand, and where the next page begins.</summary>
public sealed record StandingPage(IReadOnlyList<InvoiceRow> Rows, string? NextCursor, bool PaymentsAway);

/// <summary>
/// Finds a customer's invoices with how they stand. Invoicing knows what they say and Payments what is paid, so that a state is looked for
/// page after page until there are enough, and not for ever.
/// </summary>
public sealed class FindStanding(AskCustomers customers, AskInvoicing invoicing, AskPayments payments, TimeProvider clock)
{
    private const int MostPages = 10;
    private const int WidePage = 100;

    /// <summary>A page of what the filter looks for.</summary>
    public async Task<Outcome<StandingPage>> FindAsync(ListFilter filter, int limit, Visitor visitor, CancellationToken cancellationToken)
    {
        var rows = new List<InvoiceRow>();
        var (cursor, away) = (filter.Cursor, false);
        for (var page = 0; page < MostPages; page++)
        {
            var wide = filter.State is null ? limit : WidePage;
            var found = await customers.FindAsync(
                filter with
                {
                    Cursor = cursor,
                },
                filter.State is "open" or "overdue",
                wide,
                visitor.AsCustomer,
                cancellationToken
            );
            if (found.Fault is { } fault)
            {
                return fault;
            }

            var (standing, isAway) = await StandingAsync(found.Value.Invoices, visitor, cancellationToken);
            away |= isAway;
            foreach (var row in standing.Where(row => Fits(row.Standing, filter.State)))
            {
                if (rows.Count == limit)
                {
                    return new StandingPage(rows, rows[^1].Invoice.InvoiceId.ToString(), away);
                }

                rows.Add(row with { Because = Matches.In(row.Invoice, filter.Q) });
            }

            cursor = found.Value.NextCursor;
            if (cursor is null || filter.State is null)
            {
                break;
            }
        }

        return new StandingPage(rows, cursor, away);
    }

    /// <summary>How invoices stand, by each seller's clock.</summary>
    public async Task<(IReadOnlyList<InvoiceRow> Rows, bool PaymentsAway)> StandingAsync(
        IReadOnlyList<InvoiceBody> invoices,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var asked = payments.BalancesAsync(invoices.Select(invoice => invoice.InvoiceId), visitor.AsCustomer, cancellationToken);
        var sellers = await invoicing.SellersAsync(invoices.Select(invoice => invoice.SellerId), cancellationToken);
        var balances = await asked;
        var now = clock.GetUtcNow();
        return (
            [
                .. invoices.Select(invoice =>
                {
                    var zone = Zones.Of(sellers.GetValueOrDefault(invoice.SellerId)?.TimeZone);
                    var balance = balances.Fault is null ? balances.Value.GetValueOrDefault(invoice.InvoiceId) : null;
                    return new InvoiceRow(
                        invoice,
                        Standing.Of(invoice, balance, balances.Fault is not null, Zones.DayAt(now, zone), zone),
                        $"/invoices/{invoice.InvoiceId}"
                    );
                }),
            ],
            balances.Fault is not null
        );
    }

    private static bool Fits(Standing standing, string? state) =>
        state switch
        {
            "open" => standing.Kind is StandingKind.Due or StandingKind.Overdue or StandingKind.Unknown,
            "overdue" => standing.Kind == StandingKind.Overdue,
            "paid" => standing.Kind == StandingKind.Paid,
            _ => true,
        };
}
