using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>A key's requests a second; a stream counts once. Whoever shows no key is counted by address.</summary>
internal static class RateLimits
{
    internal static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var perSecond = builder.Configuration.GetValue("RateLimits:RequestsPerSecond", 2000);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                // Our own services show a credential made for each call; it tells nothing to count by, and they are not to be slowed here.
                context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy == ServiceCredentials.Policy
                    ? RateLimitPartition.GetNoLimiter("service")
                    : RateLimitPartition.GetTokenBucketLimiter(
                        context.Request.Headers.Authorization is [{ Length: > 0 } key]
                            ? key
                            : context.Connection.RemoteIpAddress?.ToString() ?? "",
                        _ => new TokenBucketRateLimiterOptions
                        {
                            TokenLimit = perSecond,
                            TokensPerPeriod = Math.Max(1, perSecond / 10),
                            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                            AutoReplenishment = true,
                        }
                    )
            );
            limiter.OnRejected = async (rejected, _) =>
                await (DoorFaults.TooMany.With(1) with { RetryAfter = 1 }).ToResult().ExecuteAsync(rejected.HttpContext);
        });
    }
}
