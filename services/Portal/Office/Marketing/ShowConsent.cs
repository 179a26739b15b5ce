using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>What a customer said about offers, each time it said something, and noting what it says now.</summary>
public sealed class ShowConsent
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowConsent));
        return office.ShowAsync(_ => SheetAsync(office, office.Asked("customerId")));
    }

    /// <summary>Notes it.</summary>
    public Task<IResult> KeepAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var customer = (form["customerId"] ?? "").Trim();
                if (customer.Length is 0 or > 100)
                {
                    return OfficeMoneyFaults.Missing.With(office.Say("Cliente", "Customer"), "17850");
                }

                var body = new JsonObject
                {
                    ["purpose"] = "offers",
                    ["granted"] = form["granted"] == "yes",
                    ["source"] = form["source"]?.Trim(),
                };
                if (form["email"] is { Length: > 0 } email)
                {
                    body["email"] = email.Trim();
                }

                var done = await office.SendAsync(HttpMethod.Put, "delivery", $"/v1/customers/{AskOffice.Escape(customer)}/consent", body);
                return done.Refused(out var refused)
                    ? refused
                    : office.Link($"/marketing/consent?customerId={AskOffice.Escape(customer)}&done=consent");
            },
            _ => SheetAsync(office, form["customerId"])
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string? customer)
    {
        var parts = new List<SheetPart>
        {
            new FormsPart(
                office.Say("De quién", "Whose"),
                [
                    new SheetForm(
                        office.Link("/marketing/consent"),
                        office.Say("Buscar", "Look up"),
                        [
                            .. office.Carried,
                            new SheetField("customerId", office.Say("Número de cliente", "Customer number")) { Value = customer ?? "" },
                        ]
                    )
                    {
                        Asking = true,
                    },
                ]
            ),
        };
        if (!string.IsNullOrWhiteSpace(customer))
        {
            var answer = await office.GetAsync("delivery", $"/v1/customers/{AskOffice.Escape(customer.Trim())}/consent");
            if (answer.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
            {
                return fault;
            }

            parts.Add(History(office, answer.Fault is null ? answer.Value : null));
            parts.Add(
                new FormsPart(
                    office.Say("Ha dicho", "It has said"),
                    [Note(office, customer.Trim(), answer.Fault is null ? answer.Value : null)]
                )
            );
        }

        return new Sheet(office.Say("Consentimiento", "Consent"), MarketingWords.Section, parts)
        {
            Lead = office.Say(
                "Nadie recibe ofertas sin haber dicho que sí. Retirarlo vale desde ese momento.",
                "Nobody gets offers without having said yes. Taking it back holds from that moment."
            ),
            Tabs = MarketingWords.Tabs(office, "consent"),
        };
    }

    private static TablePart History(AskOffice office, JsonNode? consent) =>
        new(
            consent.Is("granted")
                ? office.Say("Ahora: sí a ofertas", "Now: yes to offers")
                : office.Say("Ahora: no a ofertas", "Now: no to offers"),
            [new(office.Say("Cuándo", "When")), new(office.Say("Qué dijo", "What it said")), new(office.Say("Dónde", "Where"))],
            [
                .. consent
                    .List("history")
                    .Select(word => new SheetRow([
                        new SheetCell(office.At(word.Instant("at"))),
                        new SheetCell(word.Is("granted") ? office.Say("Sí", "Yes") : office.Say("No", "No"))
                        {
                            Chip = word.Is("granted") ? "paid" : "plain",
                        },
                        new SheetCell(word.Text("source") ?? "") { Small = word.Text("email") },
                    ])),
            ],
            office.Say("Este cliente no ha dicho nada: no recibe ofertas.", "This customer has said nothing: it gets no offers.")
        );

    private static SheetForm Note(AskOffice office, string customer, JsonNode? consent) =>
        new(
            office.Link("/marketing/consent"),
            office.Say("Anotar", "Note it"),
            [
                new SheetField("customerId", "") { Kind = "hidden", Value = customer },
                new SheetField("granted", office.Say("Ofertas", "Offers"))
                {
                    Kind = "choice",
                    Value = consent.Is("granted") ? "no" : "yes",
                    Options = [("yes", office.Say("Dice que sí", "It says yes")), ("no", office.Say("Dice que no", "It says no"))],
                },
                new SheetField("email", office.Say("Correo", "E-mail"))
                {
                    Kind = "email",
                    Optional = true,
                    Value = consent.Text("email") ?? "",
                },
                new SheetField("source", office.Say("Cómo lo dijo", "How it said so"))
                {
                    Value = office.Say("en la tienda", "in the shop"),
                },
            ]
        );
}
