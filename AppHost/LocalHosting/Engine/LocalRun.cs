using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>Runs the described system as processes of this machine, until it is told to stop.</summary>
internal sealed class LocalRun(LocalSystem system)
{
    // Some tools send a signal to the process and to its group: that is one wish, not two.
    private static readonly TimeSpan ImpatientAfter = TimeSpan.FromSeconds(1);

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource hurrying = new();
    private readonly SemaphoreSlim processesChanged = new(0);
    private readonly List<Member> members = [];
    private TimeSpan stoppedAt;

    public Board Board { get; } = new();
    public Spawner Spawner { get; } = new();
    public DataDirectory Data => system.Data!;
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>Cancelled by the second Ctrl-C: no more patience.</summary>
    public CancellationToken InAHurry => hurrying.Token;

    /// <summary>Blocks the calling thread, which starts the children, until everything has stopped.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.Register(() => _ = stopping.CancelAsync());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal);
        var life = Task.Run(LiveAsync);
        Spawner.Serve();
        return life;
    }

    /// <summary>A member has a new process, or none: those who read endpoints.json shall see it.</summary>
    public void ProcessesChanged() => processesChanged.Release();

    public async Task<Dictionary<string, string>> EnvironmentOfAsync(Resource resource, CancellationToken stop)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in resource.Environment)
            environment[name] = await TextAsync(value, stop);
        return environment;
    }

    public static async Task<string> TextAsync(object value, CancellationToken stop) =>
        value is IValueProvider later ? await later.GetValueAsync(stop) ?? "" : (string)value;

    private async Task<int> LiveAsync()
    {
        var exitCode = 0;
        try
        {
            using var data = await DataDirectory.OpenAsync(
                Path.GetFullPath(system.Configuration["data"] ?? Path.Combine("..", ".local"), system.AppHostDirectory)
            );
            system.Data = data;
            try
            {
                await DescribeAsync();
                await SuperviseAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested) { }
            catch (RefusalException refusal)
            {
                Board.Complain(refusal.Message);
                exitCode = 1;
            }
            finally
            {
                data.Remove(EndpointsFile.Name);
                await StopAllAsync();
            }
        }
        catch (RefusalException refusal)
        {
            Board.Complain(refusal.Message);
            exitCode = 1;
        }
        finally
        {
            Spawner.Close();
        }
        return exitCode;
    }

    private async Task DescribeAsync()
    {
        foreach (
            var mail in system.Resources.OfType<ContainerResource>().Where(c => c.Image == MailMember.Image && !MailMember.IsInstalled)
        )
            MailMember.WriteToFiles(mail, Data);
        var ports = new Ports(system.Configuration["port-base"]);
        ports.GiveOut(system.Resources);
        foreach (var resource in system.Resources)
            switch (resource)
            {
                case PostgresServerResource postgres:
                    members.Add(new PostgresMember(this, postgres));
                    break;
                case RabbitMQServerResource rabbit:
                    var distribution = ports.ForInfrastructure("RabbitMQ distribution");
                    var mapper = ports.ForInfrastructure("Erlang port mapper");
                    members.Add(new PortMapperMember(this, mapper));
                    members.Add(new RabbitMember(this, rabbit, distribution, mapper));
                    rabbit.WaitsFor.Add(members[^2].Resource);
                    break;
                case ContainerResource { Image: MailMember.Image } mail:
                    if (mail.Endpoint("smtp").Address is null)
                        members.Add(new MailMember(this, mail));
                    break;
                case ContainerResource other:
                    throw new RefusalException($"No local program stands in for the image {other.Image} of {other.Name}.");
                case ProjectResource project:
                    members.Add(new ProjectMember(this, project));
                    break;
            }
        await ports.EnsureFreeAsync(stopping.Token);
    }

    private async Task SuperviseAsync()
    {
        Board.Say($"RetailInvoicing, in {Data.Path}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        List<Task> work = [.. members.Select(m => m.SuperviseAsync(DependenciesOf(m.Resource), ended.Token))];
        work.Add(AnnounceAsync(ended.Token));
        work.Add(RotateLogsAsync(ended.Token));
        try
        {
            // A member that gives up, or a defect of ours, ends the run; everything else goes on until it is told to stop.
            while (work.Count > 0)
            {
                var first = await Task.WhenAny(work);
                work.Remove(first);
                await first;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<Task> DependenciesOf(Resource resource) => resource.WaitsFor.Select(MemberOf).OfType<Member>().Select(m => m.Ready);

    private Member? MemberOf(IResource resource)
    {
        var process = resource is PostgresDatabaseResource database ? database.Parent : resource;
        return members.Find(m => ReferenceEquals(m.Resource, process));
    }

    private async Task AnnounceAsync(CancellationToken stop)
    {
        var needed = members.Where(m => m.IsAwaited).ToList();
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(250)))
            while (needed.Where(m => !m.Ready.IsCompleted).Select(m => m.Name).ToList() is { Count: > 0 } awaited)
            {
                Board.Awaiting(awaited, Elapsed);
                await Task.WhenAny(Task.WhenAll(needed.Select(m => m.Ready)), tick.WaitForNextTickAsync(stop).AsTask());
                stop.ThrowIfCancellationRequested();
            }
        Data.Write(EndpointsFile.Name, await EndpointsFile.ContentAsync(system, members));
        await ShowAddressesAsync();
        while (true)
        {
            await processesChanged.WaitAsync(stop);
            // Several changes at once are one.
            while (await processesChanged.WaitAsync(TimeSpan.Zero, stop)) { }
            Data.Write(EndpointsFile.Name, await EndpointsFile.ContentAsync(system, members));
        }
    }

    private async Task ShowAddressesAsync()
    {
        Board.Say($"Ready after {Board.Seconds(Elapsed)}.");
        foreach (var resource in system.Resources.Where(r => r is ProjectResource or ContainerResource))
        foreach (var endpoint in resource.Endpoints.Where(e => e.UriScheme == "http" && e.Name != "grpc"))
        {
            var url = new ResourceUrlAnnotation
            {
                Url = (await new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).GetValueAsync())!,
            };
            resource.UrlCallbacks.ForEach(callback => callback(url));
            Board.Say($"  {url.DisplayText ?? resource.Name, -12} {url.Url}");
        }
        foreach (var mail in system.Resources.Where(r => r.Image == MailMember.Image && r.Endpoint("smtp").Address is not null))
            Board.Say($"  {"mails", -12} {Data.FileNamed(mail.Name)}/*.eml (no inbox: maildev is not installed, it needs Node 20)");
        Board.Say($"  {"logs", -12} {Data.FileNamed("logs")}");
        Board.Say("Ctrl-C stops everything.");
    }

    private async Task RotateLogsAsync(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(10));
        do await Logs.RotateAsync(Data.FileNamed("logs"));
        while (await tick.WaitForNextTickAsync(stop));
    }

    /// <summary>Last come, first gone: a resource stops when nothing that needs it runs any more.</summary>
    private async Task StopAllAsync()
    {
        var running = members.Where(m => m.ProcessId is not null).ToList();
        if (running.Count == 0)
            return;
        Board.Say("Stopping.");
        var began = Elapsed;
        while (running.Count > 0)
        {
            var needed = running.SelectMany(m => m.Resource.WaitsFor.Concat(m.Resource.References)).Select(MemberOf).ToHashSet();
            var free = running.Where(m => !needed.Contains(m)).ToList();
            // A circle of references has no first: then all of it at once.
            var leaving = free.Count > 0 ? free : [.. running];
            await Task.WhenAll(leaving.Select(m => m.StopAsync()));
            running.RemoveAll(leaving.Contains);
        }
        Board.Say($"Stopped in {Board.Seconds(Elapsed - began)}.");
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!stopping.IsCancellationRequested)
        {
            stoppedAt = Elapsed;
            _ = stopping.CancelAsync();
        }
        else if (Elapsed - stoppedAt > ImpatientAfter)
            _ = hurrying.CancelAsync();
    }
}
