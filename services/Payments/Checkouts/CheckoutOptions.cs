using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>A way to pay that is offered, and who would take the money.</summary>
public sealed record OfferedMeans
{
    /// <summary>What can be paid with.</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>The provider that would be asked first.</summary>
    public required string Provider { get; init; }
}

/// <summary>A provider that a seller has an account with: what can be paid with there, and whether it does not answer just now.</summary>
public sealed record ProviderChoice(string Provider, IReadOnlyList<PaymentMeans> Means, bool IsAway);

/// <summary>What is offered to a payer, and in which order.</summary>
public static class CheckoutOptions
{
    /// <summary>
    /// Each means once: what this customer paid with last comes first, then the seller's order; what only a provider takes that does not
    /// answer comes last.
    /// </summary>
    public static IReadOnlyList<OfferedMeans> Of(
        IReadOnlyList<ProviderChoice> providers,
        PaymentPolicy policy,
        PaymentMeans? usedLast,
        Currency currency
    ) =>
        [
            .. providers
                .SelectMany(each => each.Means)
                .Distinct()
                .Where(means => IsPossible(means, currency))
                .Select(means => (Means: means, By: Takers(providers, means)[0]))
                .OrderBy(each => each.By.IsAway)
                .ThenBy(each => each.Means != usedLast)
                .ThenBy(each => policy.PlaceOf(each.Means))
                .Select(each => new OfferedMeans { Means = each.Means, Provider = each.By.Provider }),
        ];

    /// <summary>Who takes that means, in the order in which they are asked: those that do not answer just now last.</summary>
    public static IReadOnlyList<ProviderChoice> Takers(IReadOnlyList<ProviderChoice> providers, PaymentMeans means) =>
        [.. providers.Where(each => each.Means.Contains(means)).OrderBy(each => each.IsAway)];

    /// <summary>Bizum and SEPA debits are in euros only.</summary>
    public static bool IsPossible(PaymentMeans means, Currency currency) =>
        means is not (PaymentMeans.Bizum or PaymentMeans.DirectDebit) || currency == Currency.Eur;
}
