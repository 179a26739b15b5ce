using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Me;

/// <summary>Tells a person what would be forgotten of it, what has to stay and until when, before it decides.</summary>
public sealed class ShowErasure(AskCustomers customers, FindStanding standing)
{
    private const int PageSize = 200;
    private const int MostPages = 50;

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowErasure));
        var known = await KnownAsync(customers, standing, visitor, cancellationToken);
        return known.Fault is { } fault ? page.Show(fault) : page.Show<ErasePage, ErasureModel>(known.Value.Model);
    }

    /// <summary>What there is, and which invoices have something open: those are still needed.</summary>
    internal static async Task<Outcome<(ErasureModel Model, IReadOnlyList<InvoiceId> Open)>> KnownAsync(
        AskCustomers customers,
        FindStanding standing,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var (count, last, filter) = (0, (DateOnly?)null, new ListFilter());
        var open = new List<InvoiceId>();
        for (var page = 0; page < MostPages; page++)
        {
            var found = await customers.FindAsync(filter, unpaid: false, PageSize, visitor.AsCustomer, cancellationToken);
            if (found.Fault is { } fault)
            {
                return fault;
            }

            var (rows, away) = await standing.StandingAsync(found.Value.Invoices, visitor, cancellationToken);
            if (away)
            {
                return PortalFaults.Away.With();
            }

            count += rows.Count;
            last = rows.Select(row => (DateOnly?)row.Invoice.IssueDate).Append(last).Max();
            open.AddRange(
                rows.Where(row => row.Standing.AmountDue > 0m || row.Standing.InFlight > 0m).Select(row => row.Invoice.InvoiceId)
            );
            if (found.Value.NextCursor is not { } next)
            {
                break;
            }

            filter = filter with { Cursor = next };
        }

        var model = new ErasureModel
        {
            Invoices = count,
            Open = open.Count,
            KeptUntil = last is { } day ? ErasureModel.LastDayFor(day) : null,
        };
        return (model, (IReadOnlyList<InvoiceId>)open);
    }
}
