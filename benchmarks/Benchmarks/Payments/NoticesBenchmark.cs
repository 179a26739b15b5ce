using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Npgsql;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// Providers' notices at 500 a second, each of a checkout that is open: from when it should have been sent to its answer, and to the ledger
/// entry; beside an endpoint that stores the same bytes and does nothing else. Everything on the machine's own cores.
/// </summary>
internal static class NoticesBenchmark
{
    public static readonly Benchmark Benchmark = new(
        "payments",
        "Webhooks of Stripe and Redsys at 500 a second: to the answer and to the ledger, beside an endpoint that only stores the body",
        RunAsync
    );

    private const double PerSecond = 500;

    private static readonly TimeSpan AppliedWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        var (seconds, warmUp) = quick ? (8, 3) : (15, 5);
        var portalKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var endpoints = await NoticeEndpoints.StartAsync(cancellation);
        await using var system = await BenchSystem.StartAsync(
            cancellation,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["RateLimits__RequestsPerSecond"] = "1000000",
                // Payers pay at once, and nobody has to ask meanwhile; here thousands wait for the measurement to begin.
                ["Payments__Checkouts__Waits"] = "02:00:00",
            },
            "--empty=true",
            $"--Parameters:portal-key={portalKey}"
        );
        var shop = await TruthShop.OpenAsync(
            () => system.Parts,
            TruthSeller.StripeFirst,
            "notices",
            7,
            new Uri(endpoints.Address, "stripe"),
            cancellation
        );
        using (var redsys = Connections.Http(system.Parts.Http("redsys"), null))
        {
            // Kept back: they are sent here, when it is their time.
            (await redsys.PostAsJsonAsync("/control/faults", new { kind = "lost-notification" }, cancellation)).EnsureSuccessStatusCode();
        }

        Say("beginning checkouts and paying them");
        var stock = new NoticeStock(shop, endpoints, portalKey, new EnduranceProgress(1));
        var warm = await stock.MakeAsync((int)(warmUp * PerSecond), cancellation);
        var notices = await stock.MakeAsync((int)(seconds * PerSecond), cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 256 })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        var payments = system.Parts.Http("payments");
        Say("warming up");
        await NoticeLoad.SendAsync(http, [.. warm.Select(Sending)], PerSecond, cancellation);
        await AppliedAsync(shop, cancellation);
        await MeasureAsync(system, shop, http, notices, [.. notices.Select(Sending)], raw, cancellation);
        await BaselineAsync(system, endpoints, http, notices, warmUp, raw, cancellation);
        foreach (var share in new[] { "P50", "P99", "P999" })
        {
            ratios[$"noticeVsBare{share}"] = raw[$"notice{share}Ms"] / raw[$"bare{share}Ms"];
        }

        return new BenchmarkResult(ratios, raw);

        Func<HttpRequestMessage> Sending(SignedNotice notice) => () => notice.Request(payments);
    }

    private static async Task MeasureAsync(
        BenchSystem system,
        TruthShop shop,
        HttpClient http,
        IReadOnlyList<SignedNotice> notices,
        IReadOnlyList<Func<HttpRequestMessage>> sending,
        Dictionary<string, double> raw,
        CancellationToken cancellation
    )
    {
        await using var databases = new Databases(system.Parts.Postgres!);
        await databases.CheckpointAsync(cancellation);
        Say(string.Create(CultureInfo.InvariantCulture, $"{notices.Count:N0} notices at {PerSecond:0} a second"));
        var before = await Usage.NowAsync(system.Parts.Processes, databases.Of("postgres"));
        var sent = await NoticeLoad.SendAsync(http, sending, PerSecond, cancellation);
        await AppliedAsync(shop, cancellation);
        var after = await Usage.NowAsync(system.Parts.Processes, databases.Of("postgres"));
        Add(raw, "notice", sent);
        foreach (var process in after.CpuSeconds.Keys.Where(before.CpuSeconds.ContainsKey))
        {
            raw[$"cpuMicrosecondsANotice.{process}"] = (after.CpuSeconds[process] - before.CpuSeconds[process]) * 1_000_000 / sent.Length;
        }

        raw["walBytesANotice"] = (after.WalBytes - before.WalBytes) / (double)sent.Length;
        var booked = await BookedAsync(shop, cancellation);
        var toLedger = new List<double>(sent.Length);
        for (var i = 0; i < sent.Length; i++)
        {
            if (booked.TryGetValue(notices[i].FactId, out var at))
            {
                toLedger.Add((at - sent[i].Due).TotalMilliseconds);
            }
        }

        raw["notBooked"] = sent.Length - toLedger.Count;
        raw["toLedgerP50Ms"] = toLedger.Percentile(0.5);
        raw["toLedgerP99Ms"] = toLedger.Percentile(0.99);
        raw["toLedgerMaxMs"] = toLedger.Max();
        raw["bytesANotice"] = notices.Average(each => (double)each.Body.Length);
        if (raw["noticeRefused"] + raw["notBooked"] > 0)
        {
            throw new CommandFailed($"{raw["noticeRefused"]} notices were refused, {raw["notBooked"]} are not in the ledger");
        }
    }

    /// <summary>The same bytes, at the same rate, to an endpoint in this process that stores them in the same server.</summary>
    private static async Task BaselineAsync(
        BenchSystem system,
        NoticeEndpoints endpoints,
        HttpClient http,
        IReadOnlyList<SignedNotice> notices,
        int warmUp,
        Dictionary<string, double> raw,
        CancellationToken cancellation
    )
    {
        await endpoints.OpenDatabaseAsync(system.Parts.Postgres!, cancellation);
        var bare = new Uri(endpoints.Address, "bare");
        List<Func<HttpRequestMessage>> sending =
        [
            .. notices.Select(notice =>
                (Func<HttpRequestMessage>)(
                    () => new HttpRequestMessage(HttpMethod.Post, bare) { Content = new ByteArrayContent(notice.Body) }
                )
            ),
        ];
        Say("the baseline: an endpoint that only stores the body");
        await NoticeLoad.SendAsync(http, [.. sending.Take((int)(warmUp * PerSecond))], PerSecond, cancellation);
        await using (var databases = new Databases(system.Parts.Postgres!))
        {
            await databases.CheckpointAsync(cancellation);
        }

        Add(raw, "bare", await NoticeLoad.SendAsync(http, sending, PerSecond, cancellation));
    }

    private static void Add(Dictionary<string, double> raw, string part, SentNotice[] sent)
    {
        var answered = Array.ConvertAll(sent, each => each.AnsweredMs);
        raw[$"{part}s"] = sent.Length;
        raw[$"{part}P50Ms"] = answered.Percentile(0.5);
        raw[$"{part}P99Ms"] = answered.Percentile(0.99);
        raw[$"{part}P999Ms"] = answered.Percentile(0.999);
        raw[$"{part}MaxMs"] = answered.Max();
        raw[$"{part}BegunLateP99Ms"] = Array.ConvertAll(sent, each => each.BegunLateMs).Percentile(0.99);
        raw[$"{part}Refused"] = sent.Count(each => !each.IsTaken);
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{part}: p50 {raw[$"{part}P50Ms"]:0.0} ms, p99 {raw[$"{part}P99Ms"]:0.0} ms, p99.9 {raw[$"{part}P999Ms"]:0.0} ms, {raw[$"{part}Refused"]:0} refused"
            )
        );
    }

    /// <summary>Waits until every notice is applied.</summary>
    private static async Task AppliedAsync(TruthShop shop, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(LookEvery);
        for (var began = Stopwatch.GetTimestamp(); ; await tick.WaitForNextTickAsync(cancellation))
        {
            const string waiting = "select count(*) from provider_notice where seller_id = @seller and state = 'waiting'";
            var count = await shop.Target.ValueAsync<long>("payments", waiting, cancellation);
            if (count == 0)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(began) > AppliedWithin)
            {
                throw new CommandFailed($"{count} notices are not applied after {AppliedWithin.TotalMinutes:0} minutes");
            }
        }
    }

    /// <summary>When each fact was written beside its ledger entry, in one transaction with it.</summary>
    private static async Task<Dictionary<string, DateTimeOffset>> BookedAsync(TruthShop shop, CancellationToken cancellation)
    {
        await using var connection = await shop.Target.DatabaseAsync("payments", cancellation);
        await using var command = new NpgsqlCommand(
            "select fact_id, applied_at from provider_fact where seller_id = @seller and effect = 'paid'",
            connection
        )
        {
            Parameters = { new("seller", shop.Id) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var booked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation))
        {
            booked[row.GetString(0)] = await row.GetFieldValueAsync<DateTimeOffset>(1, cancellation);
        }

        return booked;
    }

    private static void Say(string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}"));
}
