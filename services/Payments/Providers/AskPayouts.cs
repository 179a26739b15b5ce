using System.Collections.Concurrent;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Checkouts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// What a payout is made of takes a question for each hundred payments in it: it is asked beside the booking, which waits for it a little,
/// goes on with everything else, and takes it up when it is there.
/// </summary>
public sealed class AskPayouts(AskProviders ask, CheckoutPace pace, IHostApplicationLifetime life)
{
    private readonly ConcurrentDictionary<(SellerId Seller, string Provider, string FactId), Lazy<Task<PaidOut>>> _asked = new();

    /// <summary>The payout with what the provider kept; throws where that is still being asked or the provider did not answer.</summary>
    public async Task<PaidOut> RunAsync(ProviderAccount account, PaidOut told, CancellationToken cancellationToken)
    {
        var key = (account.SellerId, account.Provider, told.FactId);
        var asking = _asked
            .GetOrAdd(key, _ => new Lazy<Task<PaidOut>>(() => ask.PayoutAsync(account, told, life.ApplicationStopping)))
            .Value;
        try
        {
            return await asking.WaitAsync(pace.PayoutWaits, cancellationToken);
        }
        catch (TimeoutException) when (!asking.IsCompleted)
        {
            throw new StillAsked($"what payout {told.Reference} is made of is still being asked");
        }
        finally
        {
            if (asking.IsCompleted)
            {
                _asked.TryRemove(key, out _);
            }
        }
    }
}

/// <summary>The provider is being asked, and has more to say.</summary>
public sealed class StillAsked(string what) : Exception(what);
