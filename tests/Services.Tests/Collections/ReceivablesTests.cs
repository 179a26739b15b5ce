using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using RetailInvoicing.Collections;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class ReceivablesTests(Infrastructure infrastructure)
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Events_in_any_order_and_any_number_of_times_end_in_the_same_receivables()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        await using var settled = await host.ListenAsync(ReceivableSettled.Exchange);
        var random = new Random(20261123);
        var events = new List<IEvent> { Told.Seller("s1") };
        var invoices = Enumerable.Range(0, 12).Select(_ => Told.Invoice("s1")).ToArray();
        for (var i = 0; i < invoices.Length; i++)
        {
            events.Add(invoices[i]);
            events.AddRange(
                (i % 4) switch
                {
                    // Untouched, paid in two parts, paid in part, cancelled.
                    0 => [],
                    1 =>
                    [
                        Told.Allocated(invoices[i], 1, 21m),
                        Told.Allocated(invoices[i], 2, 0m),
                        Told.Paid(invoices[i], TimeSpan.FromHours(1)),
                    ],
                    2 => [Told.Allocated(invoices[i], 1, 100m), Told.Allocated(invoices[i], 2, 50.25m)],
                    _ => (IEvent[])[Told.Cancelled(invoices[i])],
                }
            );
        }

        var told = events.Concat(events).ToArray();
        random.Shuffle(told);
        foreach (var each in told)
        {
            await host.PublishAsync(each);
        }

        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await Eventually.EqualAsync(
            events.Count,
            () => connection.ExecuteScalarAsync<int>("select count(*)::int from inbox"),
            "events taken"
        );
        var due = (
            await connection.QueryAsync<(Guid Id, decimal Due, bool Settled)>(
                "select invoice_id, amount_due, settled_at is not null from receivable"
            )
        ).ToDictionary(row => row.Id);
        for (var i = 0; i < invoices.Length; i++)
        {
            var row = due[invoices[i].InvoiceId.Value];
            Assert.Equal(
                (i % 4) switch
                {
                    0 => (121m, false),
                    2 => (50.25m, false),
                    _ => (0m, true),
                },
                (row.Due, row.Settled)
            );
        }

        await settled.AtLeastAsync(6);
        await Eventually.EqualAsync(0, () => connection.ExecuteScalarAsync<int>("select count(*)::int from outbox"), "events waiting");
        Assert.Equal(6, settled.All.Count);
    }

    [Fact]
    public async Task The_list_the_ageing_and_the_summary_say_the_same_and_nothing_of_another_seller()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        await host.PublishAsync(Told.Seller("s1", "UTC"));
        await host.PublishAsync(Told.Seller("s2", "UTC"));
        var due = new[] { 30, 0, -1, -30, -31, -61, -91 };
        var invoices = due.Select(days => Told.Invoice("s1", 10m, dueDate: Today.AddDays(days))).ToList();
        invoices.Add(Told.Invoice("s1", 7m, dueDate: Today.AddDays(-5), currency: "USD"));
        var paid = Told.Invoice("s1", 99m);
        var foreign = Told.Invoice("s2", 1000m);
        foreach (var each in invoices.Append(paid).Append(foreign).Cast<IEvent>().Append(Told.Allocated(paid, 1, 0m)))
        {
            await host.PublishAsync(each);
        }

        using var http = host.As("s1", Scopes.ReportsRead);
        await Eventually.EqualAsync(9, async () => (await ListAsync(http, "limit=200")).Count, "receivables");
        await Eventually.EqualAsync(1, async () => (await ListAsync(http, "status=settled")).Count, "settled");

        Assert.Equal(2, (await ListAsync(http, "status=open")).Count);
        Assert.Equal(6, (await ListAsync(http, "status=overdue")).Count);
        Assert.Equal(3, (await ListAsync(http, "bucket=1-30")).Count);
        Assert.Equal(2, (await ListAsync(http, "bucket=current")).Count);
        Assert.Empty(await ListAsync(http, "status=open&bucket=90%2B"));
        var oldest = Assert.Single(await ListAsync(http, "bucket=90%2B"));
        Assert.Equal(
            ("overdue", "90+", "10.00", 91),
            ((string)oldest!["status"]!, (string)oldest["bucket"]!, (string)oldest["amountDue"]!, (int)oldest["daysOverdue"]!)
        );

        // Page by page is the same list, the longest due first.
        var walked = new List<string>();
        for (var query = "limit=2"; ; )
        {
            var page = (await http.GetFromJsonAsync<JsonNode>($"/v1/receivables?{query}"))!;
            walked.AddRange(page["items"]!.AsArray().Select(item => (string)item!["dueDate"]!));
            if (page["nextCursor"] is not { } cursor)
            {
                break;
            }

            query = $"limit=2&cursor={cursor}";
        }

        Assert.Equal(9, walked.Count);
        Assert.Equal(walked.Order(StringComparer.Ordinal), walked);

        var ageing = (await http.GetFromJsonAsync<JsonNode>("/v1/ageing"))!["rows"]!.AsArray();
        Assert.Equal(
            ["EUR current 20.00 2", "EUR 1-30 20.00 2", "EUR 31-60 10.00 1", "EUR 61-90 10.00 1", "EUR 90+ 10.00 1"],
            ageing.Take(5).Select(row => $"{row!["currency"]} {row["bucket"]} {row["amountDue"]} {row["receivables"]}")
        );

        using var channel = host.Channel();
        var rpc = new RetailInvoicing.Contracts.Grpc.Collections.Receivables.ReceivablesClient(channel);
        var staff = host.CallAs("portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Collector, SellerId.Of("s1")));
        var summary = await rpc.SummaryAsync(new GetSummary(), staff);
        Assert.Equal(
            ["EUR 70.00 50.00 7 5", "USD 7.00 7.00 1 1"],
            summary.Currencies.Select(each => $"{each.Currency} {each.Open} {each.Overdue} {each.OpenCount} {each.OverdueCount}")
        );
        var list = await rpc.ListAsync(new ListReceivables { Status = "overdue", Limit = 1 }, staff);
        Assert.Equal(("90+", "10.00"), (list.Receivables.Single().Bucket, list.Receivables.Single().AmountDue));
        Assert.True(list.HasNextCursor);
        var customer = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await rpc.SummaryAsync(new GetSummary(), host.CallAs("portal", OnBehalfOf.Customer("c1@example.com", SellerId.Of("s1"))))
        );
        Assert.Equal(Grpc.Core.StatusCode.PermissionDenied, customer.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_answered_or_held_is_refused_with_its_code()
    {
        await using var neighbours = await Neighbours.StartAsync();
        await using var host = await StartAsync(neighbours);
        var (open, paid) = (Told.Invoice("s1"), Told.Invoice("s1"));
        foreach (var each in new IEvent[] { open, paid, Told.Allocated(paid, 1, 0m) })
        {
            await host.PublishAsync(each);
        }

        using var reader = host.As("s1", Scopes.InvoicesRead);
        using var writer = host.As("s1", Scopes.CollectionsWrite);
        using var other = host.As("s2", Scopes.CollectionsWrite);
        await Eventually.EqualAsync(1, async () => (await ListAsync(reader, "status=settled")).Count, "settled");
        await Eventually.EqualAsync(1, async () => (await ListAsync(reader, "status=open")).Count, "open");

        await RefusedAsync(reader.GetAsync("/v1/receivables?status=late"), 422, "COL-LIST-01");
        await RefusedAsync(reader.GetAsync("/v1/receivables?bucket=0-7"), 422, "COL-LIST-02");
        await RefusedAsync(reader.GetAsync("/v1/receivables?cursor=%00"), 400, "QUERY-01");
        await RefusedAsync(reader.GetAsync("/v1/receivables?cursor=AAAA"), 400, "QUERY-01");
        await RefusedAsync(reader.GetAsync("/v1/receivables?limit=201"), 400, "QUERY-01");
        await RefusedAsync(reader.GetAsync("/v1/receivables?limit=x"), 400, "QUERY-01");
        await RefusedAsync(host.Http.GetAsync("/v1/ageing"), 401, "AUTH-01");
        await RefusedAsync(host.As("s1", Scopes.SalesWrite).GetAsync("/v1/ageing"), 403, "AUTH-03");

        await RefusedAsync(HoldAsync(reader, $"{open.InvoiceId}", """{"reason":"x"}"""), 403, "AUTH-03");
        await RefusedAsync(HoldAsync(other, $"{open.InvoiceId}", """{"reason":"x"}"""), 404, "COL-RECEIVABLE-01");
        await RefusedAsync(HoldAsync(writer, "nothing", """{"reason":"x"}"""), 404, "COL-RECEIVABLE-01");
        await RefusedAsync(HoldAsync(writer, $"{paid.InvoiceId}", """{"reason":"x"}"""), 409, "COL-HOLD-02");
        await RefusedAsync(HoldAsync(writer, $"{open.InvoiceId}", """{"reason":" "}"""), 422, "COL-HOLD-01");
        await RefusedAsync(HoldAsync(writer, $"{open.InvoiceId}", "{\"reason\":\"a\\u0000b\"}"), 422, "COL-HOLD-01");
        await RefusedAsync(HoldAsync(writer, $"{open.InvoiceId}", """{"reason":"x","til":"2027-01-01"}"""), 422, "BODY-02");
        await RefusedAsync(HoldAsync(writer, $"{open.InvoiceId}", "{"), 400, "BODY-01");
        await RefusedAsync(HoldAsync(writer, $"{open.InvoiceId}", "null"), 422, "BODY-02");
        Assert.False((bool)(await ListAsync(reader, "status=open"))[0]!["onHold"]!);

        var held = await HoldAsync(writer, $"{open.InvoiceId}", """{"reason":"Reclama el género"}""");
        Assert.Equal(HttpStatusCode.Created, held.StatusCode);
        Assert.Equal("Reclama el género", (string)(await held.Content.ReadFromJsonAsync<JsonNode>())!["reason"]!);
        Assert.True((bool)(await ListAsync(reader, "status=open"))[0]!["onHold"]!);
    }

    private Task<ServiceHost> StartAsync(Neighbours neighbours) =>
        ServiceHost.StartAsync<CollectionsRpc>(infrastructure, "collections", neighbours.Settings());

    private static async Task<JsonArray> ListAsync(HttpClient http, string query) =>
        (await http.GetFromJsonAsync<JsonNode>($"/v1/receivables?{query}"))!["items"]!.AsArray();

    private static Task<HttpResponseMessage> HoldAsync(HttpClient http, string invoice, string body) =>
        http.PostAsync($"/v1/receivables/{invoice}/holds", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task RefusedAsync(Task<HttpResponseMessage> request, int status, string code)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        Assert.Equal(code, (string)JsonNode.Parse(body)!["code"]!);
    }
}
