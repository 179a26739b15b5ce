using System.Globalization;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>A private PostgreSQL over the data directory, with the settings that a till's records deserve: fsync stays on.</summary>
internal sealed class PostgresMember(LocalRun run, PostgresServerResource postgres) : Member(run, postgres)
{
    // PostgreSQL refuses to run as root, so root runs it as the user that its package made.
    private readonly string? user = Spawner.RunsAsRoot ? "postgres" : null;
    private string binaries = "";
    private string cluster = "";

    // SIGINT: no new sessions, current ones are rolled back, a checkpoint is written.
    protected override int StopSignal => Spawner.Interrupt;
    protected override TimeSpan StopPatience => TimeSpan.FromSeconds(20);

    private string Port => postgres.Endpoint("tcp").Port!.Value.ToString(CultureInfo.InvariantCulture);

    protected override async Task PrepareAsync(CancellationToken stop)
    {
        cluster = await PlaceAsync(stop);
        binaries = await BinariesAsync(cluster, stop);
        if (!Directory.Exists(cluster))
            await InitialiseAsync(stop);
        await RemoveStaleLockAsync(stop);
    }

    protected override Task<Launch> LaunchAsync(CancellationToken stop)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            $"port={Port}",
            "unix_socket_directories=",
            "max_connections=300",
            "shared_buffers=64MB",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "password_encryption=scram-sha-256",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] %q%u@%d ",
            // Six small services: parallel workers would cost more memory than they save time.
            "max_parallel_workers_per_gather=0",
            "jit=off",
        ];
        return Task.FromResult(
            Tool("postgres", ["-D", cluster, .. settings.SelectMany(s => new[] { "-c", s })]) with
            {
                Directory = cluster,
            }
        );
    }

    protected override async Task<bool> IsReadyAsync(CancellationToken stop) =>
        await Run.Spawner.RunAsync(new Launch(Path.Combine(binaries, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", Port, "-t", "1"), stop)
        == 0;

    /// <summary>The very scripts that a container runs on its first start; they create only what is absent.</summary>
    protected override async Task<bool> SetUpAsync(CancellationToken stop)
    {
        if (postgres.InitFiles is null)
            return true;
        var environment = await Run.EnvironmentOfAsync(postgres, stop);
        environment["PGHOST"] = "127.0.0.1";
        environment["PGPORT"] = Port;
        environment["PGPASSWORD"] = environment["POSTGRES_PASSWORD"];
        environment["PGOPTIONS"] = "-c client_min_messages=warning";
        environment["PATH"] = binaries + ":" + System.Environment.GetEnvironmentVariable("PATH");
        foreach (var script in Directory.EnumerateFiles(postgres.InitFiles, "*.sh").Order(StringComparer.Ordinal))
            if (await Run.Spawner.RunAsync(new Launch("bash", script) { Environment = environment, Log = Log }, stop) != 0)
                return false;
        return true;
    }

    /// <summary>In the data directory, or, where its user cannot go there (under root's home), under /var/lib by the directory's own id.</summary>
    private async Task<string> PlaceAsync(CancellationToken stop)
    {
        var here = Run.Data.FileNamed("postgres");
        if (user is null || await Run.Spawner.RunAsync(new Launch("test", "-x", Run.Data.Path) { User = user }, stop) == 0)
            return here;
        var elsewhere = Path.Combine("/var/lib/retailinvoicing", Run.Data.InstanceId);
        Directory.CreateDirectory(elsewhere);
        await File.WriteAllTextAsync(here + ".location", elsewhere + "\n", stop);
        if (!Directory.Exists(Path.Combine(elsewhere, "postgres")))
            Run.Board.Say(Name, $"keeps its data in {elsewhere}: the user postgres may not enter {Run.Data.Path}");
        return Path.Combine(elsewhere, "postgres");
    }

    /// <summary>Made beside and then renamed, so that a power cut leaves no half of it.</summary>
    private async Task InitialiseAsync(CancellationToken stop)
    {
        // A name of its own: what a killed run began may still be written to for a moment, and is removed at the end.
        var partial = $"{cluster}.partial-{Guid.CreateVersion7():N}";
        Directory.CreateDirectory(partial);
        if (user is not null)
            await MustAsync(new Launch("chown", $"{user}:{user}", partial), stop);
        const string command =
            "exec \"$1\" -D \"$2\" -U postgres --pwfile=<(printf '%s\\n' \"$POSTGRES_PASSWORD\") --encoding=UTF8 --locale=C.UTF-8"
            + " --data-checksums --auth-host=scram-sha-256 --auth-local=scram-sha-256";
        var initialise = new Launch("bash", "-c", command, "bash", Path.Combine(binaries, "initdb"), partial)
        {
            User = user,
            Log = Log,
            Environment = await Run.EnvironmentOfAsync(postgres, stop),
        };
        await MustAsync(initialise, stop);
        Directory.Move(partial, cluster);
        foreach (var leftover in Directory.GetDirectories(Path.GetDirectoryName(cluster)!, "postgres.partial-*"))
            Directory.Delete(leftover, recursive: true);
    }

    private async Task MustAsync(Launch launch, CancellationToken stop)
    {
        if (await Run.Spawner.RunAsync(launch, stop) != 0)
            throw new RefusalException(
                $"PostgreSQL's data could not be made in {cluster}:\n    " + string.Join("\n    ", await Logs.LastLinesAsync(Log, 6))
            );
    }

    /// <summary>
    /// After a power cut the number in postmaster.pid may belong to any program by now, and PostgreSQL would refuse to start. We hold the
    /// data directory, so unless that process really is a server over this cluster, the file is a leftover.
    /// </summary>
    private async Task RemoveStaleLockAsync(CancellationToken stop)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        if (!File.Exists(file))
            return;
        var lines = await File.ReadAllLinesAsync(file, stop);
        if (!int.TryParse(lines.FirstOrDefault(), CultureInfo.InvariantCulture, out var holder))
            return;
        var commandLine = $"/proc/{holder}/cmdline";
        var isServerHere = File.Exists(commandLine) && (await File.ReadAllTextAsync(commandLine, stop)).Split('\0').Contains(cluster);
        if (!isServerHere)
            File.Delete(file);
    }

    private Launch Tool(string name, params string[] arguments) => new(Path.Combine(binaries, name), arguments) { User = user, Log = Log };

    /// <summary>The version that made the data, else the newest installed.</summary>
    private static async Task<string> BinariesAsync(string cluster, CancellationToken stop)
    {
        var version = Path.Combine(cluster, "PG_VERSION");
        var wanted = File.Exists(version) ? (await File.ReadAllTextAsync(version, stop)).Trim() : null;
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Where(d => File.Exists(Path.Combine(d, "bin", "initdb"))).ToList()
            : [];
        // psql's \getenv, which the set-up script needs, came with 15.
        var usable = installed.Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) && v >= 15).ToList();
        var chosen = wanted is null
            ? usable.MaxBy(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            : usable.Find(d => Path.GetFileName(d) == wanted);
        return chosen is not null
            ? Path.Combine(chosen, "bin")
            : throw new RefusalException($"PostgreSQL {wanted ?? "15"} is not installed: apt-get install postgresql-{wanted ?? "15"}");
    }
}
