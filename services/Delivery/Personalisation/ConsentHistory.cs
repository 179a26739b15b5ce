using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What consent is given for.</summary>
public static class ConsentPurpose
{
    /// <summary>Offers beside invoices: campaigns, coupons, products that go with what was bought.</summary>
    public const string Offers = "offers";
}

/// <summary>What a person said once about one purpose, where and when.</summary>
public sealed record ConsentWord
{
    /// <summary>Its place in the order that we were told in.</summary>
    public long ConsentId { get; init; }

    /// <summary>The customer who said it, where it is known which.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The address it is about; every address of the customer where absent.</summary>
    public string? Email { get; init; }

    /// <summary>offers.</summary>
    public required string Purpose { get; init; }

    /// <summary>Yes, or no more.</summary>
    public required bool Granted { get; init; }

    /// <summary>Where it was said.</summary>
    public required string Source { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When we were told.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Whether a person may be sent offers: only where the last that was said is yes.</summary>
public static class ConsentHistory
{
    /// <summary>
    /// A yes that names an address holds for that address alone, one that names none for the customer at every address. A no holds for
    /// its address and for its customer, and wins over every yes that is not later than it: of a customer that the mail does not name
    /// too, where it was that customer's yes.
    /// </summary>
    public static bool Allows(IEnumerable<ConsentWord> words, string purpose, CustomerId? customer, string? email)
    {
        var said = words.Where(each => string.Equals(each.Purpose, purpose, StringComparison.Ordinal)).ToList();
        return said.Exists(yes =>
            yes.Granted
            && Grants(yes, customer, email)
            && !said.Exists(no => !no.Granted && no.At >= yes.At && (IsOf(no, customer) || IsOf(no, yes.CustomerId) || IsFor(no, email)))
        );
    }

    private static bool Grants(ConsentWord word, CustomerId? customer, string? email) =>
        word.Email is null ? IsOf(word, customer) : IsFor(word, email);

    private static bool IsOf(ConsentWord word, CustomerId? customer) =>
        customer is { } who && word.CustomerId is { } whose && string.Equals(who.Value, whose.Value, StringComparison.Ordinal);

    private static bool IsFor(ConsentWord word, string? email) =>
        email is not null && string.Equals(word.Email, email, StringComparison.OrdinalIgnoreCase);
}
