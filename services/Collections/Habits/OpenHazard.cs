using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Habits;

/// <summary>A customer's chances with what it has open counted by the days that have passed without payment.</summary>
public static class OpenHazard
{
    /// <summary>The chances in the morning of that day; the items are all that the customer has open.</summary>
    public static PaymentHazard Of(
        SellerChances chances,
        Habit habit,
        IReadOnlyList<OpenItem> open,
        IReadOnlyList<PersonsAct> acts,
        DateOnly today
    )
    {
        var zone = open[0].SellerZone ?? SellerDay.UsualZone;
        var days = acts.Select(act => DayOf(act.At, zone)).ToArray();
        return chances.Customer(
            open[0].Business,
            habit,
            open.Select(item => new Exposure
            {
                From = item.IssueDate ?? DayOf(item.OpenedAt, zone),
                To = today.AddDays(-1),
                Due = item.DueDate,
                Paid = false,
                Acts = days,
            })
        );
    }

    /// <summary>The seller's date at an instant; where this machine does not know the zone, that of the usual one.</summary>
    public static DateOnly DayOf(DateTimeOffset at, string zone) => SellerDay.At(at, zone) ?? SellerDay.At(at, SellerDay.UsualZone)!.Value;
}
