namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// A payer's name as banks and people write it: in any order, with or without legal form, accents and initials, cut off where the bank's
/// field ends.
/// </summary>
public static class PayerName
{
    private const int ShortestToErr = 5;
    private const int ShortestToCut = 4;

    /// <summary>What tells nobody from anybody: legal forms, forms of address, small words.</summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "SL",
        "SLU",
        "SLL",
        "SLP",
        "SLNE",
        "SA",
        "SAU",
        "SAL",
        "SC",
        "SCP",
        "CB",
        "SCOOP",
        "COOP",
        "AIE",
        "UTE",
        "SOCIEDAD",
        "LIMITADA",
        "ANONIMA",
        "UNIPERSONAL",
        "CIVIL",
        "SRL",
        "SPA",
        "SARL",
        "SAS",
        "GMBH",
        "MBH",
        "AG",
        "KG",
        "OHG",
        "UG",
        "BV",
        "NV",
        "LDA",
        "LTD",
        "LIMITED",
        "LLC",
        "LLP",
        "INC",
        "PLC",
        "CORP",
        "CO",
        "COMPANY",
        "Y",
        "E",
        "I",
        "DE",
        "DEL",
        "LA",
        "LAS",
        "LOS",
        "EL",
        "AND",
        "UND",
        "THE",
        "DON",
        "DONA",
        "SR",
        "SRA",
        "MR",
        "MRS",
        "MS",
        "HERR",
        "FRAU",
    };

    /// <summary>The words that tell it, each once, in one order; a name of nothing but legal forms keeps them.</summary>
    public static IReadOnlyList<string> TokensOf(string? name)
    {
        var words = Joined(PlainWords.Of(name));
        var telling = words.Where(word => !Dropped.Contains(word)).ToList();
        return [.. (telling.Count > 0 ? telling : words).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(12)];
    }

    /// <summary>One text for all spellings that say the same; none where there is no name.</summary>
    public static string? KeyOf(string? name) => string.Join(' ', TokensOf(name)) is { Length: > 0 } key ? key : null;

    /// <summary>
    /// How alike two names are, from 0 to 1, by their words: equal ones count whole, those with one letter wrong or cut off nearly, numbers
    /// only where they are equal.
    /// </summary>
    public static double Likeness(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return 0;
        }

        var free = other.ToList();
        var alike = 0.0;
        foreach (var word in one)
        {
            var (best, at) = (0.0, -1);
            for (var i = 0; i < free.Count && best < 1; i++)
            {
                var likeness = OfWords(word, free[i]);
                (best, at) = likeness > best ? (likeness, i) : (best, at);
            }

            if (at >= 0)
            {
                alike += best;
                free.RemoveAt(at);
            }
        }

        return 2 * alike / (one.Count + other.Count);
    }

    private static double OfWords(string one, string other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal))
        {
            return 1;
        }

        if (one.Any(char.IsDigit) || other.Any(char.IsDigit))
        {
            return 0;
        }

        var (less, more) = one.Length <= other.Length ? (one, other) : (other, one);
        if (less.Length == 1 && more[0] == less[0])
        {
            return 0.5;
        }

        if (less.Length >= ShortestToCut && more.StartsWith(less, StringComparison.Ordinal))
        {
            return 0.8;
        }

        return less.Length >= ShortestToErr && IsOneSlip(less, more) ? 0.85 : 0;
    }

    /// <summary>Another letter, one missing, or two neighbours swapped.</summary>
    private static bool IsOneSlip(string less, string more)
    {
        if (more.Length - less.Length > 1)
        {
            return false;
        }

        var i = 0;
        while (i < less.Length && less[i] == more[i])
        {
            i++;
        }

        if (more.Length > less.Length)
        {
            return less.AsSpan(i).SequenceEqual(more.AsSpan(i + 1));
        }

        return less.AsSpan(i + 1).SequenceEqual(more.AsSpan(i + 1))
            || (
                i + 1 < less.Length
                && less[i] == more[i + 1]
                && less[i + 1] == more[i]
                && less.AsSpan(i + 2).SequenceEqual(more.AsSpan(i + 2))
            );
    }

    /// <summary>Single letters in a row are one word: S.L. is SL, J. M. is JM.</summary>
    private static List<string> Joined(IReadOnlyList<string> words)
    {
        var joined = new List<string>(words.Count);
        var isOpen = false;
        foreach (var word in words)
        {
            if (word.Length == 1 && char.IsLetter(word[0]))
            {
                if (isOpen)
                {
                    joined[^1] += word;
                }
                else
                {
                    joined.Add(word);
                }

                isOpen = true;
            }
            else
            {
                joined.Add(word);
                isOpen = false;
            }
        }

        return joined;
    }
}
