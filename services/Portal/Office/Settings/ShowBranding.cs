using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's colour and logo, as pages, mails and documents show them.</summary>
public sealed class ShowBranding
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowBranding));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Keeps them.</summary>
    public Task<IResult> SaveAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var seller = await ShowSeller.SellerAsync(office);
                if (seller.Refused(out var fault))
                {
                    return fault;
                }

                var body = SellerSettings.Kept(seller.Value);
                var branding = new JsonObject();
                SellerSettings.Put(branding, "colour", form["colour"]);
                SellerSettings.Put(branding, "logoUrl", form["logoUrl"]);
                body["branding"] = branding;
                return await ShowSeller.PutAsync(office, body, "/settings/branding");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await ShowSeller.SellerAsync(office);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var logo = await office.GetAsync("delivery", "/v1/logo");
        return new Sheet(
            office.Say("Marca", "Branding"),
            SettingsWords.Section,
            [
                new FormsPart(
                    office.Say("Color y logotipo", "Colour and logo"),
                    [
                        new SheetForm(
                            office.Link("/settings/branding"),
                            office.Say("Guardar", "Save"),
                            [
                                new SheetField("colour", office.Say("Color", "Colour"))
                                {
                                    Optional = true,
                                    Value = answer.Value.Text("branding.colour") ?? "",
                                    Hint = office.Say(
                                        "Como #0b7a6f. Se oscurece o aclara lo justo para que se lea sobre papel y sobre tinta.",
                                        "Such as #0b7a6f. It is darkened or lightened just enough to be read on paper and on ink."
                                    ),
                                },
                                new SheetField("logoUrl", office.Say("Dirección del logotipo", "Address of the logo"))
                                {
                                    Kind = "url",
                                    Optional = true,
                                    Value = answer.Value.Text("branding.logoUrl") ?? "",
                                    Hint = office.Say("PNG o JPEG en https.", "PNG or JPEG on https."),
                                },
                            ]
                        )
                        {
                            Filled = true,
                        },
                    ]
                ),
                .. logo.Fault is null
                    ? new SheetPart[]
                    {
                        new FactsPart(
                            office.Say("El logotipo ahora", "The logo now"),
                            [
                                new(office.Say("Estado", "State"), office.Words.OneOf(logo.Value.Text("status"), LogoWords)),
                                .. logo.Value.Text("lastError") is { } wrong
                                    ? [new SheetFact(office.Say("Último fallo", "Last failure"), wrong)]
                                    : Array.Empty<SheetFact>(),
                                .. logo.Value.Instant("fetchedAt") is { } at
                                    ? [new SheetFact(office.Say("Traído", "Fetched"), office.At(at))]
                                    : Array.Empty<SheetFact>(),
                            ]
                        ),
                    }
                    : [],
                new TextPart(
                    office.Say("Cómo queda", "How it looks"),
                    [
                        office.Say(
                            "Mira el correo y la página de una factura en Plantillas.",
                            "See the mail and the page of an invoice under Templates."
                        ),
                    ]
                ),
            ]
        )
        {
            Tabs = SettingsWords.Tabs(office, "branding"),
        };
    }

    private static readonly IReadOnlyDictionary<string, (string, string)> LogoWords = new Dictionary<string, (string, string)>
    {
        ["none"] = ("No hay logotipo", "There is no logo"),
        ["waiting"] = ("En camino", "On its way"),
        ["fetched"] = ("En uso", "In use"),
        ["kept"] = ("En uso", "In use"),
        ["failed"] = ("No se ha podido traer", "It could not be fetched"),
    };
}
