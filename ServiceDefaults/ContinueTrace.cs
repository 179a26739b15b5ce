using System.Diagnostics;
using MassTransit;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// What a message causes belongs to the trace that its header traceparent names: a till that is not .NET sends that one only, and
/// MassTransit reads a header of its own.
/// </summary>
internal sealed class ContinueTrace(string queue) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        using var activity =
            ActivityContext.TryParse(context.Headers.Get<string>("traceparent"), null, out var parent)
            && Activity.Current?.TraceId != parent.TraceId
                ? Telemetry.Source.StartActivity($"consume {queue}", ActivityKind.Consumer, parent)
                : null;
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("continue-trace");
}
