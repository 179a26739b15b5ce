using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What was spent in one month.</summary>
public sealed record SpendingMonth(DateOnly First, decimal Total, int Invoices)
{
    /// <summary>The invoices of the month.</summary>
    public string Href => new ListFilter { From = First, To = First.AddMonths(1).AddDays(-1) }.Address("/invoices");
}

/// <summary>A year's spending in one currency.</summary>
public sealed record SpendingYear(Currency Currency, IReadOnlyList<SpendingMonth> Months, IReadOnlyList<(string Shop, decimal Total)> Shops)
{
    /// <summary>All of it.</summary>
    public decimal Total => Months.Sum(month => month.Total);

    /// <summary>What the highest bar stands for.</summary>
    public decimal Highest => Math.Max(Months.Max(month => month.Total), 0m);

    /// <summary>A bar's height of a hundred; a month that gave back more than it took has none.</summary>
    public int HeightOf(SpendingMonth month) =>
        Highest <= 0m || month.Total <= 0m
            ? 0
            : Math.Max(1, (int)decimal.Round(month.Total / Highest * 100m, 0, MidpointRounding.AwayFromZero));
}

/// <summary>A customer's spending, month by month.</summary>
public sealed record SpendingModel
{
    /// <summary>The year.</summary>
    public required int Year { get; init; }

    /// <summary>Whether there is a later one.</summary>
    public required bool HasNext { get; init; }

    /// <summary>Each currency's own.</summary>
    public required IReadOnlyList<SpendingYear> Currencies { get; init; }
}

/// <summary>Shows a customer what it spent each month of a year, in all its shops, returns taken off.</summary>
public sealed class ShowSpending(AskCustomers customers, AskInvoicing invoicing, TimeProvider clock)
{
    private const int FirstYear = 2000;

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, int? year, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowSpending));
        var thisYear = Zones.DayAt(clock.GetUtcNow(), Zones.Of(null)).Year;
        var wanted = Math.Clamp(year ?? thisYear, FirstYear, thisYear);
        var personAsked = invoicing.PersonAsync(visitor.Email, cancellationToken);
        var spent = await customers.SpendingAsync(
            new DateOnly(wanted, 1, 1),
            new DateOnly(wanted, 12, 31),
            visitor.AsCustomer,
            cancellationToken
        );
        var person = await personAsked;
        page = page with { Staff = person.Fault is null && person.Value.StaffOf.Count > 0 };
        if (spent.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var sellers = await invoicing.SellersAsync(spent.Value.Months.Select(each => SellerId.Of(each.SellerId)), cancellationToken);
        string NameOf(string id) => sellers.TryGetValue(SellerId.Of(id), out var seller) ? seller.TradeName ?? seller.Name : id;
        var model = new SpendingModel
        {
            Year = wanted,
            HasNext = wanted < thisYear,
            Currencies =
            [
                .. spent
                    .Value.Months.GroupBy(each => each.Currency)
                    .Select(currency => new SpendingYear(
                        Currency.Of(currency.Key),
                        [.. Enumerable.Range(1, 12).Select(month => MonthOf(wanted, month, currency))],
                        [
                            .. currency
                                .GroupBy(each => each.SellerId)
                                .Select(shop => (NameOf(shop.Key), shop.Sum(each => Standing.DecimalOf(each.Total))))
                                .OrderByDescending(shop => shop.Item2),
                        ]
                    )),
            ],
        };
        return ListMyInvoices.Branded(page, sellers.Count == 1 ? sellers.Values.First() : null).Show<SpendingPage, SpendingModel>(model);
    }

    private static SpendingMonth MonthOf(int year, int month, IEnumerable<RetailInvoicing.Contracts.Grpc.Invoicing.MonthOfSpending> told)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}");
        var own = told.Where(each => each.Month == name).ToList();
        return new SpendingMonth(
            new DateOnly(year, month, 1),
            own.Sum(each => Standing.DecimalOf(each.Total)),
            own.Sum(each => each.Invoices)
        );
    }
}
