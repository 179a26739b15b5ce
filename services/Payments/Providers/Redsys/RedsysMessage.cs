using System.Text;
using System.Text.Json;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>Parameters with their signature, as they go between Redsys and us in either direction.</summary>
public sealed record RedsysMessage(string Version, string Parameters, string Signature)
{
    private const string VersionField = "Ds_SignatureVersion";
    private const string ParametersField = "Ds_MerchantParameters";
    private const string SignatureField = "Ds_Signature";
    private const int MostCode = 20;

    /// <summary>Parameters signed under an order.</summary>
    public static RedsysMessage Sign(string version, string key, string order, IReadOnlyDictionary<string, string> values)
    {
        var parameters = RedsysParameters.Write(version, values);
        return new(version, parameters, RedsysSignature.Sign(version, key, order, parameters));
    }

    /// <summary>
    /// The message in a notice's body, a form or JSON, or in the address that a browser comes back to; none where there is none.
    /// </summary>
    public static RedsysMessage? In(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> query)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        var fields = text.AsSpan().TrimStart() is ['{', ..] ? OfJson(text) : OfForm(text);
        return Of(fields) ?? Of(query);
    }

    /// <summary>The message in an answer's JSON, or the code of the error that came in its place.</summary>
    public static (RedsysMessage? Message, string? Error) InAnswer(ReadOnlyMemory<byte> body)
    {
        var fields = OfJson(Encoding.UTF8.GetString(body.Span));
        return (
            Of(fields),
            fields.GetValueOrDefault("errorCode") is { Length: > 0 and <= MostCode } error && error.All(char.IsAsciiLetterOrDigit)
                ? error
                : null
        );
    }

    /// <summary>The three fields, for a form or JSON.</summary>
    public IReadOnlyDictionary<string, string> ToFields() =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [VersionField] = Version,
            [ParametersField] = Parameters,
            [SignatureField] = Signature,
        };

    private static RedsysMessage? Of(IReadOnlyDictionary<string, string> fields) =>
        fields.TryGetValue(VersionField, out var version)
        && fields.TryGetValue(ParametersField, out var parameters)
        && fields.TryGetValue(SignatureField, out var signature)
            // Base64 has no blanks: where one came, a plus was sent as it is.
            ? new(version, parameters.Replace(' ', '+'), signature.Replace(' ', '+'))
            : null;

    private static Dictionary<string, string> OfForm(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var form = text.AsSpan();
        foreach (var range in form.Split('&'))
        {
            var pair = form[range];
            if (pair.StartsWith("Ds_", StringComparison.OrdinalIgnoreCase) && pair.IndexOf('=') is > 0 and var at)
            {
                fields[pair[..at].ToString()] = Uri.UnescapeDataString(pair[(at + 1)..]);
            }
        }

        return fields;
    }

    private static Dictionary<string, string> OfJson(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.String)
                    {
                        fields[property.Name] = property.Value.GetString()!;
                    }
                }
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            fields.Clear();
        }

        return fields;
    }
}
