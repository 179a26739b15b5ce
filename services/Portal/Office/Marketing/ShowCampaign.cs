using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Marketing;

/// <summary>One campaign: its rules, what a customer reads, and whether it sells more than doing nothing.</summary>
public sealed class ShowCampaign
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office, string campaignId)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCampaign));
        return office.ShowAsync(_ => SheetAsync(office, campaignId));
    }

    /// <summary>What customers would read by the rules in the form, though nothing of it is kept.</summary>
    public async Task<IResult> PreviewAsync(AskOffice office, string campaignId, Form form)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowCampaign));
        if (office.Shut() is { } shut)
        {
            return shut;
        }

        if (form.Fault is { } stale)
        {
            return office.Page.Show(stale);
        }

        return await office.ShowAsync(async _ =>
        {
            var sheet = await SheetAsync(office, campaignId);
            if (sheet.Fault is not null)
            {
                return sheet;
            }

            var typed = sheet.Value.Typed(office.Link($"/marketing/campaigns/{campaignId}"), name => form[name]);
            return typed with { Parts = [Reads(office, CampaignForm.Read(name => form[name], null)), .. typed.Parts] };
        });
    }

    /// <summary>Keeps the rules.</summary>
    public Task<IResult> SaveAsync(AskOffice office, string campaignId, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var at = $"/v1/campaigns/{AskOffice.Escape(campaignId)}";
                var kept = await office.GetAsync("delivery", at);
                if (kept.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
                {
                    return fault;
                }

                var rules = CampaignForm.Read(name => form[name], kept.Fault is null ? kept.Value.At("rules") : null);
                var done = await office.SendAsync(HttpMethod.Put, "delivery", at, rules);
                return done.Refused(out var refused)
                    ? refused
                    : office.Link($"/marketing/campaigns/{AskOffice.Escape(campaignId)}?done=saved");
            },
            _ => SheetAsync(office, campaignId)
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office, string campaignId)
    {
        var kept = await office.GetAsync("delivery", $"/v1/campaigns/{AskOffice.Escape(campaignId)}");
        if (kept.Refused(out var fault) && fault.Status != StatusCodes.Status404NotFound)
        {
            return fault;
        }

        var campaign = kept.Fault is null ? kept.Value : null;
        var results = campaign is null ? kept : await office.GetAsync("delivery", $"/v1/campaigns/{AskOffice.Escape(campaignId)}/results");
        return new Sheet(
            campaign.Text("rules.name") ?? office.Say("Nueva campaña", "New campaign"),
            MarketingWords.Section,
            [
                .. results.Fault is null ? Results(office, results.Value) : [],
                .. campaign is null ? [] : new[] { Reads(office, campaign.At("rules")) },
                new FormsPart(office.Say("Reglas", "Rules"), [CampaignForm.Of(office, AskOffice.Escape(campaignId), campaign.At("rules"))]),
            ]
        )
        {
            Lead = campaignId,
            Tabs = MarketingWords.Tabs(office, ""),
        };
    }

    private static TextPart Reads(AskOffice office, JsonNode? rules)
    {
        var language = rules.Text($"texts.{office.Words.Code}.title") is null ? "es" : office.Words.Code;
        var currency = rules.Currency();
        var gives =
            rules.Number("coupon.percent") is { } percent
                ? office.Say($"{office.Words.Percent(percent)} de descuento", $"{office.Words.Percent(percent)} off")
            : rules.Number("coupon.amount") is { } amount
                ? office.Say($"{office.Words.Amount(amount, currency)} de descuento", $"{office.Words.Amount(amount, currency)} off")
            : null;
        var from = rules.Number("coupon.minTotal") is { } least
            ? office.Say(
                $" en compras desde {office.Words.Amount(least, currency)}",
                $" on purchases from {office.Words.Amount(least, currency)}"
            )
            : "";
        return new TextPart(
            office.Say("Así lo lee un cliente", "How a customer reads it"),
            [
                .. new[]
                {
                    rules.Text($"texts.{language}.title"),
                    rules.Text($"texts.{language}.text"),
                    gives is null
                        ? null
                        : office.Say(
                            $"{gives}{from}, durante {rules.Text("coupon.validDays") ?? "30"} días.",
                            $"{gives}{from}, for {rules.Text("coupon.validDays") ?? "30"} days."
                        ),
                    rules.Day("to") is { } end
                        ? office.Say(
                            $"Solo quien dijo que sí a ofertas, hasta el {office.Words.Date(end)}.",
                            $"Only those who said yes to offers, until {office.Words.Date(end)}."
                        )
                        : null,
                }
                    .Where(said => !string.IsNullOrWhiteSpace(said))
                    .Select(said => said!),
            ]
        );
    }

    private static IEnumerable<SheetPart> Results(AskOffice office, JsonNode results)
    {
        yield return new TablePart(
            office.Say("Resultados", "Results"),
            [
                new(office.Say("Grupo", "Group")),
                new(office.Say("Clientes", "Customers"), Figure: true),
                new(office.Say("Compraron", "Bought"), Figure: true),
                new(office.Say("De media", "On average"), Figure: true),
            ],
            [
                Group(office, results, "exposed", office.Say("La vieron", "Saw it")),
                Group(office, results, "heldOut", office.Say("No la vieron", "Did not see it")),
            ],
            ""
        );
        yield return new TextPart(
            office.Say("Qué ha cambiado", "What it changed"),
            [
                Uplift(
                    office,
                    results.At("conversionUplift"),
                    office.Say("Compran más", "More buy"),
                    value => office.Words.Percent(decimal.Round(value * 100m, 1, MidpointRounding.AwayFromZero))
                ),
                Uplift(
                    office,
                    results.At("spendUplift"),
                    office.Say("Gasto por cliente", "Spend a customer"),
                    value => office.Words.Amount(decimal.Round(value, 2, MidpointRounding.AwayFromZero), results.Currency())
                ),
                office.Say(
                    $"Mostrada {office.Words.Count(results.Count("impressions"))} veces; {office.Words.Count(results.Count("couponsRedeemed"))} de {office.Words.Count(results.Count("couponsGiven"))} cupones usados; {office.Amount(results, "discount")} descontados.",
                    $"Shown {office.Words.Count(results.Count("impressions"))} times; {office.Words.Count(results.Count("couponsRedeemed"))} of {office.Words.Count(results.Count("couponsGiven"))} coupons used; {office.Amount(results, "discount")} given away."
                ),
            ]
        );
    }

    private static SheetRow Group(AskOffice office, JsonNode results, string group, string name) =>
        new([
            new SheetCell(name),
            new SheetCell(office.Words.Count(results.Count($"{group}.customers"))),
            new SheetCell(office.Words.Count(results.Count($"{group}.conversions")))
            {
                Small = office.Words.Percent(
                    decimal.Round((results.Number($"{group}.conversionRate") ?? 0m) * 100m, 1, MidpointRounding.AwayFromZero)
                ),
            },
            new SheetCell(office.Amount(results, $"{group}.meanSpend")),
        ]);

    /// <summary>An effect with its 95 % interval; one that holds zero proves nothing, and the sentence says so.</summary>
    private static string Uplift(AskOffice office, JsonNode? uplift, string what, Func<decimal, string> said)
    {
        if (uplift.Number("value") is not { } value || uplift.Number("low") is not { } low || uplift.Number("high") is not { } high)
        {
            return office.Say($"{what}: aún no hay bastante para medirlo.", $"{what}: there is not enough yet to measure it.");
        }

        var interval = office.Say(
            $"{what}: {said(value)} (entre {said(low)} y {said(high)}, con un 95 % de confianza)",
            $"{what}: {said(value)} (between {said(low)} and {said(high)}, with 95% confidence)"
        );
        return low <= 0m && high >= 0m
            ? office.Say(
                $"{interval}. El intervalo incluye el cero: puede ser casualidad.",
                $"{interval}. The interval holds zero: it may be chance."
            )
            : $"{interval}.";
    }
}
