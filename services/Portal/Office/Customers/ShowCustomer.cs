using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Office.Invoices;
using RetailInvoicing.Portal.Office.Reports;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Customers;

/// <summary>One customer: what it owes, what it bought, what it is worth, what it said about offers, and its statement of account.</summary>
public sealed class ShowCustomer(AskPayments payments)
{
    private const int Page = 25;
    private const int MonthsBack = 12;
    private const int MostRead = 4000;

    private static readonly IReadOnlyDictionary<string, (string, string)> Entries = new Dictionary<string, (string, string)>
    {
        ["invoice"] = ("Factura", "Invoice"),
        ["correction"] = ("Rectificativa", "Correction"),
        ["undone"] = ("Asignación deshecha", "Allocation undone"),
        ["payment"] = ("Pago", "Payment"),
        ["reversal"] = ("Pago devuelto por el banco", "Payment taken back"),
        ["cancellation"] = ("Anulación", "Cancellation"),
        ["write-off"] = ("Dado por perdido", "Written off"),
        ["refund"] = ("Devolución", "Refund"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string customerId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCustomer));
        return office.ShowAsync(_ => SheetAsync(office, customerId));
    }

    /// <summary>Its statement of account, as it is mailed.</summary>
    public async Task<IResult> StatementAsync(AskOffice office, string customerId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCustomer));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        var file = await office.FileAsync(
            "collections",
            $"/v1/customers/{AskOffice.Escape(customerId)}/statement?format=pdf&{Since(office)}"
        );
        return file.Refused(out var fault)
            ? office.Page.Show(fault)
            : Results.Stream(file.Value, "application/pdf", office.Say("extracto.pdf", "statement.pdf"));
    }

    private async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string customerId)
    {
        var name = AskOffice.Escape(customerId);
        var cursor = office.Asked("cursor") is { } at ? $"&cursor={AskOffice.Escape(at)}" : "";
        var bought = office.GetAsync("invoicing", $"/v1/invoices?customerId={name}&limit={Page}{cursor}");
        var owed = office.GetAsync("collections", $"/v1/customers/{name}/statement?{Since(office)}");
        var said = office.GetAsync("delivery", $"/v1/customers/{name}/consent");
        var worth = office.May(Scopes.ReportsRead)
            ? AskReports.RowsAsync(
                office,
                $"/v1/reports/customers?from={ReportQuestion.Text(office.Today.AddMonths(-MonthsBack))}&to={ReportQuestion.Text(office.Today)}",
                MostRead
            )
            : Task.FromResult<Outcome<ReportRows>>(PortalFaults.NotFound.With());
        await Task.WhenAll(bought, owed, said, worth);
        if ((await bought).Refused(out var fault))
        {
            return fault;
        }

        var invoices = (await bought).Value.List("invoices").ToList();
        if (invoices.Count == 0 && cursor.Length == 0)
        {
            return PortalFaults.NotFound.With();
        }

        var who = CustomerName.Of(invoices.FirstOrDefault());
        var known = who.Name ?? customerId;
        var next = (await bought).Value.Text("nextCursor");
        return new Sheet(
            known,
            ShowCustomers.Section,
            [
                Facts(office, customerId, who, await owed, await worth),
                await BoughtAsync(office, [.. invoices.Select(ShowInvoices.Body)], customerId, next),
                .. Statement(office, customerId, await owed),
                .. Consent(office, customerId, await said),
            ]
        )
        {
            Lead = string.Join(" · ", new[] { customerId, who.Email, who.Phone }.Where(each => !string.IsNullOrEmpty(each)).Distinct()),
            Tabs =
            [
                new(office.Say("Clientes", "Customers"), office.Link("/customers")),
                new(known, office.Link($"/customers/{name}"), Current: true),
            ],
        };
    }

    private static string Since(AskOffice office) =>
        $"from={ReportQuestion.Text(office.Today.AddMonths(-MonthsBack))}&to={ReportQuestion.Text(office.Today)}";

    private static FactsPart Facts(AskOffice office, string customerId, CustomerName who, Outcome<JsonNode> owed, Outcome<ReportRows> worth)
    {
        var facts = new List<SheetFact>();
        if (owed.Fault is null)
        {
            var accounts = owed.Value.List("accounts");
            facts.AddRange(
                accounts.Select(account => new SheetFact(
                    office.Say("Debe", "Owes"),
                    office.Amount(account, "closing"),
                    office.Link("/collecting/receivables", ("customerId", customerId))
                ))
            );
            if (accounts.Count == 0)
            {
                facts.Add(new SheetFact(office.Say("Debe", "Owes"), office.Say("Nada", "Nothing")));
            }
        }
        else
        {
            facts.Add(new SheetFact(office.Say("Debe", "Owes"), office.Say("Ahora mismo no se sabe.", "Right now it is not known.")));
        }

        foreach (var row in worth.Fault is null ? worth.Value.Rows.Where(row => row.Text("customer") == customerId) : [])
        {
            facts.Add(
                new SheetFact(
                    office.Say("Ha comprado en 12 meses", "Bought in 12 months"),
                    office.Say(
                        $"{office.Amount(row, "value")} en {office.Words.InvoicesCount(row.Count("frequency"))}",
                        $"{office.Amount(row, "value")} in {office.Words.InvoicesCount(row.Count("frequency"))}"
                    )
                )
            );
            facts.Add(
                new SheetFact(
                    office.Say("Frente a los demás", "Beside the others"),
                    office.Say(
                        $"Reciente {row.Text("recencyScore")}/5 · frecuente {row.Text("frequencyScore")}/5 · valor {row.Text("valueScore")}/5",
                        $"Recent {row.Text("recencyScore")}/5 · often {row.Text("frequencyScore")}/5 · value {row.Text("valueScore")}/5"
                    )
                )
            );
            facts.Add(new SheetFact(office.Say("Última compra", "Last purchase"), office.Day(row.Day("last"))));
        }

        if (who.TaxId is { } taxId)
        {
            facts.Add(new SheetFact("NIF", taxId));
        }

        return new FactsPart(office.Say("Cómo está", "How it stands"), facts);
    }

    private async Task<TablePart> BoughtAsync(AskOffice office, IReadOnlyList<InvoiceBody> invoices, string customerId, string? next)
    {
        var told = await payments.BalancesAsync(
            invoices.Select(invoice => invoice.InvoiceId),
            office.Door.Behalf,
            office.Http.RequestAborted
        );
        return new TablePart(
            office.Say("Sus facturas", "Its invoices"),
            [
                new(office.Say("Factura", "Invoice")),
                new(office.Say("Fecha", "Date")),
                new(office.Say("Estado", "State")),
                new(office.Say("Total", "Total"), Figure: true),
            ],
            [
                .. invoices.Select(invoice => new SheetRow([
                    new SheetCell(invoice.Number)
                    {
                        Href = InvoiceWords.To(office, invoice.InvoiceId),
                        Small = office.Words.KindOf(invoice),
                        Raw = invoice.Number,
                    },
                    InvoiceWords.DayCell(office, invoice.IssueDate),
                    InvoiceWords.StandingCell(
                        office,
                        Standing.Of(invoice, BalanceOf(told, invoice), told.Fault is not null, office.Today, office.Zone)
                    ),
                    InvoiceWords.AmountCell(office, invoice.Totals.TotalWithVat, invoice.Currency),
                ])),
            ],
            office.Say("No hay más.", "There are no more.")
        )
        {
            More = next is null ? null : office.Link($"/customers/{AskOffice.Escape(customerId)}", ("cursor", next)),
        };
    }

    private static Balance? BalanceOf(Outcome<Dictionary<InvoiceId, Balance>> told, InvoiceBody invoice) =>
        told.Fault is null ? told.Value.GetValueOrDefault(invoice.InvoiceId) : null;

    private static IEnumerable<SheetPart> Statement(AskOffice office, string customerId, Outcome<JsonNode> owed)
    {
        foreach (var account in owed.Fault is null ? owed.Value.List("accounts") : [])
        {
            var currency = account.Currency();
            yield return new TablePart(
                office.Say(
                    $"Cuenta de 12 meses: empieza en {office.Amount(account, "opening")} y acaba en {office.Amount(account, "closing")}",
                    $"Account of 12 months: begins at {office.Amount(account, "opening")} and ends at {office.Amount(account, "closing")}"
                ),
                [
                    new(office.Say("Fecha", "Date")),
                    new(office.Say("Qué", "What")),
                    new(office.Say("Importe", "Amount"), Figure: true),
                    new(office.Say("Saldo", "Balance"), Figure: true),
                ],
                [
                    .. account
                        .List("entries")
                        .Reverse()
                        .Take(100)
                        .Select(entry => new SheetRow([
                            new SheetCell(office.Day(entry.Day("date"))) { Raw = entry.Text("date") },
                            new SheetCell(office.Words.OneOf(entry.Text("kind"), Entries))
                            {
                                Small = entry.Text("number"),
                                Raw = $"{entry.Text("kind")} {entry.Text("number")}",
                            },
                            new SheetCell(office.Words.Amount(entry.Number("amount") ?? 0m, currency)) { Raw = entry.Text("amount") },
                            new SheetCell(office.Words.Amount(entry.Number("balance") ?? 0m, currency)) { Raw = entry.Text("balance") },
                        ])),
                ],
                office.Say("Sin movimientos.", "No movements.")
            );
        }

        if (owed.Fault is null)
        {
            yield return new LinksPart(
                office.Say("Extracto", "Statement"),
                [
                    new(
                        office.Say("Extracto de 12 meses en PDF", "Statement of 12 months as PDF"),
                        office.Link($"/customers/{AskOffice.Escape(customerId)}/statement.pdf")
                    ),
                ]
            );
        }
    }

    private static IEnumerable<SheetPart> Consent(AskOffice office, string customerId, Outcome<JsonNode> said)
    {
        if (said.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
        {
            yield break;
        }

        yield return new FactsPart(
            office.Say("Ofertas", "Offers"),
            [
                new SheetFact(
                    office.Say("Consentimiento", "Consent"),
                    said.Fault is null && said.Value.Is("granted")
                        ? office.Say("Sí quiere ofertas", "Yes to offers")
                        : office.Say("No quiere ofertas", "No to offers"),
                    office.Door.Behalf.Role == StaffRole.Owner ? office.Link("/marketing/consent", ("customerId", customerId)) : null
                ),
            ]
        );
    }
}
