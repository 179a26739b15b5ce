using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class ImportSalesTests(Infrastructure infra)
{
    [Fact]
    public async Task Every_line_is_answered_in_order_and_a_broken_one_stops_nothing()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var lines = new[]
        {
            Shop.Sale("A-1").ToJsonString(),
            "{\"saleId\":\"A-2\",",
            "",
            "   ",
            Shop.Sale("A-1").ToJsonString(),
            Shop.Sale("A-1", quantity: "7").ToJsonString(),
            Shop.Return("A-3", "A-1", "-1").ToJsonString(),
            "{\"saleId\":\"" + new string('x', 4 * 1024 * 1024) + "\"}",
            "[1,2]",
            Shop.Sale("A-4").ToJsonString(),
        };

        var answers = await ImportAsync(shop, string.Join("\r\n", lines));

        Assert.Equal(
            [
                "A-1 issued",
                " refused BODY-01",
                "A-1 repeated",
                "A-1 refused INV-SALE-01",
                "A-3 issued",
                " refused BODY-03",
                " refused BODY-02",
                "A-4 issued",
            ],
            answers.Select(each =>
                $"{(each["status"]!.GetValue<string>() == "refused" && each["code"]!.GetValue<string>() == "BODY-01" ? "" : each["saleId"]?.GetValue<string>())} {each["status"]} {each["code"]}".TrimEnd()
            )
        );
        Assert.Equal("A-2", answers[1]["saleId"]!.GetValue<string>());
        Assert.Equal("T-S01-2026-000002", answers[^1]["number"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_client_that_writes_everything_before_it_reads_gets_every_answer()
    {
        await using var shop = await Shop.OpenAsync(infra);
        const int Count = 60_000;
        var all = string.Concat(Enumerable.Repeat("no sale\n", Count));

        var answers = await ImportAsync(shop, all, gzip: true);

        Assert.Equal(Count, answers.Count);
    }

    [Fact]
    public async Task Packing_that_breaks_off_is_said_after_the_answers_before_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var packed = Gzip(string.Join('\n', Enumerable.Range(0, 200).Select(i => Shop.Sale($"A-{i}").ToJsonString())));
        packed[^20] ^= 0x55;
        packed[^30] ^= 0x55;

        using var content = new ByteArrayContent(packed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        var answer = await shop.Till.PostAsync("/v1/sales:import", content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith("}\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_types_are_not_read()
    {
        await using var shop = await Shop.OpenAsync(infra);

        var answer = await shop.Till.PostAsync("/v1/sales:import", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task By_gRPC_the_answers_are_the_same()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var client = new Sales.SalesClient(channel);
        using var call = client.Import(new Metadata { { "authorization", $"Bearer {shop.Host.KeyFor(Shop.Seller, "sales:write")}" } });
        var answers = new List<SaleAnswer>();
        foreach (var sale in new[] { Till("A-1", "2"), Till("A-1", "2"), Till("A-2", "0"), Till("", "1"), Till("A-3", "much") })
        {
            await call.RequestStream.WriteAsync(sale);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            answers.Add(call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(["issued", "repeated", "refused", "refused", "refused"], answers.Select(each => each.Status));
        Assert.Equal("T-S01-2026-000001", answers[1].Number);
        Assert.Equal("INV-LINE-02", answers[2].Code);
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync(Shop.Sale("A-1"))).StatusCode);
    }

    [Fact]
    public async Task By_gRPC_a_key_without_the_scope_is_refused()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        using var call = new Sales.SalesClient(channel).Import(
            new Metadata { { "authorization", $"Bearer {shop.Host.KeyFor(Shop.Seller, "invoices:read")}" } }
        );

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
    }

    private static Sale Till(string saleId, string quantity) =>
        new()
        {
            SaleId = saleId,
            StoreId = "S01",
            TillId = "T2",
            OccurredAt = "2026-11-23T10:15:00+01:00",
            Currency = "EUR",
            Lines =
            {
                new SaleLine
                {
                    Sku = "85123A",
                    Name = "Portavelas",
                    Quantity = quantity,
                    UnitPrice = "9.95",
                    Vat = new Vat { Category = "S", Rate = "21" },
                },
            },
        };

    private static async Task<List<JsonNode>> ImportAsync(Shop shop, string lines, bool gzip = false)
    {
        using var content = new ByteArrayContent(gzip ? Gzip(lines) : Encoding.UTF8.GetBytes(lines));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        var answer = await shop.Till.PostAsync("/v1/sales:import", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static byte[] Gzip(string text)
    {
        using var buffer = new MemoryStream();
        using (var packing = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            packing.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }
}
