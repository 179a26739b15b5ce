using Grpc.Core;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>
/// Asks another service on behalf of whoever reads the page. Away and not-yours are answers that a page can say in words; a page with
/// several parts still shows the others.
/// </summary>
public sealed partial class Ask(ServiceCredentials credentials, PortalOptions options, ILogger<Ask> log)
{
    /// <summary>The answer, or why there is none.</summary>
    public async Task<Outcome<T>> ForAsync<T>(
        string service,
        OnBehalfOf behalf,
        Func<CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Patience);
        try
        {
            using var asked = call(new CallOptions(credentials.For(service, behalf), cancellationToken: patience.Token));
            return await asked.ResponseAsync;
        }
        catch (RpcException refused) when (!cancellationToken.IsCancellationRequested)
        {
            switch (refused.StatusCode)
            {
                // Whether it exists and is another's, or does not, is the same to whoever asks.
                case StatusCode.NotFound or StatusCode.PermissionDenied or StatusCode.OutOfRange:
                    return PortalFaults.NotFound.With();
                case StatusCode.InvalidArgument:
                    return PortalFaults.BadRequest.With();
                case StatusCode.FailedPrecondition or StatusCode.AlreadyExists:
                    LogRefused(service, refused.Status.Detail);
                    return PortalFaults.NoDocument.With();
                case StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.ResourceExhausted:
                    LogAway(service, refused.StatusCode);
                    return PortalFaults.Away.With();
                default:
                    // Its mistake, not ours: it has written it down under the same trace, and the page shows the rest.
                    LogBroken(refused, service);
                    return PortalFaults.Away.With();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} is away ({Status}); the page says so")]
    private partial void LogAway(string service, StatusCode status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} refused: {Why}")]
    private partial void LogRefused(string service, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} answered with a fault of its own")]
    private partial void LogBroken(Exception exception, string service);
}
