using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Reports;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Customers;

/// <summary>Who buys: the best customers of the last year, the new ones, those who have gone quiet; and one found by what is typed.</summary>
public sealed class ShowCustomers
{
    /// <summary>The office's section.</summary>
    public const string Section = "customers";

    private const int Page = 25;
    private const int MostRead = 4000;
    private const int MonthsBack = 12;
    private const int NewDays = 60;
    private const decimal QuietChance = 5m;

    private static readonly IReadOnlyDictionary<string, (string, string)> Segments = new Dictionary<string, (string, string)>
    {
        ["best"] = ("Los que más compran", "Who buys most"),
        ["new"] = ("Nuevos", "New"),
        ["quiet"] = ("Se están yendo", "Going quiet"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCustomers));
        return office.ShowAsync(SheetAsync);
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var segment = office.Asked("show") is { } asked && Segments.ContainsKey(asked) ? asked : "best";
        var place = int.TryParse(office.Asked("cursor"), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0;
        var q = office.Asked("q")?.Trim();
        var found = string.IsNullOrEmpty(q) ? await BoughtAsync(office, segment) : await FoundAsync(office, q);
        if (found.Refused(out var fault))
        {
            return fault;
        }

        var shown = found.Value.Skip(place).Take(Page).ToList();
        var names = await Task.WhenAll(shown.Select(row => NameAsync(office, row)));
        return new Sheet(
            office.Say("Clientes", "Customers"),
            Section,
            [
                new FormsPart(
                    office.Say("Buscar", "Find"),
                    [
                        new SheetForm(
                            office.Link("/customers"),
                            office.Say("Buscar", "Find"),
                            [
                                .. office.Carried,
                                new SheetField("q", office.Say("Nombre, correo o número de cliente", "Name, e-mail or customer number"))
                                {
                                    Kind = "search",
                                    Value = q ?? "",
                                    Optional = true,
                                },
                            ]
                        )
                        {
                            Asking = true,
                        },
                    ]
                ),
                new TablePart(
                    string.IsNullOrEmpty(q)
                        ? office.Say(
                            $"{office.Words.OneOf(segment, Segments)}, en los últimos 12 meses.",
                            $"{office.Words.OneOf(segment, Segments)}, in the last 12 months."
                        )
                        : office.Say($"Los que dicen «{q}».", $"Those that say “{q}”."),
                    [
                        new(office.Say("Cliente", "Customer")),
                        new(office.Say("Última compra", "Last purchase")),
                        new(office.Say("Facturas", "Invoices"), Figure: true),
                        new(office.Say("Valor", "Value"), Figure: true),
                    ],
                    [.. shown.Select((row, i) => Row(office, row, names[i]))],
                    office.Say(
                        "Nadie aquí. Quien compra identificándose aparece con su primera factura.",
                        "Nobody here. Who buys under a name appears with the first invoice."
                    )
                )
                {
                    Filters =
                    [
                        .. Segments.Keys.Select(each => new SheetLink(
                            office.Words.OneOf(each, Segments),
                            office.Link("/customers", ("show", each == "best" ? null : each)),
                            string.IsNullOrEmpty(q) && each == segment
                        )),
                    ],
                    More =
                        place + Page < found.Value.Count
                            ? office.Link(
                                "/customers",
                                ("show", segment == "best" ? null : segment),
                                ("q", q),
                                ("cursor", (place + Page).ToString(CultureInfo.InvariantCulture))
                            )
                            : null,
                },
            ]
        )
        {
            Lead = office.Say(
                "Quien compra sin identificarse no está aquí: está en las ventas.",
                "Who buys without a name is not here: it is in the sales."
            ),
        };
    }

    private static async Task<Outcome<IReadOnlyList<JsonNode>>> BoughtAsync(AskOffice office, string segment)
    {
        var from = office.Today.AddMonths(-MonthsBack);
        var answer = await AskReports.RowsAsync(
            office,
            $"/v1/reports/customers?from={ReportQuestion.Text(from)}&to={ReportQuestion.Text(office.Today)}",
            MostRead
        );
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var rows = answer.Value.Rows;
        return segment switch
        {
            "new" => rows.Where(row => row.Day("first") >= office.Today.AddDays(-NewDays))
                .OrderByDescending(row => row.Day("first"))
                .ToList(),
            "quiet" => rows.Where(row => row.Number("silenceChance") < QuietChance).ToList(),
            _ => rows.ToList(),
        };
    }

    /// <summary>The customers of the invoices that say so, each once.</summary>
    private static async Task<Outcome<IReadOnlyList<JsonNode>>> FoundAsync(AskOffice office, string q)
    {
        var answer = await office.GetAsync("invoicing", $"/v1/invoices?q={AskOffice.Escape(q)}&limit=200");
        return answer.Refused(out var fault)
            ? fault
            : answer
                .Value.List("invoices")
                .Where(invoice => (invoice.Text("contact.customerId") ?? invoice.Text("buyer.customerId")) is not null)
                .GroupBy(invoice => invoice.Text("contact.customerId") ?? invoice.Text("buyer.customerId")!)
                .Select(customer =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["customer"] = customer.Key,
                            ["last"] = customer.First().Text("issueDate"),
                            ["invoice"] = customer.First().DeepClone(),
                        }
                )
                .ToList();
    }

    private static async Task<CustomerName> NameAsync(AskOffice office, JsonNode row)
    {
        if (row["invoice"] is { } known)
        {
            return CustomerName.Of(known);
        }

        var latest = await office.GetAsync("invoicing", $"/v1/invoices?customerId={AskOffice.Escape(row.Text("customer") ?? "")}&limit=1");
        return CustomerName.Of(latest.Fault is null ? latest.Value.List("invoices").FirstOrDefault() : null);
    }

    private static SheetRow Row(AskOffice office, JsonNode row, CustomerName name)
    {
        var id = row.Text("customer") ?? "";
        return new SheetRow([
            new SheetCell(name.Name ?? id)
            {
                Href = office.Link($"/customers/{AskOffice.Escape(id)}"),
                Small = string.Join(" · ", new[] { name.Name is null ? null : id, name.Email }.Where(each => each is not null)),
            },
            new SheetCell(office.Day(row.Day("last")))
            {
                Raw = row.Text("last"),
                Small =
                    row.Number("silenceChance") < QuietChance
                        ? office.Say("ya debería haber vuelto", "should have been back by now")
                        : null,
            },
            new SheetCell(row.Number("frequency") is null ? "" : office.Words.Count(row.Count("frequency")))
            {
                Raw = row.Text("frequency") ?? "",
            },
            new SheetCell(office.Amount(row, "value")) { Raw = row.Text("value") ?? "" },
        ]);
    }
}
