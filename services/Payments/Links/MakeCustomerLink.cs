using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>A link that the seller can send to a customer, to pay in one go everything that is open whenever it is opened.</summary>
public sealed class MakeCustomerLink(KeepCustomerKey keys, SignPaymentLinks links)
{
    /// <summary>Makes it.</summary>
    public Task<Outcome<MakePaymentLink.Answer>> HandleAsync(Caller caller, CustomerId customer, CancellationToken token) =>
        HandleAsync(caller.SellerId, customer, token);

    /// <summary>Makes it for a notice that Delivery writes in the seller's name.</summary>
    public async Task<Outcome<MakePaymentLink.Answer>> HandleAsync(SellerId seller, CustomerId customer, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("MakeCustomerLink");
        if (await keys.HandleAsync(seller, customer, token) is not { } key)
        {
            return PaymentsFaults.NoCustomer.With(customer) with { RetryAfter = 1 };
        }

        var (url, expiresAt) = links.MakeForCustomer(seller, key);
        return new MakePaymentLink.Answer(url, expiresAt);
    }
}
