using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using RetailInvoicing.Collections;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Who did what at the doors, and who looked at whose data, at the doors of Collections.</summary>
public sealed class AuditTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private Neighbours? _neighbours;

    public async ValueTask InitializeAsync() => _neighbours = await Neighbours.StartAsync();

    public ValueTask DisposeAsync() => _neighbours!.DisposeAsync();

    [Fact]
    public async Task An_act_is_in_the_audit_before_it_is_answered_and_a_look_at_a_customer_soon_after()
    {
        await using var host = await StartAsync();
        using var collector = host.Member("s1", StaffRole.Collector);
        using var auditor = host.Member("s1", StaffRole.Auditor);
        using var program = host.As("s1");
        await KnownAsync(host, "c-1", "c-4");

        Assert.Equal(HttpStatusCode.Created, (await HoldAsync(collector, "c-1")).StatusCode);
        var act = Assert.Single(await ItemsAsync(auditor));
        Assert.Equal("POST /v1/customers/{customerId}/holds", (string?)act["act"]);
        Assert.Equal(("collector@example.com", "collector", 201), ((string?)act["who"], (string?)act["role"], (int)act["status"]!));
        Assert.StartsWith("customerId=c-1", (string?)act["subject"], StringComparison.Ordinal);

        await collector.GetAsync("/v1/customers/c-2/statement");
        await collector.GetAsync("/v1/receivables");
        // Programs look without being written down; what they do is.
        await program.GetAsync("/v1/customers/c-3/statement");
        await HoldAsync(program, "c-4");
        await Eventually.EqualAsync(3, async () => (await ItemsAsync(auditor)).Count, "the looks are written");
        var all = await ItemsAsync(auditor);
        Assert.Equal("key", (string?)all[0]["role"]);
        Assert.Equal("GET /v1/customers/{customerId}/statement", (string?)all[1]["act"]);
    }

    [Fact]
    public async Task A_refused_act_is_written_with_its_refusal()
    {
        await using var host = await StartAsync();
        using var auditor = host.Member("s1", StaffRole.Auditor);
        Assert.Equal(HttpStatusCode.Forbidden, (await HoldAsync(auditor, "c-1")).StatusCode);
        Assert.Equal(403, (int)Assert.Single(await ItemsAsync(auditor))["status"]!);
    }

    [Fact]
    public async Task The_owner_the_auditor_and_the_admin_read_it_of_their_seller_and_nobody_else_does()
    {
        await using var host = await StartAsync();
        using var one = host.As("s1");
        using var two = host.As("s2");
        await HoldAsync(one, "c-1");
        await HoldAsync(two, "c-2");
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var member = host.Member("s1", role);
            using var held = host.Member("s1", role, "S01");
            var reads = role is StaffRole.Owner or StaffRole.Auditor;
            Assert.Equal(reads ? 200 : 403, (int)(await member.GetAsync("/v1/audit")).StatusCode);
            Assert.Equal(403, (int)(await held.GetAsync("/v1/audit")).StatusCode);
            if (reads)
            {
                var only = Assert.Single(await ItemsAsync(member, "?seller=s2"));
                Assert.Contains("c-1", (string?)only["subject"], StringComparison.Ordinal);
            }
        }

        Assert.Equal(403, (int)(await one.GetAsync("/v1/audit")).StatusCode);
        using var admin = host.AsAdmin();
        Assert.Equal(2, (await ItemsAsync(admin)).Count);
        Assert.Single(await ItemsAsync(admin, "?seller=s2"));
    }

    [Fact]
    public async Task It_is_searched_by_time_who_and_subject_and_read_page_by_page()
    {
        await using var host = await StartAsync();
        using var owner = host.Member("s1", StaffRole.Owner);
        using var collector = host.Member("s1", StaffRole.Collector);
        for (var i = 0; i < 5; i++)
        {
            await HoldAsync(i < 3 ? owner : collector, $"c-{i}");
        }

        Assert.Equal(2, (await ItemsAsync(owner, "?who=COLLECTOR@example.com")).Count);
        Assert.Single(await ItemsAsync(owner, "?subject=c-4"));
        Assert.Empty(await ItemsAsync(owner, "?from=2999-01-01"));
        Assert.Empty(await ItemsAsync(owner, "?to=2020-01-01"));
        Assert.Equal(400, (int)(await owner.GetAsync("/v1/audit?from=soon")).StatusCode);
        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await owner.GetFromJsonAsync<JsonNode>($"/v1/audit?limit=2&cursor={cursor}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(item => ((string?)item!["subject"])![.."customerId=c-0".Length]));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(["customerId=c-4", "customerId=c-3", "customerId=c-2", "customerId=c-1", "customerId=c-0"], seen);
    }

    [Fact]
    public async Task Nobody_changes_or_deletes_a_row_not_even_the_owner_of_the_table()
    {
        await using var host = await StartAsync();
        using var program = host.As("s1");
        await HoldAsync(program, "c-1");
        foreach (
            var sql in new[]
            {
                "update collections.audit set who = 'nobody'",
                "delete from collections.audit",
                "truncate collections.audit",
            }
        )
        {
            await using var command = host.Database.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
            );
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task An_act_whose_row_cannot_be_written_is_answered_its_row_is_told_of_and_written_when_it_can_be()
    {
        await using var host = await StartAsync();
        using var program = host.As("s1");
        await KnownAsync(host, "c-1");
        await using (var shut = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await shut.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = new NpgsqlCommand("lock table collections.audit in access exclusive mode", shut, transaction);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, (await HoldAsync(program, "c-1")).StatusCode);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        using var auditor = host.Member("s1", StaffRole.Auditor);
        await Eventually.EqualAsync(1, async () => (await ItemsAsync(auditor)).Count, "the row is written");
    }

    private static Task<HttpResponseMessage> HoldAsync(HttpClient client, string customer) =>
        client.PostAsJsonAsync($"/v1/customers/{customer}/holds", new { reason = "Vacaciones" });

    /// <summary>A customer who owes something, so that there is somebody to hold reminders of.</summary>
    private static async Task KnownAsync(ServiceHost host, params string[] customers)
    {
        foreach (var customer in customers)
        {
            await host.PublishAsync(Told.Invoice("s1", customer: customer));
        }

        using var program = host.As("s1");
        await Eventually.EqualAsync(
            customers.Length,
            async () => (await program.GetFromJsonAsync<JsonNode>("/v1/receivables"))!["items"]!.AsArray().Count,
            "customers who owe something"
        );
    }

    private static async Task<IReadOnlyList<JsonNode>> ItemsAsync(HttpClient client, string query = "") =>
        [.. (await client.GetFromJsonAsync<JsonNode>($"/v1/audit{query}"))!["items"]!.AsArray().Select(item => item!)];

    private Task<ServiceHost> StartAsync() =>
        ServiceHost.StartAsync<CollectionsRpc>(infrastructure, "collections", _neighbours!.Settings());
}
