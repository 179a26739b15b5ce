using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace RetailInvoicing.Simulators.Stripe.Wire;

/// <summary>Parameters as Stripe's clients send them, in a form or in the address: line_items[0][price_data][currency]=eur.</summary>
internal sealed partial class Form
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Form(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        foreach (var (name, values) in pairs)
        {
            // expand[]=a&expand[]=b
            for (var i = 0; i < values.Count; i++)
            {
                var each =
                    values.Count > 1 && name.EndsWith("[]", StringComparison.Ordinal)
                        ? string.Create(CultureInfo.InvariantCulture, $"{name[..^2]}[{i}]")
                        : name;
                _values[each] = values[i] ?? "";
            }
        }
    }

    public static async Task<Form> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return new Form(request.Query);
        }

        return request.HasFormContentType ? new Form(await request.ReadFormAsync(request.HttpContext.RequestAborted)) : new Form([]);
    }

    /// <summary>What stands there; nothing where it is empty.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    public string Required(string name) => Text(name) ?? throw Refusal.Missing(name);

    public long? Number(string name) =>
        Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Refusal.Bad(name, $"Invalid integer: {text}", "parameter_invalid_integer");

    /// <summary>The pairs of a map: metadata[order]=1.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (each, value) in _values)
        {
            if (each.StartsWith($"{name}[", StringComparison.Ordinal) && each.EndsWith(']') && value.Length > 0)
            {
                var key = each[(name.Length + 1)..^1];
                if (key.Length > 40 || value.Length > 500 || map.Count >= 50)
                {
                    throw Refusal.Bad(each, "Metadata can have up to 50 keys, with key names up to 40 characters and values up to 500.");
                }

                map[key] = value;
            }
        }

        return map;
    }

    /// <summary>The members of a list: expand[0]=payment_intent.</summary>
    public IReadOnlyList<string> List(string name) =>
        [
            .. _values
                .Where(each => Index().Replace(each.Key, "[]") == $"{name}[]")
                .OrderBy(each => each.Key.Length)
                .ThenBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => each.Value),
        ];

    /// <summary>The places of a list of objects, as they are written: line_items[0].</summary>
    public IReadOnlyList<string> Places(string name) =>
        [
            .. _values
                .Keys.Where(each => each.StartsWith($"{name}[", StringComparison.Ordinal))
                .Select(each => each[..(each.IndexOf(']', StringComparison.Ordinal) + 1)])
                .Distinct(),
        ];

    /// <summary>Refuses what Stripe does not know here: a parameter written wrong is no parameter.</summary>
    public void Knows(params ReadOnlySpan<string> known)
    {
        foreach (var name in _values.Keys)
        {
            var plain = Index().Replace(name, "[]");
            var isKnown = plain is "expand" or "expand[]";
            foreach (var each in known)
            {
                // metadata[*]
                isKnown |=
                    each.EndsWith('*') || each.EndsWith("*]", StringComparison.Ordinal)
                        ? plain.StartsWith(each[..each.IndexOf('*', StringComparison.Ordinal)], StringComparison.Ordinal)
                        : plain == each;
            }

            if (!isKnown)
            {
                throw Refusal.Unknown(name);
            }
        }
    }

    /// <summary>The request in a few characters: the same one has the same.</summary>
    public string Fingerprint(string method, string path)
    {
        var text = new StringBuilder().Append(method).Append(' ').Append(path);
        foreach (var (name, value) in _values.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('=').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    [GeneratedRegex(@"\[\d*\]")]
    private static partial Regex Index();
}
