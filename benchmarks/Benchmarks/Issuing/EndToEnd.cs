using System.Diagnostics;
using System.Globalization;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// Sales through the whole system, all of it running: posted at the pace at which Payments, Collections and Reporting keep up, and counted
/// when the last of them has done its work. Delivery mails at its own pace beside it, on the same cores.
/// </summary>
internal sealed class EndToEnd(RunningSystem system, Databases databases, Queues queues, IReadOnlyList<SaleForm> forms)
{
    // Few enough that no queue grows, many enough that nobody waits for work.
    private const int MostUnderWay = 1024;
    private const int Minutes = 60;

    private const string Paid = "select count(*) from payments.settlement where seller_id = @seller";
    private const string Told = "select coalesce((select last from payments.event_sequence where seller_id = @seller), 0)";
    private const string Receivables = """
        select count(*) from collections.receivable
        where seller_id = @seller and number is not null and balance_version > 0 and paid_at is not null
        """;
    private const string Reported = "select coalesce(sum(invoices), 0)::bigint from reporting.sales_total where seller_id = @seller";
    private const string Mails = "select count(*) from delivery.transmission where status = 'sent'";
    private const string Queued = "select count(*) from delivery.transmission where status = 'queued'";
    private const string Outbox = "select count(*) from {0}.outbox";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);

    /// <summary>Posts sales for so long and waits until each has had all its effects.</summary>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Shop shop, TimeSpan time, CancellationToken cancellation)
    {
        var toldPerSale = await EventsPerSaleAsync(shop, cancellation);
        var before = await DoneAsync(shop, cancellation);
        var toldBefore = await CountAsync("payments", Told, shop, cancellation);
        var mailsBefore = await CountAsync("delivery", Mails, null, cancellation);
        await databases.CheckpointAsync(cancellation);
        var samples = new List<Sampled>();
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var usageBefore = await Usage.NowAsync(system.Processes, databases.Of("postgres"));
        var began = Stopwatch.GetTimestamp();
        var sampler = SampleAsync(samples, began, sampling.Token);

        async Task<long> CameThroughAsync(CancellationToken token)
        {
            var paid = (await CountAsync("payments", Told, shop, token) - toldBefore) / toldPerSale;
            var reported = await CountAsync("reporting", Reported, shop, token) - before;
            var waiting = await queues.DepthAsync("collections-", token);
            return Math.Min((long)paid, reported) - waiting;
        }

        var pace = new AtMostUnderWay(time, MostUnderWay, CameThroughAsync);
        var posted = await SaleLinesStream.ImportAsync(system.Http("invoicing"), shop, forms, pace, cancellation);
        var answered = Stopwatch.GetElapsedTime(began);
        await UntilDoneAsync(shop, before + posted, cancellation);
        var done = Stopwatch.GetElapsedTime(began);
        var usageAfter = await Usage.NowAsync(system.Processes, databases.Of("postgres"));
        await sampling.CancelAsync();
        await sampler;
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["endToEnd.invoicesPerSecond"] = posted / done.TotalSeconds,
            ["endToEnd.invoices"] = posted,
            ["endToEnd.seconds"] = done.TotalSeconds,
            ["endToEnd.secondsToLastAnswer"] = answered.TotalSeconds,
            ["endToEnd.mailsPerSecond"] = (await CountAsync("delivery", Mails, null, cancellation) - mailsBefore) / done.TotalSeconds,
            ["endToEnd.mailsWaitingAtEnd"] = await CountAsync("delivery", Queued, null, cancellation),
        };
        AddSamples(values, samples, answered);
        values.AddUsage("endToEnd", usageBefore, usageAfter, posted);
        foreach (var process in usageAfter.CpuSeconds.Keys.Where(usageBefore.CpuSeconds.ContainsKey))
        {
            values[$"endToEnd.cpuSecondsOf.{process}"] = usageAfter.CpuSeconds[process] - usageBefore.CpuSeconds[process];
        }

        return values;
    }

    /// <summary>A few sales before the clock starts: how many events Payments tells of each, by which its progress is read without counting rows.</summary>
    private async Task<double> EventsPerSaleAsync(Shop shop, CancellationToken cancellation)
    {
        var before = await DoneAsync(shop, cancellation);
        var told = await CountAsync("payments", Told, shop, cancellation);
        var few = await SaleLinesStream.ImportAsync(
            system.Http("invoicing"),
            shop,
            forms,
            new AsFastAsTaken(Patience, forms.Count),
            cancellation
        );
        await UntilDoneAsync(shop, before + few, cancellation);
        var events = (await CountAsync("payments", Told, shop, cancellation) - told) / (double)few;
        return events > 0 ? events : throw new InvalidOperationException("Payments tells nothing of a sale that was paid");
    }

    /// <summary>How many sales Payments, Collections and Reporting have all done; they agree while nothing is under way.</summary>
    private async Task<long> DoneAsync(Shop shop, CancellationToken cancellation)
    {
        var paid = await CountAsync("payments", Paid, shop, cancellation);
        var receivables = await CountAsync("collections", Receivables, shop, cancellation);
        var reported = await CountAsync("reporting", Reported, shop, cancellation);
        return new[] { paid, receivables, reported }.Min();
    }

    private async Task UntilDoneAsync(Shop shop, long sales, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; )
        {
            // Rows are counted once the queues are empty: counting costs the more the more there are.
            if (await WaitingAsync(cancellation) == 0)
            {
                var done = await DoneAsync(shop, cancellation);
                if (done == sales)
                {
                    return;
                }

                if (done > sales)
                {
                    throw new InvalidOperationException($"{sales} sales had {done} effects: one was counted twice");
                }
            }

            await tick.WaitForNextTickAsync(cancellation);
        }

        throw new TimeoutException(
            $"{sales} sales were posted, and after {Patience.TotalMinutes:0} minutes they have not had all their effects"
        );
    }

    /// <summary>What lies in the queues of the three, and in the outboxes before them.</summary>
    private async Task<long> WaitingAsync(CancellationToken cancellation) =>
        await OutboxAsync("invoicing", cancellation)
        + await OutboxAsync("payments", cancellation)
        + await queues.DepthAsync("payments-", cancellation)
        + await queues.DepthAsync("collections-", cancellation)
        + await queues.DepthAsync("reporting-", cancellation);

    private async Task SampleAsync(List<Sampled> samples, long began, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(SampleEvery);
        try
        {
            do
            {
                samples.Add(
                    new Sampled(
                        Stopwatch.GetElapsedTime(began).TotalSeconds,
                        await WaitingAsync(cancellation),
                        Usage.ResidentMb(system.Processes["invoicing"])
                    )
                );
            } while (await tick.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
    }

    /// <summary>Queues are level where the second half waits no longer than the first; memory is flat likewise.</summary>
    private static void AddSamples(Dictionary<string, double> values, List<Sampled> samples, TimeSpan answered)
    {
        var posting = samples.Where(sample => sample.Second <= answered.TotalSeconds).ToList();
        var (first, second) = (posting[..(posting.Count / 2)], posting[(posting.Count / 2)..]);
        values["endToEnd.waitingMeanFirstHalf"] = first.Count > 0 ? first.Average(sample => sample.Waiting) : 0;
        values["endToEnd.waitingMeanSecondHalf"] = second.Average(sample => sample.Waiting);
        values["endToEnd.waitingMost"] = posting.Max(sample => sample.Waiting);
        values["endToEnd.invoicingResidentMbBefore"] = samples[0].ResidentMb;
        values["endToEnd.invoicingResidentMbMost"] = samples.Max(sample => sample.ResidentMb);
        values["endToEnd.invoicingResidentMbAfter"] = samples[^1].ResidentMb;
        var every = Math.Max(1, posting.Count / 10);
        foreach (var sample in posting.Where((_, place) => place % every == 0 && posting.Count >= Minutes))
        {
            var at = sample.Second.ToString("000", CultureInfo.InvariantCulture);
            values[$"endToEnd.waitingAtSecond{at}"] = sample.Waiting;
            values[$"endToEnd.invoicingResidentMbAtSecond{at}"] = sample.ResidentMb;
        }
    }

    private Task<long> OutboxAsync(string service, CancellationToken cancellation) =>
        CountAsync(service, string.Format(CultureInfo.InvariantCulture, Outbox, service), null, cancellation);

    private async Task<long> CountAsync(string service, string sql, Shop? shop, CancellationToken cancellation)
    {
        await using var command = databases.OfService(service).CreateCommand(sql);
        if (shop is not null)
        {
            command.Parameters.Add(new NpgsqlParameter("seller", shop.SellerId));
        }

        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private sealed record Sampled(double Second, long Waiting, double ResidentMb);
}
