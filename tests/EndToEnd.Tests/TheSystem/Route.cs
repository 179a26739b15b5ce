using System.Text.Json;
using System.Text.RegularExpressions;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>An address of a running service, as its own endpoint table tells of it: a new one is tried without anybody's remembering.</summary>
internal sealed partial record Route(string Service, string Method, string Pattern, IReadOnlyList<string> Queries)
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    private readonly Regex _fits = new(
        $"^{Names().Replace(Regex.Escape(Pattern).Replace(@"\{", "{", StringComparison.Ordinal), "[^/]+")}$",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1)
    );

    /// <summary>What its address leaves open.</summary>
    public IReadOnlyList<string> Parts { get; } = [.. Names().Matches(Pattern).Select(match => match.Value.Trim('{', '}'))];

    /// <summary>Every one of a service.</summary>
    public static async Task<IReadOnlyList<Route>> OfAsync(StartedSystem system, string service)
    {
        using var http = system.Http(service, "");
        using var document = await JsonDocument.ParseAsync(
            await http.GetStreamAsync("/openapi/v1.json", TestContext.Current.CancellationToken)
        );
        return
        [
            .. document
                .RootElement.GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Where(method => Methods.Contains(method.Name))
                        .Select(method => new Route(service, method.Name.ToUpperInvariant(), path.Name, QueriesOf(method.Value)))
                ),
        ];
    }

    /// <summary>The one of several that an address means: what is written out goes before what is left open.</summary>
    public static Route? Of(IEnumerable<Route> routes, string method, string address)
    {
        var path = address.Split('?', '#')[0];
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        return routes.Where(route => route.Method == method && route._fits.IsMatch(path)).MinBy(route => route.Parts.Count);
    }

    /// <summary>Its address.</summary>
    public string Filled(Func<string, string> value) =>
        Names().Replace(Pattern, name => Uri.EscapeDataString(value(name.Value.Trim('{', '}'))));

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Service}{Pattern}";

    private static IReadOnlyList<string> QueriesOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ?
            [
                .. parameters
                    .EnumerateArray()
                    .Where(each => each.TryGetProperty("in", out var where) && where.GetString() == "query")
                    .Select(each => each.GetProperty("name").GetString()!),
            ]
            : [];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Names();
}
