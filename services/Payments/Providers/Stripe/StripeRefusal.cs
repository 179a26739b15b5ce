using System.Net;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>Stripe answered, and the answer is no: what was asked of it has not been done, and will not be if it is asked again.</summary>
public sealed class StripeRefusal(string message, HttpStatusCode? status, string code, string? parameter)
    : HttpRequestException(message, inner: null, status)
{
    /// <summary>Why, in Stripe's code, such as amount_too_small.</summary>
    public string Code { get; } = code;

    /// <summary>What of the request was wrong, such as expires_at.</summary>
    public string? Parameter { get; } = parameter;
}
