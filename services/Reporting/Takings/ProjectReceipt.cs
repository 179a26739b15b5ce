using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A payment that was received adds to what came.</summary>
public sealed class ProjectReceipt(KeepFacts facts) : IConsumer<PaymentReceived>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-receipt";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PaymentReceived> context) =>
        facts.KeepAsync(context.Message, context.Message.ReceivedAt, context.CancellationToken);
}
