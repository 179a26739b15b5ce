using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.Contracts.Grpc.Reporting;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Rebuild;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class SalesReportTests(Infrastructure infrastructure)
{
    private const string Sales = "/v1/reports/sales?from=2026-01-01&to=2026-12-31";

    [Fact]
    public async Task Events_in_any_order_and_any_number_of_times_end_in_equal_tables_and_every_grouping_adds_up()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var random = new Random(20261123);
        var invoices = Enumerable.Range(0, 60).Select(i => Some(i, random)).ToArray();
        var cancelled = invoices.Where((_, i) => i % 10 == 7).ToArray();
        var events = invoices.Concat(cancelled.Select(Told.Cancelled).Cast<IEvent>()).ToArray();
        await PublishAsync(host, events, random);
        // Another seller's invoice of the same day changes nothing of this one's.
        await host.PublishAsync(Told.Invoice("s2", 5000m));
        await TakenAsync(host, events.Length + 1);

        var standing = invoices.Except(cancelled).Where(invoice => invoice.Kind != InvoiceKind.Exchange).ToArray();
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (
            var (groupBy, key) in new (string, Func<InvoiceIssued, string>)[]
            {
                ("day", invoice => $"{invoice.OperationDate:yyyy-MM-dd}"),
                ("month", invoice => $"{invoice.OperationDate:yyyy-MM}"),
                ("week", invoice => $"{ISOWeek.GetYear(Noon(invoice))}-W{ISOWeek.GetWeekOfYear(Noon(invoice)):00}"),
                ("hour", invoice => $"{invoice.OperationDate:yyyy-MM-dd}" + (invoice.OccurredAt is { } at ? $"T{at.Hour:00}" : "")),
                ("store", invoice => invoice.StoreId.Value),
                ("till", invoice => invoice.TillId is { } till ? $"{invoice.StoreId}/{till}" : invoice.StoreId.Value),
                ("customer", invoice => invoice.Contact?.CustomerId?.Value ?? ""),
            }
        )
        {
            var expected = standing
                .GroupBy(key)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} EUR {Sums(group)}")
                .ToArray();
            Assert.Equal(expected, await RowsAsync(http, groupBy));
        }

        // By rate and by product the parts of an invoice part, and their sum is the same.
        foreach (var groupBy in new[] { "vat", "sku" })
        {
            var rows = await ReportAsync(http, groupBy);
            Assert.Equal(
                standing.Sum(invoice => invoice.Totals.TotalWithVat),
                rows.Sum(row => decimal.Parse((string)row!["totalWithVat"]!, CultureInfo.InvariantCulture))
            );
        }

        Assert.Equal(["10", "21"], (await ReportAsync(http, "vat")).Select(row => (string)row!["key"]!));
        var csv = await http.GetStringAsync("/v1/reports/sales?from=2026-01-01&to=2026-12-31&groupBy=store&format=csv");
        Assert.Equal((await RowsAsync(http, "store")).Length + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith(
            "key,currency,invoices,totalWithoutVat,vatTotal,totalWithVat,returns,returnInvoices\r\nS00,EUR,",
            csv,
            StringComparison.Ordinal
        );

        using var channel = host.Channel();
        var reply = await new Reports.ReportsClient(channel).SalesAsync(
            new GetSalesReport
            {
                From = "2026-01-01",
                To = "2026-12-31",
                GroupBy = "store",
            },
            host.CallAs("portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Owner, SellerId.Of("s1")))
        );
        Assert.Equal(
            await RowsAsync(http, "store"),
            reply.Rows.Select(row =>
                $"{row.Key} {row.Currency} {row.Invoices} {row.TotalWithoutVat} {row.VatTotal} {row.TotalWithVat} {row.Returns}"
            )
        );
        using var other = host.As("s2");
        Assert.Equal("S01 EUR 1 4132.23 867.77 5000.00 0.00", Assert.Single(await RowsAsync(other, "store")));
    }

    [Fact]
    public async Task What_belongs_to_no_product_stands_under_no_name_so_that_products_sum_to_the_whole()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var plain = Told.Invoice("s1", 121m);
        var reduced = Told.Invoice("s1", 121m);
        reduced = reduced with
        {
            // Twelve euros and ten cents off the whole invoice.
            Totals = reduced.Totals with
            {
                TotalWithoutVat = 90m,
                VatTotal = 18.90m,
                TotalWithVat = 108.90m,
            },
            VatBreakdown = [reduced.VatBreakdown[0] with { TaxableAmount = 90m, VatAmount = 18.90m }],
        };
        await host.PublishAsync(plain);
        await host.PublishAsync(reduced);
        await TakenAsync(host, 2);
        using var http = host.As("s1", Scopes.ReportsRead);

        Assert.Equal([" EUR 1 -10.00 -2.10 -12.10 0.00", "85123A EUR 2 200.00 42.00 242.00 0.00"], await RowsAsync(http, "sku"));
        Assert.Equal(["S01 EUR 2 190.00 39.90 229.90 0.00"], await RowsAsync(http, "store"));
    }

    [Fact]
    public async Task From_and_to_are_included_and_the_report_says_how_far_it_is()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        for (var day = 1; day <= 4; day++)
        {
            await host.PublishAsync(Told.Invoice("s1", 12.10m) with { OperationDate = new DateOnly(2026, 11, day) });
        }

        await TakenAsync(host, 4);
        using var http = host.As("s1", Scopes.ReportsRead);

        var report = (await http.GetFromJsonAsync<JsonNode>("/v1/reports/sales?from=2026-11-02&to=2026-11-03&groupBy=day"))!;

        Assert.Equal(["2026-11-02", "2026-11-03"], report["rows"]!.AsArray().Select(row => (string)row!["key"]!));
        Assert.Equal("12.10", (string)report["rows"]![0]!["totalWithVat"]!);
        await Eventually.EqualAsync(
            0L,
            async () =>
                (long)(await http.GetFromJsonAsync<JsonNode>("/v1/reports/sales?from=2026-11-02&to=2026-11-03&groupBy=day"))!["lagMs"]!,
            "behind"
        );
        Assert.True(DateTimeOffset.TryParse((string)report["asOf"]!, CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task A_report_that_cannot_be_made_is_refused_with_its_code()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (
            var (query, status, code) in new[]
            {
                ("from=2026-11-30&to=2026-11-01", 422, "REP-SALES-02"),
                ("from=2026-11-01", 422, "REP-SALES-01"),
                ("", 422, "REP-SALES-01"),
                ("from=1926-11-01&to=2026-11-01", 422, "REP-SALES-03"),
                ("from=0001-01-01&to=9999-12-31", 422, "REP-SALES-03"),
                ("from=2026-11-01&to=2026-11-30&groupBy=weather", 422, "REP-SALES-04"),
                ("from=2026-11-01&to=2026-11-30&format=pdf", 422, "REP-SALES-05"),
                ("from=2026-11-01&to=2026-11-30&asOf=2026-11-01", 400, "QUERY-01"),
                ("from=2026-11-01&to=2026-11-30&asOf=2999-11-01T00:00:00Z", 422, "REP-SALES-07"),
                ("from=2026-11-01&to=2026-11-30&compare=mars", 422, "REP-SALES-09"),
                ("from=2026-02-30&to=2026-11-30", 400, "QUERY-01"),
                ("from=2026-02-03&to=%00", 400, "QUERY-01"),
            }
        )
        {
            using var response = await http.GetAsync($"/v1/reports/sales?{query}", TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode == status, $"{query}: {(int)response.StatusCode} {body}");
            Assert.Equal(code, (string)JsonNode.Parse(body)!["code"]!);
        }

        using var till = host.As("s1", Scopes.SalesWrite);
        using var forbidden = await till.GetAsync("/v1/reports/sales?from=2026-11-01&to=2026-11-30", TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)forbidden.StatusCode);
    }

    [Fact]
    public async Task What_would_read_too_much_is_refused_with_what_to_narrow_and_a_shorter_period_is_answered()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(
            infrastructure,
            "reporting",
            new HostSettings { Configuration = new Dictionary<string, string?> { ["Reports:MostRows"] = "3" } }
        );
        for (var day = 1; day <= 5; day++)
        {
            await host.PublishAsync(Told.Invoice("s1", 12.10m) with { OperationDate = new DateOnly(2026, 11, day) });
        }

        await TakenAsync(host, 5);
        using var http = host.As("s1", Scopes.ReportsRead);

        using var refused = await http.GetAsync(
            "/v1/reports/sales?from=2024-01-01&to=2026-12-31&groupBy=hour",
            TestContext.Current.CancellationToken
        );
        var problem = (await refused.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal((422, "REP-SALES-08"), ((int)refused.StatusCode, (string)problem["code"]!));
        Assert.Equal("to", (string)problem["errors"]![0]!["path"]!);
        Assert.Contains("group by day", (string)problem["errors"]![0]!["detail"]!, StringComparison.Ordinal);

        // The same years by what there is little of, and a shorter period of the same.
        foreach (
            var (query, rows) in new[]
            {
                ("from=2024-01-01&to=2026-12-31&groupBy=day", 5),
                ("from=2026-11-01&to=2026-11-30&groupBy=hour", 5),
            }
        )
        {
            var report = (await http.GetFromJsonAsync<JsonNode>($"/v1/reports/sales?{query}"))!;
            Assert.Equal(rows, report["rows"]!.AsArray().Count);
        }

        // Three years of few rows are not too much.
        foreach (var groupBy in new[] { "sku", "customer" })
        {
            var report = (await http.GetFromJsonAsync<JsonNode>($"/v1/reports/sales?from=2024-01-01&to=2026-12-31&groupBy={groupBy}"))!;
            Assert.Single(report["rows"]!.AsArray());
        }
    }

    [Fact]
    public async Task What_was_told_before_it_listened_is_read_from_Invoicing_and_counted_once()
    {
        await using var invoicing = await KeptEvents.StartAsync();
        var random = new Random(9);
        var invoices = Enumerable.Range(0, 450).Select(i => Some(i, random)).ToArray();
        foreach (var invoice in invoices)
        {
            invoicing.Keep(invoice);
        }

        invoicing.Keep(Told.Cancelled(invoices[0]));
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(
            infrastructure,
            "reporting",
            new HostSettings { Configuration = invoicing.Configuration }
        );

        // The bus brings some of them too, at the same time and again.
        await PublishAsync(host, [.. invoices.Take(20)], random);
        await TakenAsync(host, 451);
        var standing = invoices.Skip(1).Where(invoice => invoice.Kind != InvoiceKind.Exchange).ToArray();
        var expected = standing
            .GroupBy(invoice => invoice.StoreId.Value)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} EUR {Sums(group)}")
            .ToArray();
        using var http = host.As("s1", Scopes.ReportsRead);
        Assert.Equal(expected, await RowsAsync(http, "store"));

        // A later look asks only for what is new, save for the few that may have been slow to commit.
        await Eventually.EqualAsync(
            451L,
            async () =>
            {
                await using var connection = await host.Database.OpenConnectionAsync();
                return await connection.ExecuteScalarAsync<long>("select position from feed where source = 'invoicing'");
            },
            "position"
        );
        invoicing.Keep(Told.Invoice("s1", 1210m) with { StoreId = StoreId.Of("S99") });
        var catchUp = host.Services.GetRequiredService<CatchUp>();
        Assert.Equal(1, await catchUp.RunAsync("invoicing", TestContext.Current.CancellationToken));
        Assert.Equal(0, await catchUp.RunAsync("invoicing", TestContext.Current.CancellationToken));
        var rows = await RowsAsync(http, "store");
        Assert.Equal([.. expected, "S99 EUR 1 1000.00 210.00 1210.00 0.00"], rows);
    }

    [Fact]
    public async Task What_a_report_said_at_an_instant_it_says_again_and_what_changed_since_is_listed()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var random = new Random(5);
        var invoices = Enumerable.Range(0, 60).Select(i => Some(i, random)).ToArray();
        await PublishAsync(host, [.. invoices.Take(40)], random);
        await TakenAsync(host, 40);
        using var http = host.As("s1", Scopes.ReportsRead);
        string[] groupings = ["day", "week", "month", "hour", "store", "till", "channel", "sku", "customer", "vat"];
        var said = new Dictionary<string, JsonNode>();
        foreach (var groupBy in groupings)
        {
            said[groupBy] = (await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy={groupBy}"))!;
        }

        // More become known, one of the earlier is cancelled, and one is cancelled before it is heard of.
        IEvent[] later = [.. invoices.Skip(41), Told.Cancelled(invoices[0]), Told.Cancelled(invoices[40]), invoices[40]];
        foreach (var each in later)
        {
            await host.PublishAsync(each);
        }

        await TakenAsync(host, 62);
        foreach (var groupBy in groupings)
        {
            var asOf = (string)said[groupBy]["asOf"]!;
            var again = (await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy={groupBy}&asOf={Uri.EscapeDataString(asOf)}"))!;
            Assert.Equal(Answered(said[groupBy]), Answered(again));
            var now = (await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy={groupBy}"))!;
            Assert.NotEqual(said[groupBy]["rows"]!.ToJsonString(), now["rows"]!.ToJsonString());
        }

        var since = (string)said["day"]["asOf"]!;
        var changes = (await http.GetFromJsonAsync<JsonNode>($"/v1/reports/sales/changes?since={Uri.EscapeDataString(since)}"))![
            "rows"
        ]!.AsArray();
        decimal Total(JsonArray rows) => rows.Sum(row => decimal.Parse((string)row!["totalWithVat"]!, CultureInfo.InvariantCulture));
        Assert.Equal(
            Total((await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy=store"))!["rows"]!.AsArray())
                - Total(said["store"]["rows"]!.AsArray()),
            Total(changes)
        );
        Assert.Equal(2, changes.Count(row => (string)row!["what"]! == "cancelled"));
    }

    [Fact]
    public async Task Every_row_leads_to_its_invoices_and_their_sales_and_they_sum_to_it()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var random = new Random(6);
        var invoices = Enumerable.Range(0, 50).Select(i => Some(i, random)).ToArray();
        IEvent[] told = [.. invoices, Told.Cancelled(invoices[3])];
        await PublishAsync(host, told, random);
        await TakenAsync(host, 51);
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (var groupBy in new[] { "day", "week", "month", "hour", "store", "till", "channel", "sku", "customer", "vat" })
        {
            foreach (var row in await ReportAsync(http, groupBy))
            {
                var total = 0m;
                string? cursor = "";
                do
                {
                    var page = (
                        await http.GetFromJsonAsync<JsonNode>(
                            $"/v1/reports/sales/invoices?from=2026-01-01&to=2026-12-31&groupBy={groupBy}&limit=7"
                                + $"&key={Uri.EscapeDataString((string)row!["key"]!)}&cursor={cursor}"
                        )
                    )!;
                    foreach (var invoice in page["rows"]!.AsArray())
                    {
                        total += decimal.Parse((string)invoice!["totalWithVat"]!, CultureInfo.InvariantCulture);
                        Assert.Contains(invoices, each => each.EventId.ToString() == (string)invoice["eventId"]!);
                    }

                    cursor = (string?)page["cursor"];
                } while (cursor is not null);

                Assert.Equal(decimal.Parse((string)row["totalWithVat"]!, CultureInfo.InvariantCulture), total);
            }
        }
    }

    [Fact]
    public async Task A_rebuild_while_it_goes_on_hearing_is_the_same_row_for_row_and_keeps_what_was_said()
    {
        await using var invoicing = await KeptEvents.StartAsync();
        var random = new Random(11);
        var invoices = Enumerable.Range(0, 300).Select(i => Some(i, random)).ToArray();
        IEvent[] kept = [.. invoices.Take(200), Told.Cancelled(invoices[7]), Told.Cancelled(invoices[150])];
        foreach (var each in kept)
        {
            invoicing.Keep(each);
        }

        await using var host = await ServiceHost.StartAsync<ReportingRpc>(
            infrastructure,
            "reporting",
            new HostSettings { Configuration = invoicing.EveryService }
        );
        await TakenAsync(host, 202);
        using var http = host.As("s1", Scopes.ReportsRead);
        var said = (await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy=sku"))!;
        var rebuild = host.Services.GetRequiredService<RunRebuild>();
        await rebuild.AskAsync(null, TestContext.Current.CancellationToken);
        // Told meanwhile: by the bus, and kept as well.
        foreach (var each in invoices.Skip(200))
        {
            invoicing.Keep(each);
            await host.PublishAsync(each);
        }

        await Eventually.EqualAsync("done", async () => Said((await rebuild.LastAsync(default))!), "rebuild");
        var state = (await rebuild.LastAsync(default))!;
        Assert.Empty(state.Differs);
        Assert.True(state.IsEqual);
        await TakenAsync(host, 302);
        var asOf = Uri.EscapeDataString((string)said["asOf"]!);
        Assert.Equal(Answered(said), Answered((await http.GetFromJsonAsync<JsonNode>($"{Sales}&groupBy=sku&asOf={asOf}"))!));
        Assert.Equal(
            invoices.Where((each, i) => i is not (7 or 150) && each.Kind != InvoiceKind.Exchange).Sum(each => each.Totals.TotalWithVat),
            (await ReportAsync(http, "month")).Sum(row => decimal.Parse((string)row!["totalWithVat"]!, CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public async Task A_period_stands_beside_the_one_before()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        await host.PublishAsync(Told.Invoice("s1", 12.10m) with { OperationDate = new DateOnly(2026, 10, 5) });
        await host.PublishAsync(Told.Invoice("s1", 24.20m) with { OperationDate = new DateOnly(2026, 11, 5) });
        await host.PublishAsync(Told.Invoice("s1", 36.30m) with { OperationDate = new DateOnly(2026, 11, 6) });
        await TakenAsync(host, 3);
        using var http = host.As("s1", Scopes.ReportsRead);

        var report = (
            await http.GetFromJsonAsync<JsonNode>("/v1/reports/sales?from=2026-11-01&to=2026-11-30&groupBy=day&compare=previous")
        )!;

        Assert.Equal("2026-10-01", (string)report["before"]!["from"]!);
        Assert.Equal(
            ["2026-11-05 24.20 12.10", "2026-11-06 36.30 0"],
            report["rows"]!.AsArray().Select(row => $"{row!["key"]} {row["totalWithVat"]} {row["before"]!["totalWithVat"]}")
        );
    }

    /// <summary>A report without how far behind it was when it was asked for, which a past instant has not.</summary>
    private static string Answered(JsonNode report)
    {
        var answered = report.DeepClone().AsObject();
        answered.Remove("lagMs");
        return answered.ToJsonString();
    }

    private static string Said(RebuildState state) => state.Reason ?? state.State;

    private static DateTime Noon(InvoiceIssued invoice) => invoice.OperationDate.ToDateTime(new TimeOnly(12, 0));

    /// <summary>An invoice of one or two rates: sales, returns and exchanges of a few shops, tills, customers and days.</summary>
    private static InvoiceIssued Some(int i, Random random)
    {
        var gross = (random.Next(1, 90_000) / 100m) * (i % 5 == 4 ? -1 : 1);
        var second = i % 3 == 0 ? decimal.Round(gross / 3, 2, MidpointRounding.AwayFromZero) : 0m;
        VatBreakdownBody[] breakdown = [Rate(21m, gross - second), .. second == 0m ? [] : new[] { Rate(10m, second) }];
        var day = new DateOnly(2026, 1, 1).AddDays(random.Next(0, 40));
        var invoice = Told.Invoice("s1", gross, customer: $"c{random.Next(0, 4)}");
        var withoutVat = breakdown.Sum(vat => vat.TaxableAmount);
        return invoice with
        {
            Kind =
                i % 20 == 19 ? InvoiceKind.Exchange
                : gross < 0 ? InvoiceKind.Corrective
                : InvoiceKind.Simplified,
            OperationDate = day,
            OccurredAt = i % 6 == 5 ? null : new DateTimeOffset(day, new TimeOnly(random.Next(8, 22), 30), TimeSpan.FromHours(1)),
            StoreId = StoreId.Of($"S0{random.Next(0, 3)}"),
            TillId = i % 4 == 3 ? null : $"T{random.Next(1, 3)}",
            Contact = i % 7 == 6 ? null : invoice.Contact,
            VatBreakdown = breakdown,
            Lines =
            [
                .. breakdown.Select(
                    (vat, line) =>
                        invoice.Lines[0] with
                        {
                            LineId = $"{line + 1}",
                            Sku = line == 0 ? $"P{i % 9}" : null,
                            Name = "Té verde, \"bio\"",
                            LineNetAmount = vat.TaxableAmount,
                            LineGrossAmount = vat.TaxableAmount + vat.VatAmount,
                        }
                ),
            ],
            Totals = invoice.Totals with { TotalWithoutVat = withoutVat, VatTotal = gross - withoutVat, TotalWithVat = gross },
        };
    }

    private static VatBreakdownBody Rate(decimal rate, decimal gross)
    {
        var taxable = decimal.Round(gross * 100m / (100m + rate), 2, MidpointRounding.AwayFromZero);
        return new VatBreakdownBody
        {
            Category = "S",
            Rate = rate,
            TaxableAmount = taxable,
            VatAmount = gross - taxable,
        };
    }

    private static string Sums(IEnumerable<InvoiceIssued> invoices)
    {
        var all = invoices.ToArray();
        var returns = -all.Where(invoice => invoice.Kind == InvoiceKind.Corrective).Sum(invoice => invoice.Totals.TotalWithVat);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all.Length} {all.Sum(each => each.Totals.TotalWithoutVat):0.00} {all.Sum(each => each.Totals.VatTotal):0.00} {all.Sum(each => each.Totals.TotalWithVat):0.00} {returns:0.00}"
        );
    }

    /// <summary>Each twice, in any order, several at a time.</summary>
    private static async Task PublishAsync(ServiceHost host, IEvent[] events, Random random)
    {
        var told = events.Concat(events).ToArray();
        random.Shuffle(told);
        await Parallel.ForEachAsync(
            told,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (each, _) => await host.PublishAsync(each)
        );
    }

    private static Task TakenAsync(ServiceHost host, int events) =>
        Eventually.EqualAsync(
            events,
            async () =>
            {
                await using var connection = await host.Database.OpenConnectionAsync();
                return await connection.ExecuteScalarAsync<int>("select count(*)::int from inbox");
            },
            "events taken"
        );

    private static async Task<JsonArray> ReportAsync(HttpClient http, string groupBy) =>
        (await http.GetFromJsonAsync<JsonNode>($"/v1/reports/sales?from=2026-01-01&to=2026-12-31&groupBy={groupBy}"))!["rows"]!.AsArray();

    private static async Task<string[]> RowsAsync(HttpClient http, string groupBy) =>
        [
            .. (await ReportAsync(http, groupBy)).Select(row =>
                $"{row!["key"]} {row["currency"]} {row["invoices"]} {row["totalWithoutVat"]} {row["vatTotal"]} {row["totalWithVat"]} {row["returns"]}"
            ),
        ];

    /// <summary>Invoicing's kept events, over real gRPC.</summary>
    private sealed class KeptEvents : Events.EventsBase, IAsyncDisposable
    {
        private readonly ConcurrentQueue<KeptEvent> _kept = new();
        private WebApplication? _app;

        /// <summary>The same for all that is asked; what another keeps is not among these.</summary>
        public Dictionary<string, string?> EveryService =>
            new()
            {
                ["services:invoicing:grpc:0"] = _app!.Urls.First(),
                ["services:payments:grpc:0"] = _app!.Urls.First(),
                ["services:collections:grpc:0"] = _app!.Urls.First(),
            };

        public Dictionary<string, string?> Configuration => new() { ["services:invoicing:grpc:0"] = _app!.Urls.First() };

        public static async Task<KeptEvents> StartAsync()
        {
            var kept = new KeptEvents();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.ListenLocalhost(Infrastructure.FreePort(), listen => listen.Protocols = HttpProtocols.Http2)
            );
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(kept);
            kept._app = builder.Build();
            kept._app.MapGrpcService<KeptEvents>();
            await kept._app.StartAsync();
            return kept;
        }

        public void Keep(IEvent told) =>
            _kept.Enqueue(
                new KeptEvent
                {
                    Position = _kept.Count + 1,
                    SellerId = told.SellerId.Value,
                    Sequence = _kept.Count + 1,
                    EventId = told.EventId.ToString(),
                    Name = Outbox.ExchangeOf(told.GetType()),
                    Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(told, told.GetType(), Wire.Tolerant)),
                }
            );

        public override async Task Replay(ReplayRequest request, IServerStreamWriter<KeptEvent> responseStream, ServerCallContext context)
        {
            foreach (var each in _kept.Where(each => each.Position > request.After && request.Names.Contains(each.Name)))
            {
                await responseStream.WriteAsync(each, context.CancellationToken);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _app!.StopAsync();
            await _app.DisposeAsync();
        }
    }
}
