using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>
/// What everything that was told of one invoice adds up to. Until the invoice itself is told it adds nothing: a payment, a cancellation or
/// a notice that is heard of first counts once the invoice is there.
/// </summary>
public static class Debt
{
    /// <summary>What a corrective invoice gave.</summary>
    public const string Credit = "credit";

    /// <summary>Money.</summary>
    public const string Money = "money";

    private const string Difference = "difference";
    private const string WriteOff = "write-off";

    /// <summary>
    /// What an invoice asks its customer for, as the ledger has it: nothing for an exchange, whose tickets asked already, nor where only VAT
    /// is taken back; for a substitution the difference to what it replaces.
    /// </summary>
    public static decimal Asked(InvoiceBody invoice) =>
        invoice switch
        {
            { Kind: InvoiceKind.Exchange } or { Correction.VatOnly: true } => 0m,
            { Correction: { Method: CorrectionMethod.Substitution, CorrectedAmounts: { } replaced } } => invoice.Totals.TotalWithVat
                + invoice.Totals.RoundingAmount
                - replaced.TaxableAmount
                - replaced.VatAmount
                - (replaced.SurchargeAmount ?? 0m),
            _ => invoice.Totals.TotalWithVat + invoice.Totals.RoundingAmount,
        };

    /// <summary>What was paid with the sale; an exchange shows what its tickets were paid with, and a substitution counts as paid what is none.</summary>
    public static decimal PaidWithSale(InvoiceBody invoice) =>
        invoice.Kind != InvoiceKind.Exchange && invoice.Correction is not ({ Method: CorrectionMethod.Substitution } or { VatOnly: true })
            ? invoice.Totals.PaidAmount
            : 0m;

    /// <summary>That the invoice was issued; the same invoice under another event asks once.</summary>
    public static TakingFact? IssuedIn(IEnumerable<TakingFact> facts) =>
        facts.Where(fact => fact.Kind == FactKind.Issued).MinBy(fact => fact.EventId.Value);

    /// <summary>Adds what these facts of one invoice add.</summary>
    public static void AddTo(TakingSums sums, IReadOnlyList<TakingFact> facts)
    {
        if (IssuedIn(facts) is not { } issued)
        {
            return;
        }

        var due = issued.Date ?? SumKey.NoDate;
        SumKey Key(string kind, DateOnly day, string means = "", string provider = "") =>
            new()
            {
                Seller = issued.SellerId,
                Kind = kind,
                Day = day,
                Due = kind == SumKind.Owed ? due : SumKey.NoDate,
                Means = means,
                Provider = provider,
                Currency = issued.Currency,
            };

        sums.Add(Key(SumKind.Issued, issued.Day), issued.Amount, 1);
        if (issued.Amount - issued.Part is > 0m and var onCredit)
        {
            sums.Add(Key(SumKind.OnCredit, issued.Day), onCredit, 1);
        }

        var movements = new List<Movement> { new(issued.At, issued.Day, issued.Amount, "") };
        if (facts.Where(fact => fact.Kind == FactKind.Cancelled).MinBy(fact => (fact.At, fact.EventId.Value)) is { } cancelled)
        {
            movements.Add(new(cancelled.At, cancelled.Day, -issued.Amount, ""));
            sums.Add(Key(SumKind.Cancelled, cancelled.Day), -issued.Amount, 1);
        }

        var paid = Paid(issued, facts);
        foreach (var each in paid)
        {
            movements.Add(each);
            sums.Add(Key(SumKind.Allocated, each.Day, each.Source), each.Amount, 1);
        }

        foreach (var movement in movements)
        {
            sums.Add(Key(SumKind.Owed, movement.Day), movement.Amount);
        }

        foreach (var (day, opened) in Openings(movements))
        {
            sums.Add(Key(SumKind.Owed, day), 0m, opened ? 1 : -1);
        }

        var came = issued.Amount > 0m ? paid.Where(each => each is { Source: Money, IsWithSale: false }).ToArray() : [];
        foreach (var each in came)
        {
            sums.Add(Key(SumKind.Came, each.Day), -each.Amount, 1);
        }

        decimal OpenAt(DateTimeOffset at) => movements.Where(movement => movement.At <= at).Sum(movement => movement.Amount);
        AddTouches(sums, facts, came, OpenAt, Key);
        AddWords(sums, facts, OpenAt, Key);
    }

    /// <summary>Where an allocation comes from; an undone one comes from where it came.</summary>
    private static string SourceOf(TakingFact allocation, IReadOnlyList<TakingFact> facts)
    {
        static string? Named(TakingFact fact) =>
            fact.Means switch
            {
                Credit => Credit,
                Difference => Difference,
                WriteOff or "write-off-undone" => WriteOff,
                _ => null,
            };
        return Named(allocation)
            ?? facts
                .Where(fact => fact.Kind == FactKind.Allocated && fact.Payment == allocation.Payment)
                .Select(Named)
                .FirstOrDefault(named => named is not null)
            ?? Money;
    }

    /// <summary>
    /// What went to the invoice, each as it changes what is open. The invoice itself says what was paid with its sale: that much is paid from
    /// the beginning, and the allocations that tell the same a moment later change nothing until they have come to as much.
    /// </summary>
    private static IReadOnlyList<Movement> Paid(TakingFact issued, IReadOnlyList<TakingFact> facts)
    {
        var paid = new List<Movement>();
        var withSale = issued.Part;
        if (withSale != 0m)
        {
            paid.Add(new(issued.At, issued.Day, -withSale, Money) { IsWithSale = true });
        }

        var (sum, isTold) = (0m, withSale == 0m);
        foreach (
            var fact in facts
                .Where(fact => fact.Kind == FactKind.Allocated)
                .OrderBy(fact => fact.Version)
                .ThenBy(fact => fact.EventId.Value)
        )
        {
            var source = SourceOf(fact, facts);
            if (source != Money || isTold)
            {
                paid.Add(new(fact.At, fact.Day, -fact.Amount, source));
                continue;
            }

            sum += fact.Amount;
            isTold = withSale > 0m ? sum >= withSale : sum <= withSale;
            if (isTold && sum != withSale)
            {
                paid.Add(new(fact.At, fact.Day, withSale - sum, Money));
            }
        }

        return paid;
    }

    /// <summary>On which days it came to be open, and on which it ceased to be, as it stood at their ends.</summary>
    private static IEnumerable<(DateOnly Day, bool Opened)> Openings(IReadOnlyList<Movement> movements)
    {
        var (balance, isOpen) = (0m, false);
        foreach (var day in movements.GroupBy(movement => movement.Day).OrderBy(day => day.Key))
        {
            balance += day.Sum(movement => movement.Amount);
            if (balance > 0m != isOpen)
            {
                isOpen = !isOpen;
                yield return (day.Key, isOpen);
            }
        }
    }

    /// <summary>
    /// Notices and what staff did, with what was open then, and the money that came after them: each coin belongs to the last of them before
    /// it, so that their sum is never more than what came.
    /// </summary>
    private static void AddTouches(
        TakingSums sums,
        IReadOnlyList<TakingFact> facts,
        IReadOnlyList<Movement> came,
        Func<DateTimeOffset, decimal> openAt,
        Func<string, DateOnly, string, string, SumKey> key
    )
    {
        var touches = facts
            .Where(fact => fact.Kind == FactKind.Noticed || (fact.Kind == FactKind.Acted && fact.Means != "note"))
            .OrderBy(fact => fact.At)
            .ThenBy(fact => fact.EventId.Value)
            .ToArray();
        for (var i = 0; i < touches.Length; i++)
        {
            var touch = touches[i];
            sums.Add(key(SumKind.Touch, touch.Day, touch.Means, touch.Provider), openAt(touch.At), 1);
            var isFirst = true;
            foreach (var each in came)
            {
                var days = (each.At - touch.At).TotalDays;
                if (each.Amount >= 0m || days is < 0 or > 30 || (i + 1 < touches.Length && touches[i + 1].At <= each.At))
                {
                    continue;
                }

                var kind =
                    days <= 7 ? SumKind.Within7
                    : days <= 14 ? SumKind.Within14
                    : SumKind.Within30;
                sums.Add(key(kind, touch.Day, touch.Means, touch.Provider), -each.Amount, isFirst ? 1 : 0);
                isFirst = false;
            }
        }
    }

    private static void AddWords(
        TakingSums sums,
        IReadOnlyList<TakingFact> facts,
        Func<DateTimeOffset, decimal> openAt,
        Func<string, DateOnly, string, string, SumKey> key
    )
    {
        foreach (var fact in facts)
        {
            switch (fact.Kind)
            {
                case FactKind.Promised:
                    sums.Add(key(SumKind.Promised, fact.Day, "", ""), fact.Amount, 1);
                    break;
                case FactKind.Disputed:
                    sums.Add(key(SumKind.Disputed, fact.Day, "", ""), openAt(fact.At), 1);
                    break;
                default:
                    break;
            }
        }

        // A promise that was judged again counts as it was judged last.
        foreach (
            var judged in facts
                .Where(each => each.Kind == FactKind.Judged)
                .GroupBy(each => each.Payment)
                .Select(same => same.MaxBy(each => (each.At, each.EventId.Value))!)
        )
        {
            sums.Add(key(SumKind.Judged, judged.Day, judged.Means, ""), judged.Amount, 1);
            sums.Add(key(SumKind.Kept, judged.Day, judged.Means, ""), judged.Part, 1);
        }
    }

    /// <summary>What changes how much is open.</summary>
    private sealed record Movement(DateTimeOffset At, DateOnly Day, decimal Amount, string Source)
    {
        /// <summary>Whether it was paid with the sale.</summary>
        public bool IsWithSale { get; init; }
    }
}
