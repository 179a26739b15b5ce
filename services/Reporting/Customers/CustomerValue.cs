namespace RetailInvoicing.Reporting.Customers;

/// <summary>What a customer bought in a period, net of what came back.</summary>
public sealed record Bought
{
    /// <summary>The customer.</summary>
    public required string Customer { get; init; }

    /// <summary>Currency of the value.</summary>
    public required string Currency { get; init; }

    /// <summary>The first day bought on.</summary>
    public required DateOnly First { get; init; }

    /// <summary>The last day bought on.</summary>
    public required DateOnly Last { get; init; }

    /// <summary>Days bought on.</summary>
    public required long Days { get; init; }

    /// <summary>Invoices, corrective ones apart.</summary>
    public required long Invoices { get; init; }

    /// <summary>With VAT, net of what came back.</summary>
    public required decimal Value { get; init; }
}

/// <summary>How recently, how often and for how much a customer bought, and how that compares with the others.</summary>
public sealed record CustomerValue
{
    /// <summary>What was bought.</summary>
    public required Bought Bought { get; init; }

    /// <summary>Days since the last purchase.</summary>
    public required int Recency { get; init; }

    /// <summary>1 to 5: the fifth of customers whose last purchase is longest ago is 1.</summary>
    public required int RecencyScore { get; init; }

    /// <summary>1 to 5: the fifth that bought least often is 1.</summary>
    public required int FrequencyScore { get; init; }

    /// <summary>1 to 5: the fifth that bought for least is 1.</summary>
    public required int ValueScore { get; init; }

    /// <summary>
    /// How likely a silence as long is, percent, for someone who buys as seldom as this customer does; absent where three days of purchase do
    /// not make a rhythm.
    /// </summary>
    public decimal? SilenceChance { get; init; }

    /// <summary>The customers of a period that ends on a day, the most valued first.</summary>
    public static IReadOnlyList<CustomerValue> Of(IReadOnlyCollection<Bought> bought, DateOnly to)
    {
        var rows = new List<CustomerValue>(bought.Count);
        // Values of two currencies are not held against each other.
        foreach (var currency in bought.GroupBy(each => each.Currency).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var all = currency.ToArray();
            var recency = Fifths(all, each => each.Last.DayNumber);
            var frequency = Fifths(all, each => each.Invoices);
            var value = Fifths(all, each => each.Value);
            rows.AddRange(
                all.Select(
                        (each, i) =>
                            new CustomerValue
                            {
                                Bought = each,
                                Recency = to.DayNumber - each.Last.DayNumber,
                                RecencyScore = recency[i],
                                FrequencyScore = frequency[i],
                                ValueScore = value[i],
                                SilenceChance = SilenceOf(each, to),
                            }
                    )
                    .OrderByDescending(each => each.Bought.Value)
                    .ThenBy(each => each.Bought.Customer, StringComparer.Ordinal)
            );
        }

        return rows;
    }

    /// <summary>Purchases that come at random with the customer's mean gap between them.</summary>
    private static decimal? SilenceOf(Bought bought, DateOnly to)
    {
        if (bought.Days < 3)
        {
            return null;
        }

        var gap = (bought.Last.DayNumber - bought.First.DayNumber) / (double)(bought.Days - 1);
        return decimal.Round((decimal)(100 * Math.Exp(-(to.DayNumber - bought.Last.DayNumber) / gap)), 2, MidpointRounding.AwayFromZero);
    }

    /// <summary>Who has as much as another has the same score: it says what share has less.</summary>
    private static int[] Fifths<T>(IReadOnlyList<Bought> all, Func<Bought, T> measure)
    {
        var sorted = all.Select(measure).Order().ToArray();
        return
        [
            .. all.Select(each =>
            {
                var less = FirstOf(sorted, measure(each));
                return 1 + (int)Math.Min(4, 5L * less / sorted.Length);
            }),
        ];
    }

    private static int FirstOf<T>(T[] sorted, T value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Comparer<T>.Default.Compare(sorted[middle], value) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
