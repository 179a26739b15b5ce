using Grpc.Core;
using Grpc.Core.Interceptors;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>No rpc waits for ever: a service that dies in the middle of a call must not keep its caller with it.</summary>
internal sealed class RpcDeadline : Interceptor
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    ) =>
        continuation(
            request,
            context.Options.Deadline is null
                ? new ClientInterceptorContext<TRequest, TResponse>(
                    context.Method,
                    context.Host,
                    context.Options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + Longest)
                )
                : context
        );
}
