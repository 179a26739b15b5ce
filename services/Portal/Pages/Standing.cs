using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Portal.Pages;

/// <summary>How an invoice stands towards being paid.</summary>
public enum StandingKind
{
    /// <summary>Nothing is open.</summary>
    Paid,

    /// <summary>Something is open and not late.</summary>
    Due,

    /// <summary>Something is open past its due date.</summary>
    Overdue,

    /// <summary>It gives money back.</summary>
    Credit,

    /// <summary>It should never have been.</summary>
    Cancelled,

    /// <summary>Payments does not answer, and the invoice alone does not tell.</summary>
    Unknown,
}

/// <summary>What is open of an invoice, as of a day in the seller's zone.</summary>
public sealed record Standing
{
    /// <summary>How it stands.</summary>
    public required StandingKind Kind { get; init; }

    /// <summary>What is open; nothing where that is not known.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>What is on its way.</summary>
    public decimal InFlight { get; init; }

    /// <summary>The day the last of it was paid.</summary>
    public DateOnly? PaidOn { get; init; }

    /// <summary>When it is or was due.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>
    /// The standing by what Payments says; by the invoice alone where Payments has not heard of it yet; unknown where Payments is away
    /// and something was open at issue.
    /// </summary>
    public static Standing Of(InvoiceBody invoice, Balance? balance, bool paymentsAway, DateOnly today, TimeZoneInfo zone)
    {
        var due = balance is null ? invoice.Totals.AmountDue : DecimalOf(balance.AmountDue);
        var kind =
            invoice.Status == InvoiceStatus.Cancelled ? StandingKind.Cancelled
            : invoice.Totals.TotalWithVat < 0 ? StandingKind.Credit
            : due <= 0 ? StandingKind.Paid
            : balance is null && paymentsAway ? StandingKind.Unknown
            : invoice.DueDate < today ? StandingKind.Overdue
            : StandingKind.Due;
        return new Standing
        {
            Kind = kind,
            AmountDue = kind is StandingKind.Due or StandingKind.Overdue ? due : 0m,
            InFlight = balance is null ? 0m : DecimalOf(balance.InFlight),
            PaidOn = kind == StandingKind.Paid ? LastPaid(invoice, balance, zone) : null,
            DueDate = invoice.DueDate,
        };
    }

    /// <summary>The style of its chip.</summary>
    public string Style =>
        Kind switch
        {
            StandingKind.Paid => "paid",
            StandingKind.Overdue => "overdue",
            StandingKind.Cancelled => "failed",
            StandingKind.Credit => "credit",
            _ => "due",
        };

    /// <summary>Decimal text of another service; nothing where it is none.</summary>
    public static decimal DecimalOf(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0m;

    private static DateOnly? LastPaid(InvoiceBody invoice, Balance? balance, TimeZoneInfo zone)
    {
        var dates = (balance?.Payments ?? []).Select(payment => DayOf(payment.ReceivedAt, zone)).OfType<DateOnly>().ToList();
        return dates.Count > 0 ? dates.Max()
            : invoice.Payments.Count > 0 ? invoice.OperationDate
            : null;
    }

    /// <summary>The day of an instant in a zone.</summary>
    public static DateOnly? DayOf(string instant, TimeZoneInfo zone) =>
        DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime)
            : null;
}

/// <summary>The seller's clock, where the seller could be asked; Madrid's otherwise.</summary>
public static class Zones
{
    /// <summary>The zone by its IANA name.</summary>
    public static TimeZoneInfo Of(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    /// <summary>The day there.</summary>
    public static DateOnly DayAt(DateTimeOffset now, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
}
