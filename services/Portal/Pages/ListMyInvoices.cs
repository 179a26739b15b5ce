using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>One invoice in a list.</summary>
public sealed record InvoiceRow(InvoiceBody Invoice, Standing Standing, string Href);

/// <summary>A customer's invoices, the latest first.</summary>
public sealed record InvoiceListModel
{
    /// <summary>The invoices of this page.</summary>
    public required IReadOnlyList<InvoiceRow> Rows { get; init; }

    /// <summary>Leads to older ones.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Whether this page begins with the latest.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether Payments did not answer, so that some states are not known.</summary>
    public bool PaymentsAway { get; init; }

    /// <summary>Whether the invoices are of more than one seller, so that each names its own.</summary>
    public bool SeveralSellers { get; init; }

    /// <summary>What is open of all of them, by currency; only where the page holds them all.</summary>
    public IReadOnlyList<Money> Open { get; init; } = [];
}

/// <summary>Shows someone every invoice that was sent to the proved address, in whichever shop, and what of it is still to be paid.</summary>
public sealed class ListMyInvoices(AskInvoicing invoicing, AskPayments payments, TimeProvider clock)
{
    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, string? cursor, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ListMyInvoices));
        var person = invoicing.PersonAsync(visitor.Email, cancellationToken);
        var list = await invoicing.InvoicesAsync(visitor.AsCustomer, cursor, cancellationToken);
        page = page with { Staff = (await person).Fault is null && (await person).Value.StaffOf.Count > 0 };
        if (list.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var invoices = list.Value.Invoices;
        var asked = payments.BalancesAsync(invoices.Select(invoice => invoice.InvoiceId), visitor.AsCustomer, cancellationToken);
        var sellers = await invoicing.SellersAsync(invoices.Select(invoice => invoice.SellerId), cancellationToken);
        var balances = await asked;
        var rows = invoices
            .Select(invoice =>
            {
                var zone = Zones.Of(sellers.GetValueOrDefault(invoice.SellerId)?.TimeZone);
                var balance = balances.Fault is null ? balances.Value.GetValueOrDefault(invoice.InvoiceId) : null;
                var today = Zones.DayAt(clock.GetUtcNow(), zone);
                return new InvoiceRow(
                    invoice,
                    Standing.Of(invoice, balance, balances.Fault is not null, today, zone),
                    $"/invoices/{invoice.InvoiceId}"
                );
            })
            .ToList();
        var one = sellers.Count == 1 && rows.All(row => row.Invoice.SellerId == rows[0].Invoice.SellerId);
        return Branded(page, one ? sellers.Values.First() : null)
            .Show<InvoiceListPage, InvoiceListModel>(
                new InvoiceListModel
                {
                    Rows = rows,
                    NextCursor = list.Value.NextCursor,
                    IsFirst = cursor is null,
                    PaymentsAway = balances.Fault is not null,
                    SeveralSellers = rows.Select(row => row.Invoice.SellerId).Distinct().Skip(1).Any(),
                    Open = cursor is null && list.Value.NextCursor is null && balances.Fault is null ? OpenOf(rows) : [],
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

    private static IReadOnlyList<Money> OpenOf(IEnumerable<InvoiceRow> rows) =>
        rows.Where(row => row.Standing.AmountDue > 0)
            .GroupBy(row => row.Invoice.Currency)
            .Select(group => Money.Of(group.Sum(row => row.Standing.AmountDue), group.Key))
            .ToList();
}
