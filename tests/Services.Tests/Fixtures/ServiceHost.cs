using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>What a test may choose of the service it starts.</summary>
public sealed record HostSettings
{
    /// <summary>The service's configuration, over the fixture's.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();

    /// <summary>Registrations over the service's own, such as a FakeTimeProvider.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Shares another host's database and broker: a second instance of the same service, or its neighbour.</summary>
    public ServiceHost? Beside { get; init; }

    public string Environment { get; init; } = "Development";
}

/// <summary>One service in this process, on real ports, with a database and a virtual host of its own.</summary>
public sealed class ServiceHost : IAsyncDisposable
{
    public const string AdminKey = "admin-key-of-the-tests-0123456789";
    public const string CertificateKey = "key-of-the-tests-that-seals-certificates-0123456789";
    private const string Secret = "secret-of-the-tests-that-signs-everything-0123456789";

    private readonly Infrastructure _infrastructure;
    private readonly IAsyncDisposable _factory;
    private bool _hasLeft;

    private ServiceHost(
        Infrastructure infrastructure,
        IAsyncDisposable factory,
        IServiceProvider services,
        string service,
        string database,
        Uri broker,
        int http,
        int grpc
    )
    {
        _infrastructure = infrastructure;
        _factory = factory;
        Services = services;
        Service = service;
        Broker = broker;
        ConnectionString = database;
        HttpAddress = new Uri($"http://127.0.0.1:{http}");
        GrpcAddress = new Uri($"http://127.0.0.1:{grpc}");
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { SearchPath = service, MaxPoolSize = 4 }.ConnectionString
        );
        Http = new HttpClient { BaseAddress = HttpAddress };
    }

    public IServiceProvider Services { get; }

    public string Service { get; }

    /// <summary>Without a key; see <see cref="As"/>.</summary>
    public HttpClient Http { get; }

    public Uri HttpAddress { get; }

    public Uri GrpcAddress { get; }

    public Uri Broker { get; }

    public string ConnectionString { get; }

    /// <summary>The service's database with its owner's rights.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Starts a service; any public type of its assembly tells which.</summary>
    public static async Task<ServiceHost> StartAsync<TService>(Infrastructure infrastructure, string service, HostSettings? settings = null)
        where TService : class
    {
        settings ??= new HostSettings();
        Postgres.MapTypes();
        var sameService = settings.Beside?.Service == service;
        var database = sameService ? settings.Beside!.ConnectionString : await infrastructure.DatabaseAsync(service);
        var broker = settings.Beside?.Broker ?? await infrastructure.VirtualHostAsync();
        infrastructure.Enter(broker);
        var (http, grpc) = (Infrastructure.FreePort(), Infrastructure.FreePort());
        var configuration = new Dictionary<string, string?>
        {
            ["urls"] = $"http://127.0.0.1:{http}",
            ["GRPC_PORT"] = grpc.ToString(CultureInfo.InvariantCulture),
            [$"ConnectionStrings:{service}db"] = database,
            ["ConnectionStrings:messaging"] = broker.AbsoluteUri,
            ["Keys:ApiKeySecret"] = Secret,
            ["Keys:AdminKey"] = AdminKey,
            ["Keys:Service"] = KeyOf(service),
            ["Keys:CertificateKey"] = CertificateKey,
            ["Public:Portal"] = "https://facturas.example.com",
            ["Public:Invoicing"] = $"http://127.0.0.1:{http}",
            ["Public:Delivery"] = "https://delivery.example.com",
            ["Public:Payments"] = "https://payments.example.com",
            ["Postgres:MaxPoolSize"] = "16",
        };
        foreach (var caller in new[] { "invoicing", "delivery", "payments", "collections", "reporting", "portal" })
        {
            configuration[$"Keys:Callers:{caller}"] = KeyOf(caller);
        }

        foreach (var (name, value) in settings.Configuration)
        {
            configuration[name] = value;
        }

        var factory = new Factory<TService>(configuration, settings);
        factory.UseKestrel();
        factory.StartServer();
        var host = new ServiceHost(infrastructure, factory, factory.Services, service, database, broker, http, grpc);
        await Eventually.TrueAsync(
            async () => (await host.Http.GetAsync("/health")).IsSuccessStatusCode,
            $"{service} is ready",
            TimeSpan.FromSeconds(60)
        );
        return host;
    }

    /// <summary>A seller's API key.</summary>
    public string KeyFor(string seller, params string[] scopes) =>
        Services.GetRequiredService<ApiKeys>().Sign(SellerId.Of(seller), KeyId.New(), scopes.Length > 0 ? scopes : Scopes.All);

    /// <summary>A client with a seller's key.</summary>
    public HttpClient As(string seller, params string[] scopes) => With(KeyFor(seller, scopes));

    /// <summary>A client with the admin key.</summary>
    public HttpClient AsAdmin() => With(AdminKey);

    /// <summary>A client with that bearer token.</summary>
    public HttpClient With(string key) =>
        new() { BaseAddress = HttpAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    /// <summary>A channel to the service's rpcs.</summary>
    public GrpcChannel Channel() => GrpcChannel.ForAddress(GrpcAddress);

    /// <summary>Headers with which another service would call this one.</summary>
    public Grpc.Core.Metadata CallAs(string caller, OnBehalfOf behalf) =>
        new ServiceCredentials(
            new ServiceName(caller),
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Keys:Service"] = KeyOf(caller) }).Build(),
            TimeProvider.System
        ).For(Service, behalf);

    /// <summary>Publishes an event as another service would.</summary>
    public Task PublishAsync(IEvent told) =>
        PublishAsync(
            Outbox.ExchangeOf(told.GetType()),
            JsonSerializer.SerializeToUtf8Bytes(told, told.GetType(), Wire.Tolerant),
            messageId: told.EventId.ToString()
        );

    /// <summary>Publishes bytes as a client that is not .NET would.</summary>
    public async Task PublishAsync(string exchange, byte[] body, IDictionary<string, object?>? headers = null, string? messageId = null)
    {
        await using var connection = await new ConnectionFactory { Uri = Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.ExchangeDeclareAsync(exchange, "fanout", durable: true);
        await channel.BasicPublishAsync(
            exchange,
            "",
            mandatory: false,
            new BasicProperties
            {
                Headers = headers,
                MessageId = messageId,
                Persistent = true,
            },
            body
        );
    }

    /// <summary>Binds a queue to an exchange and collects what arrives, as any client would.</summary>
    public Task<Listener> ListenAsync(string exchange) => Listener.StartAsync(Broker, exchange);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Database.DisposeAsync();
        await _factory.DisposeAsync();
        if (!Interlocked.Exchange(ref _hasLeft, true))
        {
            _infrastructure.Leave(Broker);
        }
    }

    private static string KeyOf(string service) => $"key-of-{service}-in-the-tests-0123456789-0123456789";

    private sealed class Factory<TService>(Dictionary<string, string?> configuration, HostSettings settings)
        : WebApplicationFactory<TService>
        where TService : class
    {
        protected override IHost CreateHost(IHostBuilder builder)
        {
            // Host configuration reaches the service's Program before its first line; UseSetting would come too late.
            builder.ConfigureHostConfiguration(host => host.AddInMemoryCollection(configuration));
            return base.CreateHost(builder);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(settings.Environment);
            builder.ConfigureTestServices(services => settings.Services?.Invoke(services));
        }
    }
}

/// <summary>A queue of a test's own, bound to an exchange.</summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly List<Received> _received = [];

    private Listener(IConnection connection) => _connection = connection;

    public sealed record Received(string Body, IReadOnlyBasicProperties Properties);

    public static async Task<Listener> StartAsync(Uri broker, string exchange)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(exchange, "fanout", durable: true);
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, exchange, "");
        var listener = new Listener(connection);
        var consumer = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            lock (listener._received)
            {
                listener._received.Add(new(Encoding.UTF8.GetString(delivery.Body.Span), new BasicProperties(delivery.BasicProperties)));
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return listener;
    }

    /// <summary>What has arrived so far.</summary>
    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_received)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>What has arrived once there are so many.</summary>
    public async Task<IReadOnlyList<Received>> AtLeastAsync(int count)
    {
        await Eventually.TrueAsync(() => Task.FromResult(All.Count >= count), $"{count} messages, {All.Count} so far");
        return All;
    }

    /// <summary>What has arrived, as the event, once there are so many.</summary>
    public async Task<IReadOnlyList<TEvent>> AtLeastAsync<TEvent>(int count) =>
        [.. (await AtLeastAsync(count)).Select(each => JsonSerializer.Deserialize<TEvent>(each.Body, Wire.Tolerant)!)];

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

/// <summary>Waits for something to become true, with a bound.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(30);
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < limit)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or NpgsqlException or Grpc.Core.RpcException)
            {
                last = exception;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"Not within {limit.TotalSeconds:0} s: {what}{(last is null ? "" : $" ({last.Message})")}");
    }

    public static Task EqualAsync<T>(T expected, Func<Task<T>> actual, string what, TimeSpan? within = null)
    {
        return TrueAsync(async () => EqualityComparer<T>.Default.Equals(expected, await actual()), $"{what} is {expected}", within);
    }
}
