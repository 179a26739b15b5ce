using System.Globalization;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>The words of a product's name, by which the red one and the blue one are known to be nearly the same.</summary>
public sealed class ProductName
{
    private readonly HashSet<string> _words;

    private ProductName(HashSet<string> words) => _words = words;

    /// <summary>The name's words, without regard to case and marks between them.</summary>
    public static ProductName Of(string name)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var start = -1;
        for (var i = 0; i <= name.Length; i++)
        {
            var isWord = i < name.Length && IsOfWord(name[i]);
            if (isWord && start < 0)
            {
                start = i;
            }
            else if (!isWord && start >= 0)
            {
                words.Add(name[start..i].ToUpperInvariant());
                start = -1;
            }
        }

        return new ProductName(words);
    }

    /// <summary>The words, in capitals.</summary>
    public IReadOnlyCollection<string> Words => _words;

    /// <summary>Whether both are the same words, and there are any.</summary>
    public bool IsSameAs(ProductName other) => _words.Count > 0 && _words.SetEquals(other._words);

    /// <summary>The share of their words that both names have, of all that either has: 1 for the same, 0 for nothing in common.</summary>
    public double ShareWith(ProductName other)
    {
        var common = _words.Count(other._words.Contains);
        var all = _words.Count + other._words.Count - common;
        return all == 0 ? 0 : (double)common / all;
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;
}
