using System.Text.Json;
using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>How the facts of a notice are kept until they are applied.</summary>
internal static class FactForm
{
    // What is absent is written, too: a checkout is named by one of two, and a reader that wants both finds both.
    private static readonly JsonSerializerOptions Options = new(Wire.Tolerant) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    internal static string Write(IReadOnlyList<ProviderFact> facts) => JsonSerializer.Serialize(facts, Options);

    internal static IReadOnlyList<ProviderFact> Read(string facts) => JsonSerializer.Deserialize<List<ProviderFact>>(facts, Options) ?? [];
}
