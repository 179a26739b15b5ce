using System.Diagnostics;
using System.Globalization;
using Npgsql;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>
/// One run over everything that is open: every customer is looked at, and of what is due today (one receivable in forty) messages go, Payments
/// and Delivery answering at once. Of 50,000, 100,000 and 200,000 receivables, so that it can be seen whether it grows evenly.
/// </summary>
internal static class DunningBenchmark
{
    public static readonly Benchmark Benchmark = new(
        "dunning",
        "One run over up to 200,000 open receivables: seconds, memory, and whether both grow evenly",
        RunAsync
    );

    private const int ReceivablesOfACustomer = 4;
    private const double MostSeconds = 30;
    private const double MostMegabytes = 300;

    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        await using var system = await BenchSystem.StartAsync(cancellation, null, "--empty=true");
        var server = system.Parts.Postgres!;
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        var sizes = quick ? [10_000, 20_000, 40_000] : new[] { 50_000, 100_000, 200_000 };
        foreach (var size in sizes)
        {
            await using var databases = new Databases(server);
            await using (var create = databases.Of("postgres").CreateCommand($"create database dunning_{size}"))
            {
                await create.ExecuteNonQueryAsync(cancellation);
            }

            var run = await MeasureAsync(Databases.ConnectionString(server, $"dunning_{size}"), size, migrate: true, cancellation);
            var name = size.ToString(CultureInfo.InvariantCulture);
            raw[$"of{name}Seconds"] = run.Seconds;
            raw[$"of{name}Megabytes"] = run.Megabytes;
            raw[$"of{name}Messages"] = run.Messages;
            raw[$"of{name}IdleSeconds"] = run.IdleSeconds;
            Console.Error.WriteLine(
                FormattableString.Invariant(
                    $"{size} receivables: {run.Seconds:0.0} s, {run.Megabytes:0} MB, {run.Messages} messages; nothing due: {run.IdleSeconds:0.000} s"
                )
            );
        }

        var (small, large) = (sizes[0], sizes[^1]);
        double Of(int size) => raw[$"of{size.ToString(CultureInfo.InvariantCulture)}Seconds"] / size;
        // One where twice as many take twice as long.
        ratios["secondsEachLargestToSmallest"] = Of(large) / Of(small);
        if (!quick)
        {
            ratios["secondsToLimit"] = raw["of200000Seconds"] / MostSeconds;
            ratios["megabytesToLimit"] = raw["of200000Megabytes"] / MostMegabytes;
        }

        return new BenchmarkResult(ratios, raw);
    }

    /// <summary>A run over so many open receivables on a database of its own.</summary>
    public static async Task<(double Seconds, double Megabytes, int Messages, double IdleSeconds)> MeasureAsync(
        string database,
        int receivables,
        bool migrate,
        CancellationToken cancellation
    )
    {
        var clock = new SimulatedClock(Noon);
        var payments = new BooksOfPayments(id => new Balance
        {
            InvoiceId = id,
            Currency = "EUR",
            TotalWithVat = "121.00",
            Paid = "0.00",
            Refunded = "0.00",
            InFlight = "0.00",
            AmountDue = "121.00",
        });
        var delivery = new BooksOfDelivery(static _ => { }, clock.GetUtcNow);
        await using var inside = await CollectionsInside.OpenAsync(database, clock, payments, delivery, migrate, cancellation);
        await SeedAsync(database, receivables, cancellation);
        var policy = await inside.Of<KeepPolicy>().RunAsync(new Caller(SellerId.Of("s1"), KeyId.New()), "standard", Policy, cancellation);
        if (policy.Refused(out var fault))
        {
            throw new InvalidOperationException($"the policy is refused: {fault.In(null)}");
        }

        // A new policy has everybody looked at again; that is this run.
        GC.Collect();
        using var peak = new PeakMemory();
        var began = Stopwatch.GetTimestamp();
        var messages = await inside.RunAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(began);
        var megabytes = peak.Megabytes;
        clock.Now = Noon.AddMinutes(1);
        began = Stopwatch.GetTimestamp();
        await inside.RunAsync(cancellation);
        return (took.TotalSeconds, megabytes, messages, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static PolicyBody Policy =>
        new()
        {
            Name = "Usual",
            Active = true,
            Steps =
            [
                new StepBody
                {
                    Step = "first",
                    OffsetDays = 1,
                    At = "10:00",
                },
                new StepBody
                {
                    Step = "second",
                    OffsetDays = 10,
                    At = "10:00",
                    Template = "firm",
                },
                new StepBody
                {
                    Step = "third",
                    OffsetDays = 25,
                    At = "10:00",
                    Template = "final",
                },
            ],
        };

    /// <summary>
    /// Due from 60 days ago to 60 days ahead, evenly; whatever was due before today went on its day, so that today's steps alone are due.
    /// </summary>
    private static async Task SeedAsync(string database, int receivables, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database)
            {
                Pooling = false,
                SearchPath = "collections",
                CommandTimeout = 600,
            }.ConnectionString
        );
        await connection.OpenAsync(cancellation);
        await using var seed = new NpgsqlCommand(
            $"""
            insert into seller (seller_id, version, name, time_zone, language) values ('s1', 1, 's1', 'Europe/Madrid', 'es');
            insert into receivable (seller_id, invoice_id, number, customer_id, customer_name, email, language, currency, total_with_vat,
                issued_due, due_date, issue_date, payment_reference, amount_due, opened_at, business, place, overdue_at)
            select 's1', gen_random_uuid(), 'F-' || i, 'c' || i / {ReceivablesOfACustomer}, 'Clara', 'c' || i / {ReceivablesOfACustomer}
                || '@example.com', 'es', 'EUR', 121, 121, day, day - 30, 'RF18539007547034', 121, '2026-10-01T00:00:00Z', i % 2 = 0, 'ES-28',
                case when day < '2026-11-24' then '2026-11-24T23:00:00Z'::timestamptz end
            from generate_series(0, {receivables - 1}) i, lateral (select date '2026-09-26' + i * 7 % 120 as day) due;
            insert into dunning_step (seller_id, invoice_id, step, policy_id, policy_version, state, due_at, decided_at, sent_at)
            select r.seller_id, r.invoice_id, step.name, 'standard', 1, 'sent', day, day, day
            from receivable r
            cross join (values ('first', 1), ('second', 10), ('third', 25)) as step (name, days)
            cross join lateral (select (r.due_date + step.days)::timestamptz as day) at
            where r.due_date + step.days < '2026-11-25';
            analyze;
            """,
            connection
        );
        await seed.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The most memory that this process had, above nothing, looked at twenty times a second.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly Timer _timer;
        private long _most;

        public PeakMemory()
        {
            Look();
            _timer = new Timer(_ => Look(), null, 50, 50);
        }

        public double Megabytes
        {
            get
            {
                Look();
                return Interlocked.Read(ref _most) / 1e6;
            }
        }

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            var now = Environment.WorkingSet;
            if (now > Interlocked.Read(ref _most))
            {
                Interlocked.Exchange(ref _most, now);
            }
        }
    }
}
