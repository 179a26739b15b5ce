using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A customer with everything open, and what was said before: all that bears on writing now.</summary>
public sealed record CustomerState
{
    /// <summary>What is open, by due date.</summary>
    public required IReadOnlyList<OpenItem> Items { get; init; }

    /// <summary>The steps of those that were looked at, by name.</summary>
    public required IReadOnlyDictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>> Known { get; init; }

    /// <summary>When the customer was written to, the earliest first; a message that is about to go counts as now.</summary>
    public required IReadOnlyList<DateTimeOffset> Messages { get; init; }

    /// <summary>Channels and addresses, in lower case, that messages came back from.</summary>
    public required IReadOnlySet<(string Channel, string Address)> Closed { get; init; }

    /// <summary>The seller's policies in force.</summary>
    public required IReadOnlyList<Policy> Policies { get; init; }
}

/// <summary>A step of an invoice, and what is decided about it.</summary>
public sealed record DecidedStep(OpenItem Item, Policy Policy, StepDecision Decision);

/// <summary>A message that is to go now: by one channel, to one address, in one currency.</summary>
public sealed record PlannedMessage(string Channel, string Recipient, IReadOnlyList<DecidedStep> Steps)
{
    /// <summary>The step whose words it takes: the strictest.</summary>
    public PolicyStep Words => Steps.MaxBy(each => each.Decision.Step.Strictness)!.Decision.Step;
}

/// <summary>
/// What is done about a customer now: whatever is due at the same time goes in one message, and no more messages than the strictest of the
/// policies lets through.
/// </summary>
public sealed record CustomerPlan
{
    /// <summary>For what nothing but a fact can change it is still looked again, so that nothing is forgotten by whoever told no fact.</summary>
    public static readonly TimeSpan LookAnyway = TimeSpan.FromDays(1);

    /// <summary>A message tells of at most so many invoices: Delivery takes no more than some thousand, and nobody reads them.</summary>
    public const int MostInOne = 500;

    /// <summary>Messages to send.</summary>
    public required IReadOnlyList<PlannedMessage> Messages { get; init; }

    /// <summary>Steps that wait although their time has come, and steps that are over without having gone.</summary>
    public required IReadOnlyList<DecidedStep> Others { get; init; }

    /// <summary>When the customer is looked at again; never, where absent, until a fact is told.</summary>
    public DateTimeOffset? NextLook { get; init; }

    /// <summary>Invoices that no policy of the seller is for.</summary>
    public IReadOnlyList<OpenItem> WithoutPolicy { get; init; } = [];

    /// <summary>Decides.</summary>
    public static CustomerPlan Of(CustomerState customer, DateTimeOffset now)
    {
        var (sends, others, without) = (new List<DecidedStep>(), new List<DecidedStep>(), new List<OpenItem>());
        var look = default(DateTimeOffset?);
        foreach (var item in customer.Items)
        {
            if (Policy.For(item, customer.Policies) is not { } policy)
            {
                without.Add(item);
                continue;
            }

            var known = customer.Known.GetValueOrDefault(item.InvoiceId);
            if (known?.Values.Any(step => step.IsUnderWay) == true)
            {
                // It has a message on its way; whoever sends that decides again before it goes.
                continue;
            }

            foreach (var decision in Due.Of(item, policy, known, customer.Messages, customer.Closed, now))
            {
                Sort(new DecidedStep(item, policy, decision));
            }
        }

        var (messages, sent) = (new List<PlannedMessage>(), customer.Messages.ToList());
        foreach (var steps in sends.GroupBy(KeyOf).SelectMany(group => group.Chunk(MostInOne)))
        {
            var free = steps.Max(step => step.Policy.Cap?.FreeAt(now, sent) ?? now);
            if (free > now)
            {
                foreach (var step in steps)
                {
                    Sort(step with { Decision = step.Decision with { Verdict = StepVerdict.Wait, Until = free, Reason = StepReason.Cap } });
                }

                continue;
            }

            var (channel, recipient) = (steps[0].Decision.Channel!, steps[0].Decision.Recipient!);
            messages.Add(new PlannedMessage(channel, recipient, steps));
            sent.Add(now);
        }

        return new CustomerPlan
        {
            Messages = messages,
            Others = others,
            NextLook = look,
            WithoutPolicy = without,
        };

        void Sort(DecidedStep step)
        {
            switch (step.Decision)
            {
                case { Verdict: StepVerdict.Send }:
                    sends.Add(step);
                    break;
                case { Verdict: StepVerdict.Skip }:
                    others.Add(step);
                    break;
                case var waits:
                    var until = waits.Until ?? now + LookAnyway;
                    look = look is { } earlier && earlier < until ? earlier : until;
                    if (waits.Reason is not (StepReason.NotYet or StepReason.NoZone))
                    {
                        others.Add(step);
                    }

                    break;
            }
        }
    }

    private static (string Channel, string Recipient, Currency Currency, InvoiceId? Alone) KeyOf(DecidedStep step) =>
        (
            step.Decision.Channel!,
            step.Decision.Recipient!.ToLowerInvariant(),
            step.Item.Currency,
            step.Policy.Consolidate ? null : step.Item.InvoiceId
        );
}
