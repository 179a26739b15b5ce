using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>When a customer may be written to, by the clocks and calendars of its place.</summary>
public sealed class AllowedTimeTests
{
    [Theory]
    // The night in which Spanish clocks go forward; the Canary Islands' go with them, an hour behind on the dial.
    [InlineData("ES-28", "21:00", "09:00", "2026-03-28T22:30:00+01:00", "2026-03-29T09:00:00+02:00")]
    [InlineData("ES-35", "21:00", "09:00", "2026-03-28T22:30:00+01:00", "2026-03-29T09:00:00+01:00")]
    [InlineData("ES-35", "21:00", "09:00", "2026-03-28T21:59:00+01:00", "2026-03-28T21:59:00+01:00")]
    // The night in which American clocks go back: an hour longer.
    [InlineData("US-NY", "21:00", "09:00", "2026-10-31T22:00:00-04:00", "2026-11-01T09:00:00-05:00")]
    [InlineData("US-NY", "21:00", "09:00", "2026-11-01T08:59:59-05:00", "2026-11-01T09:00:00-05:00")]
    // Europe has changed already, America has not: the hours are those of the place and of nobody else.
    [InlineData("US-NY", "21:00", "09:00", "2026-10-26T12:00:00Z", "2026-10-26T13:00:00Z")]
    // 02:30 does not exist: the first minute that does.
    [InlineData("ES-28", "23:00", "02:30", "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("US-NY", "22:00", "02:30", "2026-03-08T01:30:00-05:00", "2026-03-08T03:00:00-04:00")]
    // 02:30 comes twice: the first; where that is over, the second.
    [InlineData("ES-28", "23:00", "02:30", "2026-10-25T02:15:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("ES-28", "23:00", "02:30", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00")]
    [InlineData("ES-35", "23:00", "01:30", "2026-10-25T01:15:00+01:00", "2026-10-25T01:30:00+01:00")]
    [InlineData("ES-35", "23:00", "01:30", "2026-10-25T01:15:00+00:00", "2026-10-25T01:30:00+00:00")]
    [InlineData("US-NY", "22:00", "01:30", "2026-11-01T01:10:00-04:00", "2026-11-01T01:30:00-04:00")]
    [InlineData("US-NY", "22:00", "01:30", "2026-11-01T01:10:00-05:00", "2026-11-01T01:30:00-05:00")]
    // Between the two it is allowed, and stays so until the hour comes again.
    [InlineData("ES-28", "23:00", "02:30", "2026-10-25T02:45:00+02:00", "2026-10-25T02:45:00+02:00")]
    // Quiet in the middle of the day.
    [InlineData("ES-28", "14:00", "17:00", "2026-06-01T15:00:00+02:00", "2026-06-01T17:00:00+02:00")]
    [InlineData("ES-28", "14:00", "17:00", "2026-06-01T13:59:59+02:00", "2026-06-01T13:59:59+02:00")]
    [InlineData("ES-28", "14:00", "17:00", "2026-06-01T17:00:00+02:00", "2026-06-01T17:00:00+02:00")]
    // From midnight on.
    [InlineData("ES-28", "00:00", "08:00", "2026-06-01T03:00:00+02:00", "2026-06-01T08:00:00+02:00")]
    public void Quiet_hours_end_when_the_clocks_of_the_place_say_so(string place, string from, string to, string instant, string next) =>
        Assert.Equal(
            DunningSample.At(next),
            AllowedTime.Next(DunningSample.At(instant), Place(place), new SendingHours { Quiet = Quiet(from, to) })
        );

    [Theory]
    // Columbus and Pilar: Saturday, Sunday, and 12 October on a Monday.
    [InlineData("ES-28", "2026-10-10T10:00:00+02:00", "2026-10-13T09:00:00+02:00")]
    // The Canary Islands' own day, and nobody else's.
    [InlineData("ES-35", "2025-05-30T10:00:00+01:00", "2025-06-02T09:00:00+01:00")]
    [InlineData("ES-28", "2025-05-30T10:00:00+02:00", "2025-05-30T10:00:00+02:00")]
    // Easter 2026 is on 5 April: Thursday is a day off in Madrid, Monday is in Barcelona.
    [InlineData("ES-28", "2026-04-02T10:00:00+02:00", "2026-04-06T09:00:00+02:00")]
    [InlineData("ES-08", "2026-04-02T10:00:00+02:00", "2026-04-02T10:00:00+02:00")]
    [InlineData("ES-08", "2026-04-03T10:00:00+02:00", "2026-04-07T09:00:00+02:00")]
    // The fourth Thursday of November; the last Monday of May.
    [InlineData("US-NY", "2026-11-26T10:00:00-05:00", "2026-11-27T09:00:00-05:00")]
    [InlineData("US-CA", "2026-05-25T10:00:00-07:00", "2026-05-26T09:00:00-07:00")]
    // Good Friday by the Julian calendar: Easter of 2026 is on 12 April there.
    [InlineData("GR", "2026-04-10T10:00:00+03:00", "2026-04-14T09:00:00+03:00")]
    // A weekend of Friday and Saturday.
    [InlineData("SA", "2026-06-05T10:00:00+03:00", "2026-06-07T09:00:00+03:00")]
    // A weekend with the change of the clocks in it.
    [InlineData("ES-28", "2026-03-27T22:00:00+01:00", "2026-03-30T09:00:00+02:00")]
    public void Nobody_is_disturbed_on_weekends_and_holidays_of_the_place(string place, string instant, string next) =>
        Assert.Equal(
            DunningSample.At(next),
            AllowedTime.Next(
                DunningSample.At(instant),
                Place(place),
                new SendingHours
                {
                    Quiet = Quiet("21:00", "09:00"),
                    OnWeekends = false,
                    OnHolidays = false,
                }
            )
        );

    [Theory]
    [InlineData("ES-28", "2026-03-28", 3)]
    [InlineData("ES-35", "2026-10-24", 3)]
    [InlineData("US-NY", "2026-03-07", 3)]
    [InlineData("US-NY", "2026-10-31", 3)]
    [InlineData("CU", "2024-03-09", 3)]
    public void The_next_allowed_instant_is_the_first_allowed_minute_that_anyone_finds_by_trying(string place, string first, int days)
    {
        // Slowly and by no cleverness: minute after minute, asking the clock of the place what it shows.
        var there = Place(place);
        var hours = new[] { ("21:00", "09:00"), ("23:30", "02:15"), ("01:45", "03:20"), ("00:00", "01:00") };
        var begin = new DateTimeOffset(DateTime.Parse(first, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
        foreach (var (from, to) in hours)
        {
            var quiet = Quiet(from, to);
            var rules = new SendingHours { Quiet = quiet };
            for (var minute = 0; minute < days * 24 * 60; minute += 11)
            {
                var instant = begin.AddMinutes(minute);
                var tried = instant;
                while (quiet.Cover(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(tried, there.Zone).DateTime)))
                {
                    tried = tried.AddMinutes(1);
                }

                Assert.Equal(tried, AllowedTime.Next(instant, there, rules));
            }
        }
    }

    [Theory]
    // At midnight clocks in Havana went from 00:00 to 01:00: that day has no midnight.
    [InlineData("CU", "2024-03-10", "00:00", "2024-03-10T01:00:00-04:00")]
    [InlineData("ES-28", "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00")]
    [InlineData("ES-28", "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00")]
    [InlineData("ES-35", "2026-03-29", "01:00", "2026-03-29T02:00:00+01:00")]
    [InlineData("ES-35", "2026-10-25", "01:00", "2026-10-25T01:00:00+01:00")]
    [InlineData("US-NY", "2026-03-08", "02:00", "2026-03-08T03:00:00-04:00")]
    [InlineData("US-NY", "2026-11-01", "01:59", "2026-11-01T01:59:00-04:00")]
    [InlineData("US-AZ", "2026-07-01", "10:00", "2026-07-01T10:00:00-07:00")]
    public void A_local_time_is_the_first_instant_that_shows_it_or_the_first_after_it(
        string place,
        string day,
        string time,
        string instant
    ) =>
        Assert.Equal(
            DunningSample.At(instant),
            Place(place).InstantOf(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), PolicyTime.Read(time)!.Value)
        );

    [Theory]
    [InlineData("09:00", "21:00", "09:00", "21:00", "09:00")]
    [InlineData("22:00", "21:00", "09:00", null, null)]
    [InlineData("10:30", "21:00", "09:00", "21:00", "10:30")]
    [InlineData("10:30", "14:00", "17:00", "14:00", "10:30")]
    [InlineData("15:00", "14:00", "17:00", "00:00", "17:00")]
    public void What_is_left_of_a_day_ends_with_the_quiet_hours(string now, string from, string to, string? until, string? since)
    {
        var left = AllowedTime.Within(
            new DateOnly(2026, 6, 1),
            PolicyTime.Read(now)!.Value,
            Place("ES-28"),
            new SendingHours { Quiet = Quiet(from, to) }
        );

        Assert.Equal(
            (since, until),
            left is { } hours ? (PolicyTime.Text(hours.From), PolicyTime.Text(hours.To)) : ((string?)null, (string?)null)
        );
    }

    [Theory]
    [InlineData("2026-06-01T10:00:00+02:00", "21:00", "09:00", "2026-06-01T11:00:00+02:00")]
    [InlineData("2026-06-01T20:45:00+02:00", "21:00", "09:00", "2026-06-01T21:00:00+02:00")]
    [InlineData("2026-06-01T23:30:00+02:00", "02:00", "09:00", "2026-06-02T00:00:00+02:00")]
    [InlineData("2026-06-01T22:00:00+02:00", "21:00", "09:00", "2026-06-01T22:00:00+02:00")]
    public void It_stays_allowed_until_it_is_quiet_or_the_day_is_over_and_no_longer_than_is_said(
        string now,
        string from,
        string to,
        string until
    ) =>
        Assert.Equal(
            DunningSample.At(until),
            AllowedTime.Until(DunningSample.At(now), Place("ES-28"), new SendingHours { Quiet = Quiet(from, to) }, TimeSpan.FromHours(1))
        );

    private static CustomerPlace Place(string name) => CustomerPlace.Of(name, null)!;

    private static QuietHours Quiet(string from, string to) => new(PolicyTime.Read(from)!.Value, PolicyTime.Read(to)!.Value);
}
