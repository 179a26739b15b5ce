using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polly;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(Infrastructure))]

namespace RetailInvoicing.Services.Tests.Fixtures;

/// <summary>A PostgreSQL and a RabbitMQ of this test run's own, started when a test first wants them.</summary>
public sealed class Infrastructure : IAsyncDisposable
{
    private const int FirstPort = 10_000;
    private const int LastPort = 20_000;

    private const int LeftStanding = 24;

    private readonly ConcurrentDictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _left = new();

    // Two runs on one machine begin apart.
    private static int _ports = System.Environment.ProcessId % 50 * 200;

    private static readonly string[] Services = ["invoicing", "delivery", "payments", "collections", "reporting", "portal"];

    private readonly string _directory = Directory.CreateTempSubdirectory("retail-tests-").FullName;
    private readonly Lazy<Task<int>> _postgres;
    private readonly Lazy<Task<(int Amqp, int Management)>> _broker;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _migrated = new();
    private readonly List<ChildProcess> _children = [];
    private int _databases;

    public Infrastructure()
    {
        _postgres = new(StartPostgresAsync);
        _broker = new(StartBrokerAsync);
    }

    /// <summary>
    /// A database of its own for a service, its schema up to date; the connection string of the service's login. Each is a copy of one
    /// that was migrated once.
    /// </summary>
    public async Task<string> DatabaseAsync(string service)
    {
        var port = await _postgres.Value;
        var migrated = await _migrated.GetOrAdd(service, one => new(() => MigratedAsync(one, port))).Value;
        var name = $"{service}_{Interlocked.Increment(ref _databases)}";
        await CreateAsync(port, $"{name} template {migrated} owner {service}");
        return LoginOf(service, port, name);
    }

    /// <summary>A database of its own with nothing in it; the connection string of the service's login.</summary>
    public async Task<string> EmptyDatabaseAsync(string service)
    {
        var port = await _postgres.Value;
        var name = $"{service}_{Interlocked.Increment(ref _databases)}";
        await CreateAsync(port, $"{name} owner {service}");
        return LoginOf(service, port, name);
    }

    private static async Task<string> MigratedAsync(string service, int port)
    {
        var name = $"{service}_migrated";
        await CreateAsync(port, $"{name} owner {service}");
        if (service == "reporting")
        {
            await SetUpToolsAsync(port, name);
        }

        // Its scripts are found in its assembly, which whoever names something of it first loads: that may come later.
        _ = Assembly.Load($"RetailInvoicing.{char.ToUpperInvariant(service[0])}{service[1..]}");
        await using var provider = new ServiceCollection()
            .AddResiliencePipeline(Resilience.Start, static _ => { })
            .AddLogging()
            .BuildServiceProvider();
        var tables = service == "portal" ? SharedTables.None : SharedTables.All;
        await ActivatorUtilities
            .CreateInstance<Migrations>(provider, new Migrations.Plan(service, LoginOf(service, port, name), tables))
            .StartAsync(CancellationToken.None);
        return name;
    }

    private static async Task CreateAsync(int port, string database)
    {
        await using var connection = new NpgsqlConnection(Superuser(port));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {database}", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What the administrator runs in Reporting's database, so that sellers' tools may log in.</summary>
    private static async Task SetUpToolsAsync(int port, string database)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Superuser(port)) { Database = database, Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "AppHost", "postgres", "reporting-bi.psql"));
        await using var command = new NpgsqlCommand(script, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string LoginOf(string service, int port, string database) =>
        $"Host=127.0.0.1;Port={port};Username={service};Password=test;Database={database};Include Error Detail=true";

    /// <summary>A virtual host of its own on the broker; its AMQP address.</summary>
    public async Task<Uri> VirtualHostAsync()
    {
        var (amqp, management) = await _broker.Value;
        var name = $"test-{Interlocked.Increment(ref _databases)}";
        using var http = Management(management);
        await RemoveLeftAsync(http);
        (await http.PutAsJsonAsync($"/api/vhosts/{name}", new { })).EnsureSuccessStatusCode();
        (
            await http.PutAsJsonAsync(
                $"/api/permissions/{name}/guest",
                new
                {
                    configure = ".*",
                    write = ".*",
                    read = ".*",
                }
            )
        ).EnsureSuccessStatusCode();
        return new Uri($"amqp://guest:guest@127.0.0.1:{amqp}/{name}");
    }

    /// <summary>A service uses the virtual host from here on.</summary>
    public void Enter(Uri broker) => _users.AddOrUpdate(NameOf(broker), 1, static (_, users) => users + 1);

    /// <summary>
    /// A service uses it no more. When the last has left it goes with its queues, after some more have come: thousands of queues are more
    /// than a broker bears, and a test may start its service anew.
    /// </summary>
    public void Leave(Uri broker)
    {
        if (_users.AddOrUpdate(NameOf(broker), 0, static (_, users) => users - 1) == 0)
        {
            _left.Enqueue(NameOf(broker));
        }
    }

    private async Task RemoveLeftAsync(HttpClient http)
    {
        while (_left.Count > LeftStanding && _left.TryDequeue(out var name))
        {
            if (_users.GetValueOrDefault(name) == 0)
            {
                using var removed = await http.DeleteAsync($"/api/vhosts/{name}");
            }
        }
    }

    private static string NameOf(Uri broker) => broker.AbsolutePath.Trim('/');

    /// <summary>The broker's management API.</summary>
    public async Task<HttpClient> ManagementAsync() => Management((await _broker.Value).Management);

    /// <summary>
    /// A port nobody listens on, given out once, and below those that the kernel gives to outgoing connections: one of those may take it
    /// before its owner does.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + Interlocked.Increment(ref _ports) % (LastPort - FirstPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _children.Count - 1; i >= 0; i--)
        {
            _children[i].Dispose();
        }

        for (var tries = 0; Directory.Exists(_directory) && tries < 5; tries++)
        {
            try
            {
                Directory.Delete(_directory, recursive: true);
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
    }

    private static string Superuser(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";

    private async Task<int> StartPostgresAsync()
    {
        var binaries = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
        var data = Directory.CreateDirectory(Path.Combine(_directory, "postgres")).FullName;
        await RunAsync("chmod", "a+rx", _directory);
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "postgres:postgres", data);
            await RunAsync(
                "setpriv",
                "--reuid",
                "postgres",
                "--regid",
                "postgres",
                "--clear-groups",
                "--",
                $"{binaries}/initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync"
            );
        }
        else
        {
            await RunAsync(
                $"{binaries}/initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync"
            );
        }

        var port = FreePort();
        _children.Add(
            await ChildProcess.StartAsync(
                Path.Combine(_directory, "postgres.log"),
                "postgres",
                new Dictionary<string, string>(),
                [
                    $"{binaries}/postgres",
                    "-D",
                    data,
                    "-p",
                    $"{port}",
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "max_connections=400",
                    "-c",
                    "fsync=off",
                    "-c",
                    "synchronous_commit=off",
                    "-c",
                    "full_page_writes=off",
                    "-c",
                    "shared_buffers=64MB",
                ]
            )
        );
        await UntilAsync(
            "PostgreSQL",
            Path.Combine(_directory, "postgres.log"),
            async () =>
            {
                await using var probe = new NpgsqlConnection(Superuser(port));
                await probe.OpenAsync();
            }
        );
        await using var connection = new NpgsqlConnection(Superuser(port));
        await connection.OpenAsync();
        foreach (var service in Services)
        {
            await using var command = new NpgsqlCommand(
                $"create role {service}_app nologin; create role {service} login password 'test'; grant {service}_app to {service}",
                connection
            );
            await command.ExecuteNonQueryAsync();
        }

        return port;
    }

    private async Task<(int Amqp, int Management)> StartBrokerAsync()
    {
        var home = Directory.CreateDirectory(Path.Combine(_directory, "rabbitmq")).FullName;
        var (amqp, management, distribution, epmd) = (FreePort(), FreePort(), FreePort(), FreePort());
        await File.WriteAllTextAsync(Path.Combine(home, "enabled_plugins"), "[rabbitmq_management].");
        await File.WriteAllTextAsync(
            Path.Combine(home, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {management}
            raft.wal_max_size_bytes = 16777216
            disk_free_limit.absolute = 100MB
            """
        );
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["ERL_EPMD_PORT"] = $"{epmd}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"tests{amqp}@localhost",
            ["RABBITMQ_NODE_PORT"] = $"{amqp}",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(home, "generated"),
            // The Erlang VM is the direct child then, and must not wait for a terminal.
            ["RABBITMQ_SERVER_START_ARGS"] = "-noinput",
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none",
        };
        _children.Add(
            await ChildProcess.StartAsync(
                Path.Combine(home, "epmd.log"),
                null,
                environment,
                "epmd",
                "-port",
                $"{epmd}",
                "-address",
                "127.0.0.1"
            )
        );
        _children.Add(
            await ChildProcess.StartAsync(Path.Combine(home, "server.log"), null, environment, "/usr/lib/rabbitmq/bin/rabbitmq-server")
        );
        await UntilAsync(
            "RabbitMQ",
            Path.Combine(home, "server.log"),
            async () =>
            {
                using var http = Management(management);
                (await http.GetAsync("/api/overview")).EnsureSuccessStatusCode();
                using var tcp = new TcpClient();
                await tcp.ConnectAsync(IPAddress.Loopback, amqp);
            }
        );
        return (amqp, management);
    }

    private static HttpClient Management(int port) =>
        new()
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest"))),
            },
        };

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {error}");
    }

    private static async Task UntilAsync(string server, string log, Func<Task> answers)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await answers();
                return;
            }
            catch (Exception) when (deadline.Elapsed < TimeSpan.FromSeconds(90))
            {
                // A server that starts gives no signal to wait for: ask again.
                await Task.Delay(50);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{server} did not answer within 90 s: {await File.ReadAllTextAsync(log)}", exception);
            }
        }
    }
}
