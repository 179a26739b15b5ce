using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>How an invoice is corrected: what comes back and what should have cost otherwise, VAT of a bad debt, or another buyer; and what each does.</summary>
public sealed class ShowCorrection
{
    /// <summary>The lines that one form takes; more are corrected through the API.</summary>
    public const int MostLines = 100;

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string invoiceId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCorrection));
        return office.ShowAsync(_ => SheetAsync(office, invoiceId));
    }

    internal static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string invoiceId)
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return PortalFaults.NotFound.With();
        }

        var asked = await office.GetAsync("invoicing", $"/v1/invoices/{id}");
        if (asked.Refused(out var fault))
        {
            return fault;
        }

        var invoice = ShowInvoices.Body(asked.Value);
        var guards = InvoiceGuards.Of(office, invoice);
        return new Sheet(
            office.Say($"Rectificar {invoice.Number}", $"Correct {invoice.Number}"),
            InvoiceWords.Section,
            guards.NotCorrected is { } why ? [new TextPart(office.Say("No se puede", "It may not be"), [why])] : [.. Ways(office, invoice)]
        )
        {
            Lead = $"{InvoiceWords.Who(office, invoice)} · {office.Words.Amount(invoice.Totals.TotalWithVat, invoice.Currency)}",
            Tabs =
            [
                new(office.Say("La factura", "The invoice"), InvoiceWords.To(office, id)),
                new(office.Say("Rectificar", "Correct"), InvoiceWords.To(office, id, "/correct"), Current: true),
            ],
        };
    }

    private static IEnumerable<SheetPart> Ways(AskOffice office, InvoiceBody invoice)
    {
        yield return new TextPart(
            office.Say("Qué hace", "What it does"),
            [
                office.Say(
                    "Se expide otra factura, la rectificativa, con su propio número, que dice qué cambia. La original se queda como está.",
                    "Another invoice is issued, the corrective one, with a number of its own, and says what changes. The original stays as it is."
                ),
                office.Say(
                    "No puede volver más de lo que aún queda de la factura. Hacienda recibe la rectificativa, y tú no puedes borrarla.",
                    "No more can come back than the invoice still has. The tax agency gets the corrective invoice, and you cannot delete it."
                ),
            ]
        );
        yield return new FormsPart(
            office.Say("Devolución o precio equivocado", "Return or wrong price"),
            [invoice.Lines.Count is > 0 and <= MostLines ? Lines(office, invoice) : TooMany(office, invoice)]
        );
        if (invoice.Buyer is { } buyer)
        {
            yield return new FormsPart(
                office.Say("Otros motivos", "Other reasons"),
                [Debt(office, invoice), .. invoice.CorrectedBy.Count == 0 ? new[] { Buyer(office, invoice, buyer) } : []]
            );
        }
    }

    private static SheetForm Lines(AskOffice office, InvoiceBody invoice)
    {
        var fields = new List<SheetField>();
        for (var i = 0; i < invoice.Lines.Count; i++)
        {
            var line = invoice.Lines[i];
            var price = CorrectionLines.Paid(invoice, line);
            var group = $"{i + 1}. {line.Name}";
            fields.Add(
                new SheetField($"back{i}", office.Say("Cuántas vuelven", "How many come back"))
                {
                    Kind = "amount",
                    Optional = true,
                    Group = group,
                    Hint = office.Say(
                        $"Se vendieron {office.Words.Quantity(line.Quantity)} a {office.Words.Price(price, invoice.Currency)} cada una.",
                        $"{office.Words.Quantity(line.Quantity)} were sold at {office.Words.Price(price, invoice.Currency)} each."
                    ),
                }
            );
            fields.Add(
                new SheetField($"price{i}", office.Say("Precio que debió ser", "The price it should have been"))
                {
                    Kind = "amount",
                    Optional = true,
                    Group = group,
                }
            );
        }

        fields.Add(
            invoice.Buyer is null
                ? new SheetField("reason", "") { Kind = "hidden", Value = "R5" }
                : new SheetField("reason", office.Say("Motivo ante la ley", "Reason in law"))
                {
                    Kind = "choice",
                    Value = "R1",
                    Options = [.. new[] { "R1", "R4" }.Select(code => (code, office.Words.OneOf(code, InvoiceWords.Reasons)))],
                }
        );
        fields.Add(new SheetField("why", office.Say("En palabras", "In words")) { Kind = "area", Optional = true });
        fields.Add(
            new SheetField("means", office.Say("Dinero que devuelves ahora", "Money that you give back now"))
            {
                Kind = "choice",
                Options = [.. InvoiceWords.Back.Keys.Select(means => (means, office.Words.OneOf(means, InvoiceWords.Back)))],
            }
        );
        fields.Add(
            new SheetField("amount", office.Say("Cuánto devuelves", "How much you give back"))
            {
                Kind = "amount",
                Optional = true,
                Hint = office.Say("Solo si devuelves dinero ahora.", "Only where you give money back now."),
            }
        );
        return new SheetForm(
            InvoiceWords.To(office, invoice.InvoiceId, "/correct/lines"),
            office.Say("Sí, expedir la rectificativa", "Yes, issue the corrective invoice"),
            fields
        )
        {
            Filled = true,
            Asks = office.Say(
                $"Se expide una rectificativa {Code(invoice)} por diferencias de {invoice.Number} a {InvoiceWords.Who(office, invoice)}. No se puede deshacer.",
                $"A corrective invoice {Code(invoice)} of the differences of {invoice.Number} is issued to {InvoiceWords.Who(office, invoice)}. It cannot be undone."
            ),
        };
    }

    private static string Code(InvoiceBody invoice) => invoice.Buyer is null ? "R5" : "R1/R4";

    private static SheetForm TooMany(AskOffice office, InvoiceBody invoice) =>
        new(InvoiceWords.To(office, invoice.InvoiceId), office.Say("Volver a la factura", "Back to the invoice"), [.. office.Carried])
        {
            Asking = true,
            Asks = office.Say(
                $"Esta factura tiene {invoice.Lines.Count} líneas: aquí se rectifican hasta {MostLines}. Hazlo por la API.",
                $"This invoice has {invoice.Lines.Count} lines: up to {MostLines} are corrected here. Use the API."
            ),
        };

    private static SheetForm Debt(AskOffice office, InvoiceBody invoice) =>
        new(
            InvoiceWords.To(office, invoice.InvoiceId, "/correct/vat"),
            office.Say("Sí, recuperar el IVA", "Yes, take the VAT back"),
            [
                new SheetField("reason", office.Say("Motivo ante la ley", "Reason in law"))
                {
                    Kind = "choice",
                    Value = "R3",
                    Options = [.. new[] { "R2", "R3" }.Select(code => (code, office.Words.OneOf(code, InvoiceWords.Reasons)))],
                },
                new SheetField("why", office.Say("Los hechos", "The facts"))
                {
                    Kind = "area",
                    Hint = office.Say(
                        "El auto de concurso, o la reclamación y su fecha (art. 80 LIVA). Sin ellos no se admite.",
                        "The insolvency order, or the claim and its date (art. 80 LIVA). Without them it is refused."
                    ),
                },
            ]
        )
        {
            Folded = office.Say("El cliente no paga: recuperar el IVA", "The customer does not pay: take the VAT back"),
            Asks = office.Say(
                $"Se recuperan {office.Words.Amount(invoice.Totals.VatTotal, invoice.Currency)} de IVA de {invoice.Number}. {InvoiceWords.Who(office, invoice)} sigue debiendo lo mismo.",
                $"{office.Words.Amount(invoice.Totals.VatTotal, invoice.Currency)} of VAT of {invoice.Number} is taken back. {InvoiceWords.Who(office, invoice)} owes as much as before."
            ),
        };

    private static SheetForm Buyer(AskOffice office, InvoiceBody invoice, InvoiceParty buyer) =>
        new(
            InvoiceWords.To(office, invoice.InvoiceId, "/correct/buyer"),
            office.Say("Sí, sustituir la factura", "Yes, substitute the invoice"),
            BuyerForm.Fields(office, buyer)
        )
        {
            Folded = office.Say("Los datos del cliente están mal", "The customer's data are wrong"),
            Asks = office.Say(
                $"Se expide una rectificativa R4 que sustituye a {invoice.Number} con estos datos y los mismos importes. No se puede deshacer.",
                $"A corrective invoice R4 takes the place of {invoice.Number} with these data and the same amounts. It cannot be undone."
            ),
        };
}
