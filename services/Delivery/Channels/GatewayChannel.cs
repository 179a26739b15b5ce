using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>
/// The way out for short messages: each goes to its own seller's gateway, as it is set up at that moment. One that is off meanwhile refuses
/// it, and it goes out on the next channel.
/// </summary>
public sealed class GatewayChannel(OpenGateway open, AskGateway ask) : Channel
{
    /// <summary>Nothing to make sure of: a gateway that is away puts off its own messages and nobody else's.</summary>
    public override Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override async Task<HandOver> SendAsync(WrittenMessage message, CancellationToken cancellationToken)
    {
        if (message is not WrittenShort written || !TransmissionId.TryParse(written.Key, out var transmission))
        {
            throw new InvalidOperationException($"a transmission's short message is wanted, not a {message.GetType().Name}");
        }

        Outcome<OpenedGateway> gateway;
        try
        {
            gateway = await open.OfAsync(transmission, cancellationToken);
        }
        catch (Exception away) when (Resilience.IsPassing(away))
        {
            return new HandOver(HandOverEnd.Deferred, $"AWAY-01 {away.Message}");
        }

        return gateway.Refused(out var fault)
            ? new HandOver(HandOverEnd.Refused, $"{fault.Code.Code} {fault.In(null)}")
            : await ask.RunAsync(gateway.Value, written, cancellationToken);
    }

    /// <inheritdoc />
    public override Task RestAsync() => Task.CompletedTask;
}
