using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Links carry in their path what opens them, and some addresses an account number: whoever reads traces or logs is to open nothing by them.
/// A part of a path that is neither a word of ours nor an id is hidden, also where the path leads nowhere.
/// </summary>
public sealed partial class HidePathSecrets : BaseProcessor<Activity>
{
    /// <summary>What stands for what is hidden.</summary>
    public const string Hidden = "…";

    // Ids that people are given have fewer characters, secrets have more.
    private const int ShortestSecret = 20;

    // An account number of Norway.
    private const int ShortestOfAll = 15;

    // The package of our rpcs.
    private const string Rpcs = "retailinvoicing.";

    private static readonly string[] Tags = ["url.path", "http.target", "url.full", "http.url"];

    /// <summary>The path, or whole address, without what would open something.</summary>
    public static string In(string path) =>
        path.Length < ShortestOfAll ? path : string.Join('/', path.Split('/').Select(part => IsSecret(part) ? Hidden : part));

    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        if (data.Kind is not (ActivityKind.Server or ActivityKind.Client))
        {
            return;
        }

        foreach (var tag in Tags)
        {
            if (data.GetTagItem(tag) is string path && In(path) is var hidden && hidden != path)
            {
                data.SetTag(tag, hidden);
            }
        }

        // Where no route was found the whole path may be the name.
        if (In(data.DisplayName) is var name && name != data.DisplayName && !name.Contains('{', StringComparison.Ordinal))
        {
            data.DisplayName = name;
        }
    }

    private static bool IsSecret(string part)
    {
        var said = part.Split('?', '#')[0];
        return Account().IsMatch(said) || (said.Length >= ShortestSecret && !IsOurs(said) && !Guid.TryParse(said, out _));
    }

    /// <summary>A word of an address, the host of one, or an rpc's service; an rpc's own name is the last part, and no longer than a word.</summary>
    private static bool IsOurs(string part) =>
        Word().IsMatch(part) || part.StartsWith(Rpcs, StringComparison.Ordinal) || Host().IsMatch(part);

    [GeneratedRegex("^[a-z0-9-]+(\\.[a-z0-9-]+)+(:[0-9]+)?$")]
    private static partial Regex Host();

    [GeneratedRegex("^[a-z-]+$")]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Za-z]{2}[0-9]{2}(%20|[A-Za-z0-9 ]){11,60}$")]
    private static partial Regex Account();
}
