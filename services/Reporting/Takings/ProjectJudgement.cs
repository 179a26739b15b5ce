using MassTransit;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>A promise whose day is over counts as it stands.</summary>
public sealed class ProjectJudgement(KeepFacts facts) : IConsumer<PromiseJudged>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-project-judgement";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<PromiseJudged> context) =>
        facts.KeepAsync(context.Message, context.Message.JudgedAt, context.CancellationToken);
}
