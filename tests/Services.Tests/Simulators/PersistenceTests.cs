using System.Collections.Concurrent;
using System.Globalization;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>A simulator in a process of its own, killed without warning and started again on the same books.</summary>
public sealed class PersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retail-agency-").FullName;
    private readonly (int Http, int Soap) _ports = (Infrastructure.FreePort(), Infrastructure.FreePort());

    private string Data => Path.Combine(_folder, "data");

    [Fact]
    public async Task A_kill_loses_nothing_that_was_answered()
    {
        var schemas = Repository.Shared("compliance/verifactu");
        using var client = new AgencyClient(Path.Combine(_folder, "authority.pem"), _ports.Http, _ports.Soap);
        var nif = Nifs.Person();
        var answered = new ConcurrentQueue<Letter>();
        var some = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (await StartAsync(client, schemas))
        {
            await client.SetAsync(new { waitSeconds = 0 });
            await client.ForgetAsync("B12345674");
            var sending = SendUntilCutAsync(client, nif, answered, some);
            await some.Task;
            // Disposing kills the process, with the sender in the middle of it.
        }

        // A line that the crash has torn is no line.
        await File.AppendAllTextAsync(Path.Combine(Data, "journal.jsonl"), "{\"record\":{\"seq", TestContext.Current.CancellationToken);
        using (await StartAsync(client, schemas))
        {
            var kept = (await client.ListAsync(nif)).EnumerateArray().Select(each => each.GetProperty("number").GetString()).ToList();
            Assert.Superset(answered.Select(each => each.Number).ToHashSet(), kept.ToHashSet()!);
            Assert.InRange(kept.Count, answered.Count, answered.Count + 1);
            Assert.Equal(0, (await client.TotalsAsync(nif)).GetProperty("chain").GetProperty("broken").GetArrayLength());
            // What was answered is there, in its words; the settings and the census are, too.
            var again = await client.SendAsync(nif, answered.First().Write());
            Assert.Equal(["Incorrecto 3000"], again.Verdicts);
            Assert.Equal("0", again.Text("TiempoEsperaEnvio"));
            Assert.Equal("[\"B12345674\"]", await client.Control.GetStringAsync("/control/census", TestContext.Current.CancellationToken));
            var found = await client.SendAsync(nif, Letter.Asking(nif).WriteQuery());
            Assert.Equal(kept.Count, found.Xml.Descendants().Count(each => each.Name.LocalName == "IdPeticion"));
        }
    }

    [Fact]
    public async Task Without_a_simulator_s_name_the_program_says_which_there_are()
    {
        var log = Path.Combine(_folder, "log");
        using var process = await ChildProcess.StartAsync(log, null, new Dictionary<string, string>(), "dotnet", Program);
        await Eventually.TrueAsync(() => Task.FromResult(process.HasExited), "the program ends");
        await Eventually.TrueAsync(() => Task.FromResult(Read(log).Contains("tax-agency", StringComparison.Ordinal)), "it says tax-agency");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "RetailInvoicing.Simulators.dll");

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static async Task SendUntilCutAsync(
        AgencyClient client,
        string nif,
        ConcurrentQueue<Letter> answered,
        TaskCompletionSource some
    )
    {
        try
        {
            Letter? last = null;
            while (true)
            {
                var next = last is null ? Letter.Registering(nif) : Letter.Registering(nif).After(last);
                if ((await client.SendAsync(nif, next.Write())).Status != 200)
                {
                    some.TrySetException(new InvalidOperationException("refused"));
                    return;
                }

                answered.Enqueue(next);
                last = next;
                if (answered.Count == 20)
                {
                    some.SetResult();
                }
            }
        }
        catch (HttpRequestException exception)
        {
            // Cut, as it was to be.
            some.TrySetException(exception);
        }
    }

    private async Task<ChildProcess> StartAsync(AgencyClient client, string schemas)
    {
        var process = await ChildProcess.StartAsync(
            Path.Combine(_folder, "log"),
            null,
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_ports.Http}",
                ["SOAP_PORT"] = _ports.Soap.ToString(CultureInfo.InvariantCulture),
                ["TaxAgency__Data"] = Data,
                ["TaxAgency__Authority"] = Path.Combine(_folder, "authority.pem"),
                ["TaxAgency__Schemas"] = schemas,
            },
            "dotnet",
            Program,
            "tax-agency"
        );
        await Eventually.TrueAsync(
            async () => (await client.Control.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            "the simulator is ready"
        );
        return process;
    }
}
