using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>A link that the seller can send to a customer, to pay in one go everything that is open whenever it is opened.</summary>
public sealed class MakeCustomerLink(KeepCustomerKey keys, SignPaymentLinks links)
{
    /// <summary>Makes it.</summary>
    public async Task<Outcome<MakePaymentLink.Answer>> HandleAsync(Caller caller, CustomerId customer, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("MakeCustomerLink");
        if (await keys.HandleAsync(caller.SellerId, customer, token) is not { } key)
        {
            return PaymentsFaults.NoCustomer.With(customer) with { RetryAfter = 1 };
        }

        var (url, expiresAt) = links.MakeForCustomer(caller.SellerId, key);
        return new MakePaymentLink.Answer(url, expiresAt);
    }
}
