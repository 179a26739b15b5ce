using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The keys that programs of the seller ask with: giving one, which is shown this once, and taking one back.</summary>
public sealed class ShowKeys
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowKeys));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Gives one. It stands on the answer and nowhere else, so the browser is not sent on.</summary>
    public Task<IResult> GiveAsync(AskOffice office, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowKeys));
        return office.TellAsync(
            form,
            async _ =>
            {
                var body = new JsonObject
                {
                    ["scopes"] = new JsonArray([
                        .. SettingsWords.Scopes.Keys.Where(scope => form[scope] is not null).Select(scope => (JsonNode)scope),
                    ]),
                };
                var done = await office.SendAsync(HttpMethod.Post, "invoicing", $"/v1/sellers/{office.Seller}/keys", body);
                return done.Refused(out var refused)
                    ? refused
                    : new FormAnswer(office.Link("/settings/keys"), $"{done.Value.Text("keyId")} {done.Value.Text("apiKey")}");
            },
            SheetAsync,
            ShowGivenAsync
        );
    }

    /// <summary>Takes one back: within seconds it opens nothing.</summary>
    public Task<IResult> TakeBackAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var done = await office.SendAsync(
                    HttpMethod.Delete,
                    "invoicing",
                    $"/v1/sellers/{office.Seller}/keys/{AskOffice.Escape((form["keyId"] ?? "").Trim())}"
                );
                return done.Refused(out var refused) ? refused : office.Link("/settings/keys?done=removed");
            },
            SheetAsync
        );

    private static Task<IResult> ShowGivenAsync(AskOffice office, string told)
    {
        var (keyId, apiKey) = told.Split(' ') is [var id, var secret] ? (id, secret) : ("", told);
        return office.ShowAsync(async _ =>
        {
            var sheet = await SheetAsync(office);
            var given = new SecretPart(
                office.Say("Tu clave nueva", "Your new key"),
                apiKey,
                office.Say(
                    $"Cópiala ahora: no se vuelve a mostrar. Su identificador es {keyId}.",
                    $"Copy it now: it is not shown again. Its identifier is {keyId}."
                )
            );
            return sheet.Fault is not null ? sheet : sheet.Value with { Parts = [given, .. sheet.Value.Parts] };
        });
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("invoicing", $"/v1/sellers/{office.Seller}/keys");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Claves", "Keys"),
            SettingsWords.Section,
            [
                new TablePart(
                    office.Say("Claves dadas", "Keys given"),
                    [new(office.Say("Clave", "Key")), new(office.Say("Para qué", "What for")), new(office.Say("Estado", "State"))],
                    [.. answer.Value.List("keys").Select(key => RowOf(office, key))],
                    office.Say("Ningún programa tiene clave todavía.", "No program has a key yet.")
                ),
                new FormsPart(
                    office.Say("Otra clave", "Another key"),
                    [
                        new SheetForm(
                            office.Link("/settings/keys"),
                            office.Say("Dar la clave", "Give the key"),
                            [
                                .. SettingsWords.Scopes.Keys.Select(scope => new SheetField(
                                    scope,
                                    $"{office.Words.OneOf(scope, SettingsWords.Scopes)} ({scope})"
                                )
                                {
                                    Kind = "check",
                                    Group = office.Say("Para qué", "What for"),
                                }),
                            ]
                        ),
                    ]
                ),
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, "keys"),
        };
    }

    private static SheetRow RowOf(AskOffice office, JsonNode key)
    {
        var revoked = key.Instant("revokedAt");
        return new SheetRow([
            new SheetCell(key.Text("keyId") ?? "") { Small = office.At(key.Instant("givenAt")) },
            new SheetCell(string.Join(", ", key.List("scopes").Select(scope => office.Words.OneOf(scope.Said(), SettingsWords.Scopes)))),
            revoked is null
                ? new SheetCell(office.Say("En uso", "In use")) { Chip = "paid" }
                : new SheetCell(office.Say("Retirada", "Taken back")) { Chip = "plain", Small = office.At(revoked) },
        ])
        {
            Forms = revoked is not null
                ? []
                :
                [
                    new SheetForm(
                        office.Link("/settings/keys/removal"),
                        office.Say("Sí, retirar", "Yes, take it back"),
                        [new SheetField("keyId", "") { Kind = "hidden", Value = key.Text("keyId") ?? "" }]
                    )
                    {
                        Folded = office.Say("Retirar", "Take back"),
                        Asks = office.Say(
                            "El programa que la usa dejará de funcionar en segundos.",
                            "The program that uses it stops working within seconds."
                        ),
                    },
                ],
        };
    }
}
