using System.Text;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Validate;

/// <summary>How much of an official suite is reproduced, and what is not.</summary>
public sealed record SuiteScore(
    [property: JsonPropertyName("suite")] string Suite,
    [property: JsonPropertyName("cases")] int Cases,
    [property: JsonPropertyName("reproduced")] int Reproduced,
    [property: JsonPropertyName("wrong")] IReadOnlyList<string> Wrong
);

/// <summary>
/// The validator against the official unit tests (each asserts that a rule is broken or kept) and against the reference engine's verdicts
/// of whole documents (the rules broken, how often, and how grave).
/// </summary>
public static class OfficialScore
{
    private static readonly string[] Documents = ["Invoice", "CreditNote", "CrossIndustryInvoice"];

    /// <summary>The score of every suite in a folder laid out as the shared data's.</summary>
    public static IReadOnlyList<SuiteScore> Of(DirectoryInfo folder)
    {
        var units = folder
            .EnumerateDirectories("*", SearchOption.AllDirectories)
            .Where(each => each.Name.StartsWith("unit-", StringComparison.Ordinal))
            .OrderBy(each => each.FullName, StringComparer.Ordinal)
            .Select(each => Units(folder, each));
        var whole = folder
            .EnumerateFiles("whole-invoices-*.csv", SearchOption.AllDirectories)
            .Where(each => each.Name.Contains("EN16931", StringComparison.Ordinal))
            .OrderBy(each => each.FullName, StringComparer.Ordinal)
            .Select(each => Whole(folder, each));
        List<SuiteScore> suites = [.. units, .. whole];
        return suites.Count > 0 ? suites : throw new CommandFailed($"{folder.FullName} holds no unit-* folder and no expected verdicts.");
    }

    private static SuiteScore Units(DirectoryInfo root, DirectoryInfo suite)
    {
        var profile = suite.Parent!.Name.StartsWith("peppol", StringComparison.Ordinal) ? Profile.Peppol : Profile.En16931;
        var (cases, wrong) = (0, new List<string>());
        foreach (var file in suite.EnumerateFiles("*.xml").OrderBy(each => each.Name, StringComparer.Ordinal))
        {
            var number = 0;
            foreach (
                var test in XDocument
                    .Load(file.FullName, LoadOptions.PreserveWhitespace)
                    .Root!.Elements()
                    .Where(each => each.Name.LocalName == "test")
            )
            {
                number++;
                if (test.Elements().FirstOrDefault(each => Documents.Contains(each.Name.LocalName)) is not { } document)
                {
                    continue;
                }

                var broken = Broken(Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting)), profile);
                foreach (var (kind, rule) in Asserted(test))
                {
                    cases++;
                    if (broken is null || broken.Contains(rule) == (kind == "success"))
                    {
                        wrong.Add($"{Path.GetRelativePath(root.FullName, file.FullName)} {number}: {kind} {rule} is not reproduced");
                    }
                }
            }
        }

        return new SuiteScore(Path.GetRelativePath(root.FullName, suite.FullName), cases, cases - wrong.Count, wrong);
    }

    private static IEnumerable<(string Kind, string Rule)> Asserted(XElement test) =>
        test.Elements()
            .Where(each => each.Name.LocalName == "assert")
            .Elements()
            .Where(each => each.Name.LocalName is "success" or "error" or "fatal" or "warning")
            .SelectMany(each =>
                each.Value.Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(rule => (each.Name.LocalName, rule))
            );

    private static SuiteScore Whole(DirectoryInfo root, FileInfo verdicts)
    {
        var profile = verdicts.Name.Contains("PEPPOL", StringComparison.Ordinal) ? Profile.Peppol : Profile.En16931;
        var (cases, wrong) = (0, new List<string>());
        foreach (var cells in File.ReadLines(verdicts.FullName).Skip(1).Select(line => line.Split(',')))
        {
            cases++;
            var document = File.ReadAllBytes(Path.Combine(verdicts.Directory!.Parent!.FullName, cells[0]));
            var verdict = Verdict.Of(document, profile, null);
            var found = verdict.Refused(out var fault) ? fault.Code.Code : Told(verdict.Value.Findings);
            var expected = string.Join(' ', cells[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            if (found != expected)
            {
                wrong.Add($"{cells[0]}: found [{found}], expected [{expected}]");
            }
        }

        return new SuiteScore(Path.GetRelativePath(root.FullName, verdicts.FullName), cases, cases - wrong.Count, wrong);
    }

    /// <summary>As the tables of verdicts write them: BR-CO-10:fatalx1.</summary>
    private static string Told(IEnumerable<Finding> findings) =>
        string.Join(
            ' ',
            findings
                .GroupBy(finding => finding.Rule, StringComparer.Ordinal)
                .Select(each => $"{each.Key}:{(each.First().Severity == Severity.Fatal ? "fatal" : "warning")}x{each.Count()}")
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The rules broken; nothing where the document could not be judged.</summary>
    private static HashSet<string>? Broken(byte[] document, Profile profile)
    {
        var verdict = Verdict.Of(document, profile, null);
        return verdict.Refused(out _) ? null : [.. verdict.Value.Findings.Select(finding => finding.Rule)];
    }
}
