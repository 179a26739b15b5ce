using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>A real day of a real shop.</summary>
public sealed class ReplayDay(SharedSystem shared)
{
    private static readonly DateOnly FirstOfDecember = new(2010, 12, 1);

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    [InlineData("bus")]
    public async Task The_first_of_December_becomes_131_invoices_once_by_every_way_in(string via)
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, $"day-{via}");
        var day = new ReplayedDay(system, shop, FirstOfDecember, FirstOfDecember);
        Assert.Equal((143, 131), (day.Read, day.Issued));

        var first = await day.ReplayAsync("--via", via);

        Assert.True(first.ExitCode == 0, $"{first.ExitCode}: {first.Errors}{first.Output}");
        Assert.Equal(143, first.Json.GetProperty("read").GetInt32());
        Assert.Equal(131, first.Json.GetProperty("issued").GetInt32());
        Assert.Equal(0, first.Json.GetProperty("repeated").GetInt32());
        var refused = first.Json.GetProperty("refused").EnumerateObject().ToDictionary(code => code.Name, code => code.Value.GetInt32());
        Assert.Equal(12, refused.Values.Sum());
        Assert.Equal(10, refused["REPLAY-STOCK"]);
        Assert.Equal(day.Total, Shop.Amount(first.Json, "totalWithVat"));
        await day.InvoicesAreWholeAsync();
        await day.ReportIsEqualAsync();
        await day.LedgerIsEqualAsync();
        Assert.Equal(0, await day.MailsAreExactAsync());

        var second = await day.ReplayAsync("--via", via);

        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Equal((0, 131), (second.Json.GetProperty("issued").GetInt32(), second.Json.GetProperty("repeated").GetInt32()));
        await day.InvoicesAreWholeAsync();
        Assert.Equal(0, await day.MailsAreExactAsync());
    }
}
