using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Staff that the seller's list holds to one shop, at the doors of Collections: what is owed to the other shop is not there.</summary>
public sealed class CollectionsStoresTests(Infrastructure infrastructure)
{
    private const string Mark = "Zorzal azul";
    private static readonly DateOnly Late = new(2026, 1, 10);

    [Fact]
    public async Task Lists_and_sums_are_of_the_members_stores_alone()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        var (own, other) = await TellAsync(host);
        using var held = host.Member("s1", StaffRole.Collector, "S01");
        using var all = host.Member("s1", StaffRole.Collector);
        foreach (var (member, ids, due) in new[] { (held, new[] { own }, 10m), (all, [own, other], 17m) })
        {
            var list = (await member.GetFromJsonAsync<JsonNode>("/v1/receivables"))!["items"]!.AsArray();
            Assert.Equal(
                ids.Select(each => each.InvoiceId.ToString()).Order(StringComparer.Ordinal),
                list.Select(item => (string)item!["invoiceId"]!).Order(StringComparer.Ordinal)
            );
            var ageing = (await member.GetFromJsonAsync<JsonNode>("/v1/ageing"))!["rows"]!.AsArray();
            Assert.Equal(due, ageing.Sum(row => AmountOf(row!["amountDue"]!)));
            var then = (await member.GetFromJsonAsync<JsonNode>($"/v1/ageing?asOf={Yesterday()}"))!["rows"]!.AsArray();
            Assert.Equal(due, then.Sum(row => AmountOf(row!["amountDue"]!)));
            var worklist = (await member.GetFromJsonAsync<JsonNode>("/v1/worklist"))!["rows"]!.AsArray();
            Assert.Equal(due, worklist.Sum(row => AmountOf(row!["amount"]!)));
            Assert.Equal(ids.Length, worklist.Sum(row => row!["items"]!.AsArray().Count));
        }

        using var channel = host.Channel();
        var rpc = new Receivables.ReceivablesClient(channel);
        var staff = host.CallAs("portal", StoreSweep.Behalf("s1", StaffRole.Collector, "S01"));
        Assert.Equal("10.00", Assert.Single((await rpc.SummaryAsync(new GetSummary(), staff)).Currencies).Open);
        Assert.Equal(own.InvoiceId.ToString(), Assert.Single((await rpc.ListAsync(new ListReceivables(), staff)).Receivables).InvoiceId);
    }

    [Fact]
    public async Task A_receivable_of_another_store_is_not_there_to_look_at_or_to_act_on()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        var (own, other) = await TellAsync(host);
        using var held = host.Member("s1", StaffRole.Collector, "S01");
        foreach (var part in new[] { "promises", "disputes", "claims", "interest", "steps" })
        {
            // Interest runs between businesses only, and this one is a consumer's.
            var expected = part == "interest" ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK;
            Assert.Equal(expected, (await held.GetAsync($"/v1/receivables/{own.InvoiceId}/{part}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await held.GetAsync($"/v1/receivables/{other.InvoiceId}/{part}")).StatusCode);
        }

        foreach (
            var (act, body) in new (string, object)[]
            {
                ("holds", new { reason = "x" }),
                ("acts", new { kind = "call", why = "x" }),
                ("promises", new { date = "2027-01-10", amount = "1.00" }),
                ("disputes", new { amount = "1.00", reason = "x" }),
                ("write-off", new { reason = "x" }),
            }
        )
        {
            var refused = await held.PostAsJsonAsync($"/v1/receivables/{other.InvoiceId}/{act}", body);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        Assert.Equal(
            HttpStatusCode.Created,
            (await held.PostAsJsonAsync($"/v1/receivables/{own.InvoiceId}/holds", new { reason = "Vacaciones" })).StatusCode
        );
        using var all = host.Member("s1", StaffRole.Collector);
        (await all.PostAsJsonAsync($"/v1/receivables/{other.InvoiceId}/acts", new { kind = "call", why = Mark })).EnsureSuccessStatusCode();
        Assert.Equal(2, (await all.GetFromJsonAsync<JsonNode>("/v1/acts"))!["items"]!.AsArray().Count);
        Assert.Single((await held.GetFromJsonAsync<JsonNode>("/v1/acts"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task No_GET_door_shows_anything_of_another_store()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        var (_, other) = await TellAsync(host);
        using (var all = host.Member("s1", StaffRole.Collector))
        {
            (
                await all.PostAsJsonAsync($"/v1/receivables/{other.InvoiceId}/disputes", new { amount = "1.00", reason = Mark })
            ).EnsureSuccessStatusCode();
            (
                await all.PostAsJsonAsync($"/v1/receivables/{other.InvoiceId}/write-off", new { amount = "1.00", reason = Mark })
            ).EnsureSuccessStatusCode();
        }

        var values = new Dictionary<string, string> { ["invoiceId"] = other.InvoiceId.ToString(), ["customerId"] = "zorzal" };
        string[] queries = ["", $"?invoiceId={other.InvoiceId}", "?customerId=zorzal", "?status=overdue", "?asOf=2026-02-01"];
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var held = host.Member("s1", role, "S01");
            var answers = await StoreSweep.WalkAsync(
                host,
                held,
                values,
                queries,
                [Mark, other.Number, "zorzal@example.com", "7.00", other.InvoiceId.ToString().ToUpperInvariant()]
            );
            Assert.Equal((200, 403), (answers["/v1/receivables"], answers["/v1/customers/{customerId}/statement"]));
            Assert.Equal(403, answers["/v1/forecast"]);
        }
    }

    private Task<ServiceHost> StartAsync(Neighbours neighbours) =>
        ServiceHost.StartAsync<RetailInvoicing.Collections.CollectionsRpc>(infrastructure, "collections", neighbours.Settings());

    private static async Task<(InvoiceIssued Own, InvoiceIssued Other)> TellAsync(ServiceHost host)
    {
        var own = Told.Invoice("s1", 10m, dueDate: Late);
        var other = Told.Invoice("s1", 7m, dueDate: Late, email: "zorzal@example.com", customer: "zorzal");
        other = other with { StoreId = StoreId.Of("S99"), Contact = other.Contact! with { Name = Mark } };
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(own);
        await host.PublishAsync(other);
        using var all = host.Member("s1", StaffRole.Collector);
        await Eventually.EqualAsync(
            2,
            async () => (await all.GetFromJsonAsync<JsonNode>("/v1/receivables"))!["items"]!.AsArray().Count,
            "receivables"
        );
        return (own, other);
    }

    private static string Yesterday() =>
        DateOnly
            .FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            .AddDays(-1)
            .ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static decimal AmountOf(JsonNode amount) => decimal.Parse((string)amount!, System.Globalization.CultureInfo.InvariantCulture);
}
