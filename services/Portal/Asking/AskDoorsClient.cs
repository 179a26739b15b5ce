using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace RetailInvoicing.Portal.Asking;

/// <summary>The client of the services' doors.</summary>
public static class AskDoorsClient
{
    /// <summary>Found by service discovery; what only asks is asked again while a service is away.</summary>
    public static void AddAskDoors(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services
            .AddHttpClient<AskDoors>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
            .AddServiceDiscovery()
            .AddResilienceHandler(
                "doors",
                pipeline =>
                {
                    var again = new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(100) };
                    again.DisableForUnsafeHttpMethods();
                    pipeline.AddRetry(again);
                }
            );
    }
}
