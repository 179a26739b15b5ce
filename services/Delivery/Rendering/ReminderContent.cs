using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What a reminder is about, as Collections asked for it.</summary>
public sealed record ReminderContent
{
    /// <summary>The invoice's number; of several the first one's.</summary>
    public required string Number { get; init; }
    public string? Name { get; init; }
    public string? Language { get; init; }
    public required Currency Currency { get; init; }

    /// <summary>What is due, of all of them together.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When it is due; of several the earliest.</summary>
    public required DateOnly DueDate { get; init; }
    public required string PaymentReference { get; init; }

    /// <summary>before-due, reminder, firm or final.</summary>
    public string Template { get; init; } = "reminder";

    /// <summary>friendly, neutral or firm.</summary>
    public string Tone { get; init; } = "neutral";

    /// <summary>The invoices; none in what was asked for before there were several.</summary>
    public IReadOnlyList<ReminderItem> Items { get; init; } = [];

    /// <summary>The seller's own name for the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>Where all of it can be paid, where whoever asked said so.</summary>
    public string? PayUrl { get; init; }

    /// <summary>When it is too late to hand it over; absent where it never is.</summary>
    public DateTimeOffset? SendBefore { get; init; }

    /// <summary>Whether it is about several invoices.</summary>
    public bool IsOfSeveral => Items.Count > 1;

    /// <summary>That it is too late for it at an instant; none where it may go.</summary>
    public Fault? TooLateAt(DateTimeOffset now) =>
        SendBefore is { } before && before <= now ? DeliveryFaults.TooLate.With(before.ToString("O", CultureInfo.InvariantCulture)) : null;

    /// <summary>What is claimed beside the invoices.</summary>
    public decimal Claimed => Items.Sum(item => item.ClaimAmount ?? 0m);
}

/// <summary>One invoice of a reminder.</summary>
public sealed record ReminderItem
{
    public required InvoiceId InvoiceId { get; init; }
    public required string Number { get; init; }
    public required decimal AmountDue { get; init; }
    public required DateOnly DueDate { get; init; }
    public required string PaymentReference { get; init; }

    /// <summary>Interest and compensation for late payment, in none of the sums.</summary>
    public decimal? ClaimAmount { get; init; }

    /// <summary>Which step of it this is.</summary>
    public string Step { get; init; } = "";
}
