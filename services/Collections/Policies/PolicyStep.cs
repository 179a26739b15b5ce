namespace RetailInvoicing.Collections.Policies;

/// <summary>What becomes of a step whose day passed while nobody could look.</summary>
public enum MissedStep
{
    /// <summary>It is sent late.</summary>
    CatchUp,

    /// <summary>It is left out.</summary>
    Skip,
}

/// <summary>One step of a policy: when, by what and how a customer is asked.</summary>
public sealed record PolicyStep
{
    /// <summary>The channels there are.</summary>
    public static readonly IReadOnlyList<string> AllChannels = ["email", "sms", "whatsapp"];

    /// <summary>What a message may say, from the mildest on.</summary>
    public static readonly IReadOnlyList<string> AllTemplates = ["before-due", "reminder", "firm", "final"];

    /// <summary>How it may say it, from the mildest on.</summary>
    public static readonly IReadOnlyList<string> AllTones = ["friendly", "neutral", "firm"];

    /// <summary>What may follow inside the house, from the mildest on.</summary>
    public static readonly IReadOnlyList<string> AllEscalations = ["none", "staff", "stop-selling"];

    /// <summary>Its name.</summary>
    public required string Step { get; init; }

    /// <summary>Days from the due date.</summary>
    public required int OffsetDays { get; init; }

    /// <summary>The time of the day.</summary>
    public TimeOnly At { get; init; } = new(10, 0);

    /// <summary>The channels, the first to be tried first.</summary>
    public IReadOnlyList<string> Channels { get; init; } = ["email"];

    /// <summary>What it says.</summary>
    public string Template { get; init; } = "reminder";

    /// <summary>How it says it.</summary>
    public string Tone { get; init; } = "neutral";

    /// <summary>What follows inside the house.</summary>
    public string Escalation { get; init; } = "none";

    /// <summary>Whether interest and compensation are claimed of businesses.</summary>
    public bool Claim { get; init; }

    /// <summary>What becomes of it where it was missed.</summary>
    public MissedStep Missed { get; init; }

    /// <summary>For how many days it is caught up; without end where absent.</summary>
    public int? CatchUpDays { get; init; }

    /// <summary>How far it goes, so that of several in one message the strictest gives the words.</summary>
    public int Strictness => AllTones.Count * PlaceOf(Template, AllTemplates) + PlaceOf(Tone, AllTones);

    /// <summary>The step of what was put, which has been looked at before.</summary>
    public static PolicyStep Of(StepBody body) =>
        new()
        {
            Step = body.Step,
            OffsetDays = body.OffsetDays,
            At = body.At is { } at ? PolicyTime.Read(at)!.Value : new TimeOnly(10, 0),
            Channels = body.Channels ?? ["email"],
            Template = body.Template ?? (body.OffsetDays <= 0 ? "before-due" : "reminder"),
            Tone = body.Tone ?? "neutral",
            Escalation = body.Escalation ?? "none",
            Claim = body.Claim,
            Missed = body.Missed == "skip" ? MissedStep.Skip : MissedStep.CatchUp,
            CatchUpDays = body.Missed == "skip" ? 0 : body.CatchUpDays ?? Policy.UsualCatchUpDays,
        };

    /// <summary>Where a word stands among those that grow stricter.</summary>
    public static int PlaceOf(string word, IReadOnlyList<string> all)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] == word)
            {
                return i;
            }
        }

        return 0;
    }
}
