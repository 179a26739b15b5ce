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
    public void Dates_are_written_out_in_both_languages()
    {
        var date = new DateOnly(2026, 9, 3);
        Assert.Equal("3 de septiembre de 2026", Amounts.Spanish.LongDate(date));
        Assert.Equal("3 September 2026", Amounts.English.LongDate(date));
    }

    [Theory]
    [InlineData("es", "es")]
    [InlineData("es-MX", "es")]
    [InlineData("ca", "es")]
    [InlineData("en-GB", "en")]
    [InlineData("de", "en")]
    [InlineData(null, "es")]
    public void A_reader_gets_Spanish_or_English(string? asked, string given) => Assert.Equal(given, Words.For(asked).Language);

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
}
