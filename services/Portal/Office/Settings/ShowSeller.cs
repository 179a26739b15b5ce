using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's data as it stands on invoices; what the law binds (tax identifier, regime, environment) is shown and stays.</summary>
public sealed class ShowSeller
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowSeller));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Keeps what the form says.</summary>
    public Task<IResult> SaveAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var seller = await SellerAsync(office);
                return seller.Refused(out var fault)
                    ? fault
                    : await PutAsync(office, SellerSettings.Read(name => form[name], seller.Value), "/settings");
            },
            SheetAsync
        );

    internal static Task<Outcome<JsonNode>> SellerAsync(AskOffice office) => office.GetAsync("invoicing", $"/v1/sellers/{office.Seller}");

    internal static async Task<Outcome<string>> PutAsync(AskOffice office, JsonObject body, string page)
    {
        var done = await office.SendAsync(HttpMethod.Put, "invoicing", $"/v1/sellers/{office.Seller}", body);
        return done.Refused(out var refused) ? refused : office.Link($"{page}?done=saved");
    }

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await SellerAsync(office);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var seller = answer.Value;
        return new Sheet(
            office.Say("Ajustes", "Settings"),
            SettingsWords.Section,
            [
                new FactsPart(
                    office.Say("Ante Hacienda", "For the tax agency"),
                    [
                        new(office.Say("NIF", "Tax identifier"), seller.Text("taxId") ?? ""),
                        new(
                            office.Say("Entorno", "Environment"),
                            seller.Text("environment") == "production"
                                ? office.Say("Producción", "Production")
                                : office.Words.TestEnvironment
                        ),
                        new(office.Say("Régimen", "Regime"), seller.Text("regime") ?? ""),
                        new(office.Say("Territorio", "Territory"), seller.Text("territory") ?? ""),
                    ]
                ),
                new FormsPart(
                    office.Say("Tus datos", "Your data"),
                    [
                        new SheetForm(
                            office.Link("/settings"),
                            office.Say("Guardar", "Save"),
                            [
                                Field(seller, "name", office.Say("Razón social", "Legal name"), needed: true),
                                Field(seller, "tradeName", office.Say("Nombre comercial", "Trade name")),
                                .. SellerSettings.Address(office, seller.At("address"), office.Say("Dirección", "Address")),
                                Field(seller, "email", office.Say("Correo", "E-mail")) with
                                {
                                    Kind = "email",
                                },
                                Field(seller, "phone", office.Say("Teléfono", "Phone")),
                                Field(seller, "iban", "IBAN"),
                                Field(seller, "bic", "BIC"),
                                Field(seller, "registryData", office.Say("Registro mercantil", "Companies register")),
                                Field(seller, "timeZone", office.Say("Zona horaria", "Time zone")),
                                new SheetField("language", office.Say("Idioma de las facturas", "Language of invoices"))
                                {
                                    Kind = "choice",
                                    Value = seller.Text("language") ?? "es",
                                    Options = [("es", "Español"), ("en", "English"), ("ca", "Català"), ("gl", "Galego"), ("eu", "Euskara")],
                                },
                                new SheetField("defaultTermsDays", office.Say("Días para pagar", "Days to pay"))
                                {
                                    Kind = "number",
                                    Value = seller.Text("defaultTermsDays") ?? "30",
                                },
                                new SheetField(
                                    "allowBlindReturns",
                                    office.Say("Admitir devoluciones sin factura original", "Take returns without the original invoice")
                                )
                                {
                                    Kind = "check",
                                    Value = seller.Is("allowBlindReturns") ? "yes" : "",
                                },
                            ]
                        )
                        {
                            Filled = true,
                            Asks = office.Say(
                                "Vale para las facturas desde ahora; las emitidas no cambian.",
                                "It holds for invoices from now on; issued ones do not change."
                            ),
                        },
                    ]
                ),
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, ""),
        };
    }

    private static SheetField Field(JsonNode seller, string name, string label, bool needed = false) =>
        new(name, label) { Optional = !needed, Value = seller.Text(name) ?? "" };
}
