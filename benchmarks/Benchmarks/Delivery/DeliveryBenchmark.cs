using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>
/// From a sale's POST to the mail server's acceptance of its mail with PDF and XML, at a hundred sales a second and at the highest rate at
/// which it stays within a second; what offers add; and the PDF beside headless Chromium. Everything on the machine's own cores, the mail
/// server in this process.
/// </summary>
internal static class DeliveryBenchmark
{
    public static readonly Benchmark Benchmark = new(
        "delivery",
        "From a sale's POST to the mail server's acceptance at 100 a second, the highest rate within a second, and the PDF beside Chromium",
        RunAsync
    );

    private const string SellerId = "delivery";
    private const double AskedPerSecond = 100;
    private const double MostMs = 1000;
    private const double SearchStep = 1.25;

    /// <summary>The search ends where the rates that hold and do not hold are so near to each other.</summary>
    private const double Near = 1.04;

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        var ratios = new Dictionary<string, double>(StringComparer.Ordinal);
        var raw = new Dictionary<string, double>(StringComparer.Ordinal);
        PrintedInvoice printed;
        await using (var sink = SmtpSink.Start())
        {
            await using var system = await BenchSystem.StartAsync(
                cancellation,
                // What a key may ask for a second is a policy of the operator; it is not what is measured here.
                new Dictionary<string, string>(StringComparer.Ordinal) { ["RateLimits__RequestsPerSecond"] = "1000000" },
                "--empty=true",
                $"--Parameters:smtp-url={sink.Url}"
            );
            var parts = system.Parts;
            var key = await RegisterAsync(parts, cancellation);
            using var till = Connections.Http(parts.Http("invoicing"), key);
            using var delivery = Connections.Http(parts.Http("delivery"), key);
            var load = new MailLoad(till, sink);
            await WarmUpAsync(load, quick, cancellation);
            printed = await SampleAsync(till, load, cancellation);
            var asked = await AskedAsync(parts, load, quick, ratios, raw, cancellation);
            await BareSmtpAsync(sink, (int)asked.MailBytes, quick ? 300 : 2000, raw, cancellation);
            foreach (var (name, value) in await new OffersCost(till, delivery, sink, load).MeasureAsync(quick ? 30 : 200, cancellation))
            {
                raw[name] = value;
            }

            var highest = await HighestAsync(load, HoldsWithin(asked), quick, cancellation);
            raw["highestPerSecond"] = highest;
            ratios["mailsVsBareSmtp"] = highest / raw["bareSmtp.perSecond"];
        }

        // The system is gone: what is printed has a core for itself.
        await printed.MeasureAsync(ratios, raw, quick, cancellation);
        return new BenchmarkResult(ratios, raw);
    }

    private static async Task<string> RegisterAsync(RunningSystem parts, CancellationToken cancellation)
    {
        using var admin = Connections.Http(parts.Http("invoicing"), parts.Admin!.ApiKey);
        using var registered = await admin.PutAsJsonAsync(
            $"/v1/sellers/{SellerId}",
            DemoShop.Seller with
            {
                Email = "tienda@delivery.example",
                TaxId = "B87654323",
            },
            Wire.Tolerant,
            cancellation
        );
        registered.EnsureSuccessStatusCode();
        return (await Connections.MakeKeyAsync(admin, SellerId, DemoShop.Scopes, cancellation)).ApiKey;
    }

    /// <summary>Services compile themselves while they work, and what customers buy together wants to be learned.</summary>
    private static async Task WarmUpAsync(MailLoad load, bool quick, CancellationToken cancellation)
    {
        await load.RunAsync(20, TimeSpan.FromSeconds(5), cancellation);
        await load.RunAsync(AskedPerSecond / 2, TimeSpan.FromSeconds(quick ? 10 : 60), cancellation);
        await load.RunAsync(AskedPerSecond, TimeSpan.FromSeconds(quick ? 5 : 30), cancellation);
    }

    /// <summary>An invoice of the run with its CII, to be printed later.</summary>
    private static async Task<PrintedInvoice> SampleAsync(HttpClient till, MailLoad load, CancellationToken cancellation)
    {
        using var answer = await till.PostAsJsonAsync("/v1/sales", BasketSale.Of(load.NextNumber()), Wire.Tolerant, cancellation);
        answer.EnsureSuccessStatusCode();
        var issued = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var id = issued.GetProperty("invoiceId").GetString();
        var invoice = await till.GetFromJsonAsync<InvoiceBody>($"/v1/invoices/{id}", Wire.Tolerant, cancellation);
        var cii = await till.GetByteArrayAsync($"/v1/invoices/{id}/document?format=cii", cancellation);
        return new PrintedInvoice(invoice!, cii);
    }

    private static async Task<MailTimes> AskedAsync(
        RunningSystem parts,
        MailLoad load,
        bool quick,
        Dictionary<string, double> ratios,
        Dictionary<string, double> raw,
        CancellationToken cancellation
    )
    {
        await using var databases = new Databases(parts.Postgres!);
        await databases.CheckpointAsync(cancellation);
        var before = await Usage.NowAsync(parts.Processes, databases.Of("postgres"));
        var times = await load.RunAsync(AskedPerSecond, TimeSpan.FromSeconds(quick ? 15 : 60), cancellation);
        var after = await Usage.NowAsync(parts.Processes, databases.Of("postgres"));
        Say(AskedPerSecond, times);
        foreach (var process in after.CpuSeconds.Keys.Where(before.CpuSeconds.ContainsKey))
        {
            raw[$"cpuMicrosecondsAMail.{process}"] =
                (after.CpuSeconds[process] - before.CpuSeconds[process]) * 1_000_000 / times.ToInboxMs.Count;
        }

        raw["askedPerSecond"] = AskedPerSecond;
        raw["mails"] = times.ToInboxMs.Count;
        raw["mailBytes"] = times.MailBytes;
        raw["refused"] = times.Refused;
        raw["doubled"] = times.Doubled;
        raw["begunLateP99Ms"] = times.BegunLateMs.Percentile(0.99);
        foreach (var (name, values) in new[] { ("postToAnswer", times.ToAnswerMs), ("postToInbox", times.ToInboxMs) })
        {
            raw[$"{name}P50Ms"] = values.Percentile(0.5);
            raw[$"{name}P99Ms"] = values.Percentile(0.99);
            raw[$"{name}P999Ms"] = values.Percentile(0.999);
        }

        ratios["postToInboxVsBarePost"] = raw["postToInboxP50Ms"] / raw["postToAnswerP50Ms"];
        ratios["postToInboxVsBarePostP99"] = raw["postToInboxP99Ms"] / raw["postToAnswerP99Ms"];
        return times;
    }

    /// <summary>Mails of that size one after the other, over one connection, by the library that Delivery uses, to the same server.</summary>
    private static async Task BareSmtpAsync(
        SmtpSink sink,
        int bytes,
        int count,
        Dictionary<string, double> raw,
        CancellationToken cancellation
    )
    {
        const string line = "a line of sixty-three letters and a new line after it, and so on\r\n";
        using var mail = new MimeMessage
        {
            Body = new TextPart("plain") { Text = string.Concat(Enumerable.Repeat(line, Math.Max(1, bytes / line.Length))) },
        };
        mail.From.Add(MailboxAddress.Parse("baseline@bench.example"));
        mail.To.Add(MailboxAddress.Parse("baseline@bench.example"));
        using var smtp = new SmtpClient();
        // As Delivery has it: otherwise a mail's last line waits 40 ms for the confirmation of the rest.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", sink.Port, cancellation);
        await smtp.ConnectAsync(socket, "127.0.0.1", sink.Port, SecureSocketOptions.None, cancellation);
        var took = new List<double>(count);
        // The first ones warm up.
        for (var i = -count / 5; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await smtp.SendAsync(mail, cancellation);
            if (i >= 0)
            {
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        await smtp.DisconnectAsync(quit: true, cancellation);
        raw["bareSmtp.p50Ms"] = took.Percentile(0.5);
        raw["bareSmtp.p99Ms"] = took.Percentile(0.99);
        raw["bareSmtp.perSecond"] = 1000 / took.Average();
    }

    /// <summary>Steps up while a rate holds, then halves between the highest that held and the lowest that did not.</summary>
    private static async Task<double> HighestAsync(MailLoad load, bool askedHeld, bool quick, CancellationToken cancellation)
    {
        var (held, failed) = askedHeld ? (AskedPerSecond, double.PositiveInfinity) : (0d, AskedPerSecond);
        for (var step = 0; step < (quick ? 3 : 9) && failed / Math.Max(held, 1) > Near; step++)
        {
            var rate =
                held == 0 ? failed / SearchStep / SearchStep
                : double.IsPositiveInfinity(failed) ? held * SearchStep
                : (held + failed) / 2;
            var times = await load.RunAsync(rate, TimeSpan.FromSeconds(quick ? 8 : 20), cancellation);
            Say(rate, times);
            (held, failed) = HoldsWithin(times) ? (rate, failed) : (held, rate);
        }

        return held;
    }

    private static bool HoldsWithin(MailTimes times) => times.Refused == 0 && times.ToInboxMs.Percentile(0.99) < MostMs;

    private static void Say(double rate, MailTimes times) =>
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{rate:0}/s: {times.ToInboxMs.Count} mails, p50 {times.ToInboxMs.Percentile(0.5):0} ms, p99 {times.ToInboxMs.Percentile(0.99):0} ms, {times.Refused} put off"
            )
        );
}
