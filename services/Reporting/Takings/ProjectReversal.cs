using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>Money that was taken back from us is off what came.</summary>
public sealed class ProjectReversal(KeepFacts facts) : IConsumer<PaymentReversed>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-reversal";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PaymentReversed> context) =>
        facts.KeepAsync(context.Message, context.Message.ReversedAt, context.CancellationToken);
}
