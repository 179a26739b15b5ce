using System.Globalization;
using Microsoft.VisualBasic.FileIO;

namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What a code does to what it is found in.</summary>
internal enum Effect
{
    RefusesAll,
    RefusesRecord,
    AcceptsWithError,
}

/// <summary>The published codes with their official texts, read where they lie; without them, the simulator's own words.</summary>
internal sealed class Codes
{
    private readonly SortedDictionary<int, string> _official = [];

    private Codes() { }

    /// <summary>The codes published, in order; those checked where the list is not at hand.</summary>
    public IReadOnlyCollection<int> All => _official.Count > 0 ? _official.Keys : [.. RuleBook.Checks.Keys.Order()];

    public bool AreOfficial => _official.Count > 0;

    public static Codes In(string? folder)
    {
        var codes = new Codes();
        var file = folder is null ? null : Path.Combine(folder, "vectors", "error-codes.csv");
        if (!File.Exists(file))
        {
            return codes;
        }

        using var table = new TextFieldParser(file) { TextFieldType = FieldType.Delimited, Delimiters = [","] };
        table.ReadFields();
        while (table.ReadFields() is [var code, _, var text, ..])
        {
            codes._official[int.Parse(code, CultureInfo.InvariantCulture)] = text;
        }

        return codes;
    }

    /// <summary>The official text of a code, or the simulator's own.</summary>
    public string Text(int code)
    {
        if (_official.TryGetValue(code, out var text))
        {
            // The list breaks off where the agency puts in its margin.
            return code == 2004 ? $"{text} {Examined.Margin.TotalSeconds:0} segundos." : text;
        }

        return RuleBook.Checks.TryGetValue(code, out var check)
            ? $"No cumple la validación {code} (texto del simulador). / Breaks validation {code}: {check.Says}"
            : $"Código {code}. / Code {code}.";
    }

    public static Effect EffectOf(int code) =>
        code switch
        {
            >= 4000 or (>= 3500 and < 4000) => Effect.RefusesAll,
            >= 2000 and < 3000 => Effect.AcceptsWithError,
            _ => Effect.RefusesRecord,
        };
}
