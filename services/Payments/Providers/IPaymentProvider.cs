using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// A payment provider in our words. It keeps nothing and decides nothing: it says ours in its wire's terms, and what it hears as facts.
/// Whatever it cannot know it says so (<see cref="CheckoutState.Open"/>, <see cref="RefundState.Asked"/>), and is asked again later.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Its name in addresses, tables and accounts, such as stripe.</summary>
    string Name { get; }

    /// <summary>What can be paid with, in the order in which it is offered.</summary>
    IReadOnlyList<PaymentMeans> Means { get; }

    /// <summary>
    /// The account that a seller's settings and secrets make, or why they make none; <paramref name="environment"/> is test or live.
    /// </summary>
    Outcome<ProviderAccount> Account(
        SellerId seller,
        string environment,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string> secrets
    );

    /// <summary>
    /// Begins a checkout at the provider: where the payer is sent. The same checkout again begins nothing anew: its id goes along as
    /// the idempotency key. Throws where the provider did not answer, so that nobody knows whether it began.
    /// </summary>
    Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken);

    /// <summary>What became of a checkout, from the provider's own books. Throws where it did not answer.</summary>
    Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that nobody can pay it any more, where the provider can: what it says then is what became of it. Throws where it did not
    /// answer.
    /// </summary>
    Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken);

    /// <summary>
    /// Gives money back; the same refund again gives nothing more: its id goes along as the idempotency key. Throws where the provider did
    /// not answer.
    /// </summary>
    Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken);

    /// <summary>Which account a notice says it is for, before anything of it is believed; none where it says nothing.</summary>
    string? AddressedTo(ProviderRequest request);

    /// <summary>
    /// The notice, where its signature is the account's and its time is near <paramref name="now"/>; else the fault that says which of them
    /// is wrong. Pure: it asks nobody.
    /// </summary>
    Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now);
}
