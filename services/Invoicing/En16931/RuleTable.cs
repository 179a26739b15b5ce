using System.Collections.Frozen;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>Every rule with its severity and what it asks for in Spanish and English; the table is data, rules/texts-*.txt.</summary>
public static class RuleTable
{
    private static readonly Lazy<FrozenDictionary<string, Rule>> Read = new(() =>
        Written()
            .Concat(OfCategories())
            .Concat(UblRestrictions())
            .Concat(CiiRestrictions())
            .ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal)
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<Rule> All => Read.Value.Values;

    /// <summary>A rule's severity in a document of CII, or of UBL.</summary>
    public static Severity SeverityOf(string rule, bool inCii) => inCii ? Read.Value[rule].SeverityInCii : Read.Value[rule].Severity;

    /// <summary>What a rule asks for.</summary>
    public static string TextOf(string rule, string? language) =>
        language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Read.Value[rule].Spanish : Read.Value[rule].English;

    private static IEnumerable<Rule> Written() =>
        Data.Files("rules/texts-")
            .SelectMany(Data.Lines)
            .Select(line => line.Split('|'))
            .Select(cells => new Rule(
                cells[0].Trim(),
                cells[1].Contains("warning", StringComparison.Ordinal) ? Severity.Warning : Severity.Fatal,
                cells[2].Trim(),
                cells[3].Trim()
            )
            {
                SeverityInCii = cells[1].Trim() == "warning" ? Severity.Warning : Severity.Fatal,
            });

    /// <summary>The ten rules of each VAT category (6.4.3).</summary>
    private static IEnumerable<Rule> OfCategories() =>
        VatCategory.All.SelectMany(category =>
            Enumerable
                .Range(1, 10)
                .Select(number =>
                {
                    var (spanish, english) = category.Text(number);
                    return new Rule(category.Rule(number), Severity.Fatal, spanish, english);
                })
        );

    private static IEnumerable<Rule> UblRestrictions() =>
        Ubl.UblRestrictions.Rules.Select(each =>
        {
            var way = each.Way.Replace("LINE", "cac:InvoiceLine", StringComparison.Ordinal);
            return new Rule(
                each.Rule,
                Severity.Warning,
                $"El modelo básico de factura no usa {way}.",
                $"The core invoice model has no use for {way}."
            );
        });

    private static IEnumerable<Rule> CiiRestrictions() =>
        Cii.CiiRestrictions.Rules.Select(each => new Rule(each.Id, each.Severity, each.Text.Spanish, each.Text.English));
}

/// <summary>A rule of the standard, of its binding to a syntax, or of a network.</summary>
public sealed record Rule(string Id, Severity Severity, string Spanish, string English)
{
    /// <summary>Its severity in CII; BR-51 alone is graver there than in UBL.</summary>
    public Severity SeverityInCii { get; init; } = Severity;
}
