using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>A ticket as its holder names it: one that was mailed to it, or what is printed on the paper.</summary>
public sealed record HeldTicket
{
    /// <summary>One that was sent to the holder's address.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The seller's tax identifier, on the ticket's head.</summary>
    public string? SellerTaxId { get; init; }

    /// <summary>Its number.</summary>
    public string? Number { get; init; }

    /// <summary>Its day of issue.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Its total: whoever holds the ticket knows it, whoever counts numbers does not.</summary>
    public decimal? Total { get; init; }

    /// <summary>Whether all that is printed is said.</summary>
    public bool IsWhole => SellerTaxId is { Length: > 0 } && Number is { Length: > 0 } && Date is not null && Total is not null;
}

/// <summary>How often somebody has asked for tickets that are none, within the hour that began with the first.</summary>
public sealed record Misses(DateTimeOffset Since, int Count)
{
    /// <summary>More are too many: a person mistypes some, a program tries thousands.</summary>
    public const int Most = 30;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether that was too often.</summary>
    public bool AreTooMany(DateTimeOffset now) => Count >= Most && now - Since < Hour;

    /// <summary>Some more.</summary>
    public static Misses And(Misses? before, int more, DateTimeOffset now) =>
        before is null || now - before.Since >= Hour ? new Misses(now, more) : before with { Count = before.Count + more };
}
