using System.Globalization;
using System.Text;

namespace RetailInvoicing.Payments.Bank;

/// <summary>A text as its words: capitals without accents, whatever stood between them gone. Ñandú, S.L. is NANDU, S, L.</summary>
public static class PlainWords
{
    /// <summary>The words, in order.</summary>
    public static IReadOnlyList<string> Of(string? text)
    {
        var words = new List<string>();
        if (string.IsNullOrWhiteSpace(text))
        {
            return words;
        }

        // Half a character, which no text of XML or JSON has, would stop the platform's decomposition.
        var whole = text.Any(char.IsSurrogate) ? string.Concat(text.Where(each => !char.IsSurrogate(each))) : text;
        var word = new StringBuilder();
        foreach (var sign in whole.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(sign))
            {
                word.Append(char.ToUpperInvariant(sign));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
