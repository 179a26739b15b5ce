using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Contracts;

/// <summary>Events are read by others for ever: each has a golden file, and every golden file is read by today's record.</summary>
public sealed class EventContractTests
{
    private const string Golden = "tests/Services.Tests/Contracts/golden/events";

    private static readonly JsonSerializerOptions Pretty = new(Wire.Tolerant) { WriteIndented = true };

    public static IEnumerable<Type> Events =>
        typeof(IEvent)
            .Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<EntityNameAttribute>() is not null)
            .OrderBy(ExchangeOf, StringComparer.Ordinal);

    public static string ExchangeOf(Type type) => type.GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    public static TheoryData<string> Exchanges => [.. Events.Select(ExchangeOf)];

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void The_golden_file_of_an_event_is_read_by_todays_record_and_written_the_same(string exchange)
    {
        var type = Events.Single(each => ExchangeOf(each) == exchange);
        var file = Path.Combine(Repository.Root, Golden, $"{exchange}.json");
        if (!File.Exists(file))
        {
            Repository.Holds($"{Golden}/{exchange}.json", JsonSerializer.Serialize(Sample.Of(type), type, Pretty) + "\n");
        }

        // What later versions added stands in a file beside the first one, named after what it was.
        foreach (var each in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{exchange}+*.json").Prepend(file))
        {
            var golden = JsonNode.Parse(File.ReadAllText(each))!;
            var read = JsonSerializer.Deserialize(golden.ToJsonString(), type, Wire.Tolerant)!;
            var written = JsonSerializer.SerializeToNode(read, type, Wire.Tolerant)!;
            foreach (var (name, value) in golden.AsObject())
            {
                Assert.True(
                    JsonNode.DeepEquals(value, written[name]),
                    $"{Path.GetFileName(each)} lost or changed the field {name}: a new meaning is a .v2 beside it, never a change of v1"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void A_reader_of_an_event_tolerates_fields_it_does_not_know(string exchange)
    {
        var type = Events.Single(each => ExchangeOf(each) == exchange);
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, Golden, $"{exchange}.json")))!.AsObject();
        golden["fieldOfNextYear"] = "x";

        Assert.NotNull(JsonSerializer.Deserialize(golden.ToJsonString(), type, Wire.Tolerant));
    }

    [Fact]
    public void An_events_exchange_and_folder_say_the_same_service()
    {
        foreach (var type in Events)
        {
            var service = ExchangeOf(type).Split('.')[0];
            Assert.Equal($"RetailInvoicing.Contracts.Events.{char.ToUpperInvariant(service[0])}{service[1..]}", type.Namespace);
            Assert.True(
                File.Exists(Path.Combine(Repository.Root, "contracts", "events", service, $"{type.Name}.cs")),
                $"{type.Name} belongs into contracts/events/{service}/{type.Name}.cs"
            );
        }
    }

    [Fact]
    public void The_catalogues_of_events_are_current()
    {
        Repository.Holds("docs/asyncapi.yaml", AsyncApi.Document(Events));
        Repository.Holds("docs/events.md", AsyncApi.Page(Events));
    }
}
