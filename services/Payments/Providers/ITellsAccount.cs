namespace RetailInvoicing.Payments.Providers;

/// <summary>A provider that says which account a key opens: whoever has the key has the account.</summary>
public interface ITellsAccount
{
    /// <summary>
    /// What the provider calls the account that the secrets open. Throws where it did not answer, with HTTP's status where it does not take
    /// the secrets.
    /// </summary>
    Task<string> AskAccountAsync(ProviderAccount account, CancellationToken cancellationToken);
}
