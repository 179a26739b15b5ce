using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Office.Today;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office;

/// <summary>
/// Answers a seller's staff what they ask in the morning: what was sold today against the same weekday, what is owed to us, what is
/// overdue, and what was issued last.
/// </summary>
public sealed class ShowOffice(AskInvoicing invoicing, AskPayments payments, AskBooks books, TimeProvider clock)
{
    /// <summary>The page, or the choice of a seller.</summary>
    public async Task<IResult> HandleAsync(AskOffice office, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowOffice));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        var (page, door, zone, today) = (office.Page, office.Door, office.Zone, office.Today);
        var hour = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Hour;
        var told = AskToday.BooksAsync(office, hour);
        var sold = books.SalesAsync(today, "day", door.Behalf, cancellationToken);
        var before = books.SalesAsync(today.AddDays(-7), "day", door.Behalf, cancellationToken);
        var shops = books.SalesAsync(today, "store", door.Behalf, cancellationToken);
        var owed = books.OutstandingAsync(door.Behalf, cancellationToken);
        var overdue = books.OverdueAsync(door.Behalf, cancellationToken);
        var latest = await LatestAsync(door, today, zone, cancellationToken);
        await Task.WhenAll(sold, before, shops, owed, overdue, told);

        if (latest.Rows is null && new[] { (await sold).Fault, (await owed).Fault, (await overdue).Fault }.All(fault => fault is not null))
        {
            // Nothing can be shown: a page of four apologies helps nobody.
            return page.Show(PortalFaults.Away.With());
        }

        var model = new OfficeModel
        {
            Today = today,
            Sold = DaysOf(await sold),
            SoldLastWeek = DaysOf(await before),
            Shops = ShopsOf(await shops),
            Owed = OwedOf(await owed),
            Overdue = (await overdue).Fault is null ? (await overdue).Value.Receivables.Select(each => RowOf(each, today)).ToList() : null,
            MoreOverdue = (await overdue).Fault is null && (await overdue).Value.HasNextCursor,
            Latest = latest.Rows,
            PaymentsAway = latest.PaymentsAway,
            Several = door.Offices.Count > 1,
            Query = door.Query,
            Role = door.Behalf.Role,
            Books = await told,
        };
        office.Http.Response.Headers.ContentSecurityPolicy = AskOffice.Policy;
        return page.Show<OfficePage, OfficeModel>(model);
    }

    private async Task<(IReadOnlyList<InvoiceRow>? Rows, bool PaymentsAway)> LatestAsync(
        OfficeDoor door,
        DateOnly today,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var list = await invoicing.InvoicesAsync(door.Behalf, cursor: null, cancellationToken);
        if (list.Fault is not null)
        {
            return (null, false);
        }

        var invoices = list.Value.Invoices;
        var balances = await payments.BalancesAsync(invoices.Select(invoice => invoice.InvoiceId), door.Behalf, cancellationToken);
        var rows = invoices
            .Select(invoice =>
            {
                var balance = balances.Fault is null ? balances.Value.GetValueOrDefault(invoice.InvoiceId) : null;
                return new InvoiceRow(
                    invoice,
                    Standing.Of(invoice, balance, balances.Fault is not null, today, zone),
                    $"/office/invoices/{invoice.InvoiceId}{door.Query}"
                );
            })
            .ToList();
        return (rows, balances.Fault is not null);
    }

    private static IReadOnlyList<DaySales>? DaysOf(Outcome<SalesReport> report) =>
        report.Fault is null
            ? report
                .Value.Rows.Select(row => new DaySales(
                    MoneyOf(row.TotalWithVat, row.Currency),
                    row.Invoices,
                    MoneyOf(row.Returns, row.Currency)
                ))
                .ToList()
            : null;

    private static IReadOnlyList<ShopSales> ShopsOf(Outcome<SalesReport> report) =>
        report.Fault is null
            ? report
                .Value.Rows.Select(row => new ShopSales(row.Key, MoneyOf(row.TotalWithVat, row.Currency), row.Invoices))
                .OrderByDescending(shop => shop.Total.Amount)
                .ToList()
            : [];

    private static IReadOnlyList<Owed>? OwedOf(Outcome<SummaryReply> summary) =>
        summary.Fault is null
            ? summary
                .Value.Currencies.Select(each => new Owed(
                    MoneyOf(each.Open, each.Currency),
                    each.OpenCount,
                    MoneyOf(each.Overdue, each.Currency),
                    each.OverdueCount
                ))
                .ToList()
            : null;

    private static OverdueRow RowOf(Receivable receivable, DateOnly today)
    {
        DateOnly? due =
            receivable.HasDueDate
            && DateOnly.TryParseExact(receivable.DueDate, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : null;
        return new OverdueRow(
            receivable.InvoiceId,
            receivable.Number,
            receivable.HasCustomerName ? receivable.CustomerName : null,
            MoneyOf(receivable.AmountDue, receivable.Currency),
            due,
            due is { } day ? today.DayNumber - day.DayNumber : 0,
            receivable.Reminders
        );
    }

    private static Money MoneyOf(string amount, string currency) =>
        Money.Of(Standing.DecimalOf(amount), Currency.TryParse(currency, out var known) ? known : Currency.Eur);
}
