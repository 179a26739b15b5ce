using RetailInvoicing.Delivery.Transmissions;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("600112233", "ES", "+34600112233")]
    [InlineData("600 11 22 33", "ES", "+34600112233")]
    [InlineData("600\u00a011.22-33", null, "+34600112233")]
    [InlineData("+34 600 11 22 33", "FR", "+34600112233")]
    [InlineData("0034 (600) 112233", "ES", "+34600112233")]
    [InlineData("910 000 000", "ES", "+34910000000")]
    [InlineData("+44 7911 123456", "ES", "+447911123456")]
    public void What_a_till_writes_is_read_as_networks_want_it(string text, string? country, string number)
    {
        Assert.True(PhoneNumber.TryParse(text, country, out var read));
        Assert.Equal(number, read.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no tiene")]
    [InlineData("12345")]
    [InlineData("123456789")]
    [InlineData("+34 60011223")]
    [InlineData("+34 6001122334")]
    [InlineData("+34 500112233")]
    [InlineData("+0 600112233")]
    [InlineData("600112233 / 600112234")]
    [InlineData("٦٠٠١١٢٢٣٣")]
    [InlineData("600112233\0")]
    [InlineData("+123456789012345678901234567890123456789012345678901234567890")]
    public void What_is_no_number_is_none(string? text) => Assert.False(PhoneNumber.TryParse(text, "ES", out _));

    [Fact]
    public void Nine_digits_are_Spanish_in_Spain_alone() => Assert.False(PhoneNumber.TryParse("600112233", "FR", out _));

    [Theory]
    [InlineData("600112233", true)]
    [InlineData("711223344", true)]
    [InlineData("701223344", false)]
    [InlineData("910000000", false)]
    [InlineData("+33145678901", true)]
    public void Short_messages_reach_mobiles_in_Spain_and_elsewhere_whoever_they_reach(string text, bool takes)
    {
        Assert.True(PhoneNumber.TryParse(text, "ES", out var number));
        Assert.Equal(takes, number.TakesShortMessages);
    }
}
