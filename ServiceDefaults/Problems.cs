using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Whatever goes wrong is answered as problem+json with a stable code: what a client sent never as a 500.</summary>
internal static partial class Problems
{
    internal static void AddProblems(this WebApplicationBuilder builder) => builder.Services.AddExceptionHandler<Answer>();

    internal static void UseProblems(this WebApplication app)
    {
        // The handler below answers everything; the delegate satisfies the middleware, which wants a way of its own.
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var isApi = http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
            if (!isApi)
            {
                return;
            }

            var fault = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => DoorFaults.NotFound.With(),
                StatusCodes.Status405MethodNotAllowed => DoorFaults.BadRequest.With("this address does not take that method"),
                StatusCodes.Status415UnsupportedMediaType => DoorFaults.WrongType.With("application/json"),
                _ => DoorFaults.BadRequest.With(""),
            };
            // HTTP's own status stays (405, 415): the problem only says it in words and with a code.
            await fault.ToResult(http.Response.StatusCode).ExecuteAsync(http);
        });
    }

    private sealed partial class Answer(ILogger<Answer> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (httpContext.RequestAborted.IsCancellationRequested)
            {
                httpContext.Response.StatusCode = 499;
                return true;
            }

            var fault = exception switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => DoorFaults.TooLarge.With(
                    ServiceDefaults.BodyLimit
                ),
                BadHttpRequestException bad when Unbound().Match(bad.Message) is { Success: true } unbound => DoorFaults.BadParameter.At(
                    unbound.Groups[1].Value,
                    unbound.Groups[1].Value,
                    unbound.Groups[2].Value
                ),
                BadHttpRequestException bad => DoorFaults.BadRequest.With(bad.Message),
                JsonException json => DoorFaults.NotJson.With(json.Message),
                InvalidDataException data => DoorFaults.BadRequest.With(data.Message),
                _ when Resilience.IsPassing(exception) => DoorFaults.Away.With() with { RetryAfter = 2 },
                _ => null,
            };
            if (fault is null)
            {
                LogSurprise(exception, httpContext.Request.Method, HidePathSecrets.In(httpContext.Request.Path));
                await Surprise.With().ToResult(StatusCodes.Status500InternalServerError).ExecuteAsync(httpContext);
                return true;
            }

            await fault.ToResult().ExecuteAsync(httpContext);
            return true;
        }

        [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from \"(.*)\"", RegexOptions.Singleline)]
        private static partial Regex Unbound();

        private static readonly FaultCode Surprise = new(
            "BUG-01",
            FaultKind.Unavailable,
            "Something went wrong on our side. The log has it under this traceId.",
            "Algo ha fallado por nuestra parte. El registro lo guarda con este traceId."
        );

        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} ended in a surprise")]
        private partial void LogSurprise(Exception exception, string method, string path);
    }
}

/// <summary>What is away is UNAVAILABLE to a calling service, so that its retries hold.</summary>
internal sealed class RpcFaults : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        StoresAtDoors.Check(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException && Resilience.IsPassing(exception))
        {
            throw DoorFaults.Away.With().ToRpc();
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        StoresAtDoors.Check(context);
        return continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        StoresAtDoors.Check(context);
        return continuation(requestStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        StoresAtDoors.Check(context);
        return continuation(requestStream, responseStream, context);
    }
}
