using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Disputes;

/// <summary>How much of an invoice a complaint is about.</summary>
public static class Dispute
{
    /// <summary>
    /// A line is disputed with its VAT, an amount as it is said, the whole invoice where neither is: never more than is due and not disputed
    /// yet, or why it cannot be disputed.
    /// </summary>
    public static Outcome<Money> AmountOf(decimal? line, decimal? said, decimal due, decimal alreadyDisputed, Currency currency)
    {
        var left = Math.Max(0m, due - alreadyDisputed);
        if (left == 0m)
        {
            return CollectionsFaults.AlreadyDisputed.With();
        }

        if (said is { } amount && (amount <= 0m || amount != Money.Of(amount, currency).Amount))
        {
            return CollectionsFaults.DisputeAmount.At("amount", currency.MinorUnit, Money.Of(left, currency).Amount);
        }

        if (line <= 0m)
        {
            return CollectionsFaults.LineAsksForNothing.At("lineId");
        }

        if (said > (line ?? due))
        {
            return CollectionsFaults.DisputeAmount.At("amount", currency.MinorUnit, Money.Of(Math.Min(line ?? due, left), currency).Amount);
        }

        return Money.Of(Math.Min(said ?? line ?? left, left), currency);
    }
}
