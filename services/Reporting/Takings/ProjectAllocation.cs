using MassTransit;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>What went to an invoice lessens what is owed for it.</summary>
public sealed class ProjectAllocation(KeepFacts facts) : IConsumer<PaymentAllocated>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-allocation";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PaymentAllocated> context) =>
        facts.KeepAsync(context.Message, context.Message.AllocatedAt, context.CancellationToken);
}
