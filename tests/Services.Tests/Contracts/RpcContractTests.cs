using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Contracts;

/// <summary>Rpcs are called by versions older and newer than their server: a field's number and type never change.</summary>
public sealed class RpcContractTests
{
    private const string Golden = "tests/Services.Tests/Contracts/golden/rpcs";

    private static IEnumerable<FileDescriptor> Files =>
        typeof(IEvent)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    public static TheoryData<string> Rpcs =>
        [.. Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(rpc => rpc.FullName)];

    [Theory]
    [MemberData(nameof(Rpcs))]
    public void The_golden_messages_of_an_rpc_are_read_by_todays_contract(string name)
    {
        var rpc = Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Single(each => each.FullName == name);
        var path = $"{Golden}/{name}.json";
        if (!File.Exists(Path.Combine(Repository.Root, path)))
        {
            Repository.Holds(path, $"{Written(Sample.Of(rpc.InputType))}\n{Written(Sample.Of(rpc.OutputType))}\n");
        }

        var lines = File.ReadAllLines(Path.Combine(Repository.Root, path));

        // JsonParser refuses fields it does not know: a field that was renamed, renumbered or retyped shows here.
        Assert.Equal(lines[0], Written(JsonParser.Default.Parse(lines[0], rpc.InputType)));
        Assert.Equal(lines[1], Written(JsonParser.Default.Parse(lines[1], rpc.OutputType)));
    }

    [Fact]
    public void No_fields_number_or_type_has_changed()
    {
        var path = Path.Combine(Repository.Root, Golden, "fields.txt");
        var today = Files.SelectMany(file => file.MessageTypes).SelectMany(Fields).ToArray();
        if (!File.Exists(path) || Environment.GetEnvironmentVariable("RETAIL_UPDATE") == "1")
        {
            Repository.Holds($"{Golden}/fields.txt", string.Join('\n', today) + "\n");
        }

        var gone = File.ReadAllLines(path).Except(today).ToArray();
        Assert.True(gone.Length == 0, $"changed or gone: {string.Join(", ", gone)}. Add a field instead, or a v2 of the rpc");
    }

    private static IEnumerable<string> Fields(MessageDescriptor message) =>
        message
            .Fields.InFieldNumberOrder()
            .Select(field => $"{field.FullName} = {field.FieldNumber} {field.FieldType}{(field.IsRepeated ? " repeated" : "")}");

    private static string Written(IMessage message) => new JsonFormatter(JsonFormatter.Settings.Default).Format(message);
}
