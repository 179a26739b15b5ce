using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polly;
using Polly.Retry;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>The named pipelines; a slice asks for one by name from ResiliencePipelineProvider.</summary>
public static class Resilience
{
    /// <summary>Waits for something at start, for as long as it takes.</summary>
    public const string Start = "start";

    /// <summary>Whether waiting and trying again can help.</summary>
    public static bool IsPassing(Exception exception) =>
        exception
            is NpgsqlException { IsTransient: true }
                or NpgsqlException { InnerException: IOException or SocketException or TimeoutException }
                or SocketException
                or PostgresException
                {
                    SqlState: PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.CannotConnectNow
                        or PostgresErrorCodes.SerializationFailure
                        or PostgresErrorCodes.DeadlockDetected
                        or PostgresErrorCodes.TooManyConnections
                }
                or Grpc.Core.RpcException
                {
                    StatusCode: Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.DeadlineExceeded or Grpc.Core.StatusCode.Cancelled
                };

    internal static void AddResilience(this IServiceCollection services) =>
        services.AddResiliencePipeline(
            Start,
            pipeline =>
                pipeline.AddRetry(
                    new RetryStrategyOptions
                    {
                        ShouldHandle = new PredicateBuilder().Handle<Exception>(IsPassing),
                        MaxRetryAttempts = int.MaxValue,
                        Delay = TimeSpan.FromMilliseconds(100),
                        MaxDelay = TimeSpan.FromSeconds(2),
                        BackoffType = DelayBackoffType.Exponential,
                    }
                )
        );
}
