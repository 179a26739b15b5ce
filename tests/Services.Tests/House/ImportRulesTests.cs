using System.Text.RegularExpressions;
using System.Xml.Linq;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.House;

/// <summary>Who may import whom: each message says what to do instead.</summary>
public sealed partial class ImportRulesTests
{
    private static readonly string[] Services = ["Invoicing", "Delivery", "Payments", "Collections", "Reporting", "Portal"];

    /// <summary>Who may ask whom; the events' replay apart, which Reporting may ask of all.</summary>
    private static readonly Dictionary<string, string[]> MayAsk = new()
    {
        ["Invoicing"] = [],
        ["Delivery"] = ["invoicing", "payments"],
        ["Payments"] = [],
        ["Collections"] = ["payments", "delivery"],
        ["Reporting"] = ["invoicing", "payments", "collections", "delivery"],
        ["Portal"] = ["invoicing", "delivery", "payments", "collections", "reporting"],
    };

    /// <summary>A file whose name begins with one of these is a use case; every other file of a room is a noun.</summary>
    private static readonly string[] Verbs =
    [
        "Accept",
        "Act",
        "Activate",
        "Allocate",
        "Amend",
        "Apply",
        "Approve",
        "Ask",
        "Await",
        "Build",
        "Cancel",
        "Catch",
        "Change",
        "Close",
        "Collect",
        "Compare",
        "Compose",
        "Conclude",
        "Consume",
        "Correct",
        "Count",
        "Create",
        "Deliver",
        "Dispatch",
        "Download",
        "Enable",
        "Exchange",
        "Find",
        "Follow",
        "Gather",
        "Get",
        "Give",
        "Hear",
        "Hand",
        "Hold",
        "Import",
        "Instruct",
        "Issue",
        "Judge",
        "Keep",
        "Learn",
        "Lift",
        "List",
        "Load",
        "Look",
        "Mail",
        "Make",
        "Measure",
        "Move",
        "Notice",
        "Offer",
        "Open",
        "Pay",
        "Post",
        "Project",
        "Put",
        "Query",
        "Raise",
        "Read",
        "Receive",
        "Record",
        "Redeem",
        "Redeliver",
        "Refund",
        "Register",
        "Release",
        "Remember",
        "Remove",
        "Render",
        "Replay",
        "Reroute",
        "Resend",
        "Reserve",
        "Resolve",
        "Return",
        "Revoke",
        "Run",
        "Save",
        "Search",
        "See",
        "Send",
        "Serve",
        "Set",
        "Settle",
        "Show",
        "Sign",
        "Start",
        "Store",
        "Suggest",
        "Sweep",
        "Take",
        "Tell",
        "Track",
        "Validate",
        "Verify",
        "Wake",
        "Watch",
        "Withdraw",
        "Write",
    ];

    public static TheoryData<string> EachService => [.. Services];

    [Fact]
    public void Contracts_know_none_of_our_projects() => Assert.Empty(References("contracts/Contracts.csproj"));

    [Fact]
    public void ServiceDefaults_know_contracts_only() => Assert.Equal(["Contracts"], References("ServiceDefaults/ServiceDefaults.csproj"));

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_service_knows_contracts_and_ServiceDefaults_and_no_other_service(string service) =>
        Assert.Equal(["Contracts", "ServiceDefaults"], References($"services/{service}/{service}.csproj").Order(StringComparer.Ordinal));

    [Fact]
    public void The_command_line_knows_contracts_and_of_the_services_Invoicing_alone() =>
        Assert.Subset(
            new HashSet<string> { "Contracts", "Invoicing", "ServiceDefaults" },
            References("cli/Retail/Retail.csproj").ToHashSet()
        );

    [Fact]
    public void The_command_line_knows_of_Invoicing_its_rules_formats_and_fiscal_forms_alone()
    {
        foreach (var file in Repository.Sources("cli"))
        {
            foreach (Match import in InvoicingRoom().Matches(File.ReadAllText(file)))
            {
                Assert.True(
                    import.Groups[1].Value is "En16931" or "Formats" or "Fiscal",
                    $"{Short(file)} imports Invoicing's {import.Groups[1].Value}: ask the running service instead"
                );
            }
        }
    }

    [Fact]
    public void Contracts_need_no_more_packages_than_reading_and_writing_them_does() =>
        Assert.Subset(
            new HashSet<string> { "Google.Protobuf", "Grpc.Core.Api", "Grpc.Tools", "MassTransit.Abstractions" },
            Packages("contracts/Contracts.csproj").ToHashSet()
        );

    [Fact]
    public void Nobody_imports_tests_or_benchmarks()
    {
        foreach (var project in Repository.Projects().Where(each => !Short(each).StartsWith("tests/", StringComparison.Ordinal)))
        {
            foreach (var imported in References(Short(project)))
            {
                Assert.False(
                    imported.EndsWith("Tests", StringComparison.Ordinal) || imported is "Benchmarks",
                    $"{Short(project)} imports {imported}: move what it needs into the room it belongs to"
                );
            }
        }
    }

    [Fact]
    public void AppHost_knows_no_service_type() =>
        Assert.All(
            References("AppHost/AppHost.csproj"),
            each => Assert.Fail($"AppHost compiles against {each}: name it by AddProject(name, path)")
        );

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_service_asks_only_whom_the_house_lets_it_ask(string service)
    {
        var program = File.ReadAllText(Path.Combine(Repository.Root, "services", service, "Program.cs"));
        foreach (Match call in RpcClient().Matches(program))
        {
            var (client, target) = (call.Groups[1].Value, call.Groups[2].Value);
            Assert.True(
                MayAsk[service].Contains(target) && (service != "Reporting" || client.Contains("Events", StringComparison.Ordinal)),
                $"{service} asks {target} by {client}: the house does not let it. Let it hear an event instead"
            );
        }
    }

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_service_asks_by_the_clients_that_its_Program_lists_and_tells_by_its_outbox(string service)
    {
        foreach (var file in Repository.Sources($"services/{service}"))
        {
            var text = File.ReadAllText(file);
            var asked = OtherWayToAsk().Match(text);
            // The tax agency is no service of ours, and wants the seller's certificate on each connection.
            var isForeign = Path.GetFileName(file) == "AgencyClient.cs";
            Assert.False(
                (asked.Success && !isForeign) || (Path.GetFileName(file) != "Program.cs" && RpcClient().IsMatch(text)),
                $"{Short(file)} asks another service by a way of its own ({asked.Value}): list the client in Program.cs by AddRpcClient"
            );
            var told = OtherWayToTell().Match(text);
            Assert.False(
                told.Success,
                $"{Short(file)} tells past the outbox ({told.Value}): append the event in the transaction of what has happened"
            );
        }
    }

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_service_tells_its_own_events_only(string service)
    {
        var folder = Path.Combine(Repository.Root, "contracts", "events", service.ToLowerInvariant());
        var own = Directory.Exists(folder) ? Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension).ToHashSet() : [];
        foreach (Match told in Published().Matches(File.ReadAllText(Path.Combine(Repository.Root, "services", service, "Program.cs"))))
        {
            Assert.True(own.Contains(told.Groups[1].Value), $"{service} tells {told.Groups[1].Value}, which is another service's event");
        }
    }

    [Theory]
    [MemberData(nameof(EachService))]
    public void SQL_of_a_service_stays_in_its_own_schema(string service)
    {
        var others = string.Join('|', Services.Where(each => each != service).Select(each => each.ToLowerInvariant()));
        var foreign = new Regex($@"\b(from|join|into|update|table)\s+({others})\.", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5));
        foreach (var file in Repository.Sources($"services/{service}").Concat(Scripts(service)))
        {
            var found = foreign.Match(File.ReadAllText(file));
            Assert.False(
                found.Success,
                $"{Short(file)} reads another service's tables ({found.Value}): ask it by rpc, or keep what its events say"
            );
        }
    }

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_noun_is_pure(string service)
    {
        foreach (var file in Nouns(service))
        {
            var text = File.ReadAllText(file);
            var import = Impure().Match(text);
            Assert.False(
                import.Success,
                $"{Short(file)} is a noun and imports {import.Groups[1].Value}: move what it does into a verb file"
            );
            // Some of the world needs no import: its namespace is there without asking, or written before the name.
            var world = World().Match(text);
            Assert.False(world.Success, $"{Short(file)} is a noun and uses {world.Value}: move what it does into a verb file");
            Assert.False(
                AsyncMethod().IsMatch(text),
                $"{Short(file)} is a noun and has an async method: move what it does into a verb file, named by its use case"
            );
            Assert.False(
                text.Contains("TimeProvider", StringComparison.Ordinal),
                $"{Short(file)} is a noun and takes the clock: pass it the instant"
            );
        }
    }

    [Theory]
    [MemberData(nameof(EachService))]
    public void A_program_is_a_table_of_contents(string service)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "services", service, "Program.cs"));
        Assert.True(
            lines.Length <= 110,
            $"services/{service}/Program.cs has {lines.Length} lines: it lists routes, consumers and rpcs by name, and nothing else"
        );
    }

    [Fact]
    public void No_name_of_a_framework_before_a_product()
    {
        foreach (var file in new[] { "services", "ServiceDefaults", "contracts", "cli" }.SelectMany(Repository.Sources))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.False(Smells().IsMatch(name), $"{Short(file)}: say what it is in the field's words, not {Smells().Match(name).Value}");
        }
    }

    private static IEnumerable<string> Nouns(string service) =>
        Repository
            .Sources($"services/{service}")
            .Where(file =>
            {
                var inside = Path.GetRelativePath(Path.Combine(Repository.Root, "services", service), file).Split('/');
                var name = inside[^1];
                // Files outside a room are the service's own doors; pages, channels and submissions talk to the world by their nature.
                return inside.Length > 1
                    && !inside.Contains("Submission")
                    && inside[0]
                        is not (
                            "Pages"
                            or "Claims"
                            or "Me"
                            or "Office"
                            or "Operations"
                            or "Channels"
                            or "Providers"
                            or "Components"
                            or "Properties"
                            or "Doors"
                        )
                    && !IsVerb(name)
                    && !name.EndsWith("Rpc.cs", StringComparison.Ordinal);
            });

    /// <summary>A whole word: Payment is no use case because Pay is one.</summary>
    private static bool IsVerb(string name) =>
        Verbs.Any(verb => name.StartsWith(verb, StringComparison.Ordinal) && !char.IsLower(name[verb.Length]));

    private static IEnumerable<string> Packages(string project) =>
        XDocument
            .Load(Path.Combine(Repository.Root, project))
            .Descendants("PackageReference")
            .Select(reference => reference.Attribute("Include")!.Value);

    private static IEnumerable<string> Scripts(string service) =>
        Directory.GetFiles(Path.Combine(Repository.Root, "services", service, "schema"), "*.sql");

    private static IEnumerable<string> References(string project) =>
        XDocument
            .Load(Path.Combine(Repository.Root, project))
            .Descendants("ProjectReference")
            // What is only built before is not imported.
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static string Short(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"AddRpcClient<([\w.]+)>\(\s*""(\w+)""")]
    private static partial Regex RpcClient();

    [GeneratedRegex(@"\.Publish<(\w+)>\(")]
    private static partial Regex Published();

    [GeneratedRegex(@"^using (Npgsql|Dapper|MassTransit|Grpc|System\.Net\.Http|Microsoft\.AspNetCore|MailKit)[.;]", RegexOptions.Multiline)]
    private static partial Regex Impure();

    [GeneratedRegex(
        @"\b(Npgsql\w+|HttpClient|HttpMessageHandler|IConsumer<|IServiceProvider|IHostEnvironment|ILogger\b|File\.[A-Z]\w+|Directory\.[A-Z]\w+|Random\.Shared)"
    )]
    private static partial Regex World();

    [GeneratedRegex(@"\b(GrpcChannel\.ForAddress|AddGrpcClient|new HttpClient\b|IHttpClientFactory)")]
    private static partial Regex OtherWayToAsk();

    [GeneratedRegex(@"\b(IPublishEndpoint|ISendEndpointProvider|IBus\b|BasicPublishAsync)|\bbus\.(Publish|Send)\b")]
    private static partial Regex OtherWayToTell();

    [GeneratedRegex(@"RetailInvoicing\.Invoicing\.(\w+)")]
    private static partial Regex InvoicingRoom();

    [GeneratedRegex(@"\basync\s+(Task|ValueTask|IAsyncEnumerable|void)")]
    private static partial Regex AsyncMethod();

    [GeneratedRegex(@"(Dto|Manager|Helper|Helpers|Utils|IntegrationEvent|Repository|CommandHandler|QueryHandler|BaseService|Common)$")]
    private static partial Regex Smells();
}
