namespace RetailInvoicing.Reporting.Takings;

/// <summary>
/// What everything that was told of one payment adds up to, by how it was paid and who took it; what is given back before it is heard that
/// it came counts once that is heard. A movement of the seller's money stands for itself.
/// </summary>
public static class Purse
{
    /// <summary>Adds what these facts of one payment, or of one movement, add.</summary>
    public static void AddTo(TakingSums sums, IReadOnlyList<TakingFact> facts)
    {
        foreach (var moved in facts.Where(fact => fact.Kind == FactKind.Moved))
        {
            sums.Add(Key(SumKind.Moved, moved, moved.Means, moved.Provider), moved.Amount, 1);
            if (moved.Part != 0m)
            {
                sums.Add(Key(SumKind.Fee, moved, "", moved.Provider), moved.Part, 1);
            }
        }

        var origin =
            facts.Where(fact => fact.Kind == FactKind.Received).MinBy(fact => fact.EventId.Value)
            ?? facts.Where(fact => fact.Kind == FactKind.Credited).MinBy(fact => fact.EventId.Value);
        if (origin is null)
        {
            return;
        }

        if (origin.Kind == FactKind.Received)
        {
            sums.Add(Key(SumKind.Received, origin, origin.Means, origin.Provider), origin.Amount, 1);
        }

        foreach (var fact in facts)
        {
            var (kind, sign) = fact.Kind switch
            {
                FactKind.Refunded => (SumKind.Refunded, -1),
                FactKind.Reversed => (SumKind.Reversed, -1),
                FactKind.Regained => (SumKind.Regained, 1),
                _ => ("", 0),
            };
            if (sign != 0)
            {
                sums.Add(Key(kind, fact, origin.Means, origin.Provider), sign * fact.Amount, 1);
            }
        }
    }

    private static SumKey Key(string kind, TakingFact fact, string means, string provider) =>
        new()
        {
            Seller = fact.SellerId,
            Kind = kind,
            Day = fact.Day,
            Due = SumKey.NoDate,
            Means = means,
            Provider = provider,
            Currency = fact.Currency,
        };
}
