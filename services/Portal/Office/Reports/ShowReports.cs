using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>The reports there are; one of them for a period, grouped and compared; and the invoices that a row of sales is made of.</summary>
public sealed class ShowReports
{
    /// <summary>The office's section.</summary>
    public const string Section = "reports";

    private const int MostShown = 400;
    private const int Page = 50;

    /// <summary>All of them.</summary>
    public Task<IResult> ListAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowReports));
        return office.ShowAsync(_ => Task.FromResult<Outcome<Sheet>>(Index(office)));
    }

    /// <summary>One of them.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string name)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowReports));
        return office.ShowAsync(_ => SheetAsync(office, name));
    }

    /// <summary>What a row of sales is made of.</summary>
    public Task<IResult> InvoicesAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowReports));
        return office.ShowAsync(_ => InvoicesSheetAsync(office));
    }

    /// <summary>The pages of reports.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("Informes", "Reports"), office.Link("/reports"), current == ""),
            new(office.Say("Por correo", "By mail"), office.Link("/reports/schedules"), current == "schedules"),
        ];

    private static Sheet Index(AskOffice office) =>
        new(
            office.Say("Informes", "Reports"),
            Section,
            [
                new CardsPart(
                    office.Say("Qué quieres saber", "What you want to know"),
                    [
                        .. ReportKinds.All.Select(kind => new SheetCard(office.Say(kind.Spanish, kind.English), "")
                        {
                            Href = office.Link($"/reports/{kind.Name}"),
                            Small = office.Say(kind.LeadSpanish, kind.LeadEnglish),
                        }),
                    ],
                    ""
                ),
            ]
        )
        {
            Tabs = Tabs(office, ""),
        };

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string name)
    {
        if (ReportKinds.Of(name) is not { } kind)
        {
            return PortalFaults.NotFound.With();
        }

        var question = ReportQuestion.Of(office, kind);
        var answer = await AskReports.RowsAsync(office, question.Door(), MostShown);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var rows = answer.Value;
        return new Sheet(
            office.Say(kind.Spanish, kind.English),
            Section,
            [
                new FormsPart(office.Say("De qué", "Of what"), [Ask(office, question)]),
                .. ReportTable.Charts(office, question, rows),
                .. Declared(office, kind, rows),
                ReportTable.Table(office, question, rows),
                Files(office, question, rows.IsCut),
            ]
        )
        {
            Lead =
                office.Say(kind.LeadSpanish, kind.LeadEnglish)
                + " "
                + office.Say(
                    $"Según lo sabido a {office.At(rows.Head.Instant("asOf"))}.",
                    $"As known at {office.At(rows.Head.Instant("asOf"))}."
                ),
            Tabs = Tabs(office, ""),
        };
    }

    private static IEnumerable<SheetPart> Declared(AskOffice office, ReportKind kind, ReportRows rows) =>
        kind.Name == "vat-book" && rows.Head.At("declared") is { } declared
            ?
            [
                new FactsPart(
                    office.Say("Lo que declara", "What it declares"),
                    [
                        new(office.Say("Base", "Taxable"), office.Amount(declared, "taxableAmount")),
                        new("IVA", office.Amount(declared, "vatAmount")),
                        new(office.Say("Recargo", "Surcharge"), office.Amount(declared, "surchargeAmount")),
                        new(office.Say("Total", "Total"), office.Amount(declared, "total")),
                    ]
                ),
            ]
            : [];

    private static SheetForm Ask(AskOffice office, ReportQuestion question)
    {
        var kind = question.Kind;
        var fields = new List<SheetField>();
        fields.AddRange(office.Carried);
        if (kind.Asked == AskedFor.Quarter)
        {
            fields.Add(
                new SheetField("year", office.Say("Año", "Year"))
                {
                    Kind = "number",
                    Value = question.Year.ToString(System.Globalization.CultureInfo.InvariantCulture),
                }
            );
            fields.Add(
                new SheetField("period", office.Say("Periodo", "Period"))
                {
                    Kind = "choice",
                    Value = question.Period,
                    Options =
                    [
                        .. new[] { "1T", "2T", "3T", "4T" }.Select(each => (each, each)),
                        .. Enumerable.Range(1, 12).Select(month => ($"{month:00}", office.Words.MonthName(new DateOnly(2026, month, 1)))),
                    ],
                }
            );
        }
        else
        {
            if (kind.Asked == AskedFor.Period)
            {
                fields.Add(
                    new SheetField("from", office.Say("Desde", "From")) { Kind = "date", Value = ReportQuestion.Text(question.From) }
                );
            }

            fields.Add(
                new SheetField("to", kind.Asked == AskedFor.Day ? office.Say("Al cierre del", "At the end of") : office.Say("Hasta", "To"))
                {
                    Kind = "date",
                    Value = ReportQuestion.Text(question.To),
                }
            );
        }

        if (kind.Groupings.Count > 0)
        {
            fields.Add(
                new SheetField("groupBy", office.Say("Agrupar", "Group"))
                {
                    Kind = "choice",
                    Value = question.GroupBy ?? "",
                    Options = [.. kind.Groupings.Select(each => (each, office.Words.OneOf(each, ReportKinds.Groupings)))],
                }
            );
        }

        if (kind.Compares)
        {
            fields.Add(
                new SheetField("compare", office.Say("Comparar", "Compare"))
                {
                    Kind = "choice",
                    Value = question.Compare ?? "",
                    Options = [.. ReportKinds.Comparisons.Keys.Select(each => (each, office.Words.OneOf(each, ReportKinds.Comparisons)))],
                }
            );
        }

        return new SheetForm(office.Link($"/reports/{kind.Name}"), office.Say("Ver", "See"), fields)
        {
            Asking = true,
            Folded =
                $"{question.Said(office)}{(question.GroupBy is { } group ? ", " + office.Words.OneOf(group, ReportKinds.Groupings).ToLowerInvariant() : "")}",
            Open = office.Asked("from") is null && office.Asked("to") is null && office.Asked("year") is null,
        };
    }

    private static LinksPart Files(AskOffice office, ReportQuestion question, bool cut) =>
        new(
            office.Say("Llevárselo", "Take it away"),
            [
                .. question.Kind.Formats.Select(format => new SheetLink(
                    format.ToUpperInvariant(),
                    office.Link($"/reports/{question.Kind.Name}/file", [.. question.PageFields, ("format", format)])
                )),
                .. question.Kind.Mailed is { } mailed
                    ? new SheetLink[]
                    {
                        new(
                            office.Say("Recibirlo por correo", "Get it by mail"),
                            office.Link("/reports/schedules", ("report", mailed), ("groupBy", question.GroupBy))
                        ),
                    }
                    : [],
            ]
        )
        {
            Note = cut
                ? office.Say(
                    $"Aquí se ven las primeras {office.Words.Count(MostShown)} filas; los archivos las tienen todas.",
                    $"The first {office.Words.Count(MostShown)} rows are seen here; the files have all of them."
                )
                : null,
        };

    private static async Task<Outcome<Sheet>> InvoicesSheetAsync(AskOffice office)
    {
        var question = ReportQuestion.Of(office, ReportKinds.Of("sales")!);
        // The customer nobody knows has an empty key.
        var key = office.Asked("key") ?? "";
        var cursor = office.Asked("cursor");
        var door =
            $"/v1/reports/sales/invoices?from={ReportQuestion.Text(question.From)}&to={ReportQuestion.Text(question.To)}"
            + $"&groupBy={question.GroupBy}&key={AskOffice.Escape(key)}&limit={Page}"
            + (cursor is null ? "" : $"&cursor={AskOffice.Escape(cursor)}");
        var answer = await office.GetAsync("reporting", door);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say(
                $"Facturas de {ReportTable.KeyOf(office, question, key)}",
                $"Invoices of {ReportTable.KeyOf(office, question, key)}"
            ),
            Section,
            [
                new TablePart(
                    question.Said(office),
                    [
                        new(office.Say("Factura", "Invoice")),
                        new(office.Say("Día de la venta", "Day of the sale")),
                        new(office.Say("Base", "Without VAT"), Figure: true),
                        new(office.Say("IVA", "VAT"), Figure: true),
                        new(office.Say("Total", "Total"), Figure: true),
                    ],
                    [
                        .. answer
                            .Value.List("rows")
                            .Select(row => new SheetRow([
                                new SheetCell(row.Text("number") ?? "")
                                {
                                    Href = office.Link($"/invoices/{row.Text("invoiceId")}"),
                                    Small = row.Joined("saleIds"),
                                    Raw = row.Text("number"),
                                },
                                new SheetCell(office.Day(row.Day("operationDate"))) { Raw = row.Text("operationDate") },
                                new SheetCell(office.Amount(row, "totalWithoutVat")) { Raw = row.Text("totalWithoutVat") },
                                new SheetCell(office.Amount(row, "vatTotal")) { Raw = row.Text("vatTotal") },
                                new SheetCell(office.Amount(row, "totalWithVat")) { Raw = row.Text("totalWithVat") },
                            ])),
                    ],
                    office.Say("Ninguna factura.", "No invoices.")
                )
                {
                    More = answer.Value.Text("cursor") is { } next
                        ? office.Link(
                            "/reports/sales/invoices",
                            ("from", ReportQuestion.Text(question.From)),
                            ("to", ReportQuestion.Text(question.To)),
                            ("groupBy", question.GroupBy),
                            ("key", key),
                            ("cursor", next)
                        )
                        : null,
                },
                new LinksPart(
                    office.Say("De vuelta", "Back"),
                    [new(office.Say("Al informe de ventas", "To the report of sales"), question.Link(office))]
                ),
            ]
        )
        {
            Tabs = Tabs(office, ""),
        };
    }
}
