using System.Diagnostics;
using System.Text.Json.Nodes;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>endpoints.json of a system that Aspire runs, from what AppHost tells its last step.</summary>
public sealed class WriteEndpointsTests : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("endpoints");

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    public async Task It_has_every_address_and_key_that_the_contract_names()
    {
        var demo = Path.Combine(data.FullName, "demo.json");
        await File.WriteAllTextAsync(
            demo,
            """{"sellerId":"demo","apiKey":"k","staffEmail":"s@x.example","customerEmail":"c@x.example"}""",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, await RunAsync(("Demo__File", demo)));
        var expected = JsonNode.Parse(
            """
            {"status":"ready","host":"aspire","pid":42,
             "services":{"invoicing":{"http":"http://localhost:5101","grpc":"http://localhost:5102"},"portal":{"http":"http://localhost:5100"}},
             "messaging":{"amqp":"amqp://guest:p@localhost:5672","management":"http://localhost:15672"},
             "postgres":{"host":"localhost","port":5432,"username":"postgres","password":"secret"},
             "mail":{"smtp":"smtp://localhost:1025","http":"http://localhost:8025"},
             "processes":{},
             "admin":{"apiKey":"admin"},
             "demo":{"sellerId":"demo","apiKey":"k","staffEmail":"s@x.example","customerEmail":"c@x.example"}}
            """
        );
        var written = JsonNode.Parse(await File.ReadAllTextAsync(Written, TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(expected, written), written!.ToJsonString());
        Assert.Equal(new Uri("http://localhost:5102"), RunningSystem.Of(data).Grpc("invoicing"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Written));
    }

    [Fact]
    public async Task A_system_started_empty_names_no_demo_seller()
    {
        Assert.Equal(0, await RunAsync(("Demo__File", "")));
        Assert.Null(RunningSystem.Of(data).Demo);
    }

    [Fact]
    public async Task Without_what_AppHost_tells_there_is_no_file()
    {
        Assert.NotEqual(0, await RunAsync(("Endpoints__Postgres", "")));
        Assert.False(File.Exists(Written));
    }

    private string Written => Path.Combine(data.FullName, "endpoints.json");

    private async Task<int> RunAsync(params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WriteEndpoints).Assembly.Location, "write-endpoints"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["services__invoicing__http__0"] = "http://localhost:5101",
                ["services__invoicing__grpc__0"] = "http://localhost:5102",
                ["services__portal__http__0"] = "http://localhost:5100",
                ["ConnectionStrings__messaging"] = "amqp://guest:p@localhost:5672",
                ["Endpoints__Management"] = "http://localhost:15672",
                ["Endpoints__Postgres"] = "tcp://localhost:5432",
                ["Endpoints__PostgresPassword"] = "secret",
                ["Endpoints__Smtp"] = "smtp://localhost:1025",
                ["Endpoints__Inbox"] = "http://localhost:8025",
                ["Endpoints__ProcessId"] = "42",
                ["Endpoints__File"] = Written,
                ["Keys__AdminKey"] = "admin",
            },
        };
        foreach (var (name, value) in more)
            start.Environment[name] = value;
        using var step = Process.Start(start)!;
        await step.WaitForExitAsync(TestContext.Current.CancellationToken);
        return step.ExitCode;
    }
}
