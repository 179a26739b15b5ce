using System.Reflection;
using System.Text.RegularExpressions;
using MassTransit;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.House;

/// <summary>Whoever starts first: the queue of each of our hearers is declared by the service that tells the event.</summary>
public sealed partial class HearersTests
{
    private static readonly Dictionary<string, Assembly> Services = new(StringComparer.Ordinal)
    {
        ["Invoicing"] = typeof(RetailInvoicing.Invoicing.Sales.PostSale).Assembly,
        ["Delivery"] = typeof(RetailInvoicing.Delivery.Transmissions.SendInvoice).Assembly,
        ["Payments"] = typeof(RetailInvoicing.Payments.Payments.OpenBalance).Assembly,
        ["Collections"] = typeof(RetailInvoicing.Collections.Receivables.OpenReceivable).Assembly,
        ["Reporting"] = typeof(RetailInvoicing.Reporting.Sales.ProjectSale).Assembly,
    };

    [Fact]
    public void Who_tells_an_event_declares_the_queues_of_those_who_hear_it()
    {
        var heard = Services.SelectMany(service => Heard(service.Key, service.Value)).ToLookup(each => each.Event, each => each.Queue);
        var told = 0;
        foreach (var service in Services.Keys)
        {
            foreach (Match tells in Tells().Matches(Program(service)))
            {
                told++;
                var declared = Text().Matches(tells.Groups[2].Value).Select(text => text.Groups[1].Value).Order(StringComparer.Ordinal);
                Assert.True(
                    declared.SequenceEqual(heard[tells.Groups[1].Value].Order(StringComparer.Ordinal)),
                    $"services/{service}/Program.cs: {tells.Groups[1].Value} is heard by "
                        + $"{string.Join(", ", heard[tells.Groups[1].Value].Order(StringComparer.Ordinal))}: name these queues in Publish"
                );
            }
        }

        Assert.True(told >= 15, $"only {told} events are told");
        Assert.Equal(4, heard["InvoiceIssued"].Count());
    }

    private static IEnumerable<(string Event, string Queue)> Heard(string service, Assembly assembly)
    {
        yield return ("ApiKeyRevoked", $"{service.ToLowerInvariant()}-revoke-api-key");
        foreach (Match hears in Hears().Matches(Program(service)))
        {
            var consumer = assembly
                .GetTypes()
                .Single(type => type.Name == hears.Groups[1].Value && typeof(IConsumer).IsAssignableFrom(type));
            var queue = Text().Match(hears.Groups[2].Value) is { Success: true } literal
                ? literal.Groups[1].Value
                : (string)consumer.GetField("Queue")!.GetRawConstantValue()!;
            foreach (var what in consumer.GetInterfaces().Where(each => each.IsGenericType))
            {
                yield return (what.GetGenericArguments()[0].Name, queue);
            }
        }
    }

    private static string Program(string service) => File.ReadAllText(Path.Combine(Repository.Root, "services", service, "Program.cs"));

    [GeneratedRegex(@"\.Consume<(\w+)>\(([^)]*)\)")]
    private static partial Regex Hears();

    [GeneratedRegex(@"\.Publish<(\w+)>\(([^)]*)\)")]
    private static partial Regex Tells();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Text();
}
