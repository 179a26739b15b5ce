using System.Text.RegularExpressions;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>VAT numbers of the other member states, as the note of the validations describes them (NIF-IVA, IDType 02).</summary>
internal static partial class VatNumber
{
    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["DE"] = "N9",
        ["AT"] = "A9",
        ["BE"] = "N10",
        ["CY"] = "A9",
        ["CZ"] = "N8 N9 N10",
        ["DK"] = "N8",
        ["SK"] = "N10",
        ["SI"] = "N8",
        ["EE"] = "N9",
        ["FI"] = "N8",
        ["FR"] = "A11",
        ["EL"] = "N9",
        ["GB"] = "A5 A9 A12",
        ["XI"] = "A5 A9 A12",
        ["NL"] = "A12",
        ["HU"] = "N8",
        ["IT"] = "N11",
        ["IE"] = "A8 A9",
        ["LV"] = "N11",
        ["LT"] = "N9 N12",
        ["LU"] = "N8",
        ["MT"] = "N8",
        ["PL"] = "N10",
        ["PT"] = "N9",
        ["SE"] = "N12",
        ["BG"] = "N9 N10",
        ["RO"] = "N2 N3 N4 N5 N6 N7 N8 N9 N10",
        // Not in the note of v1.0.9, and a member state since 2013.
        ["HR"] = "N11",
    };

    /// <summary>It has the structure of a member state's.</summary>
    public static bool HasShape(string? id)
    {
        if (id is not { Length: > 2 } || !Shapes.TryGetValue(id[..2], out var shapes))
        {
            return false;
        }

        var number = id[2..];
        return !(id.StartsWith("RO0", StringComparison.Ordinal)) && shapes.Split(' ').Any(shape => Fits(number, shape));
    }

    private static bool Fits(string number, string shape) =>
        $"{number.Length}" == shape[1..] && (shape[0] == 'N' ? number.All(char.IsAsciiDigit) : UpperAlphanumeric().IsMatch(number));

    /// <summary>The country as ISO 3166 writes it: Greece and Northern Ireland have VAT prefixes of their own.</summary>
    public static string CountryOf(string id) =>
        id[..2] switch
        {
            "EL" => "GR",
            "XI" => "GB",
            var other => other,
        };

    [GeneratedRegex("^[0-9A-Z+*]+$")]
    private static partial Regex UpperAlphanumeric();
}
