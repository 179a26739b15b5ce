using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class ProjectionOrderTests(Infrastructure infrastructure)
{
    private const int Runs = 1000;
    private const int RunsOverTheBroker = 20;

    private static readonly string[] Sums =
    [
        "select grain::text, day, hour, store_id, till_id, channel, currency, {0} from sold_by_till where seller_id = @seller group by 1, 2, 3, 4, 5, 6, 7",
        "select grain::text, day, rate, currency, {0} from sold_by_rate where seller_id = @seller group by 1, 2, 3, 4",
        "select grain::text, day, customer_id, currency, {0} from sold_by_customer where seller_id = @seller group by 1, 2, 3, 4",
        "select grain::text, day, product, category, rate, currency, {0}, sum(quantity), sum(returned_quantity) from sold_by_product where seller_id = @seller group by 1, 2, 3, 4, 5, 6",
        "select kind, day, due, means, provider, currency, sum(amount), sum(count) from taking_sum where seller_id = @seller group by 1, 2, 3, 4, 5, 6 having sum(amount) <> 0 or sum(count) <> 0",
        "select operation_date, corrective, operation_key, rate, sum(entries), sum(taxable_amount), sum(vat_amount) from vat_sum where seller_id = @seller group by 1, 2, 3, 4",
        "select operation_date, products from basket where seller_id = @seller",
    ];
    private const string Figures =
        "sum(invoices), sum(return_invoices), sum(total_without_vat), sum(vat_total), sum(total_with_vat), sum(returns)";

    [Fact]
    public async Task Any_order_repetition_and_restart_of_events_ends_in_equal_tables()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var projections = host.Services.GetRequiredService<KeepFacts>().Projections;
        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        for (var run = 0; run < Runs; run++)
        {
            var random = new Random(run);
            var told = Events(random);

            await KeepAsync(connection, projections, [.. told.Select(each => Of($"a{run}", each))], random, isRough: false);
            await KeepAsync(connection, projections, [.. told.Select(each => Of($"b{run}", each))], random, isRough: true);

            await EqualAsync(connection, run);
        }
    }

    [Fact]
    public async Task Any_order_and_repetition_over_the_broker_with_instances_that_come_and_go_ends_in_equal_tables()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var projections = host.Services.GetRequiredService<KeepFacts>().Projections;
        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        for (var run = 0; run < RunsOverTheBroker; run++)
        {
            var random = new Random(Runs + run);
            var told = Events(random);
            await KeepAsync(connection, projections, [.. told.Select(each => Of($"a{run}", each))], random, isRough: false);

            var coming = told.SelectMany(each => Enumerable.Repeat(Again(Of($"b{run}", each)), random.Next(1, 4))).ToArray();
            random.Shuffle(coming);
            var half = coming.Length / 2;
            await PublishAsync(host, coming[..half]);
            var other = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting", new HostSettings { Beside = host });
            // What was on its way to it when it goes comes again, to the first.
            await Task.WhenAll(PublishAsync(host, coming[half..]), LeaveAsync(other));
            await Eventually.TrueAsync(
                async () =>
                    await connection.ExecuteScalarAsync<long>(
                        "select count(*) from known_event where seller_id = @seller",
                        new { seller = $"b{run}" }
                    ) == told.Length,
                $"all of run {run} is kept"
            );

            await EqualAsync(connection, run);
        }
    }

    private static async Task LeaveAsync(ServiceHost host)
    {
        // As a process that is told to stop does: first the bus, then what it needs.
        await host.Services.GetRequiredService<IBusControl>().StopAsync(TestContext.Current.CancellationToken);
        await host.DisposeAsync();
    }

    private static Task PublishAsync(ServiceHost host, IEvent[] events) =>
        Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (each, _) => await host.PublishAsync(each));

    private static async Task EqualAsync(NpgsqlConnection connection, int run)
    {
        foreach (var sql in Sums)
        {
            var rows =
                $"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ({string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, Figures)}) t";
            Assert.True(
                await connection.ExecuteScalarAsync<string>(rows, new { seller = $"a{run}" })
                    == await connection.ExecuteScalarAsync<string>(rows, new { seller = $"b{run}" }),
                $"run {run}: {sql}"
            );
        }
    }

    /// <summary>The same told as another event: the inbox knows an event by its id, whoever's it is.</summary>
    private static IEvent Again(IEvent told) =>
        told switch
        {
            InvoiceIssued issued => issued with { EventId = EventId.New() },
            InvoiceCancelled cancelled => cancelled with { EventId = EventId.New() },
            _ => throw new InvalidOperationException(told.GetType().Name),
        };

    /// <summary>In one batch and in order; or shuffled, each up to three times, in batches of any size, some of which are given up and come again.</summary>
    private static async Task KeepAsync(
        NpgsqlConnection connection,
        IReadOnlyList<IProjection> projections,
        IEvent[] told,
        Random random,
        bool isRough
    )
    {
        var coming = isRough ? told.SelectMany(each => Enumerable.Repeat(each, random.Next(1, 4))).ToArray() : told;
        if (isRough)
        {
            random.Shuffle(coming);
        }

        for (var at = 0; at < coming.Length; )
        {
            var size = isRough ? random.Next(1, coming.Length) : coming.Length;
            var batch = coming.Skip(at).Take(size).ToArray();
            await using var transaction = await connection.BeginTransactionAsync();
            await KeepFacts.KeepAsync(transaction, batch, projections, TestContext.Current.CancellationToken);
            if (isRough && random.Next(4) == 0)
            {
                await transaction.RollbackAsync();
                continue;
            }

            await transaction.CommitAsync();
            at += size;
        }
    }

    private static IEvent[] Events(Random random)
    {
        var invoices = Enumerable
            .Range(0, random.Next(1, 7))
            .Select(i =>
            {
                var invoice = Told.Invoice("s1", random.Next(-9000, 20_000) / 100m, customer: $"c{random.Next(0, 3)}");
                return invoice with
                {
                    Kind =
                        random.Next(8) == 0 ? InvoiceKind.Exchange
                        : invoice.Totals.TotalWithVat < 0m ? InvoiceKind.Corrective
                        : InvoiceKind.Simplified,
                    OperationDate = new DateOnly(2026, random.Next(1, 4), random.Next(1, 29)),
                };
            })
            .ToArray();
        return [.. invoices, .. invoices.Where(_ => random.Next(4) == 0).Select(Told.Cancelled)];
    }

    /// <summary>The same of another seller; its invoices are its own.</summary>
    private static IEvent Of(string seller, IEvent told) =>
        told switch
        {
            InvoiceIssued issued => issued with { SellerId = SellerId.Of(seller) },
            InvoiceCancelled cancelled => cancelled with { SellerId = SellerId.Of(seller) },
            _ => throw new InvalidOperationException(told.GetType().Name),
        };
}
