using System.Globalization;
using System.Net.Sockets;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>
/// The Erlang port mapper. A broker would start one that outlives it and listens for every user of the machine; ours is a child like the
/// others, on a port of its own, so that each system may name its node alike and its data can move to another range of ports.
/// </summary>
internal sealed class PortMapperMember(LocalRun run, int port) : Member(run, new ContainerResource("epmd"))
{
    protected override Task<Launch> LaunchAsync(CancellationToken stop) =>
        Task.FromResult(new Launch("epmd", "-address", "127.0.0.1", "-port", port.ToString(CultureInfo.InvariantCulture)) { Log = Log });

    protected override Task<bool> IsReadyAsync(CancellationToken stop) => RabbitMember.AcceptsAsync(port, stop);
}

/// <summary>A private RabbitMQ node over the data directory.</summary>
internal sealed class RabbitMember(LocalRun run, RabbitMQServerResource rabbit, int distributionPort, int portMapperPort)
    : Member(run, rabbit)
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private string home = "";

    protected override TimeSpan StopPatience => TimeSpan.FromSeconds(20);

    private int Port => rabbit.Endpoint("tcp").Port!.Value;
    private int ManagementPort => rabbit.Endpoint("management").Port!.Value;

    public static async Task<bool> AcceptsAsync(int port, CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    protected override async Task PrepareAsync(CancellationToken stop)
    {
        if (!File.Exists(Server))
            throw new RefusalException("RabbitMQ is not installed: apt-get install rabbitmq-server");
        home = Run.Data.FileNamed("rabbitmq");
        Directory.CreateDirectory(home);
        var environment = await Run.EnvironmentOfAsync(rabbit, stop);
        var settings = $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ManagementPort}
            default_user = {environment["RABBITMQ_DEFAULT_USER"]}
            default_pass = {environment["RABBITMQ_DEFAULT_PASS"]}
            default_user_tags.administrator = true
            default_vhost = /
            log.console = true
            log.console.level = warning
            log.file = false
            # Half a gigabyte of write-ahead log, the default, is kept in memory; this machine is shared by ten processes.
            raft.wal_max_size_bytes = 16777216
            vm_memory_high_watermark.absolute = 768MiB
            disk_free_limit.absolute = 200MB
            """;
        var file = Path.Combine(home, "rabbitmq.conf");
        await File.WriteAllTextAsync(file, settings + "\n", stop);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(home, "enabled_plugins"), "[rabbitmq_management].\n", stop);
    }

    protected override Task<Launch> LaunchAsync(CancellationToken stop) =>
        Task.FromResult(
            new Launch(Server)
            {
                Directory = home,
                Log = Log,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["HOME"] = home,
                    ["RABBITMQ_NODENAME"] = "retail@localhost",
                    ["RABBITMQ_NODE_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
                    ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
                    ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "data"),
                    ["RABBITMQ_LOG_BASE"] = home,
                    ["RABBITMQ_LOGS"] = "-",
                    ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
                    ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
                    ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                    ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
                    ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(home, "generated"),
                    ["ERL_EPMD_PORT"] = portMapperPort.ToString(CultureInfo.InvariantCulture),
                    ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                    // The virtual machine itself is then our child, not a shell that waits for it.
                    ["RABBITMQ_ALLOW_INPUT"] = "1",
                    ["RABBITMQ_SERVER_START_ARGS"] = "-noinput",
                    // No busy waiting on a shared machine; the distribution port listens on every address unless told otherwise.
                    ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                        "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
                },
            }
        );

    /// <summary>The management API comes up before, the AMQP listener after everything else: a broker greets who speaks AMQP.</summary>
    protected override async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(TimeSpan.FromSeconds(2));
            await client.ConnectAsync("127.0.0.1", Port, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), patience.Token);
            var answer = new byte[1];
            return await stream.ReadAsync(answer, patience.Token) == 1
                && answer[0] == 1
                && await AcceptsAsync(ManagementPort, patience.Token);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
