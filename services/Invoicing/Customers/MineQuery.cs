using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>Which of its invoices a customer asks for.</summary>
public sealed record MineQuery
{
    /// <summary>The customer, by the address it proved.</summary>
    public required string Email { get; init; }

    /// <summary>One seller's only.</summary>
    public SellerId? SellerId { get; init; }

    /// <summary>Words, amounts or dates, all of which an invoice has to have.</summary>
    public string? Q { get; init; }

    /// <summary>First issue date.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last issue date.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Only what was not paid whole with the sale.</summary>
    public bool UnpaidAtIssue { get; init; }

    /// <summary>The last invoice of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many.</summary>
    public int Limit { get; init; } = 25;
}

/// <summary>One thing that is searched for: a word and, where it can be read as one, an amount or a day.</summary>
public sealed record Sought(string Word, decimal? Amount, DateOnly? Day)
{
    private const int MostWords = 8;

    // Letters with accents and those without, in the same order as the SQL has them.
    internal const string Accented = "áéíóúüàèìòùïäëöñç";
    internal const string Plain = "aeiouuaeiouiaeonc";

    private static readonly string[] Days = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "yyyy-M-d", "d/M/yy"];

    /// <summary>What is typed, piece by piece: 23/11/2026 is a day, 9,95 or 1.398,60 an amount, and each is a word as well.</summary>
    public static IReadOnlyList<Sought> In(string? typed) =>
        [
            .. (typed ?? "")
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Take(MostWords)
                .Select(Of)
                .Where(each => each.Word.Length > 0),
        ];

    /// <summary>Small letters without accents: whoever types jamon finds jamón.</summary>
    public static string Folded(string text) =>
        string.Concat(
            text.ToLowerInvariant()
                .Select(letter => Accented.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? Plain[at] : letter)
        );

    private static Sought Of(string piece)
    {
        var word = piece.Trim('€', '"', '«', '»');
        return new Sought(
            Folded(word),
            AmountOf(word),
            DateOnly.TryParseExact(word, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null
        );
    }

    private static decimal? AmountOf(string word)
    {
        // The last sign stands before the cents, the others between thousands.
        var sign = word.LastIndexOfAny([',', '.']);
        var whole = (sign < 0 ? word : word[..sign]).Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        var text = sign < 0 ? whole : $"{whole}.{word[(sign + 1)..]}";
        return text.Length <= 15 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : null;
    }
}
