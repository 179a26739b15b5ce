namespace RetailInvoicing.Payments.Providers;

/// <summary>A provider whose notice of a payout does not say what it kept, and which says so when it is asked.</summary>
public interface ITellsPayouts
{
    /// <summary>
    /// The payout with what the provider kept of the payments in it: the same fact as the notice's. None where it has not been paid out.
    /// Throws where the provider did not answer.
    /// </summary>
    Task<PaidOut?> AskPayoutAsync(ProviderAccount account, string payout, CancellationToken cancellationToken);
}
