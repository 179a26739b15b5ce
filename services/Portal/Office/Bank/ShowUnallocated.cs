using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>Money that came and belongs to no invoice yet, and giving it to one.</summary>
public sealed class ShowUnallocated
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowUnallocated));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Gives some of it to an invoice.</summary>
    public Task<IResult> AllocateAsync(AskOffice office, string paymentId, Form form) =>
        office.ActAsync(form, _ => DoAsync(office, paymentId, form), SheetAsync);

    private static async Task<Outcome<string>> DoAsync(AskOffice office, string paymentId, Form form)
    {
        if (!Guid.TryParseExact(paymentId, "D", out _))
        {
            return PortalFaults.NotFound.With();
        }

        var invoice = await office.InvoiceAsync(form["number"]);
        if (invoice.Refused(out var none))
        {
            return none;
        }

        var done = await office.SendAsync(
            HttpMethod.Post,
            "payments",
            $"/v1/unallocated/{paymentId}/allocations",
            new JsonObject { ["invoiceId"] = invoice.Value.Text("invoiceId"), ["amount"] = Facts.Typed(form["amount"]) }
        );
        return done.Refused(out var refused) ? refused : office.Link("/bank/unallocated?done=allocate");
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var cursor = office.Asked("cursor") is { } next ? $"&cursor={AskOffice.Escape(next)}" : "";
        var answer = await office.GetAsync("payments", $"/v1/unallocated?limit=50{cursor}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Dinero sin asignar", "Unallocated money"),
            BankWords.Section,
            [
                new CardsPart(
                    office.Say("Espera su factura", "Waits for its invoice"),
                    [.. answer.Value.List("items").Select(item => CardOf(office, item))],
                    office.Say(
                        "Todo el dinero está en su factura. Lo que sobre de un pago aparecerá aquí.",
                        "All money is with its invoice. What is left over of a payment appears here."
                    )
                )
                {
                    More = answer.Value.Text("cursor") is { } more ? office.Link("/bank/unallocated", ("cursor", more)) : null,
                },
            ]
        )
        {
            Tabs = BankWords.Tabs(office, "unallocated"),
        };
    }

    private static SheetCard CardOf(AskOffice office, JsonNode item)
    {
        var left = office.Amount(item, "unallocated");
        var who = item.Text("customerId") is { } customer
            ? office.Say($"Cliente {customer}", $"Customer {customer}")
            : office.Say("Sin cliente", "No customer");
        return new SheetCard(who, left)
        {
            Small = string.Join(
                " · ",
                new[]
                {
                    office.At(item.Instant("receivedAt")),
                    item.Text("means"),
                    item.Text("reference"),
                    office.Say($"de {office.Amount(item, "amount")}", $"of {office.Amount(item, "amount")}"),
                }.Where(said => !string.IsNullOrEmpty(said))
            ),
            Links = item.Text("invoiceId") is { } invoiceId
                ? [new SheetLink(office.Say("Vino para esta factura", "It came for this invoice"), office.Link($"/invoices/{invoiceId}"))]
                : [],
            Forms =
            [
                new SheetForm(
                    office.Link($"/bank/unallocated/{item.Text("id")}/allocate"),
                    office.Say("Sí, asignar", "Yes, allocate"),
                    [
                        new SheetField("number", office.Say("Número de la factura", "Number of the invoice")),
                        new SheetField("amount", office.Say("Importe", "Amount"))
                        {
                            Kind = "amount",
                            Value = (item.Number("unallocated") ?? 0m).ToString(CultureInfo.InvariantCulture),
                        },
                    ]
                )
                {
                    Folded = office.Say("Asignar a una factura", "Allocate to an invoice"),
                    Asks = office.Say($"Hasta {left} de {who} pasan a esa factura.", $"Up to {left} of {who} goes to that invoice."),
                },
            ],
        };
    }
}
