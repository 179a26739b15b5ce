using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>The seller's accounts whose statements are taken.</summary>
public sealed class ShowBankAccounts
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBankAccounts));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Adds one, or takes one away.</summary>
    public Task<IResult> KeepAsync(AskOffice office, string act, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var iban = (form["iban"] ?? "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
                var at = $"/v1/bank-accounts/{AskOffice.Escape(iban)}";
                var done = act switch
                {
                    "add" when iban.Length > 0 => await office.SendAsync(
                        HttpMethod.Put,
                        "payments",
                        at,
                        form["name"] is { Length: > 0 } name ? new JsonObject { ["name"] = name.Trim() } : new JsonObject()
                    ),
                    "remove" when iban.Length > 0 => await office.SendAsync(HttpMethod.Delete, "payments", at),
                    _ => OfficeMoneyFaults.NoSuchAct.With(),
                };
                return done.Refused(out var refused) ? refused : office.Link($"/bank/accounts?done={(act == "add" ? "saved" : "removed")}");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await office.GetAsync("payments", "/v1/bank-accounts");
        return answer.Refused(out var fault)
            ? fault
            : new Sheet(
                office.Say("Cuentas del banco", "Bank accounts"),
                BankWords.Section,
                [
                    new TablePart(
                        office.Say("Tus cuentas", "Your accounts"),
                        [new("IBAN"), new(office.Say("Nombre", "Name"))],
                        [.. answer.Value.List("items").Select(account => RowOf(office, account))],
                        office.Say(
                            "Aún no hay ninguna. La de tus datos de vendedor vale sin añadirla.",
                            "None yet. That of your seller data holds without adding it."
                        )
                    ),
                    new FormsPart(
                        office.Say("Otra cuenta", "Another account"),
                        [
                            new SheetForm(
                                office.Link("/bank/accounts/add"),
                                office.Say("Añadir", "Add"),
                                [new SheetField("iban", "IBAN"), new SheetField("name", office.Say("Nombre", "Name")) { Optional = true }]
                            ),
                        ]
                    ),
                ]
            )
            {
                Tabs = BankWords.Tabs(office, "accounts"),
            };
    }

    private static SheetRow RowOf(AskOffice office, JsonNode account)
    {
        var iban = account.Text("account") ?? "";
        return new SheetRow([
            new SheetCell(iban),
            new SheetCell(account.Text("name") ?? "")
            {
                Small = account.Is("isRegistered") ? office.Say("la de tus datos de vendedor", "that of your seller data") : null,
            },
        ])
        {
            Forms = account.Is("isRegistered")
                ? []
                :
                [
                    new SheetForm(
                        office.Link("/bank/accounts/remove"),
                        office.Say("Sí, quitar", "Yes, remove"),
                        [new SheetField("iban", "") { Kind = "hidden", Value = iban }]
                    )
                    {
                        Folded = office.Say("Quitar", "Remove"),
                        Asks = office.Say(
                            $"Los extractos de {iban} dejarán de entrar.",
                            $"Statements of {iban} will not be taken any more."
                        ),
                    },
                ],
        };
    }
}
