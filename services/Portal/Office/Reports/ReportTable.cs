using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Charts;
using RetailInvoicing.Portal.Office.Collecting;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>A report's rows as a table, and as a picture where one says it better.</summary>
public static class ReportTable
{
    private const int MostBars = 120;
    private const int BarsThatStayBars = 16;
    private const int MostNamed = 24;

    private static readonly string[] Times = ["day", "week", "month", "hour"];

    /// <summary>The table.</summary>
    public static TablePart Table(AskOffice office, ReportQuestion question, ReportRows rows)
    {
        var compared = question.Compare is not null;
        return new TablePart(
            question.Said(office),
            [
                .. question.Kind.Figures.Select(figure => new SheetColumn(
                    office.Say(figure.Spanish, figure.English) + (figure.Kind == FigureKind.Percent ? " %" : ""),
                    Figure: figure.Kind is not (FigureKind.Text or FigureKind.Day)
                )),
                .. compared
                    ? new SheetColumn[]
                    {
                        new(office.Say("Total antes", "Total before"), Figure: true),
                        new(office.Say("Diferencia", "Difference"), Figure: true),
                    }
                    : [],
            ],
            [.. rows.Rows.Select(row => Row(office, question, row))],
            office.Say(
                "Nada en este periodo. Prueba con otro, o con otra forma de agrupar.",
                "Nothing in this period. Try another one, or group it otherwise."
            )
        );
    }

    /// <summary>The pictures, one for each currency.</summary>
    public static IEnumerable<ChartPart> Charts(AskOffice office, ReportQuestion question, ReportRows rows)
    {
        if (question.Kind.Drawn is not { } drawn || question.Kind.Figures.FirstOrDefault(each => each.Name == drawn) is not { } figure)
        {
            yield break;
        }

        var isTime = question.GroupBy is { } group && Times.Contains(group);
        foreach (var currency in rows.Rows.GroupBy(row => row.Text("currency") ?? "EUR"))
        {
            var told = currency.Where(row => row.Number(drawn) is not null);
            var shown = (
                isTime || question.Kind.Asked == AskedFor.Day
                    ? told.Take(MostBars)
                    : told.OrderByDescending(row => row.Number(drawn)).Take(MostNamed)
            ).ToList();
            if (shown.Count < 2)
            {
                continue;
            }

            var bars = shown
                .Select(row => new ChartBar(Label(office, question, row), row.Number(drawn) ?? 0m, Said(office, figure, row, drawn))
                {
                    Before = question.Compare is null ? null : row.Number($"before.{drawn}"),
                    SaidBefore = question.Compare is null ? null : office.Amount(row, $"before.{drawn}"),
                })
                .ToList();
            var heading = office.Say(figure.Spanish, figure.English);
            var name = office.Say(question.Kind.Spanish, question.Kind.English);
            var highest = bars.MaxBy(bar => bar.Value)!;
            yield return new ChartPart(
                $"{name}: {heading}"
                    + (rows.Rows.Any(row => row.Text("currency") is { } other && other != currency.Key) ? $" ({currency.Key})" : ""),
                bars
            )
            {
                IsLine = isTime && bars.Count > BarsThatStayBars,
                Told = office.Say(
                    $"{question.Said(office)}, {heading}: lo más alto, {highest.Said} ({highest.Label}). Las cifras están en la tabla.",
                    $"{question.Said(office)}, {heading}: the highest is {highest.Said} ({highest.Label}). The figures are in the table."
                ),
                Behind = question.Compare switch
                {
                    "year" => office.Say("Pálido, detrás: el año anterior.", "Pale, behind: the year before."),
                    "previous" => office.Say("Pálido, detrás: el periodo anterior.", "Pale, behind: the period before."),
                    _ => null,
                },
            };
        }
    }

    /// <summary>A key as people say it.</summary>
    public static string KeyOf(AskOffice office, ReportQuestion question, string? key) =>
        key switch
        {
            null or "" => question.GroupBy == "customer" ? office.Say("Sin identificar", "Not known") : "—",
            _ when question.Kind.Name == "ageing" => office.Words.OneOf(key, CollectingWords.Buckets),
            _ when question.GroupBy == "vat" => office.Words.Percent(
                decimal.TryParse(key, NumberStyles.Number, CultureInfo.InvariantCulture, out var rate) ? rate : 0m
            ),
            _ when question.GroupBy == "means" => office.Words.MeansOf(key),
            _ when DateOnly.TryParseExact(key, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) =>
                office.Words.ShortDate(day),
            [_, _, _, _, '-', _, _] when DateOnly.TryParse($"{key}-01", CultureInfo.InvariantCulture, out var month) =>
                $"{office.Words.MonthName(month)} {month.Year.ToString(CultureInfo.InvariantCulture)}",
            [.. var date, 'T', var ten, var one] => $"{date[5..]} {ten}{one}:00",
            _ => key,
        };

    private static string Label(AskOffice office, ReportQuestion question, JsonNode row)
    {
        var key = row.Text("key") ?? "";
        return question.GroupBy switch
        {
            "day" when row.Day("key") is { } day => $"{day.Day} {office.Words.MonthName(day)[..3]}",
            "month" when key.Length == 7 && DateOnly.TryParse($"{key}-01", CultureInfo.InvariantCulture, out var month) =>
                office.Words.MonthName(month)[..3],
            "hour" when key.Length == 13 => $"{key[11..]} h",
            "week" when key.Length == 8 => key[5..],
            _ => Short(KeyOf(office, question, key)),
        };
    }

    private static string Short(string text) => text.Length > 10 ? text[..9] + "…" : text;

    private static SheetRow Row(AskOffice office, ReportQuestion question, JsonNode row)
    {
        var cells = question.Kind.Figures.Select(figure => Cell(office, question, figure, row)).ToList();
        if (question.Compare is not null)
        {
            var (now, before) = (row.Number("totalWithVat") ?? 0m, row.Number("before.totalWithVat"));
            cells.Add(new SheetCell(office.Amount(row, "before.totalWithVat")) { Raw = row.Text("before.totalWithVat") ?? "" });
            cells.Add(
                before is { } then
                    ? new SheetCell(office.Words.Amount(now - then, row.Currency()))
                    {
                        Raw = (now - then).ToString(CultureInfo.InvariantCulture),
                        Small =
                            then > 0m
                                ? office.Words.Percent(decimal.Round(100m * (now - then) / then, 1, MidpointRounding.AwayFromZero))
                                : null,
                    }
                    : new SheetCell("")
            );
        }

        return new SheetRow(cells);
    }

    private static SheetCell Cell(AskOffice office, ReportQuestion question, ReportFigure figure, JsonNode row) =>
        new(Said(office, figure, row, figure.Name, question))
        {
            Raw = row.Text(figure.Name) ?? "",
            Href = Way(office, question, figure, row),
        };

    private static string Said(AskOffice office, ReportFigure figure, JsonNode row, string path, ReportQuestion? question = null) =>
        figure.Kind switch
        {
            FigureKind.Money => office.Amount(row, path),
            FigureKind.Count => row.Number(path) is null ? "" : office.Words.Count(row.Count(path)),
            FigureKind.Number => row.Number(path) is { } number ? office.Words.Quantity(number) : "",
            FigureKind.Percent => row.Number(path) is { } share ? office.Words.Percent(share) : "",
            FigureKind.Day => office.Day(row.Day(path)),
            _ when figure.Name == "key" && question is not null => KeyOf(office, question, row.Text(path)),
            _ when question?.Kind.Name == "anomalies" && figure.Name == "kind" => office.Words.OneOf(row.Text(path), ReportKinds.Oddities),
            _ when question?.Kind.Name == "anomalies" && figure.Name == "reason" => office.Say(
                row.Text("reasonEs") ?? row.Text(path) ?? "",
                row.Text(path) ?? ""
            ),
            _ => row.Text(path) ?? "",
        };

    /// <summary>Where a cell leads: from a row to what it is made of.</summary>
    private static string? Way(AskOffice office, ReportQuestion question, ReportFigure figure, JsonNode row) =>
        (question.Kind.Name, figure.Name) switch
        {
            ("sales", "key") => office.Link(
                "/reports/sales/invoices",
                ("from", ReportQuestion.Text(question.From)),
                ("to", ReportQuestion.Text(question.To)),
                ("groupBy", question.GroupBy),
                ("key", row.Text("key") ?? "")
            ),
            ("ageing", "key") => office.Link("/collecting/receivables", ("bucket", row.Text("key"))),
            ("vat-book", "number") => row.Text("invoiceId") is { } invoice ? office.Link($"/invoices/{invoice}") : null,
            ("customers", "customer") => row.Text("customer") is { Length: > 0 } customer
                ? office.Link($"/customers/{AskOffice.Escape(customer)}")
                : null,
            _ => null,
        };
}
