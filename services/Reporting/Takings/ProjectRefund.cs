using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>Money that was given back is off what came.</summary>
public sealed class ProjectRefund(KeepFacts facts) : IConsumer<PaymentRefunded>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-refund";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PaymentRefunded> context) =>
        facts.KeepAsync(context.Message, context.Message.RefundedAt, context.CancellationToken);
}
