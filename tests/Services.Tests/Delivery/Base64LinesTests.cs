using System.Text;
using RetailInvoicing.Delivery.Transmissions;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class Base64LinesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(57)]
    [InlineData(58)]
    [InlineData(114)]
    [InlineData(40_049)]
    public void Bytes_stand_in_lines_of_76_letters_each_with_its_end(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);

        var lines = Encoding.ASCII.GetString(Base64Lines.Of(content));

        Assert.Equal(Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks) + "\r\n", lines);
    }

    [Fact]
    public void Nothing_is_no_line() => Assert.Empty(Base64Lines.Of([]));
}
