using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A notice is held against what came after it.</summary>
public sealed class ProjectNotice(KeepFacts facts) : IConsumer<DunningNoticeIssued>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-notice";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<DunningNoticeIssued> context) =>
        facts.KeepAsync(context.Message, context.Message.IssuedAt, context.CancellationToken);
}
