using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Promises;

/// <summary>How a promise stands.</summary>
public enum PromiseStanding
{
    /// <summary>Its day is not over.</summary>
    Open,

    /// <summary>The money came in time.</summary>
    Kept,

    /// <summary>Some of it came in time.</summary>
    Partial,

    /// <summary>None came in time.</summary>
    Broken,
}

/// <summary>A day and an amount that a customer gave its word for.</summary>
public sealed record Promise
{
    /// <summary>The promise.</summary>
    public required Guid PromiseId { get; init; }

    /// <summary>The day promised; money that comes on it is in time.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The customer's zone: there its day ends.</summary>
    public required string TimeZone { get; init; }

    /// <summary>When the word was given: what was on the invoice before is not counted.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The first instant at which its day is over.</summary>
    public DateTimeOffset Ends => SellerDay.EndOf(Date, TimeZone);

    /// <summary>
    /// How the promises of one invoice stand at an instant. Money that was booked since a promise was made, and was received before its day
    /// was over, is counted once: the oldest promise has it first, of an instalment plan the earliest day. What a bank took back by then
    /// has not come.
    /// Where nothing is due any more, because it was paid, credited or given up, nothing that was promised is missing.
    /// </summary>
    public static IReadOnlyList<JudgedPromise> Standing(IReadOnlyList<Promise> promises, ReceivableHistory history, DateTimeOffset now)
    {
        var movements = history.Counting();
        var taken = new decimal[movements.Count];
        var judged = new List<JudgedPromise>();
        foreach (var promise in promises.OrderBy(each => each.MadeAt).ThenBy(each => each.Date).ThenBy(each => each.PromiseId))
        {
            var until = promise.Ends <= now ? promise.Ends.AddTicks(-1) : now;
            var came = CameBy(movements, until);
            var kept = 0m;
            for (var i = 0; i < movements.Count && kept < promise.Amount; i++)
            {
                if (movements[i].At > promise.MadeAt)
                {
                    var part = Math.Clamp(came[i] - taken[i], 0m, promise.Amount - kept);
                    taken[i] += part;
                    kept += part;
                }
            }

            var isWhole = kept >= promise.Amount || movements.Where(each => each.CountsAt <= until).Sum(each => each.Amount) <= 0m;
            var standing =
                isWhole ? PromiseStanding.Kept
                : promise.Ends > now ? PromiseStanding.Open
                : kept > 0m ? PromiseStanding.Partial
                : PromiseStanding.Broken;
            judged.Add(new JudgedPromise(promise, standing, isWhole ? promise.Amount : kept));
        }

        return judged;
    }

    /// <summary>Of each movement, how much less was due by it and stayed so until then: what is taken back was the last that had come.</summary>
    private static decimal[] CameBy(IReadOnlyList<ReceivableMovement> movements, DateTimeOffset until)
    {
        var came = new decimal[movements.Count];
        for (var i = 0; i < movements.Count && movements[i].CountsAt <= until; i++)
        {
            if (movements[i].Amount < 0m)
            {
                came[i] = -movements[i].Amount;
                continue;
            }

            var back = movements[i].Kind == ReceivableMovement.Invoice ? 0m : movements[i].Amount;
            for (var before = i - 1; before >= 0 && back > 0m; before--)
            {
                var part = Math.Min(came[before], back);
                came[before] -= part;
                back -= part;
            }
        }

        return came;
    }
}

/// <summary>A promise and what became of it so far.</summary>
public sealed record JudgedPromise(Promise Promise, PromiseStanding Standing, decimal KeptAmount);
