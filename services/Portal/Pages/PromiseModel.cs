using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Pages;

/// <summary>A customer's word to pay an invoice on a day.</summary>
public sealed record PromiseModel
{
    /// <summary>A customer's own word reaches so far, as Collections takes it.</summary>
    public const int MostDays = 31;

    /// <summary>The invoice.</summary>
    public required InvoiceBody Invoice { get; init; }

    /// <summary>Its page.</summary>
    public required string Href { get; init; }

    /// <summary>What is open.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>Today, by the seller's clock.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The day that was chosen.</summary>
    public DateOnly? Chosen { get; init; }

    /// <summary>Whether that is no day that can be promised.</summary>
    public bool BadDay { get; init; }

    /// <summary>Whether a promise stands already, or nothing can be promised.</summary>
    public bool NothingLeft { get; init; }

    /// <summary>Whether the shop has the word.</summary>
    public bool Made { get; init; }

    /// <summary>The last day that can be promised.</summary>
    public DateOnly LastDay => Today.AddDays(MostDays);

    /// <summary>Whether that day can be promised.</summary>
    public bool Takes(DateOnly day) => day >= Today && day <= LastDay;
}
