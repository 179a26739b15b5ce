using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>The seller's campaigns: when they run, how often they were shown and what they gave away.</summary>
public sealed class ShowCampaigns
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCampaigns));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>The page of a name that is new.</summary>
    public IResult Begin(AskOffice office) =>
        office.Shut() ?? PageContext.GoTo(office.Link($"/marketing/campaigns/{AskOffice.Escape(office.Asked("id") ?? "campaign")}"));

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var cursor = office.Asked("cursor") is { } next ? $"?cursor={AskOffice.Escape(next)}" : "";
        var answer = await office.GetAsync("delivery", $"/v1/campaigns{cursor}");
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        return new Sheet(
            office.Say("Campañas", "Campaigns"),
            MarketingWords.Section,
            [
                new TablePart(
                    office.Say("Tus campañas", "Your campaigns"),
                    [
                        new(office.Say("Campaña", "Campaign")),
                        new(office.Say("Cuándo", "When")),
                        new(office.Say("Mostrada", "Shown"), Figure: true),
                        new(office.Say("Descontado", "Given away"), Figure: true),
                    ],
                    [
                        .. answer
                            .Value.List("campaigns")
                            .Select(campaign =>
                            {
                                var (from, to) = (campaign.Day("rules.from"), campaign.Day("rules.to"));
                                var runs = from <= office.Today && office.Today <= to;
                                return new SheetRow([
                                    new SheetCell(campaign.Text("rules.name") ?? "")
                                    {
                                        Href = office.Link($"/marketing/campaigns/{AskOffice.Escape(campaign.Text("campaignId") ?? "")}"),
                                        Small = campaign.Text("campaignId"),
                                    },
                                    new SheetCell($"{office.Day(from)} – {office.Day(to)}")
                                    {
                                        Small =
                                            runs ? office.Say("en marcha", "running")
                                            : to < office.Today ? office.Say("terminada", "over")
                                            : office.Say("por empezar", "to come"),
                                    },
                                    new SheetCell(office.Words.Count(campaign.Count("impressions"))),
                                    new SheetCell(office.Amount(campaign, "discount", "rules.currency")),
                                ]);
                            }),
                    ],
                    office.Say(
                        "Aún no hay campañas. La primera se verá en facturas y correos de quien haya dicho que sí a ofertas.",
                        "No campaigns yet. The first one shows on invoices and mails of those who said yes to offers."
                    )
                )
                {
                    More = answer.Value.Text("nextCursor") is { } more ? office.Link("/marketing", ("cursor", more)) : null,
                },
                new FormsPart(
                    office.Say("Nueva campaña", "New campaign"),
                    [
                        new SheetForm(
                            office.Link("/marketing/campaigns/new"),
                            office.Say("Empezar", "Begin"),
                            [
                                .. office.Carried,
                                new SheetField("id", office.Say("Nombre corto", "Short name"))
                                {
                                    Hint = office.Say(
                                        "Letras, números y guiones; no cambia.",
                                        "Letters, digits and hyphens; it does not change."
                                    ),
                                },
                            ]
                        )
                        {
                            Asking = true,
                        },
                    ]
                ),
            ]
        )
        {
            Tabs = MarketingWords.Tabs(office, ""),
        };
    }
}
