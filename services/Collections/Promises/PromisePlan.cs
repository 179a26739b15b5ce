using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>One part of what is due, and its day.</summary>
public sealed record Instalment
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>Whether what a customer offers is a promise, or a plan, of what it owes.</summary>
public static class PromisePlan
{
    /// <summary>A plan has at most so many instalments.</summary>
    public const int MostInstalments = 60;

    /// <summary>A word is given for at most so many days ahead.</summary>
    public const int MostDays = 1_100;

    /// <summary>A customer that gives it alone, with nobody of the seller's to agree, for at most so many.</summary>
    public const int MostDaysOfCustomer = 31;

    /// <summary>Why a single promise is none: its day is past or too far, its amount is nothing, has parts of a coin or is more than is due.</summary>
    public static Fault? Check(Instalment promise, decimal due, Currency currency, DateOnly today, int mostDays) =>
        DayFault(promise.Date, today, mostDays, "date") ?? AmountFault(promise.Amount, due, currency, "amount");

    /// <summary>Why a plan is none: no instalment, days that do not ascend or are past, amounts that do not sum to what is due.</summary>
    public static Fault? Check(IReadOnlyList<Instalment> plan, decimal due, Currency currency, DateOnly today)
    {
        if (plan.Count is 0 or > MostInstalments)
        {
            return CollectionsFaults.PlanSize.At("instalments", MostInstalments);
        }

        for (var i = 0; i < plan.Count; i++)
        {
            var path = $"instalments[{i}]";
            var fault =
                DayFault(plan[i].Date, today, MostDays, $"{path}.date") ?? AmountFault(plan[i].Amount, due, currency, $"{path}.amount");
            if (fault is not null)
            {
                return fault;
            }

            if (i > 0 && plan[i].Date <= plan[i - 1].Date)
            {
                return CollectionsFaults.PlanOrder.At($"{path}.date");
            }
        }

        var sum = plan.Sum(each => each.Amount);
        return sum == due
            ? null
            : CollectionsFaults.PlanSum.At("instalments", Money.Of(sum, currency).Amount, Money.Of(due, currency).Amount);
    }

    private static Fault? DayFault(DateOnly day, DateOnly today, int mostDays, string path) =>
        day < today ? CollectionsFaults.PromiseInThePast.At(path)
        : day.DayNumber - today.DayNumber > mostDays ? CollectionsFaults.PromiseTooFar.At(path, mostDays)
        : null;

    private static Fault? AmountFault(decimal amount, decimal due, Currency currency, string path) =>
        amount > 0m && amount <= due && amount == Money.Of(amount, currency).Amount
            ? null
            : CollectionsFaults.PromiseAmount.At(path, currency.MinorUnit, Money.Of(due, currency).Amount);
}
