using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// The reports of a replayed shop are what a script of another language makes of the shop's file, by the rules in words and with nothing of
/// the product: to the cent, returns and refusals included.
/// </summary>
public sealed class ReportTruth(SharedSystem shared, ITestOutputHelper log)
{
    private const string Ever = "from=2025-01-01&to=2027-12-31";
    private static readonly string[] Groupings = ["day", "week", "month", "hour", "store", "till", "channel", "customer", "vat", "sku"];

    [Fact]
    public Task Three_days_of_the_shop_are_reported_as_they_are_recomputed() =>
        HoldsAsync("truth", new(2010, 12, 1), new(2010, 12, 3), TimeSpan.FromMinutes(2));

    [Fact]
    [Trait("Category", "Long")]
    public Task Nine_months_of_the_shop_are_reported_as_they_are_recomputed() =>
        HoldsAsync("truth-long", DateOnly.MinValue, DateOnly.MaxValue, TimeSpan.FromMinutes(20));

    private async Task HoldsAsync(string name, DateOnly from, DateOnly to, TimeSpan settled)
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, name);
        var days = new ReplayedDay(system, shop, from, to);
        var truth = RecomputeAsync(from, to);
        var replay = await days.ReplayAsync();
        Assert.True(replay.ExitCode == 0, $"{replay.ExitCode}: {replay.Errors}{replay.Output}");
        var known = await truth;
        log.WriteLine($"{known.GetProperty("read")} read, {known.GetProperty("issued")} issued, {known.GetProperty("total")}");
        Assert.Equal(days.Total, Amount(known.GetProperty("total")));
        Assert.Equal(replay.Json.GetProperty("issued").GetInt32(), known.GetProperty("issued").GetInt32());
        Assert.Equal(
            replay.Json.GetProperty("refused").EnumerateObject().Sum(code => code.Value.GetInt32()),
            known.GetProperty("refused").GetInt32()
        );
        await Wait.EqualAsync(
            "every invoice is reported",
            settled,
            known.GetProperty("issued").GetInt64(),
            async () => (await RowsAsync(shop, $"sales?{Ever}&groupBy=store")).Sum(row => row.GetProperty("invoices").GetInt64())
        );

        foreach (var grouping in Groupings)
        {
            Equal(
                $"sales by {grouping}",
                Known(known.GetProperty("sales").GetProperty(grouping)),
                (await RowsAsync(shop, $"sales?{Ever}&groupBy={grouping}")).ToDictionary(
                    row => Text(row, "key"),
                    row =>
                        string.Join(
                            ' ',
                            new[] { "invoices", "totalWithoutVat", "vatTotal", "totalWithVat", "returns" }.Select(field => Text(row, field))
                        )
                )
            );
        }

        await BookHoldsAsync(shop, known);
        await PeopleHoldAsync(shop, known);
        await PairsHoldAsync(shop, known);
        await IncomeHoldsAsync(shop, known, settled);

        // Made again from the kept events of all services, every row is the same.
        var rebuilt = await RetailCommand.RunAsync(system, "reports", "rebuild", "--seller", shop.Id, "--json");
        Assert.True(rebuilt.ExitCode == 0, $"{rebuilt.ExitCode}: {rebuilt.Errors}{rebuilt.Output}");
        Assert.True(rebuilt.Json.GetProperty("isEqual").GetBoolean(), rebuilt.Output);
        Assert.True(rebuilt.Json.GetProperty("lines").GetInt64() > known.GetProperty("issued").GetInt64(), rebuilt.Output);
    }

    private static async Task BookHoldsAsync(Shop shop, JsonElement known)
    {
        var lines = (await RowsAsync(shop, $"vat-book?{Ever}"))
            .GroupBy(row => $"{Text(row, "year")}-{Text(row, "period")} {Text(row, "recordType")}")
            .ToDictionary(
                group => group.Key,
                group =>
                    FormattableString.Invariant(
                        $"{group.Count()} {Sum(group, "taxableAmount")} {Sum(group, "vatAmount")} {Sum(group, "total")}"
                    )
            );
        Equal("the book", Known(known.GetProperty("vatBook")), lines);
        foreach (var quarter in known.GetProperty("form303").EnumerateObject())
        {
            var boxes = await RowsAsync(shop, $"form-303?year={quarter.Name[..4]}&period={quarter.Name[5..]}");
            Equal(
                $"form 303 of {quarter.Name}",
                quarter.Value.EnumerateObject().ToDictionary(box => box.Name, box => box.Value.GetString()!),
                boxes.ToDictionary(row => Text(row, "box"), row => Text(row, "amount"))
            );
        }

        Assert.Empty(await RowsAsync(shop, $"vat-book/check?{Ever}"));
    }

    private static async Task PeopleHoldAsync(Shop shop, JsonElement known)
    {
        var slow = known.GetProperty("slowMovers");
        var to = Text(slow, "to");
        Equal(
            "customers",
            Known(known.GetProperty("customers")),
            (await RowsAsync(shop, $"customers?from=2025-01-01&to={to}")).ToDictionary(
                row => Text(row, "customer"),
                row => $"{Text(row, "last")} {Text(row, "recency")} {Text(row, "frequency")} {Text(row, "value")}"
            )
        );
        Equal(
            "cohorts",
            known
                .GetProperty("cohorts")
                .EnumerateObject()
                .SelectMany(cohort => cohort.Value.EnumerateObject().Select(cell => (Key: $"{cohort.Name} {cell.Name}", cell.Value)))
                .ToDictionary(cell => cell.Key, cell => Joined(cell.Value)),
            (await RowsAsync(shop, $"customers/cohorts?from=2025-01-01&to={to}")).ToDictionary(
                row => $"{Text(row, "cohort")} {Text(row, "monthsLater")}",
                row => $"{Text(row, "active")} {Text(row, "value")}"
            )
        );
        Equal(
            "slow movers",
            Known(slow.GetProperty("rows")),
            (await RowsAsync(shop, $"products/slow?from={Text(slow, "from")}&to={to}")).ToDictionary(
                row => Text(row, "product"),
                row =>
                    $"{Text(row, "lastSold")} {Text(row, "invoices")} {Text(row, "invoicesBefore")} {Text(row, "quantity")} {Text(row, "quantityBefore")}"
            )
        );
    }

    private static async Task PairsHoldAsync(Shop shop, JsonElement known)
    {
        var truth = known.GetProperty("pairs");
        var pairs = await shop.GetAsync("reporting", $"/v1/reports/products/pairs?{Ever}");
        Assert.Equal(truth.GetProperty("sales").GetInt32(), pairs.GetProperty("sales").GetInt32());
        Assert.Equal(1 << truth.GetProperty("lowestTier").GetInt32(), pairs.GetProperty("oneOf").GetInt32());
        var expected = truth.GetProperty("rows").EnumerateArray().ToArray();
        var rows = pairs.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(expected.Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]}"), rows.Select(Counted));
        Assert.All(
            expected.Zip(rows),
            pair => Assert.Equal(pair.First[5].GetDouble(), (double)Amount(pair.Second.GetProperty("evidence")), 0.011)
        );

        static string Counted(JsonElement row) =>
            $"{Text(row, "first")} {Text(row, "second")} {Text(row, "together")} {Text(row, "withFirst")} {Text(row, "withSecond")}";
    }

    private static async Task IncomeHoldsAsync(Shop shop, JsonElement known, TimeSpan settled)
    {
        var income = known.GetProperty("income");
        await Wait.EqualAsync(
            "what was issued is income",
            settled,
            Amount(income.GetProperty("issued")),
            async () => (await RowsAsync(shop, $"income?{Ever}&groupBy=month")).Sum(row => Amount(row.GetProperty("issued")))
        );
        await Wait.EqualAsync(
            "what was paid by card was collected",
            settled,
            Amount(income.GetProperty("byCard")),
            async () =>
                (await RowsAsync(shop, $"income?{Ever}&groupBy=means"))
                    .Where(row => Text(row, "key") == "card")
                    .Sum(row => Amount(row.GetProperty("collected")))
        );
    }

    /// <summary>What the script says of these days.</summary>
    private static async Task<JsonElement> RecomputeAsync(DateOnly from, DateOnly to)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "recompute.py"),
            Repository.ShopFile(),
            "--from",
            from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "--to",
            to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await errors);
            return JsonSerializer.Deserialize<JsonElement>(await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task<IReadOnlyList<JsonElement>> RowsAsync(Shop shop, string report) =>
        [.. (await shop.GetAsync("reporting", $"/v1/reports/{report}")).GetProperty("rows").EnumerateArray()];

    private static Dictionary<string, string> Known(JsonElement rows) =>
        rows.EnumerateObject().ToDictionary(row => row.Name, row => Joined(row.Value));

    private static string Joined(JsonElement values) => string.Join(' ', values.EnumerateArray().Select(value => value.ToString()));

    private static string Text(JsonElement row, string field) => row.GetProperty(field).ToString();

    private static decimal Amount(JsonElement value) => decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    private static decimal Sum(IEnumerable<JsonElement> rows, string field) => rows.Sum(row => Amount(row.GetProperty(field)));

    /// <summary>The same rows; says the first few that are not.</summary>
    private static void Equal(string what, Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        var differing = expected
            .Keys.Union(actual.Keys)
            .Where(key => expected.GetValueOrDefault(key) != actual.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)
            .Select(key => $"'{key}': '{expected.GetValueOrDefault(key)}' is '{actual.GetValueOrDefault(key)}'")
            .ToArray();
        Assert.True(differing.Length == 0, $"{what}: {differing.Length} rows differ: {string.Join("; ", differing.Take(5))}");
    }
}
