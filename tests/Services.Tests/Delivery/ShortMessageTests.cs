using RetailInvoicing.Delivery.Rendering;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class ShortMessageTests
{
    private const string Link = "https://delivery.example.com/d/0123456789abcdefghijkl";

    [Theory]
    [InlineData("es", "Nandu: factura F-S01-2026-000123, 1.452,00 €. ")]
    [InlineData("ca", "Nandu: factura F-S01-2026-000123, 1.452,00 €. ")]
    [InlineData("gl", "Nandu: factura F-S01-2026-000123, 1.452,00 €. ")]
    [InlineData("eu", "Nandu: F-S01-2026-000123 faktura, 1.452,00 €. ")]
    [InlineData("en", "Nandu: invoice F-S01-2026-000123, 1.452,00 €. ")]
    public void It_says_who_which_invoice_how_much_and_where_in_one_message(string language, string text)
    {
        var message = ShortMessage.OfInvoice("Nandú", "F-S01-2026-000123", "1.452,00\u00a0€", Link, language);

        Assert.Equal(text + Link, message.Text);
        Assert.Equal(1, message.Parts);
    }

    [Fact]
    public void Letters_that_the_network_has_stay_as_they_are() =>
        Assert.StartsWith("Ñandu, SL: ", ShortMessage.OfInvoice("Ñandú, SL", "F-1", "1 €", Link, "es").Text, StringComparison.Ordinal);

    [Fact]
    public void A_long_name_is_cut_before_the_message_becomes_two()
    {
        var message = ShortMessage.OfInvoice(new string('N', 300), "F-S01-2026-000123", "1.452,00 €", Link, "es");

        Assert.Equal(1, message.Parts);
        Assert.Equal(160, ShortMessageLetters.Places(message.Text));
        Assert.Contains("N.: factura F-S01-2026-000123, 1.452,00 €. " + Link, message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_sixty_characters_makes_two_messages_and_keeps_name_and_link()
    {
        var number = new string('9', 60);
        var message = ShortMessage.OfInvoice("Comercios del Norte y del Sur", number, "1.452,00 €", Link + new string('x', 40), "es");

        Assert.Equal(2, message.Parts);
        Assert.StartsWith("Comercios del Norte y del Sur: ", message.Text, StringComparison.Ordinal);
        Assert.EndsWith(new string('x', 40), message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ταβέρνα")]
    [InlineData("مقهى المدينة")]
    [InlineData("Café 🎉")]
    public void A_name_in_other_letters_stays_itself(string name)
    {
        var message = ShortMessage.OfInvoice(name, "F-1", "1,00 €", Link, "es");

        Assert.StartsWith(name, message.Text, StringComparison.Ordinal);
        Assert.EndsWith(Link, message.Text, StringComparison.Ordinal);
        Assert.Equal(message.Text.Length <= 70 ? 1 : (message.Text.Length + 66) / 67, message.Parts);
    }

    [Fact]
    public void A_long_name_of_emoji_is_cut_between_them()
    {
        var message = ShortMessage.OfInvoice(string.Concat(Enumerable.Repeat("👩‍👩‍👧", 40)), "F-1", "1,00 €", Link, "es");

        Assert.DoesNotContain('\ufffd', message.Text);
        Assert.Equal(message.Text, ShortMessageLetters.Tidy(message.Text));
        Assert.EndsWith(Link, message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ends_control_characters_and_halves_of_characters_go()
    {
        Assert.Equal("a b c", ShortMessageLetters.Tidy("\n a\r\n\tb\0 c \u2028"));
        Assert.Equal("a\ufffdb", ShortMessageLetters.Tidy("a\ud83cb"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("1 €", 4)]
    [InlineData("{x}", 5)]
    [InlineData("ÑÜñü¿¡", 6)]
    [InlineData("á", null)]
    [InlineData("ç", null)]
    [InlineData("\u00a0", null)]
    public void Places_are_counted_as_the_network_counts_them(string text, int? places) =>
        Assert.Equal(places, ShortMessageLetters.Places(text));

    [Theory]
    [InlineData("Peluquería Begoña", "Peluqueria Begoña")]
    [InlineData("L·L “Açaí” – 5…", "L.L \"Acai\" - 5...")]
    [InlineData("a\u0301", "a")]
    [InlineData("5 ª", "5 a")]
    [InlineData("Ναι", null)]
    [InlineData("日本", null)]
    public void A_text_is_brought_near_or_left_alone(string text, string? plain) => Assert.Equal(plain, ShortMessageLetters.Plain(text));
}
