using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Policies;

/// <summary>What would be sent in the days to come if nobody paid, and what would not and why.</summary>
public sealed record PolicyPreview
{
    /// <summary>From when.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How many receivables were looked at.</summary>
    public required int Receivables { get; init; }

    /// <summary>How many of them no policy is for.</summary>
    public required int WithoutPolicy { get; init; }

    /// <summary>Messages by the customers' own day, step and channel.</summary>
    public required IReadOnlyList<PreviewRow> Sent { get; init; }

    /// <summary>Steps that would wait or be left out, by reason.</summary>
    public required IReadOnlyList<PreviewReason> NotSent { get; init; }

    /// <summary>Some of the messages as examples, the first ones.</summary>
    public required IReadOnlyList<PreviewMessage> Examples { get; init; }
}

/// <summary>Messages and invoices of one day, step and channel.</summary>
public sealed record PreviewRow(DateOnly Date, string PolicyId, string Step, string Channel, int Messages, int Invoices);

/// <summary>Invoices whose step would wait or be left out for a reason.</summary>
public sealed record PreviewReason(string Step, string Outcome, string Reason, int Invoices);

/// <summary>A message that would go.</summary>
public sealed record PreviewMessage
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>By what.</summary>
    public required string Channel { get; init; }

    /// <summary>Whose it is.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>The numbers of the invoices it asks for.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>Whose words it takes.</summary>
    public required string Step { get; init; }
}

/// <summary>Plays the days to come through for one customer after the other: the same decisions, at the instants at which they fall.</summary>
public sealed class PreviewSums(DateTimeOffset from, DateTimeOffset to)
{
    private const int MostExamples = 50;

    // A customer is looked at a few times a step; more than this is none that anybody would read.
    private const int MostLooks = 1000;

    private readonly Dictionary<(DateOnly Date, string Policy, string Step, string Channel), (int Messages, int Invoices)> _sent = [];
    private readonly Dictionary<(string Step, string Outcome, string Reason), HashSet<InvoiceId>> _others = [];
    private readonly List<PreviewMessage> _examples = [];
    private int _receivables;
    private int _without;

    /// <summary>Adds what a customer would get.</summary>
    public void Add(CustomerState customer)
    {
        _receivables += customer.Items.Count;
        var known = customer.Known.ToDictionary(
            invoice => invoice.Key,
            invoice => invoice.Value.ToDictionary(step => step.Key, step => Waiting(step.Value), StringComparer.Ordinal)
        );
        var messages = customer.Messages.ToList();
        var at = from;
        for (var i = 0; i < MostLooks && at <= to; i++)
        {
            var state = customer with
            {
                Known = known.ToDictionary(each => each.Key, each => (IReadOnlyDictionary<string, StepStanding>)each.Value),
                Messages = [.. messages],
            };
            var plan = CustomerPlan.Of(state, at);
            _without += i == 0 ? plan.WithoutPolicy.Count : 0;
            foreach (var message in plan.Messages)
            {
                Count(message, at);
                messages.Add(at);
                Keep(known, message.Steps, StepState.Sent);
            }

            foreach (var other in plan.Others)
            {
                var skipped = other.Decision.Verdict == StepVerdict.Skip;
                Count(other, skipped ? "skipped" : "waits");
                Keep(known, [other], skipped ? StepState.Skipped : StepState.Planned);
            }

            if (plan.NextLook is null && plan.Messages.Count == 0)
            {
                return;
            }

            // What went changes what is next: its own look tells.
            at = plan.NextLook is { } look && look > at ? look : at + TimeSpan.FromMinutes(1);
        }
    }

    /// <summary>The preview of all that were added.</summary>
    public PolicyPreview Preview() =>
        new()
        {
            From = from,
            To = to,
            Receivables = _receivables,
            WithoutPolicy = _without,
            Sent =
            [
                .. _sent
                    .Select(each => new PreviewRow(
                        each.Key.Date,
                        each.Key.Policy,
                        each.Key.Step,
                        each.Key.Channel,
                        each.Value.Messages,
                        each.Value.Invoices
                    ))
                    .OrderBy(row => row.Date)
                    .ThenBy(row => row.PolicyId, StringComparer.Ordinal)
                    .ThenBy(row => row.Step, StringComparer.Ordinal)
                    .ThenBy(row => row.Channel, StringComparer.Ordinal),
            ],
            NotSent =
            [
                .. _others
                    .Select(each => new PreviewReason(each.Key.Step, each.Key.Outcome, each.Key.Reason, each.Value.Count))
                    .OrderBy(row => row.Step, StringComparer.Ordinal)
                    .ThenBy(row => row.Outcome, StringComparer.Ordinal)
                    .ThenBy(row => row.Reason, StringComparer.Ordinal),
            ],
            Examples = [.. _examples.OrderBy(example => example.At)],
        };

    private void Count(PlannedMessage message, DateTimeOffset at)
    {
        var first = message.Steps[0];
        var day = first.Policy.PlaceOf(first.Item)!.DayAt(at);
        var isFirst = true;
        foreach (var step in message.Steps.GroupBy(each => (each.Policy.PolicyId, each.Decision.Step.Step)))
        {
            var key = (day, step.Key.PolicyId, step.Key.Step, message.Channel);
            var before = _sent.GetValueOrDefault(key);
            // A message of several steps counts once, with the first.
            _sent[key] = (before.Messages + (isFirst ? 1 : 0), before.Invoices + step.Count());
            isFirst = false;
        }

        if (_examples.Count < MostExamples)
        {
            _examples.Add(
                new PreviewMessage
                {
                    At = at,
                    Channel = message.Channel,
                    CustomerId = first.Item.CustomerId,
                    Numbers = [.. message.Steps.Select(step => step.Item.Number)],
                    Step = message.Words.Step,
                }
            );
        }
    }

    private void Count(DecidedStep other, string outcome)
    {
        var key = (other.Decision.Step.Step, outcome, other.Decision.Reason ?? "");
        if (!_others.TryGetValue(key, out var invoices))
        {
            _others[key] = invoices = [];
        }

        invoices.Add(other.Item.InvoiceId);
    }

    private static void Keep(
        Dictionary<InvoiceId, Dictionary<string, StepStanding>> known,
        IReadOnlyList<DecidedStep> steps,
        StepState state
    )
    {
        foreach (var step in steps)
        {
            if (!known.TryGetValue(step.Item.InvoiceId, out var of))
            {
                known[step.Item.InvoiceId] = of = new Dictionary<string, StepStanding>(StringComparer.Ordinal);
            }

            var name = step.Decision.Step.Step;
            of[name] = new StepStanding
            {
                Step = name,
                State = state,
                Tried = of.GetValueOrDefault(name)?.Tried ?? [],
                Reason = step.Decision.Reason,
            };
        }
    }

    /// <summary>What is about to go anyway would go by the policy that is looked at.</summary>
    private static StepStanding Waiting(StepStanding step) => step.IsUnderWay ? step with { NoticeId = null } : step;
}
