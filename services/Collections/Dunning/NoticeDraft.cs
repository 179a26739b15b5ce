using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>An invoice that a notice may ask for, at the step whose turn it is.</summary>
public sealed record NoticeLine(OpenItem Item, Policy Policy, PolicyStep Step, DateTimeOffset? DueAt, CustomerPlace Place);

/// <summary>
/// What a planned notice would say if it went now. The facts may have changed since it was planned: what was paid, held, promised or
/// disputed is left out, and where a later step has come meanwhile it takes the earlier one's place.
/// </summary>
public sealed record NoticeDraft
{
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    // What is settled hardly ever opens again, and there are more of them each day.
    private static readonly TimeSpan Seldom = TimeSpan.FromDays(30);

    /// <summary>What it was planned for.</summary>
    public required IReadOnlyCollection<InvoiceId> Invoices { get; init; }

    /// <summary>What it asks for.</summary>
    public required IReadOnlyList<NoticeLine> Lines { get; init; }

    /// <summary>Steps that are over without having gone.</summary>
    public required IReadOnlyList<KeptStep> Over { get; init; }

    /// <summary>What keeps the others out of it, and when they are looked at again.</summary>
    public required IReadOnlyList<(InvoiceId Invoice, string Reason, DateTimeOffset Until)> Blocked { get; init; }

    /// <summary>The line whose words it takes.</summary>
    public PolicyStep Words => Lines.MaxBy(line => line.Step.Strictness)!.Step;

    /// <summary>The draft, given what is open of its invoices and what is known of their steps.</summary>
    public static NoticeDraft Of(
        string channel,
        IReadOnlyCollection<InvoiceId> invoices,
        IReadOnlyDictionary<InvoiceId, OpenItem> items,
        IReadOnlyDictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>> known,
        IReadOnlyList<Policy> inForce,
        DateTimeOffset now
    )
    {
        var (lines, over) = (new List<NoticeLine>(), new List<KeptStep>());
        var blocked = new List<(InvoiceId, string, DateTimeOffset)>();
        foreach (var invoice in invoices)
        {
            if (!items.TryGetValue(invoice, out var item))
            {
                // It may open again by a reversal; that is told, and wakes it.
                blocked.Add((invoice, "settled", now + Seldom));
                continue;
            }

            if (Policy.For(item, inForce) is not { } policy)
            {
                blocked.Add((invoice, StepReason.NoPolicy, now + Soon));
                continue;
            }

            if (policy.PlaceOf(item) is not { } place)
            {
                blocked.Add((invoice, StepReason.NoZone, now + Soon));
                continue;
            }

            var steps = known.GetValueOrDefault(invoice);
            var (arrived, others) = Due.Arrived(item, policy, steps, place, now);
            over.AddRange(others.Where(each => each.Verdict == StepVerdict.Skip).Select(each => Skipped(item, policy, each)));
            if (arrived is null)
            {
                continue;
            }

            if (!arrived.Step.Channels.Contains(channel) || steps?.GetValueOrDefault(arrived.Step.Step)?.Tried.Contains(channel) == true)
            {
                // The step that has come meanwhile goes another way; it is planned anew once this notice is over.
                blocked.Add((invoice, StepReason.NotYet, now + Soon));
            }
            else if (Due.BlockOf(item, place, now) is { } block)
            {
                var until = block.Until ?? now + Soon;
                blocked.Add((invoice, block.Reason, until));
            }
            else
            {
                lines.Add(new NoticeLine(item, policy, arrived.Step, arrived.DueAt, place));
            }
        }

        return new NoticeDraft
        {
            Invoices = invoices,
            Lines = lines,
            Over = over,
            Blocked = blocked,
        };
    }

    /// <summary>When it may go: within hours of everybody's policy, and not above the strictest cap; and why it waits until then.</summary>
    public (DateTimeOffset At, string? Because) GoesAt(string channel, IReadOnlyList<DateTimeOffset> messages, DateTimeOffset now)
    {
        var hours = Lines.Max(line => AllowedTime.Next(now, line.Place, line.Policy.HoursOf(channel)));
        if (hours > now)
        {
            return (hours, StepReason.Hours);
        }

        var free = Lines.Max(line => line.Policy.Cap?.FreeAt(now, messages) ?? now);
        return free > now ? (free, StepReason.Cap) : (now, null);
    }

    private static KeptStep Skipped(OpenItem item, Policy policy, StepDecision skipped) =>
        new(item.SellerId, item.InvoiceId, policy, skipped.Step, StepState.Skipped, skipped.DueAt, null, skipped.Reason);
}
