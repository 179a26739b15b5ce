namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>What an operator may set of Stripe (configuration section Stripe).</summary>
public sealed record StripeOptions
{
    private static readonly Uri Own = new("https://api.stripe.com");

    /// <summary>Where its API is asked, such as a simulator's address; Stripe's own where nothing is said.</summary>
    public Uri? ApiAddress { get; init; }

    /// <summary>How long an answer may take, its body included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the configuration says.</summary>
    public static StripeOptions From(IConfiguration configuration) =>
        configuration.GetSection("Stripe").Get<StripeOptions>() ?? new StripeOptions();

    // Paths are put behind it as they are.
    internal string Base => (ApiAddress ?? Own).AbsoluteUri.TrimEnd('/');
}
