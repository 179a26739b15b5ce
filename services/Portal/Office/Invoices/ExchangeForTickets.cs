using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Claims;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>A customer comes with its tickets and wants one full invoice: their numbers as printed, and whom it is made out to.</summary>
public sealed class ExchangeForTickets
{
    private const int MostTickets = 50;

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ExchangeForTickets));
        return office.ShowAsync(_ => Task.FromResult<Outcome<Sheet>>(Sheet(office)));
    }

    /// <summary>Exchanges them.</summary>
    public Task<IResult> SendAsync(AskOffice office, Form form) =>
        office.ActAsync(form, _ => DoAsync(office, form), _ => Task.FromResult<Outcome<Sheet>>(Sheet(office)));

    private static Sheet Sheet(AskOffice office) =>
        new(
            office.Say("Canjear tickets por una factura", "Exchange tickets for an invoice"),
            InvoiceWords.Section,
            [
                new TextPart(
                    office.Say("Qué hace", "What it does"),
                    [
                        office.Say(
                            "Se expide una factura completa que nombra los tickets. No hay venta, ni IVA, ni deuda nueva: los tickets siguen como estaban.",
                            "A full invoice is issued that names the tickets. There is no new sale, no new VAT and no new debt: the tickets stay as they were."
                        ),
                        office.Say(
                            "No se canjea un ticket anulado, devuelto del todo o ya canjeado, ni tickets de varias monedas juntos.",
                            "A ticket that is cancelled, has come back whole or was exchanged already is refused, and so are tickets of several currencies together."
                        ),
                    ]
                ),
                new FormsPart(
                    office.Say("Los tickets y el cliente", "The tickets and the customer"),
                    [
                        new SheetForm(
                            office.Link("/invoices/exchange"),
                            office.Say("Sí, expedir la factura", "Yes, issue the invoice"),
                            [
                                new SheetField("tickets", office.Say("Números de los tickets", "Numbers of the tickets"))
                                {
                                    Kind = "area",
                                    Value = office.Asked("ticket") ?? "",
                                    Hint = office.Say("Uno por línea, como están impresos.", "One a line, as they are printed."),
                                },
                                .. BuyerForm.Fields(office),
                            ]
                        )
                        {
                            Filled = true,
                            Asks = office.Say(
                                "Cada ticket se canjea una sola vez. Las devoluciones posteriores rectifican la factura nueva.",
                                "A ticket is exchanged once. What comes back later corrects the new invoice."
                            ),
                        },
                    ]
                ),
            ]
        )
        {
            Tabs = InvoiceWords.Tabs(office, "exchange"),
        };

    private static async Task<Outcome<string>> DoAsync(AskOffice office, Form form)
    {
        var numbers = (form["tickets"] ?? "")
            .Split(['\n', '\r', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (numbers.Count is 0 or > MostTickets)
        {
            return OfficeMoneyFaults.Missing.With(
                office.Say("Números de los tickets", "Numbers of the tickets"),
                office.Say($"de 1 a {MostTickets}, uno por línea", $"1 to {MostTickets}, one a line")
            );
        }

        var tickets = new JsonArray();
        foreach (var number in numbers)
        {
            var ticket = await office.InvoiceAsync(number);
            if (ticket.Refused(out var unknown))
            {
                return unknown;
            }

            tickets.Add(ticket.Value.Text("invoiceId"));
        }

        var done = await office.SendAsync(
            HttpMethod.Post,
            "invoicing",
            "/v1/exchanges",
            new JsonObject { ["ticketInvoiceIds"] = tickets, ["buyer"] = BuyerForm.Of(BuyerFields.In(form), form["email"]) }
        );
        return done.Refused(out var refused) ? refused : ActOnInvoice.To(office, done.Value, "exchanged");
    }
}
