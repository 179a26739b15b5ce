using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>What was owed on a day, by how long it was overdue.</summary>
public sealed class ShowAgeing
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowAgeing));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var asOf = office.Asked("asOf");
        var answer = await office.GetAsync("collections", asOf is null ? "/v1/ageing" : $"/v1/ageing?asOf={AskOffice.Escape(asOf)}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var rows = answer.Value.List("rows");
        return new Sheet(
            office.Say("Antigüedad de lo pendiente", "Ageing of what is owed"),
            CollectingWords.Section,
            [
                .. rows.GroupBy(row => row.Currency())
                    .Select(currency => new TablePart(
                        $"{office.Words.Amount(currency.Sum(row => row.Number("amountDue") ?? 0m), currency.Key)}",
                        [
                            new(office.Say("Retraso", "Overdue by")),
                            new(office.Say("Facturas", "Invoices"), Figure: true),
                            new(office.Say("Pendiente", "Open"), Figure: true),
                        ],
                        [
                            .. currency.Select(row => new SheetRow([
                                new SheetCell(office.Words.OneOf(row.Text("bucket"), CollectingWords.Buckets))
                                {
                                    Href = asOf is null ? office.Link("/collecting/receivables", ("bucket", row.Text("bucket"))) : null,
                                },
                                new SheetCell(office.Words.Count(row.Count("receivables"))),
                                new SheetCell(office.Amount(row, "amountDue")),
                            ])),
                        ],
                        ""
                    )),
                .. rows.Count == 0
                    ? new SheetPart[]
                    {
                        new TextPart(
                            office.Say("Nada pendiente", "Nothing is owed"),
                            [office.Say("Ese día nadie te debía nada.", "Nobody owed you anything that day.")]
                        ),
                    }
                    : [],
                new FormsPart(
                    office.Say("Otro día", "Another day"),
                    [
                        new SheetForm(
                            office.Link("/collecting/ageing"),
                            office.Say("Ver ese día", "See that day"),
                            [
                                .. office.Carried,
                                new SheetField("asOf", office.Say("Al cierre del", "At the end of"))
                                {
                                    Kind = "date",
                                    Value = answer.Value.Text("date") ?? "",
                                },
                            ]
                        )
                        {
                            Asking = true,
                        },
                    ]
                ),
            ]
        )
        {
            Lead = answer.Value.Day("date") is { } day ? office.Words.Date(day) : null,
            Tabs = CollectingWords.Tabs(office, "ageing"),
        };
    }
}
