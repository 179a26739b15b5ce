using RetailInvoicing.Benchmarks.Collections;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>The trial's own clocks, which the service's are held against: right by the law's words and by the zone tables alike.</summary>
public sealed class OwnZoneTests
{
    [Fact]
    public void The_law_and_the_table_of_zones_say_the_same_time()
    {
        foreach (var zone in new[] { OwnZone.Madrid, OwnZone.Canary, OwnZone.NewYork })
        {
            var table = TimeZoneInfo.FindSystemTimeZoneById(zone.Iana);
            for (var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); at.Year < 2028; at = at.AddMinutes(20))
            {
                Assert.Equal(TimeZoneInfo.ConvertTime(at, table).DateTime, zone.Local(at));
            }
        }
    }

    // Worked out by hand: an hour that is passed over, one that is shown twice, and a plain one.
    [Theory]
    [InlineData("Europe/Madrid", "2026-03-29", "02:30", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Madrid", "2026-10-25", "02:30", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Madrid", "2026-10-25", "03:00", "2026-10-25T02:00:00Z")]
    [InlineData("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
    [InlineData("Atlantic/Canary", "2026-07-01", "10:00", "2026-07-01T09:00:00Z")]
    [InlineData("Atlantic/Canary", "2026-12-01", "10:00", "2026-12-01T10:00:00Z")]
    public void The_first_instant_at_which_a_clock_shows_a_time(string iana, string day, string time, string instant)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var zone = new[] { OwnZone.Madrid, OwnZone.Canary, OwnZone.NewYork }.Single(each => each.Iana == iana);

        Assert.Equal(
            DateTimeOffset.Parse(instant, culture),
            zone.Earliest(DateOnly.ParseExact(day, "yyyy-MM-dd", culture), TimeOnly.ParseExact(time, "HH:mm", culture))
        );
    }
}
