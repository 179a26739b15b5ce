using RetailInvoicing.Collections.Places;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class HolidaysTests
{
    [Theory]
    [InlineData(2024, "2024-03-31", "2024-05-05")]
    [InlineData(2025, "2025-04-20", "2025-04-20")]
    [InlineData(2026, "2026-04-05", "2026-04-12")]
    [InlineData(2027, "2027-03-28", "2027-05-02")]
    [InlineData(2028, "2028-04-16", "2028-04-16")]
    [InlineData(2038, "2038-04-25", "2038-04-25")]
    public void Easter_is_on_the_days_that_calendars_print(int year, string western, string orthodox)
    {
        Assert.Equal(western, $"{Holidays.Easter(year):yyyy-MM-dd}");
        Assert.Equal(orthodox, $"{Holidays.OrthodoxEaster(year):yyyy-MM-dd}");
    }

    [Fact]
    public void Every_province_of_Spain_has_the_days_of_the_country_and_some_of_its_own()
    {
        for (var province = 1; province <= 52; province++)
        {
            var place = $"ES-{province:00}";
            var (days, of) = (DaysOf(place, 2026), DaysOf("ES", 2026));
            Assert.True(CustomerPlace.IsKnown(place), place);
            Assert.Superset(of, days);
            Assert.InRange(days.Count - of.Count, 2, 6);
        }
    }

    [Theory]
    [InlineData("ES-28", "2026-05-02", true)]
    [InlineData("ES-08", "2026-05-02", false)]
    [InlineData("ES-08", "2026-09-11", true)]
    [InlineData("ES-48", "2026-07-25", true)]
    [InlineData("ES-28", "2026-04-06", false)]
    [InlineData("ES-31", "2026-07-25", false)]
    [InlineData("ES-28", "2026-12-07", true)]
    [InlineData("ES-08", "2026-12-07", false)]
    [InlineData("ES-35", "2026-12-07", false)]
    [InlineData("ES-28", "2027-12-07", false)]
    [InlineData("ES-28", "2027-08-16", true)]
    [InlineData("ES-20", "2027-10-07", true)]
    [InlineData("ES-20", "2028-10-07", false)]
    [InlineData("FR", "2026-05-14", true)]
    [InlineData("GB", "2026-08-31", true)]
    [InlineData("US-NY", "2026-01-19", true)]
    [InlineData("US", "2026-09-07", true)]
    [InlineData("AR", "2026-05-25", false)]
    public void A_place_has_its_own_days(string place, string day, bool off) =>
        Assert.Equal(off, Holidays.Are(place, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("ES-35", "Europe/Madrid", "Atlantic/Canary")]
    [InlineData("ES-28", "Atlantic/Canary", "Europe/Madrid")]
    [InlineData("US-NY", "Europe/Madrid", "America/New_York")]
    [InlineData("US-TX", "Europe/Madrid", "America/Chicago")]
    [InlineData("US", "Europe/Madrid", "America/New_York")]
    [InlineData("US-XX", "Europe/Madrid", "America/New_York")]
    [InlineData("PT", "Europe/Madrid", "Europe/Lisbon")]
    [InlineData("XX", "Europe/Madrid", "Europe/Madrid")]
    [InlineData(null, "Atlantic/Canary", "Atlantic/Canary")]
    [InlineData(null, "Europe/Madrid", "Europe/Madrid")]
    public void A_customer_lives_by_the_clock_of_its_place_else_by_the_sellers(string? place, string seller, string zone) =>
        Assert.Equal(zone, CustomerPlace.Of(place, seller)!.Zone.Id);

    [Fact]
    public void Where_neither_is_known_nobody_knows_the_time()
    {
        Assert.Null(CustomerPlace.Of(null, null));
        Assert.Null(CustomerPlace.Of(null, "Mars/Olympus"));
    }

    [Fact]
    public void A_seller_in_the_Canary_Islands_has_their_day() =>
        Assert.True(CustomerPlace.OfSeller("Atlantic/Canary")!.IsHoliday(new DateOnly(2026, 5, 30)));

    private static HashSet<DateOnly> DaysOf(string place, int year) =>
        [.. Enumerable.Range(0, 365).Select(day => new DateOnly(year, 1, 1).AddDays(day)).Where(day => Holidays.Are(place, day))];
}
