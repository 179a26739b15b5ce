using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Pages;

/// <summary>Which lines of an invoice are why a search found it.</summary>
public static class Matches
{
    private const int Most = 3;

    /// <summary>The names of the first few.</summary>
    public static IReadOnlyList<string> In(InvoiceBody invoice, string? typed)
    {
        var words = (typed ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Folded).ToList();
        return words.Count == 0
            ? []
            :
            [
                .. invoice
                    .Lines.Where(line =>
                        Folded($"{line.Sku} {line.Name}") is var said && words.Exists(word => said.Contains(word, StringComparison.Ordinal))
                    )
                    .Select(line => line.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Take(Most),
            ];
    }

    /// <summary>Small letters without accents, as Invoicing compares them.</summary>
    private static string Folded(string text) =>
        string.Concat(
            text.ToLowerInvariant()
                .Normalize(NormalizationForm.FormD)
                .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
        );
}
