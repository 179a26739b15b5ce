using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;
using RetailInvoicing.Portal.Doors;

namespace RetailInvoicing.Portal.Sessions;

/// <summary>A form that arrived after its session had ended: what was written, and where it was going.</summary>
public sealed record KeptForm
{
    private static readonly object Key = new();

    /// <summary>The pattern of the door that it was sent to.</summary>
    public required string Pattern { get; init; }

    /// <summary>The address.</summary>
    public required string Path { get; init; }

    /// <summary>What stood behind it.</summary>
    public string Query { get; init; } = "";

    /// <summary>What the address names.</summary>
    public required IReadOnlyDictionary<string, string> Route { get; init; }

    /// <summary>What was written.</summary>
    public required IReadOnlyDictionary<string, string[]> Fields { get; init; }

    /// <summary>What was written, as a form has it.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, StringValues> Written =>
        Fields.ToDictionary(each => each.Key, each => new StringValues(each.Value), StringComparer.Ordinal);

    /// <summary>What a person wrote or chose: not the keys that a form carries along.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Value)> Shown =>
        Fields
            .Where(each => !IsCarried(each.Key))
            .SelectMany(each => each.Value.Where(value => value.Length > 0).Select(value => (each.Key, value)));

    private static bool IsCarried(string name) => name is FormOnce.Field or "key" or "seller" || name.StartsWith('_');

    /// <summary>The form that is shown again in this request, where one is.</summary>
    public static KeptForm? Of(HttpContext context) => context.Items[Key] as KeptForm;

    internal static void Set(HttpContext context, KeptForm form) => context.Items[Key] = form;
}
