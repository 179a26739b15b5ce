using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class KeepNoticesTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Of_many_at_once_each_is_kept_once_and_one_that_cannot_be_kept_holds_up_no_other()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await using var second = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", new() { Beside = host });
        KeepNotices[] doors = [host.Services.GetRequiredService<KeepNotices>(), second.Services.GetRequiredService<KeepNotices>()];

        // Each four times, at either instance, and some whose facts no column takes.
        var told = Enumerable
            .Range(0, 1200)
            .AsParallel()
            .WithDegreeOfParallelism(4)
            .Select(i => (Event: i % 300, IsNew: KeepAsync(doors[i % 2], i % 300)))
            .ToList();
        var refused = 0;
        var fresh = new Dictionary<int, int>();
        foreach (var (id, isNew) in told)
        {
            try
            {
                fresh[id] = fresh.GetValueOrDefault(id) + (await isNew ? 1 : 0);
            }
            catch (Npgsql.PostgresException)
            {
                Assert.Equal(7, id % 50);
                refused++;
            }
        }

        Assert.Equal(24, refused);
        Assert.Equal(294, fresh.Count);
        Assert.All(fresh.Values, times => Assert.Equal(1, times));
        Assert.Equal(294L, await host.QueryAsync<long>("select count(*) from provider_notice"));
    }

    private static Task<bool> KeepAsync(KeepNotices door, int id) =>
        door.RunAsync(
            new KeptNotice(
                SellerId.Of($"s{id % 3}"),
                "fake",
                $"evt-{id}",
                TimeProvider.System.GetUtcNow(),
                id % 50 == 7 ? "no json" : "[]",
                [1, 2, 3],
                TellsOfOurs: false
            ),
            TestContext.Current.CancellationToken
        );
}
