using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Reporting;

/// <summary>How soon an invoice's event is in the report, at 500 a second.</summary>
internal static class LiveEvents
{
    private const int PerSecond = 500;
    private const string Queue = "reporting-project-sale";

    /// <summary>Hands the events to Reporting's queue at that pace, and asks the report all the while.</summary>
    public static async Task MeasureAsync(
        RunningSystem parts,
        HttpClient http,
        KeptHistory history,
        (DateOnly From, DateOnly To) period,
        Dictionary<string, double> raw,
        int events,
        CancellationToken cancellation
    )
    {
        var bodies = history.Copies(events).Select(each => JsonSerializer.SerializeToUtf8Bytes(each, Wire.Tolerant)).ToArray();
        var (sentAt, seenAt) = (new long[bodies.Length], new long[bodies.Length]);
        var before = await SeenAsync(http, cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = WatchAsync();
        await using var connection = await new ConnectionFactory { Uri = new Uri(parts.Messaging!.Amqp) }.CreateConnectionAsync(
            cancellation
        );
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation
        );
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Type = InvoiceIssued.Exchange,
            DeliveryMode = DeliveryModes.Persistent,
        };
        var confirmed = new List<Task>(bodies.Length);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < bodies.Length; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due, cancellation);
            }

            sentAt[i] = Stopwatch.GetTimestamp();
            confirmed.Add(channel.BasicPublishAsync("", Queue, mandatory: true, properties, bodies[i], cancellation).AsTask());
        }

        await Task.WhenAll(confirmed);
        var took = Stopwatch.GetElapsedTime(began);
        await watch;
        var milliseconds = sentAt.Select((sent, i) => Stopwatch.GetElapsedTime(sent, seenAt[i]).TotalMilliseconds).ToArray();
        raw["live.events"] = bodies.Length;
        raw["live.perSecond"] = bodies.Length / took.TotalSeconds;
        raw["live.toReportP50Ms"] = milliseconds.Percentile(0.5);
        raw["live.toReportP99Ms"] = milliseconds.Percentile(0.99);
        raw["live.toReportMaxMs"] = milliseconds.Max();

        // They are handed on in their order: where the report has so many more, the first so many are in it.
        async Task WatchAsync()
        {
            for (var seen = 0; seen < bodies.Length; )
            {
                var now = (int)(await SeenAsync(http, over.Token) - before);
                var at = Stopwatch.GetTimestamp();
                for (; seen < Math.Min(now, bodies.Length); seen++)
                {
                    seenAt[seen] = at;
                }

                await Task.Delay(20, over.Token);
            }
        }

        async Task<long> SeenAsync(HttpClient asks, CancellationToken token)
        {
            var from = period.From.AddYears(-6);
            var report = await asks.GetFromJsonAsync<JsonElement>(
                $"/v1/reports/sales?from={from:yyyy-MM-dd}&to={period.To:yyyy-MM-dd}&groupBy=channel",
                token
            );
            return report.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("invoices").GetInt64());
        }
    }
}
