using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Search;

/// <summary>
/// By what words an invoice is found, and what words a question has: in lower case, without accents, each with its seller before it. A word
/// is found by its beginning, a number whole or without the noughts before it, an amount however it is written.
/// </summary>
public static partial class SearchTerms
{
    // A list of 700 products is found by its first some hundreds.
    private const int MostOfInvoice = 400;
    private const int MostOfQuestion = 8;
    private const int Longest = 60;

    /// <summary>The words of an invoice, with those of whom it is for as far as that is still kept.</summary>
    public static string[] Of(InvoiceBody invoice)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Whole(words, invoice.Number);
        words.Add(Amount(invoice.Totals.TotalWithVat));
        Words(words, invoice.StoreId.Value);
        foreach (var sale in invoice.SaleIds.Take(20))
        {
            Whole(words, sale.Value);
        }

        var phone = invoice.Contact?.Phone?.Replace(" ", "", StringComparison.Ordinal);
        foreach (
            var of in new[]
            {
                invoice.Buyer?.Name,
                invoice.Contact?.Name,
                invoice.Buyer?.Email,
                invoice.Contact?.Email,
                invoice.Contact?.CustomerId?.Value ?? invoice.Buyer?.CustomerId?.Value,
                phone,
                // As it is dialled at home.
                phone?.StartsWith("+34", StringComparison.Ordinal) == true
                    ? phone[3..]
                    : null,
                invoice.Buyer?.TaxId,
            }
        )
        {
            if (of is not null)
            {
                Whole(words, of);
            }
        }

        foreach (var line in invoice.Lines)
        {
            if (words.Count >= MostOfInvoice)
            {
                break;
            }

            Words(words, line.Name);
            if (line.Sku is { } sku)
            {
                Whole(words, sku);
            }
        }

        return [.. words.Take(MostOfInvoice).Select(word => Of(invoice.SellerId, word))];
    }

    /// <summary>
    /// A question as PostgreSQL's tsquery: every word has to be there; nothing where there is no word in it. An address or a number with
    /// parts is one word.
    /// </summary>
    public static string? Question(SellerId seller, string asked)
    {
        var all = new List<string>();
        var isShort = Runs(Plain(asked)).All(run => run.Length == 1);
        foreach (var part in asked.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MostOfQuestion))
        {
            if (AmountOf(part) is { } amount)
            {
                // An amount, or a number that begins so: 123 finds 000123.
                var digits = part.Trim('€');
                var word = digits.All(char.IsAsciiDigit) ? WithoutNoughts(digits) : digits;
                all.Add($"({Quoted(Of(seller, Amount(amount)))} | {Beginning(seller, word)})");
            }
            else if (Plain(part) is var plain && IsOfParts(plain))
            {
                // A number or address as it stands, or its parts, as a product's name has them; A-1 is not whatever has a 1.
                var parts = Together(seller, plain, isShort).ToArray();
                all.Add(
                    isShort || parts.Length < Runs(plain).Count()
                        ? Beginning(seller, plain)
                        : $"({Beginning(seller, plain)} | ({string.Join(" & ", parts)}))"
                );
            }
            else
            {
                all.AddRange(Together(seller, plain, isShort));
            }
        }

        return all.Count == 0 ? null : string.Join(" & ", all);
    }

    // A letter alone is the beginning of too much, unless there is nothing else.
    private static IEnumerable<string> Together(SellerId seller, string plain, bool isShort) =>
        Runs(plain)
            .Where(run => run.Length > 1 || isShort)
            .Select(run => Beginning(seller, run.All(char.IsAsciiDigit) ? WithoutNoughts(run) : run));

    /// <summary>Cut where it is too long, and not within a character of two.</summary>
    private static string Of(SellerId seller, string word) =>
        $"{seller.Value}/{(word.Length > Longest ? word[..(char.IsHighSurrogate(word[Longest - 1]) ? Longest - 1 : Longest)] : word)}";

    private static string Beginning(SellerId seller, string word) => Quoted(Of(seller, word)) + ":*";

    private static string Quoted(string word) =>
        $"'{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The text as one word, and the words in it.</summary>
    private static void Whole(HashSet<string> words, string text)
    {
        var plain = Plain(text.Trim());
        if (plain.Length > 0 && !plain.Any(char.IsWhiteSpace))
        {
            words.Add(plain);
        }

        Words(words, text);
    }

    private static void Words(HashSet<string> words, string text)
    {
        foreach (var run in Runs(Plain(text)))
        {
            words.Add(run.All(char.IsAsciiDigit) ? WithoutNoughts(run) : run);
        }
    }

    private static string WithoutNoughts(string digits) => digits.TrimStart('0') is { Length: > 0 } rest ? rest : "0";

    private static string Amount(decimal amount) => "=" + amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>An amount as people write one: 1.234,56, 1,234.56, 12,5, 12 or 12.50 €; rounded to nothing.</summary>
    private static decimal? AmountOf(string text)
    {
        if (!Money().IsMatch(text))
        {
            return null;
        }

        var digits = text.Trim('€');
        var last = digits.LastIndexOfAny([',', '.']);
        // A mark with three digits after it parts thousands.
        var isWhole = last < 0 || digits.Length - last - 1 == 3;
        var plain = new string([.. digits.Where((each, at) => char.IsAsciiDigit(each) || (at == last && !isWhole))]).Replace(',', '.');
        return decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? digits.StartsWith('-')
                ? -amount
                : amount
            : null;
    }

    private static bool IsOfParts(string word) => word.Contains('@') || (word.Any(char.IsAsciiDigit) && !word.All(char.IsLetterOrDigit));

    private static IEnumerable<string> Runs(string plain) => Run().Matches(plain).Select(match => match.Value);

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var each in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(each) != UnicodeCategory.NonSpacingMark && !char.IsControl(each))
            {
                plain.Append(char.ToLowerInvariant(each));
            }
        }

        return plain.ToString();
    }

    [GeneratedRegex(@"^-?\d{1,3}(?:(?:[.,]\d{3})*|\d{0,9})(?:[.,]\d{1,2})?€?$")]
    private static partial Regex Money();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Run();
}
