using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Office.Collecting;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>The seller's invoices, newest first: searched, narrowed by what the address says, paged, and as a file.</summary>
public sealed class ShowInvoices(AskPayments payments)
{
    private const int Page = 50;
    private const int MostInFile = 1000;
    private const int MostAtOnce = 200;

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowInvoices));
        return office.ShowAsync(SheetAsync);
    }

    private async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var list = InvoiceList.Of(office);
        var rows = await RowsAsync(office, list);
        if (rows.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Facturas", "Invoices"),
            InvoiceWords.Section,
            [
                new FormsPart(office.Say("Buscar", "Find"), [SearchForm(office, list), NarrowForm(office, list)]),
                new TablePart(
                    list.Sentence(office),
                    [
                        new(office.Say("Factura", "Invoice")),
                        new(office.Say("Fecha", "Date")),
                        new(office.Say("Cliente", "Customer")),
                        new(office.Say("Estado", "State")),
                        new(list.IsOwed ? office.Say("Pendiente", "Open") : office.Say("Total", "Total"), Figure: true),
                    ],
                    rows.Value.Rows,
                    list.IsNarrow
                        ? office.Say(
                            "Ninguna factura coincide. Prueba con menos palabras o con otro periodo.",
                            "No invoice matches. Try fewer words or another period."
                        )
                        : office.Say(
                            "Aún no hay facturas aquí. La primera aparecerá en cuanto la caja envíe una venta.",
                            "No invoices here yet. The first appears as soon as the till sends a sale."
                        )
                )
                {
                    Filters =
                    [
                        .. InvoiceWords.Shown.Keys.Select(each => new SheetLink(
                            office.Words.OneOf(each, InvoiceWords.Shown),
                            list.Link(office, each),
                            each == list.Shown
                        )),
                    ],
                    More = rows.Value.Next is { } next ? list.Link(office, cursor: next) : null,
                },
            ]
        )
        {
            Lead = rows.Value.PaymentsAway
                ? office.Say(
                    "Ahora mismo no se sabe qué está cobrado: lo demás está al día.",
                    "Right now it is not known what is paid: all else is up to date."
                )
                : null,
            Tabs = InvoiceWords.Tabs(office, ""),
        };
    }

    private async Task<Outcome<FoundInvoices>> RowsAsync(AskOffice office, InvoiceList list)
    {
        if (list.IsOwed)
        {
            var owed = await office.GetAsync("collections", $"/v1/receivables?{list.Question(Page, list.Cursor)}");
            return owed.Refused(out var fault)
                ? fault
                : new FoundInvoices([.. owed.Value.List("items").Select(item => OwedRow(office, item))], owed.Value.Text("nextCursor"));
        }

        // Somebody who types a whole number wants that one.
        if (list.Q is { } q && q.Contains('-', StringComparison.Ordinal) && list.Cursor is null)
        {
            var one = await office.GetAsync("invoicing", $"/v1/invoices?number={AskOffice.Escape(q)}&limit=2");
            if (one.Fault is null && one.Value.List("invoices").Count > 0)
            {
                return await WithStandingsAsync(office, [.. one.Value.List("invoices").Select(Body)], null);
            }
        }

        var isFile = office.Asked("csv") is not null;
        var found = new List<InvoiceBody>();
        var cursor = list.Cursor;
        do
        {
            var page = await office.GetAsync("invoicing", $"/v1/invoices?{list.Question(isFile ? MostAtOnce : Page, cursor)}");
            if (page.Refused(out var fault))
            {
                return fault;
            }

            found.AddRange(page.Value.List("invoices").Select(Body));
            cursor = page.Value.Text("nextCursor");
        } while (isFile && cursor is not null && found.Count < MostInFile);

        return await WithStandingsAsync(office, found, cursor);
    }

    private async Task<Outcome<FoundInvoices>> WithStandingsAsync(AskOffice office, IReadOnlyList<InvoiceBody> invoices, string? next)
    {
        var balances = new Dictionary<InvoiceId, Balance>();
        var away = false;
        foreach (var some in invoices.Chunk(MostAtOnce))
        {
            var told = await payments.BalancesAsync(
                some.Select(invoice => invoice.InvoiceId).Distinct(),
                office.Door.Behalf,
                office.Http.RequestAborted
            );
            away |= told.Fault is not null;
            foreach (var (invoice, balance) in told.Fault is null ? told.Value : [])
            {
                balances[invoice] = balance;
            }
        }

        return new FoundInvoices(
            [
                .. invoices.Select(invoice =>
                    Row(
                        office,
                        invoice,
                        Standing.Of(invoice, balances.GetValueOrDefault(invoice.InvoiceId), away, office.Today, office.Zone)
                    )
                ),
            ],
            next
        )
        {
            PaymentsAway = away,
        };
    }

    private static SheetRow Row(AskOffice office, InvoiceBody invoice, Standing standing) =>
        new([
            new SheetCell(invoice.Number)
            {
                Href = InvoiceWords.To(office, invoice.InvoiceId),
                Small = office.Words.KindOf(invoice),
                Raw = invoice.Number,
            },
            InvoiceWords.DayCell(office, invoice.IssueDate),
            new SheetCell(InvoiceWords.Who(office, invoice)) { Small = invoice.StoreId.ToString() },
            InvoiceWords.StandingCell(office, standing),
            InvoiceWords.AmountCell(office, invoice.Totals.TotalWithVat, invoice.Currency),
        ]);

    private static SheetRow OwedRow(AskOffice office, JsonNode item) =>
        new([
            new SheetCell(item.Text("number") ?? "") { Href = office.Link($"/invoices/{item.Text("invoiceId")}") },
            new SheetCell(office.Day(item.Day("dueDate"))) { Small = office.Say("vencimiento", "due date"), Raw = item.Text("dueDate") },
            new SheetCell(item.Text("customerName") ?? office.Words.AnonymousBuyer),
            new SheetCell(office.Words.OneOf(item.Text("status"), CollectingWords.States))
            {
                Chip = CollectingWords.Chip(item.Text("status")),
                Small = item.Text("status") == "overdue" ? office.Words.DaysLate((int)item.Count("daysOverdue")) : null,
                Raw = item.Text("status"),
            },
            new SheetCell(office.Amount(item, "amountDue")) { Raw = item.Text("amountDue") },
        ]);

    private static SheetForm SearchForm(AskOffice office, InvoiceList list) =>
        new(
            office.Link("/invoices"),
            office.Say("Buscar", "Find"),
            [
                .. office.Carried,
                .. list.Shown is "all" || list.IsOwed ? [] : new[] { Hidden("show", list.Shown) },
                new SheetField(
                    "q",
                    office.Say("Número, cliente, correo o número de cliente", "Number, customer, e-mail or customer number")
                )
                {
                    Kind = "search",
                    Value = list.Q ?? "",
                    Optional = true,
                },
            ]
        )
        {
            Asking = true,
        };

    private static SheetForm NarrowForm(AskOffice office, InvoiceList list) =>
        new(
            office.Link("/invoices"),
            office.Say("Filtrar", "Filter"),
            [
                .. office.Carried,
                .. list.Shown is "all" ? [] : new[] { Hidden("show", list.Shown) },
                .. list.Q is null ? [] : new[] { Hidden("q", list.Q) },
                new SheetField("from", office.Say("Desde", "From"))
                {
                    Kind = "date",
                    Value = list.From ?? "",
                    Optional = true,
                },
                new SheetField("to", office.Say("Hasta", "To"))
                {
                    Kind = "date",
                    Value = list.To ?? "",
                    Optional = true,
                },
                new SheetField("store", office.Say("Tienda", "Shop"))
                {
                    Value = list.Store ?? "",
                    Optional = true,
                    Hint = office.Say("Su código, como S01.", "Its code, such as S01."),
                },
                new SheetField("customer", office.Say("Número de cliente", "Customer number"))
                {
                    Value = list.Customer ?? "",
                    Optional = true,
                },
            ]
        )
        {
            Asking = true,
            Folded = office.Say("Filtrar por periodo, tienda o cliente", "Filter by period, shop or customer"),
            Open = list.Store is not null || list.Customer is not null || list.From is not null || list.To is not null,
        };

    private static SheetField Hidden(string name, string value) => new(name, "") { Kind = "hidden", Value = value };

    internal static InvoiceBody Body(JsonNode node) => node.Deserialize<InvoiceBody>(Wire.Tolerant)!;

    private sealed record FoundInvoices(IReadOnlyList<SheetRow> Rows, string? Next)
    {
        public bool PaymentsAway { get; init; }
    }
}
