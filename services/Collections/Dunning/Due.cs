using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What is to be done about a step now.</summary>
public enum StepVerdict
{
    /// <summary>It goes now.</summary>
    Send,

    /// <summary>It is looked at again.</summary>
    Wait,

    /// <summary>It never goes.</summary>
    Skip,
}

/// <summary>What is to be done about a step of an invoice now, and why.</summary>
public sealed record StepDecision
{
    /// <summary>The step.</summary>
    public required PolicyStep Step { get; init; }

    /// <summary>What is to be done.</summary>
    public required StepVerdict Verdict { get; init; }

    /// <summary>When the step was or will be due.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it is looked at again; absent where only a fact can change it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why it waits or is skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>What it goes by.</summary>
    public string? Channel { get; init; }

    /// <summary>Where it goes.</summary>
    public string? Recipient { get; init; }
}

/// <summary>
/// Which steps of an invoice are due, from facts and an instant alone. Of several that are due at once only the latest goes; what stands in
/// the way makes it wait, and what can never be mended skips it.
/// </summary>
public static class Due
{
    private static readonly IReadOnlyDictionary<string, StepStanding> Nothing = new Dictionary<string, StepStanding>();

    /// <summary>
    /// The decisions about every step that is not over, up to the first whose time has not come. Messages are when the customer was
    /// written to, the earliest first; closed are channels and addresses (lower case) that messages came back from.
    /// </summary>
    public static IReadOnlyList<StepDecision> Of(
        OpenItem item,
        Policy policy,
        IReadOnlyDictionary<string, StepStanding>? known,
        IReadOnlyList<DateTimeOffset> messages,
        IReadOnlySet<(string Channel, string Address)> closed,
        DateTimeOffset now
    )
    {
        known ??= Nothing;
        if (policy.PlaceOf(item) is not { } place)
        {
            return First(policy, known) is { } first ? [Waits(first, null, now + TimeSpan.FromHours(1), StepReason.NoZone)] : [];
        }

        var (arrived, others) = Arrived(item, policy, known, place, now);
        return arrived is null
            ? others
            : [.. others, Now(item, policy, arrived, known.GetValueOrDefault(arrived.Step.Step), messages, closed, place, now)];
    }

    /// <summary>The step whose turn it is, whatever stands in its way; and what is over without it, or comes after it.</summary>
    public static (StepDecision? Arrived, IReadOnlyList<StepDecision> Others) Arrived(
        OpenItem item,
        Policy policy,
        IReadOnlyDictionary<string, StepStanding>? known,
        CustomerPlace place,
        DateTimeOffset now
    )
    {
        known ??= Nothing;
        var others = new List<StepDecision>();
        var arrived = default(StepDecision);
        var (lastSent, served) = (LastSent(policy, known), ServedByOthers(policy, known, place));
        for (var i = 0; i < policy.Steps.Count; i++)
        {
            var step = policy.Steps[i];
            var standing = known.GetValueOrDefault(step.Step);
            if (standing is { State: not StepState.Planned } || StepMoment.DayOf(item.DueDate, step) is not { } day)
            {
                continue;
            }

            var moment = StepMoment.Of(item.DueDate, step, place, policy.Learned)!.Value;
            if (moment > now)
            {
                // They come one after the other: what is later is looked at then.
                others.Add(Waits(step, moment, moment, StepReason.NotYet));
                break;
            }

            // What was said on that day under a name that the policy no longer has is not said again under another.
            if (i < lastSent || day <= served)
            {
                others.Add(Skips(step, moment, StepReason.Superseded));
                continue;
            }

            if (Passed(item, step, standing, day, place, policy, now) is { } passed)
            {
                others.Add(Skips(step, moment, passed));
                continue;
            }

            if (arrived is not null)
            {
                others.Add(Skips(arrived.Step, arrived.DueAt, StepReason.Superseded));
            }

            arrived = new StepDecision
            {
                Step = step,
                Verdict = StepVerdict.Send,
                DueAt = moment,
            };
        }

        return (arrived, others);
    }

    /// <summary>The first channel that the step may still go out by, and the address; none where nothing reaches the customer.</summary>
    public static (string Channel, string Recipient)? WayOf(
        OpenItem item,
        PolicyStep step,
        IReadOnlyList<string> tried,
        IReadOnlySet<(string Channel, string Address)> closed
    )
    {
        foreach (var channel in step.Channels)
        {
            if (!tried.Contains(channel) && AddressOf(item, channel) is { } address && !IsClosed(channel, address, closed))
            {
                return (channel, address);
            }
        }

        return null;
    }

    /// <summary>Where a channel reaches the customer.</summary>
    public static string? AddressOf(OpenItem item, string channel) =>
        (channel == "email" ? item.Email : item.Phone)?.Trim() is { Length: > 0 } address ? address : null;

    /// <summary>Whether messages came back from there; a telephone is known by its number, however it is written.</summary>
    public static bool IsClosed(string channel, string address, IReadOnlySet<(string Channel, string Address)> closed) =>
        closed.Contains((channel, address.Trim().ToLowerInvariant()))
        || (channel != "email" && closed.Contains((channel, NumberOf(address))));

    /// <summary>A telephone's number as Delivery tells of it (+34600000000), whatever way a till wrote it.</summary>
    public static string NumberOf(string phone)
    {
        var digits = string.Concat(phone.Where(static c => !char.IsWhiteSpace(c) && c is not ('.' or '-' or '(' or ')' or '/')));
        return digits.StartsWith("00", StringComparison.Ordinal) ? $"+{digits[2..]}"
            : digits is { Length: 9 } && digits[0] is >= '6' and <= '9' ? $"+34{digits}"
            : digits;
    }

    /// <summary>What keeps an invoice from being asked for, whatever the step; none where nothing does.</summary>
    public static (string Reason, DateTimeOffset? Until)? BlockOf(OpenItem item, CustomerPlace place, DateTimeOffset now)
    {
        if (item.Holds.Count > 0)
        {
            // Until the last of those that end; one without an end, or with one in another age, is lifted by somebody.
            var sellers = CustomerPlace.OfSeller(item.SellerZone) ?? place;
            return (
                StepReason.Hold,
                item.Holds.Any(hold => hold.Until is null || hold.Until > StepMoment.Last)
                    ? null
                    : sellers.InstantOf(item.Holds.Max(hold => hold.Until!.Value).AddDays(1), TimeOnly.MinValue)
            );
        }

        if (item is { IsPromisedWhole: true, OpenPromise: { } promise })
        {
            // It counts to the end of the promised day where the customer is, whatever place the policy goes by; who judges it comes after.
            var there = CustomerPlace.Of(item.Place, item.SellerZone) ?? place;
            if (there.DayAt(now) <= promise.Date)
            {
                return (StepReason.Promise, there.InstantOf(promise.Date.AddDays(1), TimeOnly.MinValue));
            }
        }

        return item.AskedAmount <= 0m ? (StepReason.Disputed, null) : null;
    }

    private static StepDecision Now(
        OpenItem item,
        Policy policy,
        StepDecision arrived,
        StepStanding? standing,
        IReadOnlyList<DateTimeOffset> messages,
        IReadOnlySet<(string Channel, string Address)> closed,
        CustomerPlace place,
        DateTimeOffset now
    )
    {
        var (step, tried) = (arrived.Step, standing?.Tried ?? []);
        if (WayOf(item, step, tried, closed) is not { } way)
        {
            var isKnown = step.Channels.Any(channel => AddressOf(item, channel) is not null);
            return Skips(step, arrived.DueAt, isKnown ? StepReason.Undeliverable : StepReason.NoAddress);
        }

        if (BlockOf(item, place, now) is { } block)
        {
            return Waits(step, arrived.DueAt, block.Until, block.Reason);
        }

        var allowed = AllowedTime.Next(now, place, policy.HoursOf(way.Channel));
        if (allowed > now)
        {
            return Waits(step, arrived.DueAt, allowed, StepReason.Hours);
        }

        if (policy.Cap is { } cap && cap.FreeAt(now, messages) is var free && free > now)
        {
            return Waits(step, arrived.DueAt, AllowedTime.Next(free, place, policy.HoursOf(way.Channel)), StepReason.Cap);
        }

        return arrived with
        {
            Channel = way.Channel,
            Recipient = way.Recipient,
        };
    }

    /// <summary>
    /// Why it is over without having gone; none where it is not. A step that was looked at in time and has waited since was not missed;
    /// one that is to be skipped has its one day all the same.
    /// </summary>
    private static string? Passed(
        OpenItem item,
        PolicyStep step,
        StepStanding? standing,
        DateOnly day,
        CustomerPlace place,
        Policy policy,
        DateTimeOffset now
    )
    {
        var today = place.DayAt(now);
        if (step.OffsetDays < 0 && item.IssueDate is { } issued && day <= issued)
        {
            return StepReason.BeforeIssue;
        }

        // What will be due is not said of what was.
        if (step.OffsetDays <= 0 && today > item.DueDate)
        {
            return StepReason.Missed;
        }

        if (step.CatchUpDays is not { } days || (step.Missed == MissedStep.CatchUp && standing is not null))
        {
            return null;
        }

        var last = LastDayOf(step, day, place, policy);
        return today > last.AddDays(days) ? StepReason.Missed : null;
    }

    /// <summary>The day on which it goes where nothing is missed: its own, or the first on which the customer is written to.</summary>
    private static DateOnly LastDayOf(PolicyStep step, DateOnly day, CustomerPlace place, Policy policy)
    {
        var moment = place.InstantOf(day, policy.Learned ? TimeOnly.MinValue : step.At);
        return place.DayAt(step.Channels.Max(channel => AllowedTime.Next(moment, place, policy.HoursOf(channel))));
    }

    /// <summary>The place among the steps of the last one that went; a step before it would come too late.</summary>
    private static int LastSent(Policy policy, IReadOnlyDictionary<string, StepStanding> known)
    {
        for (var i = policy.Steps.Count - 1; i >= 0; i--)
        {
            if (known.TryGetValue(policy.Steps[i].Step, out var standing) && standing.State == StepState.Sent)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The last day whose step went by a name that is none of the policy's: another version's or another policy's.</summary>
    private static DateOnly? ServedByOthers(Policy policy, IReadOnlyDictionary<string, StepStanding> known, CustomerPlace place) =>
        known
            .Values.Where(each => each is { State: StepState.Sent, DueAt: not null } && policy.Steps.All(step => step.Step != each.Step))
            .Select(each => (DateOnly?)place.DayAt(each.DueAt!.Value))
            .Max();

    private static PolicyStep? First(Policy policy, IReadOnlyDictionary<string, StepStanding> known) =>
        policy.Steps.FirstOrDefault(step => known.GetValueOrDefault(step.Step) is not { State: not StepState.Planned });

    private static StepDecision Waits(PolicyStep step, DateTimeOffset? dueAt, DateTimeOffset? until, string reason) =>
        new()
        {
            Step = step,
            Verdict = StepVerdict.Wait,
            DueAt = dueAt,
            Until = until,
            Reason = reason,
        };

    private static StepDecision Skips(PolicyStep step, DateTimeOffset? dueAt, string reason) =>
        new()
        {
            Step = step,
            Verdict = StepVerdict.Skip,
            DueAt = dueAt,
            Reason = reason,
        };
}
