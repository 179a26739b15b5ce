using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Charts;
using RetailInvoicing.Portal.Office.Reports;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Today;

/// <summary>Asks the books at once what the first page says; a role that no report is open to is asked nothing.</summary>
public static class AskToday
{
    private const int DaysBack = 13;
    private const int AlertDays = 7;
    private const int MostAlerts = 6;

    /// <summary>What they say; none of it waits for another.</summary>
    public static async Task<TodayBooks> BooksAsync(AskOffice office, int hour)
    {
        var today = office.Today;
        var agency = office.GetAsync("invoicing", "/v1/fiscal/submissions?state=rejected&limit=5");
        if (!office.May(Scopes.ReportsRead))
        {
            return new TodayBooks { Agency = AgencyOf(office, await agency) };
        }

        var month = new DateOnly(today.Year, today.Month, 1);
        var hours = Sales(office, today, today, "hour");
        var before = Sales(office, today.AddDays(-7), today.AddDays(-7), "hour");
        var days = office.GetAsync(
            "reporting",
            $"/v1/reports/sales?{Period(today.AddDays(-DaysBack), today)}&groupBy=day&compare=previous"
        );
        var income = office.GetAsync("reporting", $"/v1/reports/income?{Period(month, today)}&groupBy=month");
        var dso = office.GetAsync("reporting", $"/v1/reports/dso?{Period(month, today)}&groupBy=month");
        var form = office.GetAsync(
            "reporting",
            string.Create(
                CultureInfo.InvariantCulture,
                $"/v1/reports/form-303?year={today.Year}&period={ReportQuestion.QuarterOf(today)}&language={office.Words.FaultLanguage}"
            )
        );
        var odd = office.GetAsync("reporting", $"/v1/reports/anomalies?{Period(today.AddDays(-AlertDays), today)}");
        await Task.WhenAll(agency, hours, before, days, income, dso, form, odd);
        return new TodayBooks
        {
            Hours = HoursOf(office, await hours, await before),
            ByThen = ByThenOf(office, await before, hour),
            Days = DaysOf(office, await days),
            Income = IncomeOf(office, await income),
            Dso = DsoOf(office, await dso),
            Vat = VatOf(office, await form),
            Agency = AgencyOf(office, await agency),
            Alerts = AlertsOf(office, await odd),
        };
    }

    private static Task<Outcome<JsonNode>> Sales(AskOffice office, DateOnly from, DateOnly to, string group) =>
        office.GetAsync("reporting", $"/v1/reports/sales?{Period(from, to)}&groupBy={group}");

    private static string Period(DateOnly from, DateOnly to) => $"from={ReportQuestion.Text(from)}&to={ReportQuestion.Text(to)}";

    /// <summary>The currency that most was sold in: two do not add up in one picture.</summary>
    private static string? MainOf(Outcome<JsonNode> answer) =>
        answer.Fault is not null
            ? null
            : answer
                .Value.List("rows")
                .GroupBy(row => row.Text("currency") ?? "EUR")
                .OrderByDescending(currency => currency.Sum(row => row.Number("totalWithVat") ?? 0m))
                .FirstOrDefault()
                ?.Key;

    private static ChartPart? HoursOf(AskOffice office, Outcome<JsonNode> today, Outcome<JsonNode> before)
    {
        if (MainOf(today) is not { } main)
        {
            return null;
        }

        var now = ByHour(today, main);
        var then = before.Fault is null ? ByHour(before, main) : [];
        var first = now.Keys.Concat(then.Keys).Min();
        var last = now.Keys.Concat(then.Keys).Max();
        var currency = Contracts.Currency.TryParse(main, out var known) ? known : Contracts.Currency.Eur;
        var bars = Enumerable
            .Range(first, last - first + 1)
            .Select(hour => new ChartBar(
                string.Create(CultureInfo.InvariantCulture, $"{hour} h"),
                now.GetValueOrDefault(hour),
                office.Words.Amount(now.GetValueOrDefault(hour), currency)
            )
            {
                Before = then.Count > 0 ? then.GetValueOrDefault(hour) : null,
                SaidBefore = office.Words.Amount(then.GetValueOrDefault(hour), currency),
            })
            .ToList();
        return new ChartPart(office.Say("Hoy, por horas", "Today, by the hour"), bars)
        {
            Told = office.Say(
                "Lo vendido hoy en cada hora; las cifras están debajo.",
                "What was sold today in each hour; the figures are below."
            ),
            Behind = office.Say(
                $"Pálido, detrás: el {office.Words.Weekday(office.Today)} pasado.",
                $"Pale, behind: last {office.Words.Weekday(office.Today)}."
            ),
        };
    }

    private static Dictionary<int, decimal> ByHour(Outcome<JsonNode> answer, string currency) =>
        answer
            .Value.List("rows")
            .Where(row => (row.Text("currency") ?? "EUR") == currency && HourOf(row) is not null)
            .GroupBy(row => HourOf(row)!.Value)
            .ToDictionary(hour => hour.Key, hour => hour.Sum(row => row.Number("totalWithVat") ?? 0m));

    private static int? HourOf(JsonNode row) =>
        row.Text("key") is { Length: 13 } key && int.TryParse(key[11..], NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            ? hour
            : null;

    private static string? ByThenOf(AskOffice office, Outcome<JsonNode> before, int hour)
    {
        if (MainOf(before) is not { } main)
        {
            return null;
        }

        var sold = ByHour(before, main).Where(each => each.Key <= hour).Sum(each => each.Value);
        var amount = office.Words.Amount(sold, Contracts.Currency.TryParse(main, out var known) ? known : Contracts.Currency.Eur);
        var day = office.Words.Weekday(office.Today);
        return office.Say($"El {day} pasado, al acabar esta hora: {amount}.", $"Last {day}, at the end of this hour: {amount}.");
    }

    private static ChartPart? DaysOf(AskOffice office, Outcome<JsonNode> answer)
    {
        if (MainOf(answer) is not { } main)
        {
            return null;
        }

        var rows = answer.Value.List("rows").Where(row => (row.Text("currency") ?? "EUR") == main).ToList();
        var byDay = rows.Where(row => row.Text("key") is not null).ToLookup(row => row.Text("key")!);
        var currency = Contracts.Currency.TryParse(main, out var known) ? known : Contracts.Currency.Eur;
        var bars = Enumerable
            .Range(0, DaysBack + 1)
            .Select(back => office.Today.AddDays(back - DaysBack))
            .Select(day =>
            {
                var row = byDay[ReportQuestion.Text(day)].FirstOrDefault();
                var (sold, before) = (row.Number("totalWithVat") ?? 0m, row.Number("before.totalWithVat") ?? 0m);
                return new ChartBar($"{day.Day} {office.Words.MonthName(day)[..3]}", sold, office.Words.Amount(sold, currency))
                {
                    Before = before,
                    SaidBefore = office.Words.Amount(before, currency),
                };
            })
            .ToList();
        return new ChartPart(office.Say("Dos semanas", "Two weeks"), bars)
        {
            Told = office.Say(
                "Lo vendido en cada uno de los últimos catorce días; las cifras están debajo.",
                "What was sold on each of the last fourteen days; the figures are below."
            ),
            Behind = office.Say("Pálido, detrás: las dos semanas anteriores.", "Pale, behind: the two weeks before."),
        };
    }

    private static IReadOnlyList<SheetFact>? IncomeOf(AskOffice office, Outcome<JsonNode> answer) =>
        answer.Fault is not null
            ? null
            :
            [
                .. answer
                    .Value.List("rows")
                    .SelectMany(row =>
                        new[]
                        {
                            new SheetFact(
                                office.Say("Cobrado", "Collected"),
                                office.Amount(row, "collected"),
                                office.Link("/reports/income")
                            ),
                            new SheetFact(office.Say("Facturado", "Issued"), office.Amount(row, "issued")),
                            new SheetFact(office.Say("Comisiones", "Fees"), office.Amount(row, "fees")),
                        }
                    ),
            ];

    private static string? DsoOf(AskOffice office, Outcome<JsonNode> answer) =>
        answer.Fault is null && answer.Value.List("rows").LastOrDefault(row => row.Number("dso") is not null) is { } row
            ? office.Say(
                $"Tardas {office.Words.Quantity(row.Number("dso")!.Value)} días en cobrar.",
                $"It takes you {office.Words.Quantity(row.Number("dso")!.Value)} days to be paid."
            )
            : null;

    private static SheetFact? VatOf(AskOffice office, Outcome<JsonNode> answer) =>
        answer.Fault is null && answer.Value.List("rows").FirstOrDefault(row => row.Text("box") == "27") is { } row
            ? new SheetFact(
                office.Say(
                    $"IVA devengado en el {ReportQuestion.QuarterOf(office.Today)}, hasta hoy",
                    $"VAT due in {ReportQuestion.QuarterOf(office.Today)}, until today"
                ),
                office.Amount(row, "amount"),
                office.Link("/reports/form-303")
            )
            : null;

    private static IReadOnlyList<TodayAlert>? AgencyOf(AskOffice office, Outcome<JsonNode> answer) =>
        answer.Fault is not null
            ? null
            :
            [
                .. answer
                    .Value.List("submissions")
                    .Select(record => new TodayAlert(
                        record.Text("number") ?? "",
                        string.Join(
                            " ",
                            new[] { record.Text("code"), record.Text("text"), record.Text("advice") }.Where(each => each is not null)
                        ),
                        office.Link("/invoices", ("q", record.Text("number")))
                    )),
            ];

    private static IReadOnlyList<TodayAlert>? AlertsOf(AskOffice office, Outcome<JsonNode> answer) =>
        answer.Fault is not null
            ? null
            :
            [
                .. answer
                    .Value.List("rows")
                    .Take(MostAlerts)
                    .Select(row => new TodayAlert(
                        $"{office.Words.OneOf(row.Text("kind"), ReportKinds.Oddities)}: {row.Text("subject")}",
                        office.Say(row.Text("reasonEs") ?? row.Text("reason") ?? "", row.Text("reason") ?? ""),
                        office.Link("/reports/anomalies")
                    )),
            ];
}
