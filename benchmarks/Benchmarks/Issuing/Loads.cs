using System.Diagnostics;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>The doors of Invoicing, each offered as many sales as it takes.</summary>
internal sealed class Loads(RunningSystem system, NpgsqlDataSource invoicing, IReadOnlyList<SaleForm> forms)
{
    /// <summary>Connections of single posts.</summary>
    public const int Tills = 64;

    /// <summary>Streams of one taxpayer's import.</summary>
    private const int Streams = 2;

    private const int MostOnTheBus = 2048;

    private readonly Uri _http = system.Http("invoicing");

    /// <summary>Sales/Import: two streams of one shop, or one of each.</summary>
    public Task<Load> GrpcAsync(IReadOnlyList<Shop> shops, IPace pace, CancellationToken cancellation) =>
        TimedAsync(async () =>
        {
            using var channel = SaleMessageStream.Connect(system.Grpc("invoicing"));
            return (await OfStreamsAsync(shops, shop => SaleMessageStream.ImportAsync(channel, shop, forms, pace, cancellation))).Sum();
        });

    /// <summary>POST /v1/sales:import: two streams of one shop, or one of each.</summary>
    public Task<Load> LinesAsync(IReadOnlyList<Shop> shops, IPace pace, CancellationToken cancellation) =>
        TimedAsync(async () =>
            (await OfStreamsAsync(shops, shop => SaleLinesStream.ImportAsync(_http, shop, forms, pace, cancellation))).Sum()
        );

    /// <summary>The bus, as full as a queue of some thousand; measured until the last one has its number.</summary>
    public async Task<Load> BusAsync(IReadOnlyList<Shop> shops, TimeSpan time, CancellationToken cancellation)
    {
        var before = await Checks.IssuedAsync(invoicing, shops, cancellation);
        async Task<long> SinceAsync(CancellationToken token) => await Checks.IssuedAsync(invoicing, shops, token) - before;
        return await TimedAsync(async () =>
        {
            var pace = new AtMostUnderWay(time, MostOnTheBus, SinceAsync);
            var sent = await BusPost.PublishAsync(new Uri(system.Messaging!.Amqp), shops, forms, pace, cancellation);
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await SinceAsync(cancellation) < sent)
            {
                await tick.WaitForNextTickAsync(cancellation);
            }

            return sent;
        });
    }

    /// <summary>Single posts from 64 connections, each as soon as its last was answered.</summary>
    public async Task<Load> SinglesAsync(IReadOnlyList<Shop> shops, TimeSpan time, CancellationToken cancellation)
    {
        var tills = await OpenAsync(shops, cancellation);
        try
        {
            var latencies = tills.Select(_ => new List<double>(1 << 14)).ToArray();
            var load = await TimedAsync(async () =>
            {
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAll(
                    tills
                        .Zip(latencies)
                        .Select(each =>
                            Task.Run(
                                async () =>
                                {
                                    while (Stopwatch.GetElapsedTime(began) < time)
                                    {
                                        var posted = Stopwatch.GetTimestamp();
                                        await each.First.PostAsync(cancellation);
                                        each.Second.Add(Stopwatch.GetElapsedTime(posted).TotalMilliseconds);
                                    }
                                },
                                cancellation
                            )
                        )
                );
                return latencies.Sum(each => each.Count);
            });
            return load with { LatenciesMs = [.. latencies.SelectMany(each => each)], PutOff = tills.Sum(till => till.PutOff) };
        }
        finally
        {
            tills.ForEach(till => till.Dispose());
        }
    }

    /// <summary>
    /// Single posts at a given rate, whether the last ones are answered or not. Each is timed from when it should have been posted: one
    /// that had to wait for a free connection has waited (coordinated omission).
    /// </summary>
    public async Task<Load> OpenLoopAsync(IReadOnlyList<Shop> shops, double perSecond, TimeSpan time, CancellationToken cancellation)
    {
        var tills = await OpenAsync(shops, cancellation);
        try
        {
            var latencies = tills.Select(_ => new List<double>(1 << 12)).ToArray();
            var waits = new List<double>();
            var load = await TimedAsync(async () =>
            {
                var posts = (long)(perSecond * time.TotalSeconds);
                var free = new System.Collections.Concurrent.ConcurrentQueue<int>(Enumerable.Range(0, tills.Count));
                using var someoneIsFree = new SemaphoreSlim(tills.Count);
                using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
                var began = Stopwatch.GetTimestamp();
                long When(long post) => began + (long)(post * Stopwatch.Frequency / perSecond);
                for (var post = 0L; post < posts; post++)
                {
                    while (When(post) > Stopwatch.GetTimestamp())
                    {
                        await tick.WaitForNextTickAsync(cancellation);
                    }

                    await someoneIsFree.WaitAsync(cancellation);
                    free.TryDequeue(out var till);
                    waits.Add(Stopwatch.GetElapsedTime(When(post)).TotalMilliseconds);
                    _ = PostAsync(till, When(post));
                }

                for (var till = 0; till < tills.Count; till++)
                {
                    await someoneIsFree.WaitAsync(cancellation);
                }

                var failed = _failed;
                return failed is null ? latencies.Sum(each => each.Count) : throw failed;

                async Task PostAsync(int till, long intended)
                {
                    try
                    {
                        await tills[till].PostAsync(cancellation);
                        latencies[till].Add(Stopwatch.GetElapsedTime(intended).TotalMilliseconds);
                    }
                    catch (Exception exception)
                    {
                        _failed = exception;
                    }
                    finally
                    {
                        free.Enqueue(till);
                        someoneIsFree.Release();
                    }
                }
            });
            return load with
            {
                LatenciesMs = [.. latencies.SelectMany(each => each)],
                BegunLateMs = waits,
                PutOff = tills.Sum(till => till.PutOff),
            };
        }
        finally
        {
            tills.ForEach(till => till.Dispose());
        }
    }

    private volatile Exception? _failed;

    private static Task<long[]> OfStreamsAsync(IReadOnlyList<Shop> shops, Func<Shop, Task<long>> import) =>
        Task.WhenAll((shops.Count == 1 ? Enumerable.Repeat(shops[0], Streams) : shops).Select(shop => Task.Run(() => import(shop))));

    private static async Task<Load> TimedAsync(Func<Task<long>> run)
    {
        var began = Stopwatch.GetTimestamp();
        var issued = await run();
        return new Load(issued, Stopwatch.GetElapsedTime(began));
    }

    private async Task<List<Till>> OpenAsync(IReadOnlyList<Shop> shops, CancellationToken cancellation)
    {
        var tills = new List<Till>(Tills);
        for (var till = 0; till < Tills; till++)
        {
            tills.Add(await Till.ConnectAsync(_http, shops[till % shops.Count], forms, till % forms.Count, cancellation));
        }

        return tills;
    }
}

/// <summary>What a load has had issued, and how long it took to the last answer.</summary>
internal sealed record Load(long Issued, TimeSpan Time)
{
    /// <summary>How long each post took, where posts are answered one by one.</summary>
    public IReadOnlyList<double> LatenciesMs { get; init; } = [];

    /// <summary>How late each post of an open loop began, for want of a free connection or of the generator's own processor time.</summary>
    public IReadOnlyList<double> BegunLateMs { get; init; } = [];

    /// <summary>How often a till was told to come back later (429), which it did.</summary>
    public int PutOff { get; init; }

    /// <summary>The rate.</summary>
    public double PerSecond => Issued / Time.TotalSeconds;
}
