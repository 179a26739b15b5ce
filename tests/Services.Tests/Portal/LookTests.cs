using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The pure parts: words, colours, states.</summary>
public sealed class LookTests
{
    [Theory]
    [InlineData("es", "1398.60", "1.398,60\u00a0€")]
    [InlineData("es", "-24.5", "\u221224,50\u00a0€")]
    [InlineData("en", "1398.60", "€1,398.60")]
    [InlineData("en", "-0.5", "\u2212€0.50")]
    public void Amounts_are_written_as_readers_write_them(string language, string amount, string written) =>
        Assert.Equal(written, Words.For(language, null).Amount(decimal.Parse(amount, CultureInfo.InvariantCulture), Currency.Eur));

    [Theory]
    [InlineData(null, null, "es")]
    [InlineData(null, "fr,de;q=0.8", "es")]
    [InlineData(null, "en-US,en;q=0.9", "en")]
    [InlineData(null, "es;q=0.2, en;q=0.3", "en")]
    [InlineData(null, "en;q=0, es", "es")]
    [InlineData("en", "es", "en")]
    [InlineData("xx", "en", "en")]
    [InlineData(null, ";;q=,,,q", "es")]
    public void The_language_is_the_chosen_one_else_the_browsers_else_Spanish(string? chosen, string? accepted, string code) =>
        Assert.Equal(code, Words.For(chosen, accepted).Code);

    [Fact]
    public void A_sellers_colour_can_always_be_read()
    {
        foreach (var colour in new[] { "#f2c200", "#ffffff", "#000000", "#0b7a6f", "#ff0000", "#1b1f24", "#808080", "#00ffff" })
        {
            var accent = Accent.Of(colour)!;
            Assert.True(Accent.Contrast(Rgb(accent.OnPaper), (255, 255, 255)) >= 4.5, $"{colour} on paper");
            Assert.True(Accent.Contrast(Rgb(accent.OnInk), (0x1b, 0x1f, 0x24)) >= 4.5, $"{colour} on ink");
        }

        Assert.Equal("#0b7a6f", Accent.Of("#0b7a6f")!.OnPaper);
        Assert.Null(Accent.Of("red"));
        Assert.Null(Accent.Of("#12345g"));
        Assert.Null(Accent.Of(null));

        static (int, int, int) Rgb(string hex) =>
            (Convert.ToInt32(hex[1..3], 16), Convert.ToInt32(hex[3..5], 16), Convert.ToInt32(hex[5..7], 16));
    }

    [Fact]
    public void An_invoice_is_overdue_the_day_after_its_due_date_in_the_sellers_zone()
    {
        var invoice = Demo.Invoice(Demo.Nandu, "F-S01-2026-000001", -30, paid: false, Demo.Line("A", "Cosa", 1, 12.10m));
        var canary = Zones.Of("Atlantic/Canary");
        var midnight = new DateTimeOffset(invoice.DueDate!.Value.AddDays(1), TimeOnly.MinValue, TimeSpan.FromHours(1));
        var madrid = Zones.Of("Europe/Madrid");
        Assert.Equal(StandingKind.Overdue, Standing.Of(invoice, null, false, Zones.DayAt(midnight, madrid), madrid).Kind);
        Assert.Equal(StandingKind.Due, Standing.Of(invoice, null, false, Zones.DayAt(midnight, canary), canary).Kind);
        Assert.Equal(StandingKind.Unknown, Standing.Of(invoice, null, true, Zones.DayAt(midnight, canary), canary).Kind);
    }

    [Theory]
    [InlineData(" Ana@Example.COM ", "ana@example.com")]
    [InlineData("a@b", "a@b")]
    [InlineData("a\0@b.es", null)]
    [InlineData("a@b@c", null)]
    [InlineData("@b.es", null)]
    [InlineData("a b@c.es", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_address_is_taken_as_typed_but_for_blanks_and_capitals(string? typed, string? read) =>
        Assert.Equal(read, EmailAddress.Of(typed));

    [Fact]
    public void A_refusal_of_a_page_begins_with_a_sentence_that_can_be_its_heading()
    {
        foreach (var field in typeof(PortalFaults).GetFields())
        {
            var code = (RetailInvoicing.ServiceDefaults.FaultCode)field.GetValue(null)!;
            Assert.All(new[] { code.English, code.Spanish }, text => Assert.InRange(text.IndexOf(". ", StringComparison.Ordinal), 10, 70));
        }
    }
}
