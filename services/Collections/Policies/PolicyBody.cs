using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Policies;

/// <summary>A dunning policy as it is put and shown: whom it is for, and when and how they are asked to pay.</summary>
public sealed record PolicyBody
{
    /// <summary>What the seller calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Of several policies that fit a receivable the one with the lowest number holds.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it is in force; where a policy is put without it, it is kept as a draft.</summary>
    public bool Active { get; init; }

    /// <summary>Whom it is for; everybody where nothing is said.</summary>
    public SegmentBody? Segment { get; init; }

    /// <summary>The steps, the earliest first.</summary>
    public required IReadOnlyList<StepBody> Steps { get; init; }

    /// <summary>When nobody is disturbed, by whatever channel; for sms and whatsapp 21:00 to 09:00 where nothing is said, for e-mail never.</summary>
    public QuietHoursBody? QuietHours { get; init; }

    /// <summary>send or wait; where nothing is said e-mail is sent and other channels wait.</summary>
    public string? Weekends { get; init; }

    /// <summary>send or wait; where nothing is said e-mail is sent and other channels wait.</summary>
    public string? Holidays { get; init; }

    /// <summary>How many messages a customer gets at most, by all channels; three in seven days where nothing is said.</summary>
    public CapBody? Cap { get; init; }

    /// <summary>Whether what a customer is asked for at the same time goes into one message; it does where nothing is said.</summary>
    public bool? Consolidate { get; init; }

    /// <summary>own: at each step's time; learned: at the hour and by the channel that the customer answers best, on the step's day.</summary>
    public string? Timing { get; init; }
}

/// <summary>Whom a policy is for: all that is said has to fit.</summary>
public sealed record SegmentBody
{
    /// <summary>Businesses alone, or consumers alone.</summary>
    public bool? Business { get; init; }

    /// <summary>What is due, at least.</summary>
    public decimal? MinAmount { get; init; }

    /// <summary>What is due, at most.</summary>
    public decimal? MaxAmount { get; init; }

    /// <summary>Of these shops.</summary>
    public IReadOnlyList<StoreId>? Stores { get; init; }

    /// <summary>These customers.</summary>
    public IReadOnlyList<CustomerId>? CustomerIds { get; init; }

    /// <summary>In these places: countries (ES, FR), provinces of Spain (ES-35), states of the US (US-NY).</summary>
    public IReadOnlyList<string>? Places { get; init; }
}

/// <summary>One step of a policy.</summary>
public sealed record StepBody
{
    /// <summary>Its name; each invoice gets a step of that name once.</summary>
    public required string Step { get; init; }

    /// <summary>Days from the due date; negative before it.</summary>
    public required int OffsetDays { get; init; }

    /// <summary>The time of the customer's place, such as 10:00.</summary>
    public string? At { get; init; }

    /// <summary>email, sms, whatsapp: the first that reaches the customer.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>before-due, reminder, firm or final.</summary>
    public string? Template { get; init; }

    /// <summary>friendly, neutral or firm.</summary>
    public string? Tone { get; init; }

    /// <summary>What follows inside the house: none, staff or stop-selling.</summary>
    public string? Escalation { get; init; }

    /// <summary>Claims interest and the compensation of recovery costs of businesses (Directive 2011/7/EU).</summary>
    public bool Claim { get; init; }

    /// <summary>What becomes of it where its day passed while nobody could look: catch-up or skip.</summary>
    public string? Missed { get; init; }

    /// <summary>For how many days it is caught up; seven where nothing is said.</summary>
    public int? CatchUpDays { get; init; }
}

/// <summary>Hours of the customer's place, such as 21:00 to 09:00.</summary>
public sealed record QuietHoursBody
{
    /// <summary>From when.</summary>
    public required string From { get; init; }

    /// <summary>Until when.</summary>
    public required string To { get; init; }
}

/// <summary>So many messages in so many days.</summary>
public sealed record CapBody
{
    /// <summary>How many.</summary>
    public required int Messages { get; init; }

    /// <summary>Within how many days.</summary>
    public required int PerDays { get; init; }
}
