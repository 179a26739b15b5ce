using System.Globalization;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>What the bank knows a seller by who collects by direct debit, and how early it wants the file.</summary>
public sealed record DirectDebitSettings
{
    private const int MostDaysAhead = 366;

    /// <summary>AT-02, given by the seller's country.</summary>
    public required string CreditorId { get; init; }

    /// <summary>Who collects.</summary>
    public required string Name { get; init; }

    /// <summary>Where the money goes.</summary>
    public required string Iban { get; init; }

    /// <summary>The bank, where it was said.</summary>
    public string? Bic { get; init; }

    /// <summary>How many TARGET2 days before the collection the bank wants the file.</summary>
    public required int LeadDays { get; init; }

    /// <summary>The day of the collection where that day is asked for: the next on which banks settle; too early is refused.</summary>
    public Outcome<DateOnly> DayFor(DateOnly asked, DateOnly today)
    {
        if (asked > today.AddDays(MostDaysAhead))
        {
            return PaymentsFaults.CollectTooLate.At("collectOn", Text(today.AddDays(MostDaysAhead)));
        }

        var earliest = TargetDays.After(today, LeadDays);
        var day = asked < today ? asked : TargetDays.OnOrAfter(asked);
        return day < earliest ? PaymentsFaults.CollectTooEarly.At("collectOn", Text(earliest), LeadDays) : day;
    }

    /// <summary>A day as wires write it.</summary>
    internal static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
