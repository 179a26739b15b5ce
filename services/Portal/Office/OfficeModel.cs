using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Portal.Office.Today;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Office;

/// <summary>The choice of someone who works for several sellers.</summary>
public sealed record OfficesModel(IReadOnlyList<StaffOf> Offices);

/// <summary>Sales of one day in one currency.</summary>
public sealed record DaySales(Money Total, long Invoices, Money Returns);

/// <summary>Sales of one shop today.</summary>
public sealed record ShopSales(string Store, Money Total, long Invoices);

/// <summary>What is owed in one currency.</summary>
public sealed record Owed(Money Open, int OpenCount, Money Overdue, int OverdueCount);

/// <summary>An invoice past its due date.</summary>
public sealed record OverdueRow(
    string InvoiceId,
    string Number,
    string? Customer,
    Money AmountDue,
    DateOnly? DueDate,
    int Days,
    int Reminders
);

/// <summary>What a seller's mails or invoice pages look like: the frame that shows it, and the ways to the other.</summary>
public sealed record PreviewModel(string Kind, string Document, string Query);

/// <summary>
/// The office's first screen. A part is null where the service that knows it does not answer; the page then says so in its place.
/// </summary>
public sealed record OfficeModel
{
    /// <summary>The seller's day.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Sold today, by currency; empty before the first sale.</summary>
    public IReadOnlyList<DaySales>? Sold { get; init; }

    /// <summary>Sold on the same weekday a week ago, the whole day.</summary>
    public IReadOnlyList<DaySales>? SoldLastWeek { get; init; }

    /// <summary>Sold today by shop.</summary>
    public IReadOnlyList<ShopSales> Shops { get; init; } = [];

    /// <summary>Owed to the seller, by currency; empty where nothing is.</summary>
    public IReadOnlyList<Owed>? Owed { get; init; }

    /// <summary>What is overdue.</summary>
    public IReadOnlyList<OverdueRow>? Overdue { get; init; }

    /// <summary>Whether more is overdue than is shown.</summary>
    public bool MoreOverdue { get; init; }

    /// <summary>The latest invoices.</summary>
    public IReadOnlyList<InvoiceRow>? Latest { get; init; }

    /// <summary>Whether Payments did not answer, so that some states are not known.</summary>
    public bool PaymentsAway { get; init; }

    /// <summary>Whether the person may choose another seller.</summary>
    public bool Several { get; init; }

    /// <summary>What stands behind the addresses of the office's pages.</summary>
    public string Query { get; init; } = "";

    /// <summary>The role of who looks.</summary>
    public StaffRole? Role { get; init; }

    /// <summary>What the books say.</summary>
    public TodayBooks Books { get; init; } = new();
}
