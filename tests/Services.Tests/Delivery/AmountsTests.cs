using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class AmountsTests
{
    [Theory]
    [InlineData("1398.6", "EUR", "1.398,60 €", "€1,398.60")]
    [InlineData("-0.5", "EUR", "−0,50 €", "−€0.50")]
    [InlineData("0", "EUR", "0,00 €", "€0.00")]
    [InlineData("1234567", "JPY", "1.234.567 JPY", "JPY 1,234,567")]
    [InlineData("12.1", "USD", "12,10 $", "$12.10")]
    public void Amounts_stand_as_their_reader_writes_them(string amount, string currency, string spanish, string english)
    {
        var value = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(spanish, Amounts.Spanish.Of(value, Currency.Of(currency)).Replace('\u00a0', ' '));
        Assert.Equal(english, Amounts.English.Of(value, Currency.Of(currency)).Replace('\u00a0', ' '));
    }

    [Fact]
    public void Prices_show_what_they_have_and_quantities_no_idle_zeros()
    {
        Assert.Equal("8,2231", Amounts.Spanish.Number(8.223140m, 2, 4));
        Assert.Equal("8,20", Amounts.Spanish.Number(8.2m, 2, 4));
        Assert.Equal("2", Amounts.Spanish.Number(2.000m, 0, 4));
        Assert.Equal("−1,5", Amounts.Spanish.Number(-1.50m, 0, 4));
        Assert.Equal("0", Amounts.Spanish.Number(-0.00001m, 0, 4));
    }

    [Fact]
    public void Dates_are_written_out_in_every_language()
    {
        var date = new DateOnly(2026, 9, 3);
        Assert.Equal("3 de septiembre de 2026", Amounts.Spanish.LongDate(date));
        Assert.Equal("3 September 2026", Amounts.English.LongDate(date));
        Assert.Equal("3 de setembre de 2026", Amounts.Catalan.LongDate(date));
        Assert.Equal("3 d'agost de 2026", Amounts.Catalan.LongDate(new DateOnly(2026, 8, 3)));
        Assert.Equal("3 de setembro de 2026", Amounts.Galician.LongDate(date));
        Assert.Equal("2026ko irailaren 3a", Amounts.Basque.LongDate(date));
        Assert.Equal("2025eko abenduaren 11", Amounts.Basque.LongDate(new DateOnly(2025, 12, 11)));
        Assert.Equal("2031ko urtarrilaren 31", Amounts.Basque.LongDate(new DateOnly(2031, 1, 31)));
        Assert.Equal("2026/09/03", Amounts.Basque.Date(date));
        Assert.Equal("% 5,2", Amounts.Basque.Percent(5.2m).Replace('\u00a0', ' '));
    }

    [Theory]
    [InlineData("es", "es")]
    [InlineData("es-MX", "es")]
    [InlineData("ca", "ca")]
    [InlineData("eu-ES", "eu")]
    [InlineData("GL", "gl")]
    [InlineData("en-GB", "en")]
    [InlineData("de", "en")]
    [InlineData(null, "es")]
    public void A_reader_gets_a_language_of_Spain_or_English(string? asked, string given) => Assert.Equal(given, Words.For(asked).Language);

    [Fact]
    public void A_pale_accent_is_darkened_until_it_can_be_read_and_nonsense_becomes_ink()
    {
        Assert.NotEqual("#ffff00", Accent.Of("#ffff00").Hex);
        Assert.Equal("#003366", Accent.Of("#003366").Hex);
        Assert.Equal(Accent.Ink, Accent.Of("red"));
        Assert.Equal(Accent.Ink, Accent.Of("#zzzzzz"));
        Assert.Equal(Accent.Ink, Accent.Of(null));
    }

    [Fact]
    public void Pauses_double_up_to_their_cap()
    {
        var (first, cap) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(1), Backoff.After(1, first, cap, 1));
        Assert.Equal(TimeSpan.FromSeconds(4), Backoff.After(3, first, cap, 1));
        Assert.Equal(cap, Backoff.After(1000, first, cap, 1));
        Assert.Equal(cap * 0.75, Backoff.After(1000, first, cap, 0));
    }

    [Theory]
    [InlineData("ca")]
    [InlineData("gl")]
    [InlineData("eu")]
    [InlineData("en")]
    public void Every_language_says_everything_with_the_places_that_Spanish_has(string language)
    {
        var (spanish, other) = (Words.For("es"), Words.For(language));
        foreach (var property in typeof(Words).GetProperties().Where(each => each.PropertyType == typeof(string) && each.CanWrite))
        {
            var (here, there) = ((string)property.GetValue(spanish)!, (string)property.GetValue(other)!);
            Assert.False(string.IsNullOrWhiteSpace(there), property.Name);
            foreach (var place in new[] { "{0}", "{1}", "{2}", "{3}" })
            {
                Assert.True(
                    here.Contains(place, StringComparison.Ordinal) == there.Contains(place, StringComparison.Ordinal),
                    $"{property.Name}: {place}"
                );
            }
        }
    }
}
