using System.Globalization;
using System.Net;
using System.Text.Json;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>What must be so when all is heard: looked up in the databases, and asked of the services as a seller asks.</summary>
internal sealed class EnduranceTruths(
    EnduranceTarget target,
    EnduranceSales sales,
    EnduranceAnswers answers,
    IReadOnlyCollection<QueueDepth> before,
    Action<string> say
)
{
    private const int Samples = 100;
    private const string SequenceGaps = """
        select coalesce(max(e.sequence), 0) - count(e.sequence) + abs(coalesce(max(e.sequence), 0) - coalesce(max(s.last), 0))
        from event e full join event_sequence s using (seller_id) where seller_id = @seller
        """;
    private const string LopsidedEntries = """
        select count(*) from
            (select from journal_line where seller_id = @seller group by entry_id, currency having sum(amount) <> 0) lopsided
        """;

    /// <summary>Checks everything.</summary>
    public async Task<IReadOnlyList<EnduranceTruth>> CheckAsync(CancellationToken cancellation)
    {
        var truths = new List<EnduranceTruth>
        {
            new("sales whose number a till was told", sales.Count, answers.Known),
            new("definite answers, repetitions with them", sales.Count + sales.Twice, answers.Answers),
            new("answers that contradict another, and refusals", 0, answers.Wrong) { Examples = answers.Wrongs },
            new("answers 500", 0, answers.Notes.Where(note => note.Key.EndsWith(" 500", StringComparison.Ordinal)).Sum(note => note.Value)),
        };
        say("reading every invoice and what each service made of it");
        var effects = new EnduranceEffects(target, sales, answers);
        truths.AddRange(await effects.CheckAsync(cancellation));
        var years = await ValueAsync<long>(
            "invoicing",
            "select count(distinct extract(year from issue_date)) from invoice where seller_id = @seller"
        );
        truths.Add(new("series, one for each year", years, effects.Series));
        truths.Add(
            new(
                "last number of the series",
                effects.Count,
                await ValueAsync<long>("invoicing", "select coalesce(sum(last), 0)::bigint from number_series where seller_id = @seller")
            )
        );
        say("computing every fingerprint anew");
        truths.AddRange(await new EnduranceChain(target, sales.Count, say).CheckAsync(cancellation));
        say("comparing events, ledger, reports and answers");
        await EventsAsync(truths, effects, cancellation);
        await SumsAsync(truths, effects, cancellation);
        await QueuesAsync(truths, cancellation);
        await SamplesAsync(truths, cancellation);
        return truths;

        Task<T> ValueAsync<T>(string service, string sql) => target.ValueAsync<T>(service, sql, cancellation);
    }

    private async Task EventsAsync(List<EnduranceTruth> truths, EnduranceEffects effects, CancellationToken cancellation)
    {
        foreach (var service in new[] { "invoicing", "delivery", "payments", "collections" })
        {
            truths.Add(
                new(
                    $"places missing in the sequence of {service}'s events",
                    0,
                    await target.ValueAsync<long>(service, SequenceGaps, cancellation)
                )
            );
            truths.Add(
                new($"events in {service}'s outbox", 0, await target.ValueAsync<long>(service, "select count(*) from outbox", cancellation))
            );
        }

        foreach (
            var (service, name, wanted) in new[]
            {
                ("invoicing", InvoiceIssued.Exchange, (long)sales.Count),
                ("invoicing", SaleRefused.Exchange, 0),
                ("payments", PaymentReceived.Exchange, effects.Payments),
                ("payments", PaymentAllocated.Exchange, effects.Payments),
                ("payments", InvoicePaid.Exchange, effects.Paid),
            }
        )
        {
            var sql = $"select count(*) from event where seller_id = @seller and name = '{name}'";
            truths.Add(new($"events {name}", wanted, await target.ValueAsync<long>(service, sql, cancellation)));
        }

        foreach (var heard in EnduranceHeard.All)
        {
            truths.Add(new($"events {heard.Event} that {heard.Consumer} has not had", 0, await heard.MissingAsync(target, cancellation)));
        }
    }

    private async Task SumsAsync(List<EnduranceTruth> truths, EnduranceEffects effects, CancellationToken cancellation)
    {
        truths.Add(
            new("ledger entries that do not sum to zero", 0, await target.ValueAsync<long>("payments", LopsidedEntries, cancellation))
        );
        truths.Add(
            new(
                "cents of sales in the ledger",
                Cents(effects.Total),
                Cents(
                    -await target.ValueAsync<decimal>(
                        "payments",
                        "select coalesce(sum(amount), 0) from journal_line where seller_id = @seller and account = 'sales-clearing'",
                        cancellation
                    )
                )
            )
        );
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var report = await target.GetAsync(
            "reporting",
            $"/v1/reports/sales?from={today.AddDays(-3):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}&groupBy=day",
            cancellation
        );
        var days = report.GetProperty("rows").EnumerateArray().ToArray();
        truths.Add(new("invoices in the sales report", sales.Count, days.Sum(day => day.GetProperty("invoices").GetInt64())));
        truths.Add(new("cents of sales in the sales report", Cents(effects.Total), Cents(days.Sum(day => Amount(day, "totalWithVat")))));
        truths.Add(new("cents of VAT in the sales report", Cents(effects.Vat), Cents(days.Sum(day => Amount(day, "vatTotal")))));
    }

    private async Task QueuesAsync(List<EnduranceTruth> truths, CancellationToken cancellation)
    {
        var lay = before.ToDictionary(queue => queue.Queue, queue => queue.Messages);
        var more = (await new Broker(target.System().Messaging!).QueuesAsync(cancellation))
            .Select(queue => (queue.Queue, Messages: (long)queue.Messages - lay.GetValueOrDefault(queue.Queue)))
            .Where(queue => queue.Messages > 0)
            .ToArray();
        truths.Add(
            new("messages left in any queue, dead letters with them", 0, more.Sum(queue => queue.Messages))
            {
                Examples = [.. more.Select(queue => $"{queue.Queue} {queue.Messages}")],
            }
        );
    }

    /// <summary>Some sales, spread over the run, as a till and an accountant ask for them: posted once more, looked up, and their balance.</summary>
    private async Task SamplesAsync(List<EnduranceTruth> truths, CancellationToken cancellation)
    {
        var faults = new EnduranceFaults();
        using var invoicing = target.Http("invoicing");
        using var payments = target.Http("payments");
        for (var i = 0; i < Math.Min(Samples, sales.Count); i++)
        {
            var sale = (int)((long)sales.Count * i / Samples);
            var (series, sequence) = answers.NumberOf(sale);
            var number = $"{series}-{sequence:000000}";
            using var content = new ByteArrayContent(sales.JsonOf(sale)) { Headers = { ContentType = new("application/json") } };
            using var again = await invoicing.PostAsync("/v1/sales", content, cancellation);
            var body = JsonSerializer.Deserialize<JsonElement>(await again.Content.ReadAsStringAsync(cancellation));
            var answered = again.StatusCode == HttpStatusCode.OK ? body.GetProperty("number").GetString() : $"{again.StatusCode}";
            faults.When(answered != number, () => $"sale {sale}, posted once more, is answered {answered} and not {number}");
            if (again.StatusCode == HttpStatusCode.OK)
            {
                var path = $"/v1/invoices/{body.GetProperty("invoiceId").GetString()}/balance";
                var balance = JsonSerializer.Deserialize<JsonElement>(await payments.GetStringAsync(path, cancellation));
                var due = Amount(balance, "amountDue");
                faults.When(due != sales.Of(sale).Due, () => $"{number} has {due} due, and not {sales.Of(sale).Due}");
            }

            if (i % 10 == 0)
            {
                var found = await target.NumbersOfSaleAsync(invoicing, EnduranceSales.IdOf(sale), cancellation);
                faults.When(found is not [var one] || one != number, () => $"sale {sale} is found as {string.Join(", ", found)}");
            }
        }

        truths.Add(EnduranceTruth.None($"other answers of the services to questions about {Math.Min(Samples, sales.Count)} sales", faults));
    }

    private static long Cents(decimal amount) => (long)(amount * 100m);

    private static decimal Amount(JsonElement of, string field) =>
        decimal.Parse(of.GetProperty(field).GetString()!, CultureInfo.InvariantCulture);
}
