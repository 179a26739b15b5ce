namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A person's name and surnames apart, as Facturae wants them; an invoice has them in one text (BT-27, BT-44).</summary>
internal sealed record PersonName(string Name, string FirstSurname, string? SecondSurname)
{
    private static readonly HashSet<string> Particles = new(
        ["de", "del", "la", "las", "los", "el", "y", "i", "e", "da", "das", "do", "dos", "di", "van", "von", "der", "den", "san", "santa"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>
    /// "Apellidos, Nombre" is taken at its comma; otherwise a Spaniard's last two words are surnames, anyone else's the last one, and a
    /// particle (de la, y) belongs to the word behind it. Null where there is but one word.
    /// </summary>
    public static PersonName? Of(string text, bool hasTwoSurnames)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0 && Words(text[(comma + 1)..]) is { Count: > 0 } given && Words(text[..comma]) is { Count: > 0 } surnames)
        {
            return new PersonName(string.Join(' ', given), surnames[0], surnames.Count > 1 ? string.Join(' ', surnames.Skip(1)) : null);
        }

        var words = Words(text.Replace(",", " ", StringComparison.Ordinal));
        return words.Count < 2 ? null
            : words.Count == 2 || !hasTwoSurnames ? new PersonName(string.Join(' ', words.SkipLast(1)), words[^1], null)
            : new PersonName(string.Join(' ', words.SkipLast(2)), words[^2], words[^1]);
    }

    /// <summary>The name in one text again.</summary>
    public override string ToString() => SecondSurname is null ? $"{Name} {FirstSurname}" : $"{Name} {FirstSurname} {SecondSurname}";

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var held = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            held = held.Length == 0 ? word : $"{held} {word}";
            if (!Particles.Contains(word))
            {
                words.Add(held);
                held = "";
            }
        }

        if (held.Length > 0)
        {
            words.Add(held);
        }

        return words;
    }
}
