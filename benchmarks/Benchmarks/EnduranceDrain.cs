using System.Globalization;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>Waits until everything that was told has been heard: outboxes and queues are empty, and no mail waits.</summary>
internal sealed class EnduranceDrain(EnduranceTarget target, int sales, Action<string> say)
{
    // Longer than a consumer that was put off waits before it tries again.
    private static readonly TimeSpan StandsStill = TimeSpan.FromMinutes(3);

    private static readonly string[] Tellers = ["invoicing", "delivery", "payments", "collections"];

    /// <summary>True when all is heard; false where nothing moves any more, which the truths will tell of.</summary>
    public Task<bool> RunAsync(CancellationToken cancellation) => EnduranceQuiet.WaitAsync(WaitsAsync, StandsStill, say, cancellation);

    private async Task<string> WaitsAsync(CancellationToken cancellation)
    {
        var waits = new List<string>();
        foreach (var teller in Tellers)
        {
            Add($"events of {teller} to be told", await CountAsync(teller, "select count(*) from outbox"));
        }

        foreach (var queue in await new Broker(target.System().Messaging!).QueuesAsync(cancellation))
        {
            if (queue.Consumers > 0)
            {
                Add($"in {queue.Queue}", queue.Messages);
            }
        }

        Add("sales held", await CountAsync("invoicing", "select count(*) from held_return where seller_id = @seller"));
        Add("mails", await CountAsync("delivery", "select count(*) from transmission where seller_id = @seller and status = 'queued'"));
        if (waits.Count > 0)
        {
            return string.Join(", ", waits);
        }

        // What a consumer is at work on stands in no queue's depth.
        Add("invoices without a balance", sales - await CountAsync("payments", "select count(*) from invoice where seller_id = @seller"));
        Add(
            "invoices without a receivable",
            sales - await CountAsync("collections", "select count(*) from receivable where seller_id = @seller and number is not null")
        );
        Add("invoices that no report has", sales - await CountAsync("reporting", "select count(*) from sold where seller_id = @seller"));
        foreach (var heard in EnduranceHeard.All.Where(each => each.Teller == "payments"))
        {
            Add($"{heard.Event} to be heard", await heard.MissingAsync(target, cancellation));
        }

        return string.Join(", ", waits);

        void Add(string what, long count)
        {
            if (count != 0)
            {
                waits.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}"));
            }
        }

        Task<long> CountAsync(string service, string sql) => target.ValueAsync<long>(service, sql, cancellation);
    }
}
