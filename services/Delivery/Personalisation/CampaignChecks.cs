using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What a campaign must be to be kept: readable, bounded, and able to hold.</summary>
public static class CampaignChecks
{
    private const decimal MostMoney = 1_000_000_000m;
    private static readonly string[] Languages = ["es", "ca", "gl", "eu", "en"];
    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2100, 1, 1);

    /// <summary>The rules as they are kept, or each thing that is wrong with them.</summary>
    public static Outcome<CampaignRules> Of(CampaignRules given)
    {
        var faults = new List<Fault>();
        Text(given.Name, 1, 200, "name", faults);
        if (given.From < Earliest || given.To > Latest || given.To < given.From)
        {
            faults.Add(Bad("to", "2000-01-01 ≤ from ≤ to ≤ 2100-01-01"));
        }

        Texts(given.Texts, faults);
        if (given.Url is { } url && !IsHttps(url))
        {
            faults.Add(Bad("url", "https://…, 1–500"));
        }

        Names(given.Stores, "stores", faults);
        Segment(given.Segment, faults);
        Names(given.Basket?.Skus ?? [], "basket.skus", faults);
        Amount(given.Basket?.MinTotal, "basket.minTotal", faults);
        Amount(given.Budget?.Discount, "budget.discount", faults);
        if (given.Budget?.Impressions is < 1 or > 1_000_000_000)
        {
            faults.Add(Bad("budget.impressions", "1–1000000000"));
        }

        if (given.HoldOutPercent is < 0m or > 90m)
        {
            faults.Add(Bad("holdOutPercent", "0–90"));
        }

        if (given.MeasureDays is < 1 or > 365)
        {
            faults.Add(Bad("measureDays", "1–365"));
        }

        Coupon(given.Coupon, faults);
        return faults.Count > 0
            ? Fault.Of(faults)
            : given with
            {
                Coupon = given.Coupon is { } coupon ? coupon with { Prefix = CouponCode.Normal(coupon.Prefix ?? "") } : null,
            };
    }

    private static void Texts(IReadOnlyDictionary<string, CampaignText> texts, List<Fault> faults)
    {
        if (texts.Count == 0 || texts.Keys.Any(language => !Languages.Contains(language, StringComparer.Ordinal)))
        {
            faults.Add(Bad("texts", string.Join(", ", Languages)));
            return;
        }

        foreach (var (language, text) in texts)
        {
            if (text is null)
            {
                faults.Add(Bad($"texts.{language}", "title, text"));
                continue;
            }

            Text(text.Title, 1, 120, $"texts.{language}.title", faults);
            Text(text.Text, 0, 1000, $"texts.{language}.text", faults);
        }
    }

    private static void Segment(CampaignSegment? segment, List<Fault> faults)
    {
        if (segment?.MinPurchases is < 0 or > 1_000_000)
        {
            faults.Add(Bad("segment.minPurchases", "0–1000000"));
        }

        if (segment?.MaxPurchases is < 0 or > 1_000_000 || segment?.MaxPurchases < segment?.MinPurchases)
        {
            faults.Add(Bad("segment.maxPurchases", "minPurchases–1000000"));
        }

        if (segment?.MinSpent is < 0m or > MostMoney)
        {
            faults.Add(Bad("segment.minSpent", "0–1000000000"));
        }

        if (segment?.NotSinceDays is < 1 or > 3650)
        {
            faults.Add(Bad("segment.notSinceDays", "1–3650"));
        }
    }

    private static void Coupon(CampaignCoupon? coupon, List<Fault> faults)
    {
        if (coupon is null)
        {
            return;
        }

        if ((coupon.Percent is null) == (coupon.Amount is null))
        {
            faults.Add(Bad("coupon", "percent | amount"));
        }

        if (coupon.Percent is <= 0m or > 100m || coupon.Percent is { Scale: > 2 })
        {
            faults.Add(Bad("coupon.percent", "0.01–100"));
        }

        Amount(coupon.Amount, "coupon.amount", faults);
        Amount(coupon.MinTotal, "coupon.minTotal", faults);
        if (coupon.ValidDays is < 1 or > 365)
        {
            faults.Add(Bad("coupon.validDays", "1–365"));
        }

        if (coupon.Prefix is { } prefix && !(prefix.Trim().Length <= 8 && prefix.Trim().All(char.IsAsciiLetterOrDigit)))
        {
            faults.Add(Bad("coupon.prefix", "A–Z 0–9, 0–8"));
        }
    }

    private static void Names(IReadOnlyList<string> names, string path, List<Fault> faults)
    {
        if (names.Count > 500 || names.Any(name => name is not { Length: >= 1 and <= 100 } || !PlainText.IsSound(name)))
        {
            faults.Add(Bad(path, "0–500 × 1–100"));
        }
    }

    private static void Text(string text, int fewest, int most, string path, List<Fault> faults)
    {
        if (text.Length > most || text.Trim().Length < fewest || !PlainText.IsSound(text))
        {
            faults.Add(Bad(path, $"{fewest}–{most}"));
        }
    }

    private static void Amount(decimal? amount, string path, List<Fault> faults)
    {
        if (amount is <= 0m or > MostMoney || amount is { Scale: > 4 })
        {
            faults.Add(Bad(path, "0.01–1000000000"));
        }
    }

    private static bool IsHttps(string url) =>
        url.Length is > 0 and <= 500
        && PlainText.IsSound(url)
        && !url.Any(char.IsWhiteSpace)
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps
        && address.UserInfo.Length == 0;

    private static Fault Bad(string path, string wanted) => DeliveryFaults.BadCampaign.At(path, path, wanted);
}
