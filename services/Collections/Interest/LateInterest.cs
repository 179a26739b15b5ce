using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Interest;

/// <summary>Days of one rate on one amount.</summary>
public sealed record InterestPiece
{
    /// <summary>Its first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>How many.</summary>
    public required int Days { get; init; }

    /// <summary>What was owed on them.</summary>
    public required decimal Owed { get; init; }

    /// <summary>Percent a year.</summary>
    public required decimal Rate { get; init; }

    /// <summary>365, or 366 in a leap year.</summary>
    public required int DaysInYear { get; init; }

    /// <summary>Not rounded.</summary>
    public decimal Interest => Owed * Rate * Days / (100m * DaysInYear);
}

/// <summary>
/// Simple interest on what a business paid late, to the day: from the day after the due date to the day of payment, both counted, so the
/// money that comes on a day still owes for that day; days of a leap year are 366ths of it, days of another year 365ths, as Spanish courts
/// and the tax tribunal count a rate that is set by the year (TEAC 23-02-2010, STS 19-07-2007); half-years are added up unrounded and the
/// sum is rounded half away from zero to the coin. Money counts from the day it was received, however late it was booked. What a corrective
/// invoice of this invoice or a cancellation took off was never owed; another invoice's credit pays it on the day it was put on it.
/// </summary>
public sealed record LateInterest
{
    /// <summary>The first day that counts.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day that counts.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Its pieces, the earliest first.</summary>
    public required IReadOnlyList<InterestPiece> Pieces { get; init; }

    /// <summary>The sum; none where the rate of a day is not known.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The first day whose rate is not known.</summary>
    public DateOnly? UnknownFrom { get; init; }

    /// <summary>
    /// The interest on a receivable for the days from one to another, both included; never before the day after its due date.
    /// </summary>
    public static LateInterest Of(ReceivableHistory history, DateOnly from, DateOnly until, InterestRates rates, string zone) =>
        Of(
            OwedBy(history, zone),
            Latest(from, (history.Receivable.DueDate ?? until).AddDays(1)),
            until,
            rates,
            history.Receivable.Currency
        );

    /// <summary>The interest on an amount that changes: of each day, what was owed when it began.</summary>
    public static LateInterest Of(Func<DateOnly, decimal> owed, DateOnly from, DateOnly until, InterestRates rates, Currency currency)
    {
        var pieces = new List<InterestPiece>();
        for (var day = from; day <= until; day = day.AddDays(1))
        {
            var amount = owed(day);
            if (amount <= 0m)
            {
                continue;
            }

            if (rates.RateOn(day) is not { } rate)
            {
                return new LateInterest
                {
                    From = from,
                    Until = until,
                    Pieces = pieces,
                    UnknownFrom = day,
                };
            }

            // A year's end is a half-year's: one piece never lies in two years.
            if (
                pieces is [.., var last]
                && last.Until.AddDays(1) == day
                && last.Owed == amount
                && InterestRates.HalfYearOf(last.Until) == InterestRates.HalfYearOf(day)
            )
            {
                pieces[^1] = last with { Until = day, Days = last.Days + 1 };
            }
            else
            {
                pieces.Add(
                    new InterestPiece
                    {
                        From = day,
                        Until = day,
                        Days = 1,
                        Owed = amount,
                        Rate = rate,
                        DaysInYear = DateTime.IsLeapYear(day.Year) ? 366 : 365,
                    }
                );
            }
        }

        return new LateInterest
        {
            From = from,
            Until = until,
            Pieces = pieces,
            Amount = Money.Of(pieces.Sum(piece => piece.Interest), currency).Amount,
        };
    }

    /// <summary>What was owed at the beginning of each day, but for what was never owed.</summary>
    private static Func<DateOnly, decimal> OwedBy(ReceivableHistory history, string zone)
    {
        var movements = history
            .Movements()
            .Select(movement =>
                (Day: SellerDay.At(movement.CountsAt, zone) ?? DateOnly.FromDateTime(movement.CountsAt.UtcDateTime), Movement: movement)
            )
            .ToArray();
        // Credit of its own correction; where that is undone, it was owed all along.
        var never = movements
            .Where(each => each.Movement.CorrectiveInvoiceId is not null || each.Movement.Kind == ReceivableMovement.Cancellation)
            .ToArray();
        return day =>
            movements.Where(each => each.Day < day).Sum(each => each.Movement.Amount)
            + never.Where(each => each.Day >= day).Sum(each => each.Movement.Amount);
    }

    private static DateOnly Latest(DateOnly one, DateOnly other) => one > other ? one : other;
}

/// <summary>What recovering a late payment costs at the least, once an invoice and without proof (Directive 2011/7/EU art. 6).</summary>
public static class RecoveryCompensation
{
    /// <summary>Forty euros.</summary>
    public static readonly Money Amount = Money.Of(40m, Currency.Eur);
}
