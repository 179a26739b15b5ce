using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Direct-debit runs, each with its file for the bank, and making the next one.</summary>
public sealed class ShowDirectDebits
{
    /// <summary>The runs.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowDirectDebits));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>One run.</summary>
    public Task<IResult> OneAsync(AskOffice office, string batchId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowDirectDebits));
        return office.ShowAsync(_ => OneSheetAsync(office, batchId));
    }

    /// <summary>The run's file as the bank takes it.</summary>
    public async Task<IResult> FileAsync(AskOffice office, string batchId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowDirectDebits));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (!Guid.TryParseExact(batchId, "D", out var batch))
        {
            return office.Page.Show(PortalFaults.NotFound.With());
        }

        var file = await office.FileAsync("payments", $"/v1/direct-debits/{batch:D}/file");
        return file.Refused(out var fault)
            ? office.Page.Show(fault)
            : Results.File(file.Value, "application/xml; charset=utf-8", $"{batch:N}.xml");
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var cursor = office.Asked("cursor") is { } next ? $"&cursor={AskOffice.Escape(next)}" : "";
        var batches = office.GetAsync("payments", $"/v1/direct-debits?limit=50{cursor}");
        var mandates = office.GetAsync("payments", "/v1/mandates?limit=100");
        var settings = office.GetAsync("payments", "/v1/direct-debit-settings");
        await Task.WhenAll(batches, mandates, settings);
        if ((await batches).Refused(out var fault))
        {
            return fault;
        }

        var isSet = (await settings).Fault is null;
        return new Sheet(
            office.Say("Recibos domiciliados", "Direct debits"),
            BankWords.Section,
            [
                new FormsPart(
                    office.Say("Nueva remesa", "New run"),
                    isSet
                        ?
                        [
                            new SheetForm(
                                office.Link("/bank/direct-debits"),
                                office.Say("Sí, hacer la remesa", "Yes, make the run"),
                                [
                                    new SheetField("collectOn", office.Say("Cobrar el", "Collect on")) { Kind = "date" },
                                    new SheetField("reference", office.Say("Tu referencia", "Your reference"))
                                    {
                                        Hint = office.Say(
                                            "La misma referencia otra vez devuelve la misma remesa, no hace otra.",
                                            "The same reference again gives the same run, it makes no other."
                                        ),
                                        Value = $"{office.Today:yyyy-MM-dd}",
                                    },
                                ]
                            )
                            {
                                Folded = office.Say("Hacer una remesa", "Make a run"),
                                Asks = office.Say(
                                    "Se cobrará a cada cliente con mandato lo que deba y venza hasta ese día. El archivo lo llevas tú a tu banco.",
                                    "Each customer with a mandate is debited what it owes and what falls due by that day. You take the file to your bank."
                                ),
                            },
                        ]
                        : []
                ),
                new TablePart(
                    office.Say("Remesas", "Runs"),
                    [
                        new(office.Say("Cobro", "Collection")),
                        new(office.Say("Cómo va", "How it goes")),
                        new(office.Say("Recibos", "Debits"), Figure: true),
                        new(office.Say("Importe", "Amount"), Figure: true),
                    ],
                    [.. (await batches).Value.List("batches").Select(batch => RowOf(office, batch))],
                    isSet
                        ? office.Say("Aún no has hecho ninguna remesa.", "You have not made a run yet.")
                        : office.Say(
                            "Antes de la primera remesa guarda abajo tu identificador de acreedor.",
                            "Before the first run keep your creditor identifier below."
                        )
                )
                {
                    More = (await batches).Value.Text("nextCursor") is { } more
                        ? office.Link("/bank/direct-debits", ("cursor", more))
                        : null,
                },
                new TablePart(
                    office.Say("Mandatos", "Mandates"),
                    [
                        new(office.Say("Mandato", "Mandate")),
                        new(office.Say("Cliente", "Customer")),
                        new(office.Say("Cuenta", "Account")),
                        new(office.Say("Estado", "State")),
                    ],
                    [
                        .. ((await mandates).Fault is null ? (await mandates).Value.List("mandates") : []).Select(mandate => new SheetRow([
                            new SheetCell(mandate.Text("mandateId") ?? "") { Small = office.Day(mandate.Day("signedOn")) },
                            new SheetCell(mandate.Text("name") ?? "") { Small = mandate.Text("customerId") },
                            new SheetCell(mandate.Text("iban") ?? "") { Small = mandate.Text("scheme") },
                            new SheetCell(office.Words.OneOf(mandate.Text("state"), BankWords.States))
                            {
                                Chip = BankWords.Chip(mandate.Text("state")),
                            },
                        ])),
                    ],
                    office.Say("Ningún cliente ha firmado un mandato.", "No customer has signed a mandate.")
                ),
                new FormsPart(office.Say("Acreedor", "Creditor"), [Creditor(office, isSet ? (await settings).Value : null)]),
            ]
        )
        {
            Tabs = BankWords.Tabs(office, "direct-debits"),
        };
    }

    internal static async Task<Outcome<Sheet>> OneSheetAsync(AskOffice office, string batchId)
    {
        if (!Guid.TryParseExact(batchId, "D", out var id))
        {
            return PortalFaults.NotFound.With();
        }

        var answer = await office.GetAsync("payments", $"/v1/direct-debits/{id:D}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var batch = answer.Value;
        var amount = office.Amount(batch, "amount");
        return new Sheet(
            $"{office.Day(batch.Day("collectOn"))} · {amount}",
            BankWords.Section,
            [
                new FactsPart(
                    office.Say("Remesa", "Run"),
                    [
                        new(office.Say("Recibos", "Debits"), office.Words.Count(batch.Count("count"))),
                        new(office.Say("Hecha", "Made"), office.At(batch.Instant("madeAt"))),
                        new(office.Say("Formato", "Format"), batch.Text("format") ?? ""),
                        new(
                            office.Say("Archivo para el banco", "File for the bank"),
                            office.Say("Descargar", "Download"),
                            office.Link($"/bank/direct-debits/{id:D}/file")
                        ),
                    ]
                ),
                new FormsPart(
                    office.Say("Qué hacer", "What to do"),
                    batch.Count("submitted") == 0
                        ? []
                        :
                        [
                            new SheetForm(
                                office.Link($"/bank/direct-debits/{id:D}/collected"),
                                office.Say("Sí, está cobrada", "Yes, it is collected"),
                                [new SheetField("collectedOn", office.Say("Cobrada el", "Collected on")) { Kind = "date", Optional = true }]
                            )
                            {
                                Folded = office.Say("El banco la ha cobrado", "The bank has collected it"),
                                Asks = office.Say(
                                    $"{amount} de {batch.Text("submitted")} recibos se anotan como cobrados en sus facturas.",
                                    $"{amount} of {batch.Text("submitted")} debits is booked as collected on its invoices."
                                ),
                            },
                            new SheetForm(office.Link($"/bank/direct-debits/{id:D}/cancel"), office.Say("Sí, anular", "Yes, cancel"), [])
                            {
                                Folded = office.Say("Anular la remesa", "Cancel the run"),
                                Asks = office.Say(
                                    $"Solo si el archivo no ha llegado al banco: {amount} dejan de cobrarse.",
                                    $"Only where the file has not reached the bank: {amount} will not be collected."
                                ),
                            },
                        ]
                ),
                new TablePart(
                    office.Say("Recibos", "Debits"),
                    [
                        new(office.Say("Recibo", "Debit")),
                        new(office.Say("Estado", "State")),
                        new(office.Say("Importe", "Amount"), Figure: true),
                    ],
                    [
                        .. batch
                            .List("debits")
                            .Select(debit => new SheetRow([
                                new SheetCell(debit.Text("endToEndId") ?? "")
                                {
                                    Href = office.Link($"/invoices/{debit.Text("invoiceId")}"),
                                    Small = $"{debit.Text("mandateId")} · {debit.Text("sequence")}",
                                },
                                new SheetCell(office.Words.OneOf(debit.Text("state"), BankWords.States))
                                {
                                    Chip = BankWords.Chip(debit.Text("state")),
                                    Small = debit.Text("reason.code") is { } code
                                        ? $"{code} {office.Say(debit.Text("reason.es") ?? "", debit.Text("reason.en") ?? "")}".Trim()
                                        : null,
                                },
                                new SheetCell(office.Words.Amount(debit.Number("amount") ?? 0m, batch.Currency())),
                            ])),
                    ],
                    ""
                ),
            ]
        )
        {
            Lead = batch.Text("reference"),
            Tabs = BankWords.Tabs(office, "direct-debits"),
        };
    }

    private static SheetRow RowOf(AskOffice office, JsonNode batch) =>
        new([
            new SheetCell(office.Day(batch.Day("collectOn")))
            {
                Href = office.Link($"/bank/direct-debits/{batch.Text("batchId")}"),
                Small = batch.Text("reference"),
            },
            new SheetCell(
                string.Join(
                    " · ",
                    new[] { "submitted", "unanswered", "collected", "returned", "cancelled" }
                        .Where(state => batch.Count(state) > 0)
                        .Select(state => $"{office.Words.OneOf(state, BankWords.States)}: {batch.Text(state)}")
                )
            ),
            new SheetCell(office.Words.Count(batch.Count("count"))),
            new SheetCell(office.Amount(batch, "amount")),
        ]);

    private static SheetForm Creditor(AskOffice office, JsonNode? settings) =>
        new(
            office.Link("/bank/direct-debits/creditor"),
            office.Say("Guardar", "Save"),
            [
                new SheetField("creditorId", office.Say("Identificador de acreedor", "Creditor identifier"))
                {
                    Value = settings.Text("creditorId") ?? "",
                },
                new SheetField("name", office.Say("Nombre", "Name")) { Value = settings.Text("name") ?? "" },
                new SheetField("iban", "IBAN") { Value = settings.Text("iban") ?? "" },
                new SheetField("bic", "BIC") { Optional = true, Value = settings.Text("bic") ?? "" },
                new SheetField("leadDays", office.Say("Días de antelación del banco", "Days the bank wants before"))
                {
                    Kind = "number",
                    Value = settings.Text("leadDays") ?? "2",
                },
            ]
        )
        {
            Folded = office.Say("Quién cobra", "Who collects"),
        };
}
