using System.Globalization;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Amounts are read as xs:decimal has them, whichever way is taken.</summary>
public sealed class NumberTests
{
    private const string Characters = "00123456789..-+ e,";

    [Fact]
    public void A_number_is_what_the_platform_makes_of_it_to_the_last_zero()
    {
        var random = new Random(20261126);
        for (var sample = 0; sample < 200_000; sample++)
        {
            // Mostly digits, since anything else ends most of them.
            var letters = random.Next(3) == 0 ? Characters : Characters[..13];
            var text = string.Concat(Enumerable.Range(0, random.Next(22)).Select(_ => letters[random.Next(letters.Length)]));
            decimal? expected =
                decimal.TryParse(
                    text,
                    NumberStyles.AllowDecimalPoint
                        | NumberStyles.AllowLeadingSign
                        | NumberStyles.AllowLeadingWhite
                        | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && Math.Abs(number) <= 1_000_000_000_000_000_000m
                    ? number
                    : null;

            var read = Node.NumberOf(text);

            Assert.Equal(Bits(expected), Bits(read));
        }
    }

    [Theory]
    [InlineData("1000000000000000000", true)]
    [InlineData("1000000000000000001", false)]
    [InlineData("99999999999999999.9", true)]
    [InlineData(".", false)]
    [InlineData("1.", true)]
    [InlineData(".1", true)]
    [InlineData("-1", true)]
    [InlineData("1.2.3", false)]
    [InlineData("٣", false)]
    public void A_number_has_digits_one_point_and_a_bound(string text, bool isNumber) =>
        Assert.Equal(isNumber, Node.NumberOf(text) is not null);

    private static string Bits(decimal? number) => number is { } given ? string.Join(' ', decimal.GetBits(given)) : "none";
}
