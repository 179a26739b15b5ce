using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>The real shop's file, posted to the real Invoicing.</summary>
public sealed class WholeShopTests(Infrastructure infrastructure)
{
    private static readonly string[] Scope = [Scopes.SalesWrite, Scopes.InvoicesRead];

    [Theory]
    [InlineData(ReplayVia.Http)]
    [InlineData(ReplayVia.Grpc)]
    [InlineData(ReplayVia.Bus)]
    public async Task A_day_is_issued_once_by_every_way_in(ReplayVia via)
    {
        var day = new DateOnly(2010, 12, 1);
        var numbers = new ReplayOrder
        {
            File = new FileInfo("-"),
            From = day,
            To = day,
        }
            .Of(OpenShop.Numbers())
            .ToArray();
        await using var host = await InvoicingAsync();

        var tally = await ReplayAsync(host, via, numbers);
        var again = await ReplayAsync(host, via, numbers);

        Assert.Equal((143, 131, 0, 46198.77m), (tally.Read, tally.Issued, tally.Repeated, tally.TotalWithVat));
        Assert.Equal(
            new Dictionary<string, int> { [Tally.OverTicketLimit] = 2, [ShopNumber.StockAdjustment] = 10 },
            tally.Refused.ToDictionary()
        );
        Assert.Equal((1, 5), (tally.WithOriginal, tally.Blind));
        Assert.Equal((143, 0, 131), (again.Read, again.Issued, again.Repeated));
        Assert.Empty(tally.Unexpected);
        Assert.Empty(again.Unexpected);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_whole_open_file_becomes_14977_invoices_of_5364733_56()
    {
        await using var host = await InvoicingAsync();

        var tally = await ReplayAsync(host, ReplayVia.Grpc, OpenShop.Numbers());

        Assert.Empty(tally.Unexpected);
        Assert.Equal((16459, 14977, 0), (tally.Read, tally.Issued, tally.Repeated));
        Assert.Equal(1482, tally.Refused.Values.Sum());
        Assert.Equal(5364733.56m, tally.TotalWithVat);
        Assert.Equal((1660, 894), (tally.WithOriginal, tally.Blind));
        await using var sum = host.Database.CreateCommand(
            "select count(*)::text || ' ' || sum(total_with_vat)::numeric(19,2)::text from invoice"
        );
        Assert.Equal("14977 5364733.56", await sum.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private async Task<ServiceHost> InvoicingAsync()
    {
        var host = await ServiceHost.StartAsync<InvoicingOptions>(infrastructure, "invoicing");
        using var admin = host.AsAdmin();
        using var registered = await admin.PutAsJsonAsync(
            "/v1/sellers/demo",
            DemoShop.Seller,
            Wire.Tolerant,
            TestContext.Current.CancellationToken
        );
        registered.EnsureSuccessStatusCode();
        return host;
    }

    private static async Task<Tally> ReplayAsync(ServiceHost host, ReplayVia via, IReadOnlyList<ShopNumber> numbers)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var key = host.KeyFor("demo", Scope);
        using var http = host.With(key);
        var invoices = new InvoiceLookUp(http);
        await using ISaleDoor door = via switch
        {
            ReplayVia.Grpc => new GrpcDoor(host.GrpcAddress, key),
            ReplayVia.Bus => new BusDoor(host.Broker, new SellerId("demo"), key, invoices, startedAt),
            _ => new HttpDoor(http),
        };
        var replay = new ReplayShop(
            door,
            async (sale, stop) => (await invoices.OfSaleAsync(sale, stop))?.IssuedAt,
            startedAt,
            TimeProvider.System
        );
        return await replay.RunAsync(numbers, speed: null, (_, _) => { }, TestContext.Current.CancellationToken);
    }
}
