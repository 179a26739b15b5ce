using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>Where the seller's own programs hear what happened: addresses, how each does, what was delivered, and sending it again.</summary>
public sealed class ShowWebhooks
{
    private static readonly IReadOnlyDictionary<string, (string, string)> States = new Dictionary<string, (string, string)>
    {
        ["delivered"] = ("Entregado", "Delivered"),
        ["pending"] = ("En cola", "Queued"),
        ["failed"] = ("Fallido", "Failed"),
    };

    /// <summary>The list.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowWebhooks));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>One, with what was delivered.</summary>
    public Task<IResult> OneAsync(AskOffice office, string webhookId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowWebhooks));
        return office.ShowAsync(_ => OneSheetAsync(office, webhookId));
    }

    /// <summary>Keeps one.</summary>
    public Task<IResult> SaveAsync(AskOffice office, Form form)
    {
        var id = (form["webhookId"] ?? "").Trim();
        return office.TellAsync(
            form,
            async _ =>
            {
                if (id.Length == 0)
                {
                    return OfficeMoneyFaults.Missing.With(office.Say("Nombre corto", "Short name"), "erp");
                }

                var body = new JsonObject
                {
                    ["url"] = form["url"]?.Trim(),
                    ["events"] = new JsonArray([
                        .. (form["events"] ?? "")
                            .Split([',', '\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries)
                            .Select(each => (JsonNode)each),
                    ]),
                };
                SellerSettings.Put(body, "secret", form["secret"]);
                var done = await office.SendAsync(HttpMethod.Put, "delivery", $"/v1/webhooks/{AskOffice.Escape(id)}", body);
                // A secret that was made here is told once, on the answer itself.
                return done.Refused(out var refused)
                    ? refused
                    : new FormAnswer(
                        office.Link($"/settings/webhooks/{AskOffice.Escape(id)}?done=saved"),
                        done.Value.Text("secret") is { Length: > 0 } secret ? secret : null
                    );
            },
            SheetAsync,
            (_, secret) => ShowSecretAsync(office, id, secret)
        );
    }

    /// <summary>Sends again, turns on, or removes.</summary>
    public Task<IResult> ActAsync(AskOffice office, string webhookId, string act, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var at = $"/v1/webhooks/{AskOffice.Escape(webhookId)}";
                var done = act switch
                {
                    "redeliver" when form["deliveryId"] is { Length: > 0 } delivery => await office.SendAsync(
                        HttpMethod.Post,
                        "delivery",
                        $"{at}/redeliver",
                        new JsonObject { ["deliveryId"] = delivery }
                    ),
                    "redeliver" => await office.SendAsync(
                        HttpMethod.Post,
                        "delivery",
                        $"{at}/redeliver",
                        new JsonObject { ["status"] = "failed" }
                    ),
                    "enable" => await office.SendAsync(HttpMethod.Post, "delivery", $"{at}/enable"),
                    "removal" => await office.SendAsync(HttpMethod.Delete, "delivery", at),
                    _ => OfficeMoneyFaults.NoSuchAct.With(),
                };
                return done.Refused(out var refused) ? refused
                    : act == "removal" ? office.Link("/settings/webhooks?done=removed")
                    : office.Link(
                        $"/settings/webhooks/{AskOffice.Escape(webhookId)}?done={(act == "redeliver" ? "redelivered" : "activated")}"
                    );
            },
            _ => OneSheetAsync(office, webhookId)
        );

    private static Task<IResult> ShowSecretAsync(AskOffice office, string webhookId, string secret) =>
        office.ShowAsync(async _ =>
        {
            var sheet = await OneSheetAsync(office, webhookId);
            var made = new SecretPart(
                office.Say("Su secreto", "Its secret"),
                secret,
                office.Say("Cópialo ahora: no se vuelve a mostrar.", "Copy it now: it is not shown again.")
            );
            return sheet.Fault is not null ? sheet : sheet.Value with { Parts = [made, .. sheet.Value.Parts] };
        });

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("delivery", "/v1/webhooks");
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(
                "Webhooks",
                SettingsWords.Section,
                [
                    new TablePart(
                        office.Say("Adónde avisamos", "Where we tell"),
                        [new("Webhook"), new(office.Say("De qué", "Of what")), new(office.Say("Estado", "State"))],
                        [
                            .. answer
                                .Value.List("webhooks")
                                .Select(webhook => new SheetRow([
                                    new SheetCell(webhook.Text("webhookId") ?? "")
                                    {
                                        Href = office.Link($"/settings/webhooks/{AskOffice.Escape(webhook.Text("webhookId") ?? "")}"),
                                        Small = webhook.Text("url"),
                                    },
                                    new SheetCell(webhook.Joined("events")),
                                    StateOf(office, webhook),
                                ])),
                        ],
                        office.Say("Ninguno. Añade abajo la dirección de tu programa.", "None. Add the address of your program below.")
                    ),
                    new FormsPart(office.Say("Otro webhook", "Another webhook"), [Keep(office, null)]),
                ]
            )
            {
                Tabs = SettingsWords.Tabs(office, "webhooks"),
            };
    }

    private static async Task<Outcome<Sheet>> OneSheetAsync(AskOffice office, string webhookId)
    {
        var at = $"/v1/webhooks/{AskOffice.Escape(webhookId)}";
        var answer = await office.GetAsync("delivery", at);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var status = office.Asked("status");
        var query = string.Join(
            '&',
            new[] { ("status", status), ("cursor", office.Asked("cursor")) }
                .Where(each => each.Item2 is not null)
                .Select(each => $"{each.Item1}={AskOffice.Escape(each.Item2!)}")
        );
        var deliveries = await office.GetAsync("delivery", $"{at}/deliveries{(query.Length > 0 ? "?" + query : "")}");
        var here = $"/settings/webhooks/{AskOffice.Escape(webhookId)}";
        return new Sheet(
            webhookId,
            SettingsWords.Section,
            [
                new FactsPart(
                    office.Say("Cómo va", "How it does"),
                    [
                        new(office.Say("Dirección", "Address"), answer.Value.Text("url") ?? ""),
                        new(office.Say("Avisa de", "Tells of"), answer.Value.Joined("events")),
                        new(office.Say("Estado", "State"), StateOf(office, answer.Value).Text),
                        .. answer.Value.Text("lastError") is { } wrong
                            ? [new SheetFact(office.Say("Último fallo", "Last failure"), wrong)]
                            : Array.Empty<SheetFact>(),
                    ]
                ),
                new FormsPart(
                    office.Say("Qué hacer", "What to do"),
                    [
                        .. answer.Value.Is("enabled")
                            ? Array.Empty<SheetForm>()
                            : [new SheetForm(office.Link($"{here}/enable"), office.Say("Volver a encender", "Turn on again"), [])],
                        new SheetForm(
                            office.Link($"{here}/redeliver"),
                            office.Say("Sí, reenviar todo lo fallido", "Yes, send all failed again"),
                            []
                        )
                        {
                            Folded = office.Say("Reenviar lo fallido", "Send failed ones again"),
                            Asks = office.Say(
                                "Todo lo que no llegó vuelve a salir, en su orden.",
                                "All that did not arrive goes out again, in its order."
                            ),
                        },
                        Keep(office, answer.Value),
                        new SheetForm(office.Link($"{here}/removal"), office.Say("Sí, quitar", "Yes, remove"), [])
                        {
                            Folded = office.Say("Quitar", "Remove"),
                            Asks = office.Say("No se avisará más a esa dirección.", "That address will not be told any more."),
                        },
                    ]
                ),
                Deliveries(office, here, status, deliveries.Fault is null ? deliveries.Value : null),
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, "webhooks"),
        };
    }

    private static TablePart Deliveries(AskOffice office, string here, string? status, JsonNode? page) =>
        new(
            office.Say("Entregas", "Deliveries"),
            [new(office.Say("Qué", "What")), new(office.Say("Estado", "State")), new(office.Say("Cuándo", "When"))],
            [
                .. page.List("deliveries")
                    .Select(delivery =>
                    {
                        var last = delivery.List("attempts").LastOrDefault();
                        var state = delivery.Text("status");
                        return new SheetRow([
                            new SheetCell(delivery.Text("event") ?? "") { Small = delivery.Text("deliveryId") },
                            new SheetCell(office.Words.OneOf(state, States))
                            {
                                Chip =
                                    state == "delivered" ? "paid"
                                    : state == "failed" ? "failed"
                                    : "plain",
                                Small = last is null
                                    ? null
                                    : string.Join(
                                        " · ",
                                        new[] { last.Text("statusCode"), last.Text("detail") }.Where(said => said is not null)
                                    ),
                            },
                            new SheetCell(office.At(delivery.Instant("endedAt") ?? delivery.Instant("createdAt")))
                            {
                                Small = office.Say(
                                    $"{delivery.List("attempts").Count} intentos",
                                    $"{delivery.List("attempts").Count} attempts"
                                ),
                            },
                        ])
                        {
                            Forms =
                            [
                                new SheetForm(
                                    office.Link($"{here}/redeliver"),
                                    office.Say("Reenviar", "Send again"),
                                    [new SheetField("deliveryId", "") { Kind = "hidden", Value = delivery.Text("deliveryId") ?? "" }]
                                ),
                            ],
                        };
                    }),
            ],
            office.Say("Nada se ha entregado aún.", "Nothing has been delivered yet.")
        )
        {
            Filters =
            [
                new(office.Say("Todas", "All"), office.Link(here), status is null),
                .. new[] { "delivered", "failed", "pending" }.Select(each => new SheetLink(
                    office.Words.OneOf(each, States),
                    office.Link(here, ("status", each)),
                    each == status
                )),
            ],
            More = page.Text("nextCursor") is { } more ? office.Link(here, ("status", status), ("cursor", more)) : null,
        };

    private static SheetCell StateOf(AskOffice office, JsonNode webhook) =>
        !webhook.Is("enabled") ? new SheetCell(office.Say("Apagado", "Off")) { Chip = "failed", Small = webhook.Text("disabledReason") }
        : webhook.Instant("failingSince") is { } since
            ? new SheetCell(office.Say("Falla", "Failing")) { Chip = "overdue", Small = office.At(since) }
        : new SheetCell(office.Say("Bien", "Well")) { Chip = "paid" };

    private static SheetForm Keep(AskOffice office, JsonNode? webhook) =>
        new(
            office.Link("/settings/webhooks"),
            office.Say("Guardar", "Save"),
            [
                webhook is null
                    ? new SheetField("webhookId", office.Say("Nombre corto", "Short name"))
                    : new SheetField("webhookId", "") { Kind = "hidden", Value = webhook.Text("webhookId") ?? "" },
                new SheetField("url", office.Say("Dirección", "Address")) { Kind = "url", Value = webhook.Text("url") ?? "" },
                new SheetField("events", office.Say("Avisa de", "Tells of"))
                {
                    Kind = "area",
                    Value = webhook is null ? "*" : string.Join('\n', webhook.List("events").Select(each => each.Said())),
                    Hint = office.Say("Uno por línea; * es todo.", "One a line; * is everything."),
                },
                new SheetField("secret", office.Say("Secreto", "Secret"))
                {
                    Kind = "password",
                    Optional = true,
                    Hint = office.Say("Vacío: uno nuevo si no lo hay.", "Empty: a new one where there is none."),
                },
            ]
        )
        {
            Folded = webhook is null ? null : office.Say("Cambiar", "Change"),
        };
}
