using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.Reporting;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

/// <summary>Staff that the seller's list holds to one shop, at the doors of Reporting: sums of its shop, and of nothing else.</summary>
public sealed class ReportingStoresTests(Infrastructure infrastructure)
{
    private const string Period = "?from=2026-11-01&to=2026-11-30";

    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("month")]
    [InlineData("hour")]
    [InlineData("store")]
    [InlineData("till")]
    [InlineData("channel")]
    public async Task Sums_are_of_the_members_stores_alone_now_and_back_then(string groupBy)
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        await TellAsync(host);
        using var held = host.Member("s1", StaffRole.Accountant, "S01");
        using var all = host.Member("s1", StaffRole.Accountant);
        Assert.Equal(121m, await TotalAsync(held, $"{Period}&groupBy={groupBy}"));
        Assert.Equal(121m + 777.77m, await TotalAsync(all, $"{Period}&groupBy={groupBy}"));
        var asOf = Uri.EscapeDataString((string)(await ReportAsync(all, Period))["asOf"]!);
        await host.PublishAsync(Of("S99", 555m));
        await Eventually.TrueAsync(async () => await TotalAsync(all, Period) > 1000m, "the third is known");
        Assert.Equal(121m, await TotalAsync(held, $"{Period}&groupBy={groupBy}&asOf={asOf}"));
        Assert.Equal(898.77m, await TotalAsync(all, $"{Period}&groupBy={groupBy}&asOf={asOf}"));
        Assert.Equal(121m, await TotalAsync(held, $"{Period}&groupBy={groupBy}&compare=previous"));
    }

    [Fact]
    public async Task What_is_not_told_apart_by_store_is_refused_with_its_code()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        await TellAsync(host);
        using var held = host.Member("s1", StaffRole.Accountant, "S01");
        foreach (
            var door in new[]
            {
                $"sales{Period}&groupBy=sku",
                $"sales{Period}&groupBy=customer",
                $"sales{Period}&groupBy=vat",
                $"vat-book{Period}",
                $"income{Period}",
                "dso",
                "ageing",
            }
        )
        {
            var refused = await held.GetAsync($"/v1/reports/{door}");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("AUTH-04", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_invoices_behind_a_row_and_the_changes_of_a_period_are_those_of_the_members_stores()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var (own, _) = await TellAsync(host);
        using var held = host.Member("s1", StaffRole.Accountant, "S01");
        foreach (
            var row in new[] { "groupBy=month&key=2026-11", "groupBy=store&key=S01", "groupBy=customer&key=c1", "groupBy=sku&key=85123A" }
        )
        {
            var rows = (await held.GetFromJsonAsync<JsonNode>($"/v1/reports/sales/invoices{Period}&{row}"))!["rows"]!.AsArray();
            Assert.Equal(own.Number, (string?)Assert.Single(rows)!["number"]);
        }

        var other = await held.GetFromJsonAsync<JsonNode>($"/v1/reports/sales/invoices{Period}&groupBy=store&key=S99");
        Assert.Empty(other!["rows"]!.AsArray());
        var changes = await held.GetFromJsonAsync<JsonNode>("/v1/reports/sales/changes?since=2020-01-01T00:00:00Z");
        Assert.Equal(own.Number, (string?)Assert.Single(changes!["rows"]!.AsArray())!["number"]);
    }

    [Fact]
    public async Task No_GET_door_shows_anything_of_another_store_and_the_rpc_neither()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var (_, other) = await TellAsync(host);
        var values = new Dictionary<string, string> { ["invoiceId"] = other.InvoiceId.ToString(), ["sellerId"] = "s1" };
        string[] queries =
        [
            "",
            Period,
            $"{Period}&groupBy=store&key=S99",
            $"{Period}&groupBy=till&key=S99/T1",
            $"{Period}&groupBy=customer&key=zorzal",
            $"{Period}&format=csv",
            "?since=2020-01-01T00:00:00Z",
        ];
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var held = host.Member("s1", role, "S01");
            var answers = await StoreSweep.WalkAsync(
                host,
                held,
                values,
                queries,
                ["777.77", other.Number, other.InvoiceId.ToString(), "Zorzal azul", "zorzal@example.com"]
            );
            Assert.Equal(role == StaffRole.Shop ? 403 : 200, answers["/v1/reports/sales"]);
            Assert.Equal(403, answers["/v1/live"]);
        }

        using var channel = host.Channel();
        var reply = await new Reports.ReportsClient(channel).SalesAsync(
            new GetSalesReport
            {
                From = "2026-11-01",
                To = "2026-11-30",
                GroupBy = "store",
            },
            host.CallAs("portal", StoreSweep.Behalf("s1", StaffRole.Shop, "S01"))
        );
        Assert.Equal("S01", Assert.Single(reply.Rows).Key);
    }

    private static InvoiceIssued Of(string store, decimal total)
    {
        var invoice = Told.Invoice("s1", total, customer: store == "S01" ? "c1" : "zorzal", email: $"{store}@example.com");
        return invoice with
        {
            StoreId = StoreId.Of(store),
            Contact = invoice.Contact! with { Name = store == "S01" ? "Clara" : "Zorzal azul", Email = "zorzal@example.com" },
        };
    }

    private static async Task<(InvoiceIssued Own, InvoiceIssued Other)> TellAsync(ServiceHost host)
    {
        var (own, other) = (Of("S01", 121m), Of("S99", 777.77m));
        await host.PublishAsync(own);
        await host.PublishAsync(other);
        using var all = host.Member("s1", StaffRole.Accountant);
        await Eventually.EqualAsync(898.77m, () => TotalAsync(all, Period), "both are known");
        return (own, other);
    }

    private static async Task<JsonNode> ReportAsync(HttpClient member, string query) =>
        (await member.GetFromJsonAsync<JsonNode>($"/v1/reports/sales{query}"))!;

    private static async Task<decimal> TotalAsync(HttpClient member, string query) =>
        (await ReportAsync(member, query))["rows"]!
            .AsArray()
            .Sum(row => decimal.Parse((string)row!["totalWithVat"]!, System.Globalization.CultureInfo.InvariantCulture));
}
