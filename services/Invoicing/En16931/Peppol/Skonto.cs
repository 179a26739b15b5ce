using System.Text.RegularExpressions;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Discounts for early payment as Germans write them into the payment terms (BT-20): #SKONTO#TAGE=14#PROZENT=2.25#.</summary>
internal static partial class Skonto
{
    /// <summary>Whether each line that begins with # states a discount, and the last of them ends with a line break.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> terms)
    {
        var rest = terms;
        var (isLast, isAsked, endsWithBreak) = (false, false, false);
        Span<char> room = stackalloc char[256];
        while (!isLast)
        {
            var end = rest.IndexOf('\n');
            isLast = end < 0;
            var line = isLast ? rest : rest[..end];
            rest = isLast ? default : rest[(end + 1)..];
            line = line is [.., '\r'] && !isLast ? line[..^1] : line;
            if (line.TrimStart(" \t\r\n") is not ['#', ..])
            {
                continue;
            }

            if (!isAsked)
            {
                (endsWithBreak, isAsked) = (EndsWithBreak(terms), true);
            }

            if (!endsWithBreak || !Discount().IsMatch(XPath.Normalized(line, room)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether nothing but a line break and white space before it follows the last text between two #.</summary>
    private static bool EndsWithBreak(ReadOnlySpan<char> terms)
    {
        var last = terms;
        foreach (var match in BetweenHashes().EnumerateMatches(terms))
        {
            last = terms[(match.Index + match.Length)..];
        }

        var at = last.IndexOfAnyExcept(" \t\r");
        return at >= 0 && last[at] == '\n';
    }

    [GeneratedRegex(
        @"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Discount();

    [GeneratedRegex(@"#[^\r\n]+#", RegexOptions.CultureInvariant)]
    private static partial Regex BetweenHashes();
}
