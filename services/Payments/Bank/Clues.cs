using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What a line of the bank lets us look for: references that it cites, whole or damaged, what may be numbers of invoices, an account and
/// names. Whatever is looked up by them is found by an index; that most of it is nobody's costs nothing.
/// </summary>
public sealed record Clues
{
    private const int ShortestWindow = 8;
    private const int ShortestSlip = 10;
    private const int ShortestCore = 12;
    private const int MostWords = 6;
    private const int MostKept = 400;
    private const int LongestWindow = 48;

    /// <summary>Creditor's references whose check digits hold.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>References that are one slip away from something that looks like one.</summary>
    public required IReadOnlyList<string> Slips { get; init; }

    /// <summary>References that lack RF and the check digits in the text.</summary>
    public required IReadOnlyList<string> Bare { get; init; }

    /// <summary>What may be the beginning of a reference that was cut off.</summary>
    public required IReadOnlyList<string> Beginnings { get; init; }

    /// <summary>What may be an invoice's number, without anything between its parts: FS012026000123.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>The words of the text.</summary>
    public required IReadOnlySet<string> Words { get; init; }

    /// <summary>The letters and digits of the text, without anything between them.</summary>
    public required string Compact { get; init; }

    /// <summary>The payer's account.</summary>
    public string? Account { get; init; }

    /// <summary>The payer's names, each as its telling words.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Names { get; init; }

    /// <summary>What a line of the bank lets us look for.</summary>
    public static Clues Of(BankEntry entry)
    {
        // What is cited in its own field stands first: that its text goes on in the next one makes no reference that anyone has.
        var words = entry.Cited.Append(entry.Words).Append(entry.EndToEndId).SelectMany(PlainWords.Of).Take(MostKept).ToList();
        var (compact, ends) = (string.Concat(words), new List<int>(words.Count));
        foreach (var word in words)
        {
            ends.Add((ends.Count == 0 ? 0 : ends[^1]) + word.Length);
        }

        var found = new Found();
        for (
            var at = compact.IndexOf("RF", StringComparison.Ordinal);
            at >= 0;
            at = compact.IndexOf("RF", at + 1, StringComparison.Ordinal)
        )
        {
            Look(compact, at, ends, found);
        }

        LookAtWords(words, found);
        for (var from = 0; from < words.Count; from++)
        {
            LookAtWindow(words, from, ends, found);
        }

        return new Clues
        {
            References = [.. found.References.Take(MostKept)],
            Slips = [.. found.Slips.Except(found.References, StringComparer.Ordinal).Take(MostKept)],
            Bare = [.. found.Bare.Except(found.References, StringComparer.Ordinal).Take(MostKept)],
            Beginnings = [.. found.Beginnings.Take(40)],
            Numbers = [.. found.Numbers.Take(MostKept)],
            Words = words.ToHashSet(StringComparer.Ordinal),
            Compact = compact,
            Account = entry.PartyAccount,
            Names =
            [
                .. new[] { entry.PartyName, entry.UltimateName }
                    .Select(PayerName.TokensOf)
                    .Where(each => each.Count > 0)
                    .DistinctBy(each => string.Join(' ', each)),
            ],
        };
    }

    /// <summary>An invoice's number as it is looked up: letters and digits in capitals.</summary>
    public static string NumberKey(string number) => string.Concat(number.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <summary>What may begin at an RF: a reference, or one that was damaged on its way.</summary>
    private static void Look(string compact, int at, List<int> ends, Found found)
    {
        var whole = 0;
        for (var length = ShortestWindow; length <= CreditorReference.Longest && at + length <= compact.Length; length++)
        {
            if (CreditorReference.IsSound(compact.AsSpan(at, length)))
            {
                found.References.Add(compact.Substring(at, length));
                whole = length >= ShortestSlip && ends.BinarySearch(at + length) >= 0 ? length : whole;
            }
        }

        if (whole > 0)
        {
            found.Covered.Add((at, at + whole));
            return;
        }

        foreach (var end in ends)
        {
            var length = end - at;
            if (length >= ShortestSlip && length <= CreditorReference.Longest + 1)
            {
                var window = compact.Substring(at, length);
                found.Slips.UnionWith(CreditorReference.OneSlipFrom(window));
                found.Beginnings.Add(window);
                if (char.IsAsciiDigit(compact[at + 2]) && char.IsAsciiDigit(compact[at + 3]))
                {
                    found.Covered.Add((at, end));
                }
            }
        }
    }

    /// <summary>Words whose RF itself has a slip.</summary>
    private static void LookAtWords(List<string> words, Found found)
    {
        foreach (var word in words)
        {
            if (
                word.Length is >= 14 and <= CreditorReference.Longest + 1
                && !word.StartsWith("RF", StringComparison.Ordinal)
                && (word[0] is 'R' or 'F' || word[1] is 'F' or 'R')
            )
            {
                found.Slips.UnionWith(CreditorReference.OneSlipFrom(word));
            }
        }
    }

    /// <summary>
    /// Runs of words that together may be a reference without its beginning, or an invoice's number in any spelling; parts of a reference,
    /// which holds a number or the beginning of one, are none.
    /// </summary>
    private static void LookAtWindow(List<string> words, int from, List<int> ends, Found found)
    {
        if (!char.IsAsciiLetterUpper(words[from][0]))
        {
            return;
        }

        var (start, window) = (ends[from] - words[from].Length, "");
        for (var to = from; to < words.Count && to < from + MostWords; to++)
        {
            var (before, word) = (window, words[to]);
            window += word;
            if (window.Length > LongestWindow || found.Covered.Exists(each => start < each.To && each.From < ends[to]))
            {
                return;
            }

            var digits = window.Count(char.IsAsciiDigit);
            if (
                window.Length is >= ShortestCore and <= CreditorReference.Longest - 4
                && digits >= 3
                && CreditorReference.Of(window) is { } bare
            )
            {
                found.Bare.Add(bare);
            }

            // Our numbers begin with the kind of invoice, and end in the year and a sequence of six digits, which people write without
            // zeros.
            if (window[0] is 'F' or 'T' or 'R' && char.IsAsciiDigit(window[^1]) && digits >= 5 && window.Length >= ShortestWindow)
            {
                found.Numbers.Add(window);
                if (word.Length < 6 && word.All(char.IsAsciiDigit) && before is [.., '2', '0', >= '0' and <= '9', >= '0' and <= '9'])
                {
                    found.Numbers.Add(before + word.PadLeft(6, '0'));
                }
            }
        }
    }

    /// <summary>What was found so far, each once, in the order it was found.</summary>
    private sealed class Found
    {
        public HashSet<string> References { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Slips { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Bare { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Beginnings { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Numbers { get; } = new(StringComparer.Ordinal);

        /// <summary>Where references stand, whole or damaged.</summary>
        public List<(int From, int To)> Covered { get; } = [];
    }
}
