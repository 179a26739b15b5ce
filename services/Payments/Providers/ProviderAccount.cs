using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>A seller's account with a provider, opened: what it is known by there, and what signs and opens.</summary>
public sealed record ProviderAccount
{
    /// <summary>Whose it is.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The provider's name, such as redsys.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider calls the account: acct_…, or the merchant code and terminal. No two sellers have the same.</summary>
    public required string AccountId { get; init; }

    /// <summary>test or live.</summary>
    public required string Environment { get; init; }

    /// <summary>What may be shown.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What may not: kept sealed, never logged, never answered.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>Without the secrets, so that no log holds them.</summary>
    public override string ToString() => $"{Provider} {AccountId} of {SellerId}";
}

/// <summary>What came to a provider's address, as it came: the bytes that were signed and the headers.</summary>
public sealed record ProviderRequest
{
    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The headers that the provider asked to be kept, by name in small letters.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The query's parameters; account names the account where the body does not.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }
}

/// <summary>A notice whose signature is right: its id, by which it counts once, and what it tells.</summary>
public sealed record ProviderNotice
{
    /// <summary>The provider's id of the notice; the same notice again has the same one.</summary>
    public required string EventId { get; init; }

    /// <summary>What it tells; nothing where it tells of what is not ours to know.</summary>
    public required IReadOnlyList<ProviderFact> Facts { get; init; }
}
