using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using RetailInvoicing.Contracts;
using YamlDotNet.Serialization;

namespace RetailInvoicing.Services.Tests.Contracts;

/// <summary>The catalogue of events for clients in any language, made from the records and their documentation.</summary>
internal static class AsyncApi
{
    public static string Document(IEnumerable<Type> events)
    {
        var channels = new Dictionary<string, object>();
        var operations = new Dictionary<string, object>();
        var messages = new Dictionary<string, object>();
        foreach (var type in events)
        {
            var exchange = EventContractTests.ExchangeOf(type);
            var ours = typeof(IEvent).IsAssignableFrom(type);
            channels[type.Name] = new Dictionary<string, object>
            {
                ["address"] = exchange,
                ["messages"] = new Dictionary<string, object> { [type.Name] = Reference($"#/components/messages/{type.Name}") },
                ["bindings"] = new Dictionary<string, object>
                {
                    ["amqp"] = new Dictionary<string, object>
                    {
                        ["is"] = "routingKey",
                        ["exchange"] = new Dictionary<string, object>
                        {
                            ["name"] = exchange,
                            ["type"] = "fanout",
                            ["durable"] = true,
                        },
                    },
                },
            };
            operations[$"{(ours ? "tell" : "take")}{type.Name}"] = new Dictionary<string, object>
            {
                // Seen from the product: what it tells it sends, what it takes it receives.
                ["action"] = ours ? "send" : "receive",
                ["channel"] = Reference($"#/channels/{type.Name}"),
                ["summary"] = Documentation.Of(type)!,
            };
            messages[type.Name] = new Dictionary<string, object>
            {
                ["name"] = exchange,
                ["contentType"] = "application/json",
                ["summary"] = Documentation.Of(type)!,
                ["headers"] = Headers(ours),
                ["payload"] = Schema(type),
            };
        }

        var document = new Dictionary<string, object>
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new Dictionary<string, object>
            {
                ["title"] = "RetailInvoicing events",
                ["version"] = "1",
                ["description"] =
                    "Fanout exchanges on RabbitMQ, one an event, raw JSON bodies. Bind a queue of your own and read. message_id is stable across redelivery.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new Dictionary<string, object> { ["messages"] = messages },
        };
        return "# Made by EventContractTests from contracts/: do not edit.\n"
            + new SerializerBuilder().WithQuotingNecessaryStrings().DisableAliases().Build().Serialize(document);
    }

    public static string Page(IEnumerable<Type> events)
    {
        var page = new StringBuilder("<!-- Made by EventContractTests from contracts/: do not edit. -->\n# Events\n\n");
        page.Append("Fanout exchanges on RabbitMQ, raw JSON bodies; the machine-readable catalogue is asyncapi.yaml.\n");
        foreach (var type in events)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {EventContractTests.ExchangeOf(type)}\n\n{Documentation.Of(type)}\n\n");
            page.Append("| field | type | meaning |\n| --- | --- | --- |\n");
            foreach (var property in type.GetProperties().OrderBy(Order))
            {
                var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
                page.Append(CultureInfo.InvariantCulture, $"| {name} | {TypeName(property)} | {Documentation.Of(property)} |\n");
            }
        }

        return page.ToString();
    }

    private static int Order(PropertyInfo property) =>
        property.Name switch
        {
            "EventId" => 0,
            "SellerId" => 1,
            _ => 2,
        };

    private static string TypeName(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var optional = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable ? ", optional" : "";
        var name =
            type == typeof(decimal) ? "decimal text"
            : type == typeof(DateTimeOffset) ? "instant"
            : type == typeof(DateOnly) ? "date"
            : type.IsEnum ? string.Join(" \\| ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))
            : type.IsGenericType ? $"list of {type.GetGenericArguments()[0].Name}"
            : type.Name;
        return name + optional;
    }

    private static Dictionary<string, object> Reference(string target) => new() { ["$ref"] = target };

    private static Dictionary<string, object> Headers(bool ours) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = ours
                ? new Dictionary<string, object> { ["traceparent"] = new Dictionary<string, object> { ["type"] = "string" } }
                : new Dictionary<string, object>
                {
                    ["Authorization"] = new Dictionary<string, object>
                    {
                        ["type"] = "string",
                        ["description"] = "Bearer KEY, with the scope sales:write",
                    },
                },
        };

    private static object Schema(Type type)
    {
        var schema = Wire.Tolerant.GetJsonSchemaAsNode(
            type,
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }
        );
        return Plain(schema)!;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema is not JsonObject)
        {
            // Types with a converter of ours: the exporter cannot see what they write.
            schema = Written(type);
        }

        var described = schema.AsObject();
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property && Documentation.Of(property) is { } text)
        {
            described["description"] = text;
        }

        return described;
    }

    private static JsonObject Written(Type type) =>
        type == typeof(decimal) ? new JsonObject { ["type"] = "string", ["pattern"] = "^-?\\d+(\\.\\d+)?$" }
        : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : type == typeof(DateOnly) ? new JsonObject { ["type"] = "string", ["format"] = "date" }
        : type.IsEnum
            ? new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([
                    .. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.KebabCaseLower.ConvertName(name)),
                ]),
            }
        : type.GetProperty("Value")?.PropertyType == typeof(Guid) ? new JsonObject { ["type"] = "string", ["format"] = "uuid" }
        : new JsonObject { ["type"] = "string" };

    private static object? Plain(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.ToDictionary(each => each.Key, each => Plain(each.Value)),
            JsonArray list => list.Select(Plain).ToList(),
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            JsonValue value when value.TryGetValue<int>(out var number) => number,
            JsonValue value => value.ToString(),
            _ => null,
        };
}
