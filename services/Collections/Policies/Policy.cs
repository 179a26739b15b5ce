using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Policies;

/// <summary>So many messages in so many days, by all channels together.</summary>
public sealed record MessageCap(int Messages, int PerDays)
{
    /// <summary>
    /// The first instant at which one more may go, given when the others went, the earliest first. A message counts for so many times
    /// twenty-four hours, and the second after them.
    /// </summary>
    public DateTimeOffset FreeAt(DateTimeOffset now, IReadOnlyList<DateTimeOffset> messages)
    {
        var window = TimeSpan.FromDays(PerDays);
        var within = messages.Where(sent => sent >= now - window).ToArray();
        return within.Length < Messages ? now : within[within.Length - Messages] + window + TimeSpan.FromSeconds(1);
    }
}

/// <summary>When and how the customers of a segment are asked to pay. A seller that has no policy in force has the built-in one.</summary>
public sealed record Policy
{
    /// <summary>For how many days a missed step is caught up where nothing is said.</summary>
    public const int UsualCatchUpDays = 7;

    /// <summary>The id of the built-in policy.</summary>
    public const string BuiltInId = "built-in";

    private static readonly QuietHours Night = new(new TimeOnly(21, 0), new TimeOnly(9, 0));

    /// <summary>
    /// What holds for a seller without a policy: one reminder by mail for each invoice, from the first minute of the day after its due date
    /// in the seller's zone, however late that is found.
    /// </summary>
    public static readonly Policy BuiltIn = new()
    {
        PolicyId = BuiltInId,
        Version = 0,
        Steps =
        [
            new PolicyStep
            {
                Step = "reminder-1",
                OffsetDays = 1,
                At = TimeOnly.MinValue,
            },
        ],
        InSellersPlace = true,
        OnWeekends = true,
        OnHolidays = true,
    };

    /// <summary>Its id.</summary>
    public required string PolicyId { get; init; }

    /// <summary>Which version of it.</summary>
    public required int Version { get; init; }

    /// <summary>Of several that fit the lowest holds.</summary>
    public int Priority { get; init; }

    /// <summary>Whom it is for.</summary>
    public SegmentBody Segment { get; init; } = new();

    /// <summary>The steps, the earliest first.</summary>
    public required IReadOnlyList<PolicyStep> Steps { get; init; }

    /// <summary>Quiet hours of every channel; by channel where absent.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>Whether messages go on weekends; by channel where absent.</summary>
    public bool? OnWeekends { get; init; }

    /// <summary>Whether messages go on public holidays; by channel where absent.</summary>
    public bool? OnHolidays { get; init; }

    /// <summary>The most messages a customer gets; without end where absent.</summary>
    public MessageCap? Cap { get; init; }

    /// <summary>Whether what is asked at the same time goes into one message.</summary>
    public bool Consolidate { get; init; }

    /// <summary>Whether hour and channel are chosen by the customer's answers.</summary>
    public bool Learned { get; init; }

    /// <summary>Whether its hours are those of the seller's place and not of the customer's.</summary>
    public bool InSellersPlace { get; init; }

    /// <summary>The policy of what was put, which has been looked at before.</summary>
    public static Policy Of(string policyId, int version, PolicyBody body) =>
        new()
        {
            PolicyId = policyId,
            Version = version,
            Priority = body.Priority,
            Segment = body.Segment ?? new SegmentBody(),
            Steps = [.. body.Steps.Select(PolicyStep.Of)],
            Quiet = body.QuietHours is { } quiet
                ? new QuietHours(PolicyTime.Read(quiet.From)!.Value, PolicyTime.Read(quiet.To)!.Value)
                : null,
            OnWeekends = body.Weekends is { } weekends ? weekends == "send" : null,
            OnHolidays = body.Holidays is { } holidays ? holidays == "send" : null,
            Cap = body.Cap is { } cap ? new MessageCap(cap.Messages, cap.PerDays) : new MessageCap(3, 7),
            Consolidate = body.Consolidate ?? true,
            Learned = body.Timing == "learned",
        };

    /// <summary>
    /// The one that holds for a receivable: the first by priority, then by id, whose segment it is in; none where the seller's are all for
    /// others.
    /// </summary>
    public static Policy? For(OpenItem item, IReadOnlyList<Policy> inForce) =>
        inForce.Count == 0 ? BuiltIn : inForce.Where(policy => policy.Fits(item)).Order(ByPriority.Order).FirstOrDefault();

    /// <summary>Whether the receivable is in its segment.</summary>
    public bool Fits(OpenItem item) =>
        (Segment.Business is not { } business || business == item.Business)
        && (Segment.MinAmount is not { } min || item.AmountDue >= min)
        && (Segment.MaxAmount is not { } max || item.AmountDue <= max)
        && (Segment.Stores is not { } stores || (item.StoreId is { } store && stores.Contains(store)))
        && (Segment.CustomerIds is not { } customers || (item.CustomerId is { } customer && customers.Contains(customer)))
        && (Segment.Places is not { } places || (item.Place is { } place && places.Any(each => IsWithin(place, each))));

    /// <summary>The place whose clocks and days count for a receivable.</summary>
    public CustomerPlace? PlaceOf(OpenItem item) =>
        InSellersPlace ? CustomerPlace.OfSeller(item.SellerZone) : CustomerPlace.Of(item.Place, item.SellerZone);

    /// <summary>When a channel may be used. A mail wakes nobody; a telephone does.</summary>
    public SendingHours HoursOf(string channel)
    {
        var isMail = channel == "email";
        return new SendingHours
        {
            Quiet = Quiet ?? (isMail ? null : Night),
            OnWeekends = OnWeekends ?? isMail,
            OnHolidays = OnHolidays ?? isMail,
        };
    }

    private static bool IsWithin(string place, string wanted) =>
        place == wanted
        || (place.StartsWith(wanted, StringComparison.Ordinal) && place.Length > wanted.Length && place[wanted.Length] == '-');

    private sealed class ByPriority : IComparer<Policy>
    {
        public static readonly ByPriority Order = new();

        public int Compare(Policy? x, Policy? y)
        {
            var byPriority = x!.Priority.CompareTo(y!.Priority);
            return byPriority != 0 ? byPriority : string.CompareOrdinal(x.PolicyId, y.PolicyId);
        }
    }
}
