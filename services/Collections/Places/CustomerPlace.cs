using System.Collections.Concurrent;

namespace RetailInvoicing.Collections.Places;

/// <summary>Where a customer is: whose clock its hours are of, and which days are none to be written to on.</summary>
public sealed record CustomerPlace
{
    private static readonly Dictionary<string, (string Zone, string Weekend)> Known = PlaceData
        .Lines("places.csv")
        .ToDictionary(line => line[0], line => (line[1], line[2]), StringComparer.Ordinal);

    // The first place of a zone is a whole country, but for the Canary Islands, whose days are the province's.
    private static readonly Dictionary<string, string> ByZone = Known
        .GroupBy(each => each.Value.Zone, StringComparer.Ordinal)
        .ToDictionary(
            zone => zone.Key,
            zone => zone.OrderBy(each => each.Key.Length).ThenBy(each => each.Key, StringComparer.Ordinal).First().Key
        );

    private static readonly ConcurrentDictionary<(string? Place, string Zone), CustomerPlace?> All = new();

    /// <summary>ES-28, US-NY, FR: whose holidays hold.</summary>
    public required string Name { get; init; }

    /// <summary>Its clock.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Its weekend, as digits of the week's days; 0 is Sunday.</summary>
    public required string Weekend { get; init; }

    /// <summary>Whether there is such a place: a country, or a province of Spain or state of the US with it (ES-35, US-NY).</summary>
    public static bool IsKnown(string place) => Known.ContainsKey(place);

    /// <summary>
    /// The place of a customer; the seller's own where nothing is known of the customer's, and none where this machine does not know the
    /// seller's zone either.
    /// </summary>
    public static CustomerPlace? Of(string? place, string? sellerZone) =>
        place is null && sellerZone is null ? null : All.GetOrAdd((place, sellerZone ?? ""), Find);

    /// <summary>The IANA name of the clock that counts for a customer: its place's, else the seller's, else Madrid's.</summary>
    public static string ZoneOf(string? place, string? sellerZone) => Of(place, sellerZone)?.Zone.Id ?? "Europe/Madrid";

    /// <summary>The seller's own place.</summary>
    public static CustomerPlace? OfSeller(string? sellerZone) => Of(null, sellerZone);

    /// <summary>What its clocks and calendars show at an instant.</summary>
    public DateTime LocalAt(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    /// <summary>The date there at an instant.</summary>
    public DateOnly DayAt(DateTimeOffset instant) => DateOnly.FromDateTime(LocalAt(instant));

    /// <summary>
    /// When its clocks show that time of that day: the first time where they show it twice, unless that is before what is said; where they
    /// pass over it, the first minute that they do show.
    /// </summary>
    public DateTimeOffset InstantOf(DateOnly day, TimeOnly time, DateTimeOffset notBefore = default)
    {
        // Clocks are never put forward by more than a day.
        const int MostMinutes = 24 * 60 + 1;
        var local = day.ToDateTime(time);
        for (var i = 0; i < MostMinutes; i++, local = local.AddMinutes(1))
        {
            var found = default(DateTimeOffset?);
            foreach (var offset in OffsetsAround(local))
            {
                var instant = new DateTimeOffset(local, offset);
                if (Zone.GetUtcOffset(instant) == offset && (found is null || found < notBefore))
                {
                    found = instant;
                }
            }

            if (found is { } shown)
            {
                return shown;
            }
        }

        throw new InvalidOperationException($"the clocks of {Zone.Id} show no time after {day:yyyy-MM-dd} {time}");
    }

    /// <summary>Whether that day is of its weekend.</summary>
    public bool IsWeekend(DateOnly day) => Weekend.Contains((char)('0' + (int)day.DayOfWeek), StringComparison.Ordinal);

    /// <summary>Whether that day is one of its public holidays.</summary>
    public bool IsHoliday(DateOnly day) => Holidays.Are(Name, day);

    /// <summary>Those that may hold about a local time, the earlier instant's first.</summary>
    private IEnumerable<TimeSpan> OffsetsAround(DateTime local)
    {
        var noon = new DateTimeOffset(local, TimeSpan.Zero);
        var (before, after) = (Zone.GetUtcOffset(noon.AddDays(-1)), Zone.GetUtcOffset(noon.AddDays(1)));
        return before == after ? [before]
            : before > after ? [before, after]
            : [after, before];
    }

    private static CustomerPlace? Find((string? Place, string Zone) of)
    {
        var name = of.Place is { } place ? Named(place) : ByZone.GetValueOrDefault(of.Zone);
        if (name is not null && Known.TryGetValue(name, out var known) && TimeZoneInfo.TryFindSystemTimeZoneById(known.Zone, out var zone))
        {
            return new CustomerPlace
            {
                Name = name,
                Zone = zone,
                Weekend = known.Weekend,
            };
        }

        // A zone that is the main one of no country, such as a seller's in the west of one: the clock is right, holidays are not known.
        return of.Zone.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(of.Zone, out var sellers)
            ? new CustomerPlace
            {
                Name = of.Place ?? "",
                Zone = sellers,
                Weekend = "06",
            }
            : null;
    }

    /// <summary>The place, or its country where the part of it is not known.</summary>
    private static string? Named(string place) =>
        Known.ContainsKey(place) ? place
        : Known.ContainsKey(place.Split('-')[0]) ? place.Split('-')[0]
        : null;
}
