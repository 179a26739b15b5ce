using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Disputes;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>
/// Collections' own code on a database of its own, in this process: made as its Program makes it, not started, so that whoever measures says
/// when a run is and what time it is.
/// </summary>
internal sealed class CollectionsInside : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectionsInside(WebApplication app) => _app = app;

    /// <summary>Everything that its Program registers.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Makes it; where the database is new its schema is made too.</summary>
    public static async Task<CollectionsInside> OpenAsync(
        string database,
        TimeProvider clock,
        Balances.BalancesClient balances,
        Messages.MessagesClient messages,
        bool migrate,
        CancellationToken cancellation
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:collectionsdb"] = database,
                // Nobody is told: what there is to tell stays in the outbox.
                ["ConnectionStrings:messaging"] = "amqp://guest:guest@127.0.0.1:1/",
                ["Keys:ApiKeySecret"] = "secret-of-the-benchmark-that-signs-0123456789",
                ["Keys:Service"] = "key-of-collections-in-the-benchmark-0123456789",
            }
        );
        builder.Services.AddSingleton(clock);
        builder.AddServiceDefaults("collections");
        builder.AddPostgres("collections");
        builder.AddMessaging("collections", static _ => { });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(balances).AddSingleton(messages);
        builder.Services.AddSingleton<KeepFact>().AddSingleton<KeepPromises>().AddSingleton<MakePromise>().AddSingleton<JudgePromises>();
        builder.Services.AddSingleton<RaiseDispute>().AddSingleton<ResolveDispute>();
        builder.Services.AddSingleton<HoldReceivable>().AddSingleton<ReleaseHold>().AddSingleton<HearFailure>();
        builder.Services.AddDunning();
        builder.Services.AddWorklist();
        var inside = new CollectionsInside(builder.Build());
        if (migrate)
        {
            await inside.Of<Migrations>().StartAsync(cancellation);
        }

        return inside;
    }

    /// <summary>One of its parts.</summary>
    public T Of<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>One run: what is overdue, what came back, whose word is over, what is due, and sending it; how many notices went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await Of<FindOverdue>().RunAsync(cancellation);
        await Of<ApplyFailures>().RunAsync(cancellation);
        await Of<JudgePromises>().RunAsync(cancellation);
        await Of<FindDueSteps>().RunAsync(cancellation);
        return await Of<SendReminders>().RunAsync(cancellation);
    }

    /// <summary>From here on nothing of it takes up anything new.</summary>
    public void Stop() => Of<IHostApplicationLifetime>().StopApplication();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
