using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What a service consumes and publishes, listed by name in its Program.cs.</summary>
public sealed class MessagingPlan
{
    /// <summary>How many a consumer may have in hand whose events go down together: those of a commit, and the next ones meanwhile.</summary>
    public const int Together = 256;

    internal List<(string Queue, Type Consumer, int Prefetch)> Consumers { get; } = [];

    internal List<(Type Event, IReadOnlyList<string> HeardBy)> Published { get; } = [];

    internal TimeSpan ToldWithin { get; private set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// While events keep coming, those of so long are told together; the first of a while is told at once all the same. For services whose
    /// events nobody waits for.
    /// </summary>
    public MessagingPlan TellTogether(TimeSpan within)
    {
        ToldWithin = within;
        return this;
    }

    /// <summary>A queue, named service-slice, and the slice that consumes it.</summary>
    public MessagingPlan Consume<TConsumer>(string queue, int prefetch = 16)
        where TConsumer : class, IConsumer
    {
        Consumers.Add((queue, typeof(TConsumer), prefetch));
        return this;
    }

    /// <summary>
    /// An event this service tells. Its exchange is there from the start, so that anyone can bind, and before the first telling so are
    /// the queues of our own services that hear it.
    /// </summary>
    public MessagingPlan Publish<TEvent>(params string[] heardBy)
        where TEvent : class
    {
        Published.Add((typeof(TEvent), heardBy));
        return this;
    }
}

/// <summary>The conventions of the bus: raw JSON, contract names, quorum queues, dead letters, confirms.</summary>
public static class Messaging
{
    /// <summary>A message that killed its consumer this often goes to the queue's dead letters.</summary>
    internal const int DeliveryLimit = 50;

    /// <summary>Joins the bus; also the outbox, its dispatcher, the inbox and the revocation of keys.</summary>
    public static void AddMessaging(this WebApplicationBuilder builder, string service, Action<MessagingPlan> plan)
    {
        var messaging = new MessagingPlan();
        plan(messaging);
        messaging.Consume<RevokeApiKey>($"{service}-revoke-api-key");
        var address = new Uri(
            builder.Configuration.GetConnectionString("messaging")
                ?? throw new InvalidOperationException("ConnectionStrings:messaging is not set")
        );
        builder.Services.AddSingleton<OutboxBell>().AddSingleton(new OutboxPace(messaging.ToldWithin));
        builder.Services.AddSingleton(provider => new Outbox(
            provider.GetRequiredService<ServiceName>(),
            provider.GetRequiredService<OutboxBell>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton(provider => new Inbox(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(Postgres.Point),
            provider.GetRequiredService<OutboxBell>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<Inbox>>()
        ));
        builder.Services.AddSingleton(
            new Hearers(
                address,
                [.. messaging.Published.SelectMany(told => told.HeardBy.Select(queue => (Outbox.ExchangeOf(told.Event), queue)))]
            )
        );
        builder.Services.AddSingleton(
            new OwnQueues(address, service, [.. messaging.Consumers.Select(consumer => consumer.Queue).Order(StringComparer.Ordinal)])
        );
        builder.Services.AddMassTransit(bus =>
        {
            foreach (var (_, consumer, _) in messaging.Consumers)
            {
                bus.AddConsumer(consumer);
            }

            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "masstransit";
                health.MinimalFailureStatus = HealthStatus.Degraded;
            });
            bus.UsingRabbitMq(
                (context, rabbit) =>
                {
                    var ending = context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                    rabbit.Host(
                        address,
                        host =>
                        {
                            host.PublisherConfirmation = true;
                            host.OnRefreshConnectionFactory = factory =>
                            {
                                BrokerSocket.On(factory);
                                return BrokerSocket.UntilItAnswersAsync(address, ending);
                            };
                        }
                    );
                    rabbit.ClearSerialization();
                    rabbit.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType, isDefault: true);
                    rabbit.ConfigureJsonSerializerOptions(json => Wire.Configure(json, JsonUnmappedMemberHandling.Skip));
                    rabbit.AutoStart = true;
                    rabbit.DeployPublishTopology = true;
                    foreach (var (told, _) in messaging.Published)
                    {
                        rabbit.Publish(told, _ => { });
                    }

                    foreach (var (queue, consumer, prefetch) in messaging.Consumers)
                    {
                        rabbit.ReceiveEndpoint(
                            queue,
                            endpoint =>
                            {
                                endpoint.SetQuorumQueue();
                                // 3.10 and 4.x differ in the default; what dies this often is kept, not dropped.
                                endpoint.SetQueueArgument("x-delivery-limit", DeliveryLimit);
                                endpoint.BindDeadLetterQueue(
                                    DeadLettersOf(queue),
                                    DeadLettersOf(queue),
                                    dead => dead.SetQueueArgument("x-queue-type", "quorum")
                                );
                                endpoint.PrefetchCount = prefetch;
                                endpoint.UseFilter(new ContinueTrace(queue));
                                // Away is not wrong: while the database or another service is away a message waits, unacknowledged.
                                endpoint.UseMessageRetry(retry =>
                                {
                                    retry.Handle<Exception>(Resilience.IsPassing);
                                    retry.Exponential(
                                        int.MaxValue,
                                        TimeSpan.FromMilliseconds(100),
                                        TimeSpan.FromSeconds(5),
                                        TimeSpan.FromMilliseconds(200)
                                    );
                                });
                                endpoint.UseMessageRetry(retry =>
                                {
                                    retry.Ignore<Exception>(Resilience.IsPassing);
                                    retry.Intervals(100, 500, 2000);
                                });
                                endpoint.ConfigureConsumer(context, consumer);
                            }
                        );
                    }
                }
            );
        });
        builder.Services.AddHostedService<OutboxDispatcher>();
        // One for the life of the process: it remembers that the queues were bound once, and a check made anew for each look would not.
        builder.Services.AddSingleton<MessagingHealth>();
        builder.Services.TryAddSingleton(LastResort.Kill);
        builder.Services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<WatchBacklog>(
                provider,
                BacklogLimits.From(builder.Configuration),
                messaging.Consumers.ConvertAll(static consumer => consumer.Queue)
            )
        );
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WatchBacklog>());
        builder
            .Services.AddHealthChecks()
            .AddCheck<MessagingHealth>("messaging", tags: ["ready"])
            .AddCheck<WatchBacklog>("backlog", tags: ["ready"]);
    }

    internal static string DeadLettersOf(string queue) => $"{queue}_dead";
}
