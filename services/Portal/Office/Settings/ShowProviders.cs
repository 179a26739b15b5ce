using System.Globalization;
using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's accounts with payment providers: which means each takes, in which order, and its secrets, which are never shown.</summary>
public sealed class ShowProviders
{
    private static readonly IReadOnlyDictionary<string, Kind> Kinds = new Dictionary<string, Kind>
    {
        ["stripe"] = new("Stripe", ["card", "wallet", "direct-debit"], ["accountId"], ["secretKey", "webhookSecret"]),
        ["redsys"] = new("Redsys", ["card", "bizum"], ["merchantCode", "terminal"], ["key"]),
    };

    private static readonly IReadOnlyDictionary<string, (string, string)> Labels = new Dictionary<string, (string, string)>
    {
        ["card"] = ("Tarjeta", "Card"),
        ["wallet"] = ("Monedero del móvil", "Phone wallet"),
        ["direct-debit"] = ("Domiciliación", "Direct debit"),
        ["bizum"] = ("Bizum", "Bizum"),
        ["accountId"] = ("Cuenta (acct_…)", "Account (acct_…)"),
        ["merchantCode"] = ("Código de comercio", "Merchant code"),
        ["terminal"] = ("Terminal", "Terminal"),
        ["secretKey"] = ("Clave secreta", "Secret key"),
        ["webhookSecret"] = ("Secreto de los avisos", "Secret of notices"),
        ["key"] = ("Clave de firma", "Signing key"),
    };

    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowProviders));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Keeps an account.</summary>
    public Task<IResult> SaveAsync(AskOffice office, string provider, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                if (!Kinds.TryGetValue(provider, out var kind))
                {
                    return PortalFaults.NotFound.With();
                }

                var list = await office.GetAsync("payments", "/v1/providers");
                if (list.Refused(out var fault))
                {
                    return fault;
                }

                var settings = KeptOf(list.Value, provider).At("settings")?.DeepClone() as JsonObject ?? [];
                foreach (var name in kind.Settings)
                {
                    SellerSettings.Put(settings, name, form[name]);
                }

                var secrets = new JsonObject();
                foreach (var name in kind.Secrets)
                {
                    SellerSettings.Put(secrets, name, form[name]);
                }

                var body = new JsonObject
                {
                    ["environment"] = form["environment"],
                    ["means"] = new JsonArray([
                        .. kind.Means.Where(means => form[$"means-{means}"] is not null).Select(means => (JsonNode)means),
                    ]),
                    ["place"] = int.TryParse(form["place"], NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 1,
                    ["enabled"] = form["enabled"] is not null,
                    ["settings"] = settings,
                };
                if (secrets.Count > 0)
                {
                    body["secrets"] = secrets;
                }

                var done = await office.SendAsync(HttpMethod.Put, "payments", $"/v1/providers/{provider}", body);
                return done.Refused(out var refused) ? refused : office.Link("/settings/providers?done=saved");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("payments", "/v1/providers");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var refused = await office.GetAsync("payments", "/v1/refused-notices?limit=20");
        return new Sheet(
            office.Say("Cobro en línea", "Payment providers"),
            SettingsWords.Section,
            [
                .. Kinds.Select(kind => new CardsPart(
                    kind.Value.Name,
                    [CardOf(office, kind.Key, kind.Value, KeptOf(answer.Value, kind.Key))],
                    ""
                )),
                .. refused.Fault is null && refused.Value.List("notices") is { Count: > 0 } notices
                    ? new SheetPart[]
                    {
                        new TablePart(
                            office.Say("Avisos que no hemos creído", "Notices that were not believed"),
                            [new(office.Say("Cuándo", "When")), new(office.Say("De", "From")), new(office.Say("Por qué", "Why"))],
                            [
                                .. notices.Select(notice => new SheetRow([
                                    new SheetCell(office.At(notice.Instant("at"))),
                                    new SheetCell(notice.Text("provider") ?? ""),
                                    new SheetCell(notice.Text("code") ?? ""),
                                ])),
                            ],
                            ""
                        ),
                    }
                    : [],
            ]
        )
        {
            Lead = office.Say(
                "Lo que tus clientes pueden usar para pagar. Los secretos se guardan sellados y no vuelven a mostrarse.",
                "What your customers can pay with. Secrets are kept sealed and never shown again."
            ),
            Tabs = SettingsWords.Tabs(office, "providers"),
        };
    }

    private static JsonNode? KeptOf(JsonNode list, string provider) =>
        list.List("providers").FirstOrDefault(each => each.Text("provider") == provider);

    private static SheetCard CardOf(AskOffice office, string provider, Kind kind, JsonNode? kept)
    {
        var on = kept.Is("enabled");
        return new SheetCard(
            kept.Text("environment") == "live" ? office.Say("De verdad", "Live") : office.Say("De prueba", "Test"),
            string.Join(", ", kept.List("means").Select(means => office.Words.OneOf(means.Said(), Labels)))
        )
        {
            Chip =
                kept is null ? ("plain", office.Say("Sin configurar", "Not set up"))
                : !kept.Is("opens") ? ("failed", office.Say("Los secretos no se abren", "Its secrets do not open"))
                : on ? ("paid", office.Say("En uso", "In use"))
                : ("plain", office.Say("Apagado", "Off")),
            Small = kept.Text("webhookUrl") is { } url ? office.Say($"Dirección de avisos: {url}", $"Address of notices: {url}") : null,
            Forms =
            [
                new SheetForm(
                    office.Link($"/settings/providers/{provider}"),
                    office.Say("Guardar", "Save"),
                    [
                        new SheetField("environment", office.Say("Entorno", "Environment"))
                        {
                            Kind = "choice",
                            Value = kept.Text("environment") ?? "test",
                            Options = [("test", office.Say("De prueba", "Test")), ("live", office.Say("De verdad", "Live"))],
                        },
                        .. kind.Means.Select(means => new SheetField($"means-{means}", office.Words.OneOf(means, Labels))
                        {
                            Kind = "check",
                            Value = kept is null || kept.List("means").Any(each => each.Said() == means) ? "yes" : "",
                        }),
                        .. kind.Settings.Select(name => new SheetField(name, office.Words.OneOf(name, Labels))
                        {
                            Value = kept.Text($"settings.{name}") ?? "",
                        }),
                        .. kind.Secrets.Select(name => new SheetField(name, office.Words.OneOf(name, Labels))
                        {
                            Kind = "password",
                            Optional = kept.Is("hasSecrets"),
                            Hint = kept.Is("hasSecrets") ? office.Say("Vacío: sigue la guardada.", "Empty: the kept one stays.") : null,
                        }),
                        new SheetField("place", office.Say("Orden", "Order")) { Kind = "number", Value = kept.Text("place") ?? "1" },
                        new SheetField("enabled", office.Say("En uso", "In use"))
                        {
                            Kind = "check",
                            Value = kept is null || on ? "yes" : "",
                        },
                    ]
                )
                {
                    Folded = kept is null ? office.Say("Configurar", "Set up") : office.Say("Cambiar", "Change"),
                },
            ],
        };
    }

    private sealed record Kind(string Name, string[] Means, string[] Settings, string[] Secrets);
}
