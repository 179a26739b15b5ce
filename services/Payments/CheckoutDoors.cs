using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is under way at providers, over HTTP, and who looks after it.</summary>
internal static class CheckoutDoors
{
    /// <summary>Who begins checkouts, asks about them, and books what became of them.</summary>
    internal static void AddCheckouts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(CheckoutPace.From(builder.Configuration));
        builder.Services.AddSingleton<OfferMeans>();
        builder.Services.AddSingleton<StartCheckout>();
        builder.Services.AddSingleton<ConcludeCheckout>();
        builder.Services.AddSingleton<AskCheckout>();
        builder.Services.AddSingleton<SeeCheckout>();
        builder.Services.AddSingleton<ListCheckouts>();
        builder.Services.AddSingleton<SweepCheckouts>();
        builder.Services.AddSingleton<GiveRefunds>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SweepCheckouts>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<GiveRefunds>());
    }

    internal static async Task<IResult> List(
        Caller caller,
        string? state,
        string? invoiceId,
        string? cursor,
        int? limit,
        ListCheckouts slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller.SellerId, state, invoiceId, cursor, limit, token)).ToResult(page => Results.Ok(page));
}
