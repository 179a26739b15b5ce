using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>One invoice in a list.</summary>
public sealed record InvoiceRow(InvoiceBody Invoice, Standing Standing, string Href)
{
    /// <summary>The lines that a search found it by.</summary>
    public IReadOnlyList<string> Because { get; init; } = [];
}

/// <summary>What is open with one seller in one currency, and where it can be paid at once.</summary>
public sealed record OpenWithSeller(string Seller, Money Amount, int Invoices, string Href);

/// <summary>A shop to choose.</summary>
public sealed record KnownSeller(SellerId SellerId, string Name);

/// <summary>A customer's invoices, the latest first.</summary>
public sealed record InvoiceListModel
{
    /// <summary>The invoices of this page.</summary>
    public required IReadOnlyList<InvoiceRow> Rows { get; init; }

    /// <summary>What is looked for.</summary>
    public ListFilter Filter { get; init; } = new();

    /// <summary>Leads to older ones.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Whether this page begins with the latest.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether Payments did not answer, so that some states are not known.</summary>
    public bool PaymentsAway { get; init; }

    /// <summary>Whether the invoices are of more than one seller, so that each names its own.</summary>
    public bool SeveralSellers { get; init; }

    /// <summary>The shops that have sent something.</summary>
    public IReadOnlyList<KnownSeller> Sellers { get; init; } = [];

    /// <summary>What is open of all of them; only where that is known whole.</summary>
    public IReadOnlyList<OpenWithSeller> Open { get; init; } = [];
}

/// <summary>
/// Shows someone every invoice that was sent to the proved address, in whichever shop, and what of it is still to be paid; a search looks
/// inside the lines.
/// </summary>
public sealed class ListMyInvoices(AskInvoicing invoicing, AskCustomers customers, FindStanding standing)
{
    private const int PageSize = 25;
    private const int MostOpen = 200;

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, ListFilter filter, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ListMyInvoices));
        var personAsked = invoicing.PersonAsync(visitor.Email, cancellationToken);
        var isFront = filter is { IsAll: true, Cursor: null };
        var openAsked = isFront ? OpenAsync(visitor, cancellationToken) : Task.FromResult<IReadOnlyList<OpenWithSeller>>([]);
        var list = await standing.FindAsync(filter, PageSize, visitor, cancellationToken);
        var (person, open) = (await personAsked, await openAsked);
        page = page with { Staff = person.Fault is null && person.Value.StaffOf.Count > 0 };
        if (list.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var rows = list.Value.Rows;
        var known = person.Fault is null
            ? await invoicing.SellersAsync(person.Value.CustomerOf.Select(each => SellerId.Of(each.SellerId)), cancellationToken)
            : new Dictionary<SellerId, SellerRegistered>();
        return Branded(page, known.Count == 1 ? known.Values.First() : null)
            .Show<InvoiceListPage, InvoiceListModel>(
                new InvoiceListModel
                {
                    Rows = rows,
                    Filter = filter,
                    NextCursor = list.Value.NextCursor,
                    IsFirst = filter.Cursor is null,
                    PaymentsAway = list.Value.PaymentsAway,
                    SeveralSellers = known.Count > 1 || rows.Select(row => row.Invoice.SellerId).Distinct().Skip(1).Any(),
                    Sellers =
                    [
                        .. known
                            .Values.Select(each => new KnownSeller(each.SellerId, each.TradeName ?? each.Name))
                            .OrderBy(each => each.Name, StringComparer.Ordinal),
                    ],
                    Open = open,
                }
            );
    }

    /// <summary>The page in its seller's name and colour.</summary>
    public static PageContext Branded(PageContext page, SellerRegistered? seller) =>
        seller is null
            ? page
            : page with
            {
                Accent = Accent.Of(seller.Branding?.Colour),
                SellerName = seller.TradeName ?? seller.Name,
                IsTest = seller.Environment == SellerEnvironment.Test,
            };

    /// <summary>What is open, by seller; nothing where that cannot be known whole.</summary>
    private async Task<IReadOnlyList<OpenWithSeller>> OpenAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var found = await customers.FindAsync(new ListFilter(), unpaid: true, MostOpen, visitor.AsCustomer, cancellationToken);
        if (found.Fault is not null || found.Value.NextCursor is not null)
        {
            return [];
        }

        var (rows, away) = await standing.StandingAsync(found.Value.Invoices, visitor, cancellationToken);
        return away
            ? []
            :
            [
                .. rows.Where(row => row.Standing.AmountDue > 0)
                    .GroupBy(row => (row.Invoice.SellerId, row.Invoice.Currency))
                    .Select(group => new OpenWithSeller(
                        group.First().Invoice.Seller.TradeName ?? group.First().Invoice.Seller.Name,
                        Money.Of(group.Sum(row => row.Standing.AmountDue), group.Key.Currency),
                        group.Count(),
                        // The one that is due first; its page offers all of them together.
                        group.OrderBy(row => row.Invoice.DueDate ?? DateOnly.MaxValue).First().Href
                            + (group.Count() > 1 ? "/pay#all-title" : "/pay")
                    )),
            ];
    }
}
