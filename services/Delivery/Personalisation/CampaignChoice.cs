using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What a customer bought before the purchase in hand.</summary>
public sealed record CustomerFacts
{
    /// <summary>Purchases that stand.</summary>
    public int Purchases { get; init; }

    /// <summary>What is left of them in the campaign's currency.</summary>
    public decimal Spent { get; init; }

    /// <summary>The last of them.</summary>
    public DateTimeOffset? LastAt { get; init; }
}

/// <summary>Whether a campaign is for a purchase, and which of its customers are not shown it.</summary>
public static class CampaignChoice
{
    /// <summary>Whether the invoice's mail may carry it.</summary>
    public static bool IsFor(CampaignRules rules, InvoiceBody invoice, CustomerFacts facts, DateOnly today, DateTimeOffset now) =>
        MayBeFor(rules, invoice, today) && IsOf(rules.Segment, facts, now);

    /// <summary>Whether it may, where the customer is of its segment.</summary>
    public static bool MayBeFor(CampaignRules rules, InvoiceBody invoice, DateOnly today) =>
        rules.From <= today
        && today <= rules.To
        && rules.Currency.Code == invoice.Currency.Code
        && (rules.Stores.Count == 0 || rules.Stores.Contains(invoice.StoreId.Value, StringComparer.Ordinal))
        && IsIn(rules.Basket, invoice);

    /// <summary>The bought product that the campaign asks for, to say why it is shown.</summary>
    public static InvoiceLineBody? Reason(CampaignRules rules, InvoiceBody invoice) =>
        rules.Basket is { Skus.Count: > 0 } basket ? invoice.Lines.FirstOrDefault(line => IsAsked(basket, line)) : null;

    /// <summary>
    /// Whether a customer is in the group that is not shown it. By a digest of both, so that the group is as good as drawn by lot and the
    /// same on every day and every instance.
    /// </summary>
    public static bool IsHeldOut(SellerId seller, string campaignId, string customer, decimal percent)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seller.Value}\n{campaignId}\n{customer}"));
        var share = BinaryPrimitives.ReadUInt64BigEndian(digest) / 18_446_744_073_709_551_616.0;
        return share * 100 < (double)percent;
    }

    /// <summary>The campaign in the reader's language, else in Spanish, else in the first it has.</summary>
    public static CampaignText TextFor(CampaignRules rules, string language) =>
        rules.Texts.TryGetValue(language, out var text) ? text
        : rules.Texts.TryGetValue("es", out var spanish) ? spanish
        : rules.Texts.OrderBy(each => each.Key, StringComparer.Ordinal).First().Value;

    private static bool IsOf(CampaignSegment? segment, CustomerFacts facts, DateTimeOffset now) =>
        segment is null
        || (
            facts.Purchases >= (segment.MinPurchases ?? 0)
            && facts.Purchases <= (segment.MaxPurchases ?? int.MaxValue)
            && (segment.MinSpent is not { } least || facts.Spent >= least)
            // Who has never bought has not stayed away.
            && (segment.NotSinceDays is not { } days || (facts.LastAt is { } last && now - last >= TimeSpan.FromDays(days)))
        );

    private static bool IsIn(CampaignBasket? basket, InvoiceBody invoice) =>
        basket is null
        || (
            (basket.Skus.Count == 0 || invoice.Lines.Any(line => IsAsked(basket, line)))
            && (basket.MinTotal is not { } least || invoice.Totals.TotalWithVat >= least)
        );

    private static bool IsAsked(CampaignBasket basket, InvoiceLineBody line) =>
        line.Quantity > 0 && line.Sku is { } sku && basket.Skus.Contains(sku, StringComparer.Ordinal);
}
