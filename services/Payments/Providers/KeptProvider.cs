using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>A seller's account with a provider as its answer shows it: without what opens it.</summary>
public sealed record KeptProvider
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider calls the account.</summary>
    public required string AccountId { get; init; }

    /// <summary>test or live.</summary>
    public required string Environment { get; init; }

    /// <summary>What can be paid with there.</summary>
    public required IReadOnlyList<PaymentMeans> Means { get; init; }

    /// <summary>The seller's order.</summary>
    public required short Place { get; init; }

    /// <summary>Whether anything new begins there.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What may be shown.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Whether secrets are kept.</summary>
    public required bool HasSecrets { get; init; }

    /// <summary>Whether they open with the operator's key; where they do not, give them anew.</summary>
    public required bool Opens { get; init; }

    /// <summary>Where the provider is to send its notices.</summary>
    public required string WebhookUrl { get; init; }

    /// <summary>When it was put last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Where a provider's notices for an account go.</summary>
    public static Uri Webhook(PublicAddress address, string provider, string accountId) =>
        new($"{address.Payments}/v1/providers/{provider}/webhook?account={Uri.EscapeDataString(accountId)}");
}
