using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>What is added up.</summary>
public readonly record struct SumKey
{
    /// <summary>Where no date belongs to it.</summary>
    public static readonly DateOnly NoDate = new(1970, 1, 1);

    /// <summary>Whose.</summary>
    public required SellerId Seller { get; init; }

    /// <summary>What, one of <see cref="SumKind" />.</summary>
    public required string Kind { get; init; }

    /// <summary>The day of it.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The due date of the invoice, where what is owed is added up.</summary>
    public required DateOnly Due { get; init; }

    /// <summary>How it was paid, why it was allocated, by what channel, how it stands.</summary>
    public required string Means { get; init; }

    /// <summary>Who took it; the step of a notice.</summary>
    public required string Provider { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }
}

/// <summary>An amount, and of how many.</summary>
public readonly record struct SumFigure(decimal Amount, long Count)
{
    /// <summary>Both together.</summary>
    public static SumFigure operator +(SumFigure left, SumFigure right) => new(left.Amount + right.Amount, left.Count + right.Count);

    /// <summary>The other way.</summary>
    public static SumFigure operator -(SumFigure figure) => new(-figure.Amount, -figure.Count);
}

/// <summary>The kinds of sums.</summary>
public static class SumKind
{
    /// <summary>What invoices asked for, corrective ones less.</summary>
    public const string Issued = "issued";

    /// <summary>The part of it that was not paid with the sale, of how many invoices.</summary>
    public const string OnCredit = "on-credit";

    /// <summary>What cancelled invoices had asked for, negative.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>What went to invoices, negative: what it leaves less to pay; by money, credit, difference or write-off.</summary>
    public const string Allocated = "allocated";

    /// <summary>
    /// By how much more is owed of what is due on a date, and how many invoices were open at the end of the day that were not before; both
    /// negative where it is less.
    /// </summary>
    public const string Owed = "owed";

    /// <summary>Money that came for an invoice after its sale.</summary>
    public const string Came = "came";

    /// <summary>Money that was received.</summary>
    public const string Received = "received";

    /// <summary>Money that was given back, negative.</summary>
    public const string Refunded = "refunded";

    /// <summary>Money that was taken back from us, negative.</summary>
    public const string Reversed = "reversed";

    /// <summary>Money that had left and is there again.</summary>
    public const string Regained = "regained";

    /// <summary>What providers and banks kept.</summary>
    public const string Fee = "fee";

    /// <summary>Payouts, by what became of them.</summary>
    public const string Moved = "moved";

    /// <summary>Notices and acts, and what was open when they were made.</summary>
    public const string Touch = "touch";

    /// <summary>Money that came within seven days after a notice or act, and before the next one; of how many of these.</summary>
    public const string Within7 = "within-7";

    /// <summary>The same from the eighth to the fourteenth day.</summary>
    public const string Within14 = "within-14";

    /// <summary>The same from the fifteenth to the thirtieth day.</summary>
    public const string Within30 = "within-30";

    /// <summary>Promises, and what was promised.</summary>
    public const string Promised = "promised";

    /// <summary>Promises whose day is over, by how they stand, and what had been promised.</summary>
    public const string Judged = "judged";

    /// <summary>What of these came in time.</summary>
    public const string Kept = "kept";

    /// <summary>Disputes, and what was open then.</summary>
    public const string Disputed = "disputed";
}

/// <summary>What facts add up to, each sum once.</summary>
public sealed class TakingSums
{
    private readonly Dictionary<SumKey, SumFigure> _sums = [];

    /// <summary>The sums that are not nothing.</summary>
    public IEnumerable<KeyValuePair<SumKey, SumFigure>> All => _sums.Where(sum => sum.Value != default);

    /// <summary>Whether an invoice was open at the end of any day.</summary>
    public bool IsEverOpen => _sums.Any(static sum => sum.Key.Kind == SumKind.Owed && sum.Value.Count != 0);

    /// <summary>How many sums there are.</summary>
    public int Count => _sums.Count;

    /// <summary>What everything told of one invoice, or of one payment, adds.</summary>
    public static TakingSums Of(IReadOnlyCollection<TakingFact> facts)
    {
        var sums = new TakingSums();
        var invoice = facts.Where(fact => fact.IsOfInvoice).ToArray();
        if (invoice.Length > 0)
        {
            Debt.AddTo(sums, invoice);
        }

        if (invoice.Length < facts.Count)
        {
            Purse.AddTo(sums, [.. facts.Where(fact => !fact.IsOfInvoice)]);
        }

        return sums;
    }

    /// <summary>Adds to one sum.</summary>
    public void Add(SumKey key, decimal amount, long count = 0) => Add(key, new SumFigure(amount, count));

    /// <summary>Adds what one has more than the other: what new facts change.</summary>
    public void AddChange(TakingSums before, TakingSums after)
    {
        foreach (var (key, figure) in after._sums)
        {
            Add(key, figure);
        }

        foreach (var (key, figure) in before._sums)
        {
            Add(key, -figure);
        }
    }

    private void Add(SumKey key, SumFigure figure) => _sums[key] = _sums.GetValueOrDefault(key) + figure;
}
