using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>One invoice as the shop sees it: how it stands, what was sold, what became of it, its files, and what the law lets be done.</summary>
public sealed class ShowSellersInvoice(AskPayments payments)
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string invoiceId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowSellersInvoice));
        return office.ShowAsync(_ => SheetAsync(office, invoiceId));
    }

    internal async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string invoiceId)
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return PortalFaults.NotFound.With();
        }

        var asked = office.GetAsync("invoicing", $"/v1/invoices/{id}");
        var paid = payments.BalancesAsync([id], office.Door.Behalf, office.Http.RequestAborted);
        var sent = office.GetAsync("delivery", $"/v1/transmissions?invoiceId={id}");
        await Task.WhenAll(asked, paid, sent);
        if ((await asked).Refused(out var fault))
        {
            return fault.Status == StatusCodes.Status404NotFound ? PortalFaults.NotFound.With() : fault;
        }

        var invoice = ShowInvoices.Body((await asked).Value);
        var away = (await paid).Fault is not null;
        var balance = away ? null : (await paid).Value.GetValueOrDefault(id);
        var standing = Standing.Of(invoice, balance, away, office.Today, office.Zone);
        return new Sheet(
            $"{invoice.Number} · {office.Words.Amount(invoice.Totals.TotalWithVat, invoice.Currency)}",
            InvoiceWords.Section,
            [
                Facts(office, invoice, standing),
                .. Acts(office, invoice, standing),
                Lines(office, invoice),
                Vat(office, invoice),
                Paid(office, invoice, balance, away),
                History(office, invoice, (await sent).Fault is null ? (await sent).Value.List("transmissions") : []),
                Files(office, invoice),
            ]
        )
        {
            Lead = $"{office.Words.KindOf(invoice)} · {InvoiceWords.Who(office, invoice)} · {office.Words.StandingLong(standing)}",
            Tabs = InvoiceWords.Tabs(office, ""),
        };
    }

    private static FactsPart Facts(AskOffice office, InvoiceBody invoice, Standing standing)
    {
        var facts = new List<SheetFact>
        {
            new(office.Words.IssueDate, office.Words.Date(invoice.IssueDate)),
            new(office.Say("Tienda", "Shop"), invoice.TillId is null ? $"{invoice.StoreId}" : $"{invoice.StoreId} / {invoice.TillId}"),
            new(office.Say("Cliente", "Customer"), InvoiceWords.Who(office, invoice), CustomerOf(office, invoice)),
        };
        void Add(string name, string? value, string? href = null)
        {
            if (!string.IsNullOrEmpty(value))
            {
                facts.Add(new SheetFact(name, value, href));
            }
        }

        Add("NIF", invoice.Buyer?.TaxId);
        Add(office.Say("Correo", "E-mail"), invoice.Contact?.Email ?? invoice.Buyer?.Email);
        Add(office.Words.OperationDate, invoice.OperationDate == invoice.IssueDate ? null : office.Words.Date(invoice.OperationDate));
        Add(office.Words.DueDate, invoice.DueDate is { } due ? office.Words.Date(due) : null);
        Add(
            office.Say("Pendiente", "Open"),
            standing.AmountDue > 0m ? office.Words.Amount(standing.AmountDue, invoice.Currency) : null,
            office.Link($"/collecting/receivables/{invoice.InvoiceId}")
        );
        Add(office.Say("Venta", "Sale"), string.Join(", ", invoice.SaleIds));
        Add(office.Words.TransferReference, invoice.PaymentReference);
        Add(office.Words.Record, $"{invoice.Fiscal.RecordType} · {office.Words.Submission(invoice.Fiscal)}");
        foreach (var error in invoice.Fiscal.Errors ?? [])
        {
            var advice = office.Words.Code == "en" ? error.Advice : error.AdviceEs ?? error.Advice;
            facts.Add(
                new SheetFact(office.Say("Lo que dice Hacienda", "What the tax agency says"), $"{error.Code}: {error.Text} {advice}".Trim())
            );
        }

        return new FactsPart(office.Say("Cómo está", "How it stands"), facts);
    }

    private static string? CustomerOf(AskOffice office, InvoiceBody invoice) =>
        (invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId) is { } customer
            ? office.Link($"/customers/{AskOffice.Escape(customer.ToString())}")
            : null;

    private static IEnumerable<SheetPart> Acts(AskOffice office, InvoiceBody invoice, Standing standing)
    {
        var guards = InvoiceGuards.Of(office, invoice);
        if (!office.May(Scopes.InvoicesWrite))
        {
            yield return new TextPart(
                office.Say("Qué se puede hacer", "What may be done"),
                [
                    office.Say(
                        "Tu papel solo mira: rectificar, canjear y anular es de titular, contabilidad y tienda.",
                        "Your role only looks: owner, accountant and shop correct, exchange and cancel."
                    ),
                ]
            );
            yield break;
        }

        var ways = new List<SheetLink>();
        if (guards.NotCorrected is null)
        {
            ways.Add(new SheetLink(office.Say("Rectificar", "Correct"), InvoiceWords.To(office, invoice.InvoiceId, "/correct")));
        }

        if (invoice is { Kind: InvoiceKind.Simplified, Buyer: null } && guards.NotExchanged is null)
        {
            ways.Add(
                new SheetLink(
                    office.Say("Canjear por una factura completa", "Exchange for a full invoice"),
                    office.Link("/invoices/exchange", ("ticket", invoice.Number))
                )
            );
        }

        if (standing.AmountDue > 0m)
        {
            ways.Add(new SheetLink(office.Say("Cobrar", "Collect"), office.Link($"/collecting/receivables/{invoice.InvoiceId}")));
        }

        if (ways.Count > 0)
        {
            yield return new LinksPart(office.Say("Qué se puede hacer", "What may be done"), ways)
            {
                Note = office.Say(
                    "Una factura expedida no se cambia ni se borra: se rectifica con otra.",
                    "An invoice that was issued is neither changed nor deleted: another corrects it."
                ),
            };
        }

        if (guards.NotCancelled is null)
        {
            yield return new FormsPart(office.Say("Anular", "Cancel"), [CancelForm(office, invoice, standing)]);
        }

        if (guards.Refusals.ToList() is { Count: > 0 } refusals)
        {
            yield return new TextPart(office.Say("Qué no se puede, y por qué", "What may not be done, and why"), refusals);
        }
    }

    private static SheetForm CancelForm(AskOffice office, InvoiceBody invoice, Standing standing)
    {
        var amount = office.Words.Amount(invoice.Totals.TotalWithVat, invoice.Currency);
        var who = InvoiceWords.Who(office, invoice);
        return new SheetForm(
            InvoiceWords.To(office, invoice.InvoiceId, "/cancel"),
            office.Say("Sí, anular", "Yes, cancel it"),
            [
                new SheetField("reason", office.Say("Por qué nunca debió existir", "Why it should never have been"))
                {
                    Kind = "area",
                    Hint = office.Say(
                        "Por ejemplo: la venta se registró dos veces. Si la venta existió, rectifícala.",
                        "For example: the sale was registered twice. If there was a sale, correct it instead."
                    ),
                },
            ]
        )
        {
            Folded = office.Say("Anular la factura", "Cancel the invoice"),
            Asks = office.Say(
                $"Anularás {invoice.Number}, de {amount}, a {who}. Solo vale si la venta no existió. Su número no se vuelve a usar, "
                    + "Hacienda recibe el registro de anulación y lo que se hubiera cobrado queda sin asignar. No se puede deshacer."
                    + (standing.Kind == StandingKind.Paid ? " Está cobrada: piensa si lo que toca es rectificarla." : ""),
                $"You will cancel {invoice.Number}, {amount}, to {who}. It holds only where there was no sale. Its number is never used again, "
                    + "the tax agency gets the record of it, and what was paid is unallocated. It cannot be undone."
                    + (standing.Kind == StandingKind.Paid ? " It is paid: think whether it should rather be corrected." : "")
            ),
        };
    }

    private static TablePart Lines(AskOffice office, InvoiceBody invoice) =>
        new(
            office.Say("Qué se vendió", "What was sold"),
            [
                new(office.Words.Item),
                new(office.Words.QuantityWord, Figure: true),
                new(office.Words.PriceWord, Figure: true),
                new(office.Words.RateWord, Figure: true),
                new(office.Words.AmountWord, Figure: true),
            ],
            [.. invoice.Lines.Select(line => LineRow(office, invoice, line))],
            office.Say("Sin líneas: solo modifica la cuota.", "No lines: it changes VAT only.")
        );

    private static SheetRow LineRow(AskOffice office, InvoiceBody invoice, InvoiceLineBody line)
    {
        var reductions = line.Allowances.Select(each =>
            office.Words.Discount(each.Reason, office.Words.Amount(each.GrossAmount ?? each.Amount, invoice.Currency))
        );
        var additions = line.Charges.Select(each =>
            office.Words.Surplus(each.Reason, office.Words.Amount(each.GrossAmount ?? each.Amount, invoice.Currency))
        );
        var small = string.Join(" · ", new[] { line.Sku }.Concat(reductions).Concat(additions).Where(each => each is not null));
        var amount = invoice.PricesIncludeVat ? line.LineGrossAmount : line.LineNetAmount;
        return new SheetRow([
            new SheetCell(line.Name) { Small = small.Length > 0 ? small : null },
            new SheetCell(office.Words.Quantity(line.Quantity)),
            new SheetCell(office.Words.Price(line.UnitPrice, invoice.Currency)),
            new SheetCell(office.Words.Rate(line.Vat.Category, line.Vat.Rate)),
            InvoiceWords.AmountCell(office, amount, invoice.Currency),
        ]);
    }

    private static TablePart Vat(AskOffice office, InvoiceBody invoice)
    {
        var rows = new List<SheetRow>();
        void Add(string name, decimal? taxable, decimal amount) =>
            rows.Add(
                new SheetRow([
                    new SheetCell(name),
                    taxable is { } known ? InvoiceWords.AmountCell(office, known, invoice.Currency) : new SheetCell(""),
                    InvoiceWords.AmountCell(office, amount, invoice.Currency),
                ])
            );
        foreach (var vat in invoice.VatBreakdown)
        {
            Add($"{office.Words.TaxName(vat.Tax)} {office.Words.Rate(vat.Category, vat.Rate)}", vat.TaxableAmount, vat.VatAmount);
            if (vat.SurchargeAmount is { } surcharge)
            {
                Add($"{office.Words.EquivalenceSurcharge} {office.Words.Percent(vat.SurchargeRate ?? 0m)}", vat.TaxableAmount, surcharge);
            }
        }

        Add(office.Words.TotalWithoutVat, null, invoice.Totals.TotalWithoutVat);
        Add(office.Words.TotalWord, null, invoice.Totals.TotalWithVat);
        Add(office.Words.ToPay, null, invoice.Totals.AmountDue);
        return new TablePart(
            office.Words.VatAndTotals,
            [new(office.Say("Concepto", "What")), new(office.Words.TaxableWord, Figure: true), new(office.Words.AmountWord, Figure: true)],
            rows,
            ""
        );
    }

    private static TablePart Paid(AskOffice office, InvoiceBody invoice, Balance? balance, bool away)
    {
        var rows = balance is { Payments.Count: > 0 }
            ? balance
                .Payments.OrderBy(payment => payment.ReceivedAt, StringComparer.Ordinal)
                .Select(payment =>
                    Row(
                        office.Words.MeansOf(payment.Means),
                        Standing.DayOf(payment.ReceivedAt, office.Zone),
                        Standing.DecimalOf(payment.Amount)
                    )
                )
            : invoice.Payments.Select(payment =>
                Row(
                    office.Words.MeansOf(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(payment.Means.ToString())),
                    invoice.OperationDate,
                    payment.Amount
                )
            );
        return new TablePart(
            office.Words.Payments,
            [new(office.Words.Means), new(office.Say("Fecha", "Date")), new(office.Words.AmountWord, Figure: true)],
            [.. rows],
            away ? office.Words.PaymentsUnknown : office.Words.NoPayments
        );

        SheetRow Row(string means, DateOnly? on, decimal amount) =>
            new([new SheetCell(means), InvoiceWords.DayCell(office, on), InvoiceWords.AmountCell(office, amount, invoice.Currency)]);
    }

    private static TablePart History(AskOffice office, InvoiceBody invoice, IReadOnlyList<JsonNode> transmissions)
    {
        var rows = new List<(DateTimeOffset At, SheetRow Row)>();
        void Add(DateTimeOffset at, string what, string? href = null, string? small = null) =>
            rows.Add((at, new SheetRow([new SheetCell(office.At(at)), new SheetCell(what) { Href = href, Small = small }])));
        Add(invoice.IssuedAt, office.Say("Expedida", "Issued"), small: invoice.Number);
        if (invoice.Fiscal.RecordedAt is { } recorded)
        {
            Add(recorded, office.Say("Anotada en la cadena fiscal", "Recorded in the fiscal chain"), small: invoice.Fiscal.Fingerprint);
        }

        foreach (var each in transmissions)
        {
            var status = office.Words.OneOf(each.Text("status"), InvoiceWords.Sent);
            Add(
                each.Instant("sentAt") ?? each.Instant("failedAt") ?? each.Instant("createdAt") ?? invoice.IssuedAt,
                $"{status} · {each.Text("channel")}",
                small: string.Join(" · ", new[] { each.Text("recipient"), each.Text("lastError") }.Where(text => text is not null))
            );
        }

        void Refer(InvoiceReference other, string what) =>
            Add(
                (other.IssueDate ?? invoice.IssueDate).ToDateTime(TimeOnly.MaxValue) is var day
                    ? new DateTimeOffset(day, office.Zone.GetUtcOffset(day))
                    : invoice.IssuedAt,
                $"{what} {other.Number}",
                other.InvoiceId is { } id ? InvoiceWords.To(office, id) : null
            );
        foreach (var each in invoice.Corrects)
        {
            Refer(each, office.Words.Corrects);
        }

        foreach (var each in invoice.Replaces)
        {
            Refer(each, office.Words.Replaces);
        }

        foreach (var each in invoice.CorrectedBy)
        {
            Refer(each, office.Words.CorrectedBy);
        }

        if (invoice.ReplacedBy is { } replacing)
        {
            Refer(replacing, office.Words.ReplacedBy);
        }

        return new TablePart(
            office.Say("Qué ha pasado", "What has happened"),
            [new(office.Say("Cuándo", "When")), new(office.Say("Qué", "What"))],
            [.. rows.OrderBy(row => row.At).Select(row => row.Row)],
            ""
        );
    }

    private static LinksPart Files(AskOffice office, InvoiceBody invoice)
    {
        var links = new List<SheetLink>
        {
            new("PDF", InvoiceWords.To(office, invoice.InvoiceId, "/pdf")),
            new("XML (UBL)", InvoiceWords.To(office, invoice.InvoiceId, "/xml")),
        };
        foreach (var (format, name) in DownloadDocumentFile.Names)
        {
            links.Add(new SheetLink(name, InvoiceWords.To(office, invoice.InvoiceId, $"/document/{format}")));
        }

        return new LinksPart(office.Say("Documentos", "Documents"), links);
    }
}
