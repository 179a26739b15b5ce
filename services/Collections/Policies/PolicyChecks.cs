using RetailInvoicing.Collections.Places;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>What is wrong with a policy before anybody is written to by it: each contradiction by its code and place.</summary>
public static class PolicyChecks
{
    private const int MostSteps = 20;
    private const int LongestName = 100;
    private const int LongestStep = 40;
    private const int LongestId = 64;
    private const int LongestList = 1000;
    private const int MostDays = 3650;
    private const int MostDaysBefore = 365;
    private const int MostPriority = 1000;

    /// <summary>Whether a policy may be called that: letters, digits, dots and dashes.</summary>
    public static bool IsId(string id) => id.Length <= LongestId && IsWord(id) && id != Policy.BuiltInId;

    /// <summary>All that is wrong with it.</summary>
    public static IReadOnlyList<Fault> Of(PolicyBody body)
    {
        // A list may hold nulls that its type knows nothing of.
        if (body.Steps.Any(step => step is null))
        {
            return [DoorFaults.WrongShape.At("steps", "null")];
        }

        var faults = new List<Fault>();
        if (body.Name.Trim().Length is 0 or > LongestName || body.Name.Any(char.IsControl))
        {
            faults.Add(CollectionsFaults.PolicyName.At("name", LongestName));
        }

        if (Math.Abs((long)body.Priority) > MostPriority)
        {
            faults.Add(CollectionsFaults.PolicyPriority.At("priority", -MostPriority, MostPriority));
        }

        Among(body.Weekends, ["send", "wait"], "weekends", faults);
        Among(body.Holidays, ["send", "wait"], "holidays", faults);
        Among(body.Timing, ["own", "learned"], "timing", faults);
        if (body.Cap is { } cap && (cap.Messages is < 1 or > 100 || cap.PerDays is < 1 or > 365))
        {
            faults.Add(CollectionsFaults.PolicyCap.At("cap"));
        }

        if (body.Segment is { } segment)
        {
            OfSegment(segment, faults);
        }

        var quiet = QuietOf(body.QuietHours, faults);
        OfSteps(body, quiet, faults);
        return faults;
    }

    private static void OfSegment(SegmentBody segment, List<Fault> faults)
    {
        if (segment.MinAmount < 0 || segment.MaxAmount < 0 || segment.MinAmount > segment.MaxAmount)
        {
            faults.Add(CollectionsFaults.PolicyAmounts.At("segment"));
        }

        Listed(segment.Stores?.Select(store => store.Value).ToArray(), "segment.stores", faults);
        Listed(segment.CustomerIds?.Select(customer => customer.Value).ToArray(), "segment.customerIds", faults);
        Listed(segment.Places, "segment.places", faults);
        foreach (var (place, i) in (segment.Places ?? []).Select((place, i) => (place, i)))
        {
            if (place is null || !CustomerPlace.IsKnown(place))
            {
                faults.Add(CollectionsFaults.PolicyPlace.At($"segment.places[{i}]", place));
            }
        }
    }

    private static QuietHours? QuietOf(QuietHoursBody? body, List<Fault> faults)
    {
        if (body is null)
        {
            return null;
        }

        var (from, to) = (Time(body.From, "quietHours.from", faults), Time(body.To, "quietHours.to", faults));
        if (from is null || to is null)
        {
            return null;
        }

        if (from == to)
        {
            faults.Add(CollectionsFaults.PolicyAlwaysQuiet.At("quietHours"));
            return null;
        }

        return new QuietHours(from.Value, to.Value);
    }

    private static void OfSteps(PolicyBody body, QuietHours? quiet, List<Fault> faults)
    {
        if (body.Steps.Count is 0 or > MostSteps)
        {
            faults.Add(CollectionsFaults.PolicySteps.At("steps", MostSteps));
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < body.Steps.Count; i++)
        {
            var (step, path) = (body.Steps[i], $"steps[{i}]");
            if (step.Step.Length > LongestStep || !IsWord(step.Step))
            {
                faults.Add(CollectionsFaults.PolicyStepName.At($"{path}.step", LongestStep));
            }
            else if (!names.Add(step.Step))
            {
                faults.Add(CollectionsFaults.PolicyStepTwice.At($"{path}.step", step.Step));
            }

            OfStep(step, path, body, quiet, faults);
            if (i > 0)
            {
                After(body.Steps[i - 1], step, path, faults);
            }
        }
    }

    private static void OfStep(StepBody step, string path, PolicyBody body, QuietHours? quiet, List<Fault> faults)
    {
        if (step.OffsetDays is < -MostDaysBefore or > MostDays)
        {
            faults.Add(CollectionsFaults.PolicyOffset.At($"{path}.offsetDays", -MostDaysBefore, MostDays));
        }

        if (step.At is { } at && Time(at, $"{path}.at", faults) is { } time && quiet?.Cover(time) == true)
        {
            faults.Add(CollectionsFaults.PolicyStepInQuiet.At($"{path}.at", step.Step, at));
        }

        if (step.Channels is { } channels)
        {
            if (channels.Count == 0)
            {
                faults.Add(CollectionsFaults.PolicyNoChannel.At($"{path}.channels", Words(PolicyStep.AllChannels)));
            }

            for (var i = 0; i < channels.Count; i++)
            {
                if (!PolicyStep.AllChannels.Contains(channels[i]))
                {
                    faults.Add(CollectionsFaults.PolicyChannel.At($"{path}.channels[{i}]", channels[i], Words(PolicyStep.AllChannels)));
                }
                else if (channels.Take(i).Contains(channels[i]))
                {
                    faults.Add(CollectionsFaults.PolicyChannelTwice.At($"{path}.channels[{i}]", channels[i]));
                }
            }
        }

        if (step.Template is { } template)
        {
            if (!PolicyStep.AllTemplates.Contains(template))
            {
                faults.Add(CollectionsFaults.PolicyTemplate.At($"{path}.template", template, Words(PolicyStep.AllTemplates)));
            }
            else if ((template == "before-due") != step.OffsetDays <= 0)
            {
                faults.Add(CollectionsFaults.PolicyTemplateDay.At($"{path}.template", step.Step));
            }
        }

        Among(step.Tone, PolicyStep.AllTones, $"{path}.tone", faults);
        Among(step.Escalation, PolicyStep.AllEscalations, $"{path}.escalation", faults);
        Among(step.Missed, ["catch-up", "skip"], $"{path}.missed", faults);
        if (step.CatchUpDays is < 0 or > MostDays)
        {
            faults.Add(CollectionsFaults.PolicyCatchUp.At($"{path}.catchUpDays", MostDays));
        }
        else if (step is { Missed: "skip", CatchUpDays: not null })
        {
            faults.Add(CollectionsFaults.PolicyCatchUpOfSkipped.At($"{path}.catchUpDays", step.Step));
        }

        if (step.Claim && (body.Segment?.Business == false || step.OffsetDays <= 0))
        {
            faults.Add(
                body.Segment?.Business == false
                    ? CollectionsFaults.PolicyClaimOfConsumers.At($"{path}.claim", step.Step)
                    : CollectionsFaults.PolicyClaimBeforeDue.At($"{path}.claim", step.Step)
            );
        }
    }

    /// <summary>A later step comes later, and does not take back what an earlier one has led to.</summary>
    private static void After(StepBody before, StepBody step, string path, List<Fault> faults)
    {
        if (step.OffsetDays <= before.OffsetDays)
        {
            faults.Add(CollectionsFaults.PolicyOrder.At($"{path}.offsetDays", step.Step, before.Step));
        }

        var (escalation, earlier) = (step.Escalation ?? "none", before.Escalation ?? "none");
        if (PolicyStep.PlaceOf(escalation, PolicyStep.AllEscalations) < PolicyStep.PlaceOf(earlier, PolicyStep.AllEscalations))
        {
            faults.Add(CollectionsFaults.PolicyEscalationFalls.At($"{path}.escalation", step.Step, before.Step));
        }
    }

    private static TimeOnly? Time(string text, string path, List<Fault> faults)
    {
        var time = PolicyTime.Read(text);
        if (time is null)
        {
            faults.Add(CollectionsFaults.PolicyTimeOfDay.At(path, text));
        }

        return time;
    }

    private static void Among(string? word, IReadOnlyList<string> words, string path, List<Fault> faults)
    {
        if (word is not null && !words.Contains(word))
        {
            faults.Add(CollectionsFaults.PolicyWord.At(path, word, Words(words)));
        }
    }

    private static void Listed(IReadOnlyList<string>? listed, string path, List<Fault> faults)
    {
        if (
            listed is not null
            && (listed.Count is 0 or > LongestList || listed.Any(each => each is not { Length: > 0 and <= 100 } || each.Contains('\0')))
        )
        {
            faults.Add(CollectionsFaults.PolicyList.At(path, LongestList));
        }
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);

    private static bool IsWord(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
