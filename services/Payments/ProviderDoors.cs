using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>How sellers' accounts with providers are kept over HTTP, and where providers tell us what happened.</summary>
internal static class ProviderDoors
{
    // What is over the limit is read so far and dropped: whoever sends a little too much is told so.
    private const int MostRead = 4 * HearProvider.MostBytes;

    /// <summary>Who keeps accounts, asks providers, and hears and books what they tell; providers themselves are added beside.</summary>
    internal static void AddProviders(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProviderNames>();
        builder.Services.AddSingleton<ProviderSeal>();
        builder.Services.AddSingleton<OpenProviders>();
        builder.Services.AddSingleton<KeepProvider>();
        builder.Services.AddSingleton<ListProviders>();
        builder.Services.AddSingleton<AskProviders>();
        builder.Services.AddSingleton<AskPayouts>();
        builder.Services.AddSingleton(services =>
        {
            var pace = services.GetRequiredService<CheckoutPace>();
            return new NoticeRush(pace.NoticesRush, pace.NoticesPatience, services.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton<HearProvider>().AddSingleton<KeepNotices>();
        builder.Services.AddSingleton<ListRefusedNotices>();
        builder.Services.AddSingleton<ApplyNotices>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ApplyNotices>());
        builder.Services.AddHostedService<SweepNotices>();
    }

    internal static async Task<IResult> Keep(
        string provider,
        Caller caller,
        Body<KeepProvider.Request> body,
        KeepProvider slice,
        CancellationToken token
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await slice.HandleAsync(caller.SellerId, provider, body.Content.Value, token)).ToResult(kept =>
                kept.IsNew ? Results.Created((string?)null, kept.Provider) : Results.Ok(kept.Provider)
            );

    internal static async Task<IResult> List(Caller caller, ListProviders slice, CancellationToken token) =>
        Results.Ok(await slice.HandleAsync(caller.SellerId, token));

    internal static async Task<IResult> Disable(string provider, Caller caller, KeepProvider slice, CancellationToken token) =>
        (await slice.DisableAsync(caller.SellerId, provider, token)).ToResult(_ => Results.NoContent());

    internal static async Task<IResult> ListRefused(
        Caller caller,
        string? cursor,
        int? limit,
        ListRefusedNotices slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller.SellerId, cursor, limit, token)).ToResult(page => Results.Ok(page));

    /// <summary>A provider's notice: taken as it comes, whoever sends it; only its signature tells whether it is believed.</summary>
    internal static async Task<IResult> Hear(string provider, HttpContext http, HearProvider slice)
    {
        var token = http.RequestAborted;
        if (await ReadAsync(http.Request, token) is not { } body)
        {
            return DoorFaults.TooLarge.With(HearProvider.MostBytes).ToResult();
        }

        var request = new ProviderRequest
        {
            Body = body,
            Headers = http
                .Request.Headers.Where(header => header.Key is not ("Authorization" or "Cookie"))
                .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal),
            Query = http.Request.Query.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.Ordinal),
        };
        var heard = await slice.HandleAsync(provider, request, http.Connection.RemoteIpAddress?.ToString(), token);
        return heard.ToResult(_ => Results.Text("{}", "application/json"));
    }

    /// <summary>The body as it came; nothing where it is over the limit.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken token)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int count; (count = await request.Body.ReadAsync(chunk, token)) > 0; )
        {
            await buffer.WriteAsync(chunk.AsMemory(0, count), token);
            if (buffer.Length > MostRead)
            {
                return null;
            }
        }

        return buffer.Length <= HearProvider.MostBytes ? buffer.ToArray() : null;
    }
}
