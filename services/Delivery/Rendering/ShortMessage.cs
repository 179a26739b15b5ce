using System.Globalization;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A short message in its reader's language: who, which invoice, how much, and a link to it.</summary>
public sealed record ShortMessage
{
    private const int OneOfPlain = 160;
    private const int EachOfPlain = 153;
    private const int OneOfAny = 70;
    private const int EachOfAny = 67;

    /// <summary>A seller's name is cut before a message becomes two, and never to less than this.</summary>
    private const int LeastName = 10;

    /// <summary>Longer names are cut in a message that is several anyway.</summary>
    private const int MostName = 40;

    private ShortMessage(string text, int parts) => (Text, Parts) = (text, parts);

    /// <summary>What it says.</summary>
    public string Text { get; }

    /// <summary>How many messages the network makes of it.</summary>
    public int Parts { get; }

    /// <summary>The message that an invoice goes out with.</summary>
    public static ShortMessage OfInvoice(string seller, string number, string total, string link, string language) =>
        Of(
            language switch
            {
                "en" => "{0}: invoice {1}, {2}. {3}",
                "eu" => "{0}: {1} faktura, {2}. {3}",
                _ => "{0}: factura {1}, {2}. {3}",
            },
            seller,
            number,
            total,
            link
        );

    /// <summary>The message that reminds of what is open: one invoice by its number, several by how many they are.</summary>
    public static ShortMessage OfReminder(ReminderContent reminder, string seller, string link, Words words)
    {
        var notice = NoticeWords.For(words);
        var due = words.Amounts.Of(reminder.AmountDue, reminder.Currency);
        return reminder.IsOfSeveral ? Of(notice.ShortMany, seller, reminder.Items.Count.ToString(CultureInfo.InvariantCulture), due, link)
            : reminder.Template == "before-due"
                ? Of(notice.ShortBefore, seller, reminder.Number, due, words.Amounts.Date(reminder.DueDate), link)
            : Of(notice.ShortOne, seller, reminder.Number, due, link);
    }

    /// <summary>The message that shows a seller that the channel works.</summary>
    public static ShortMessage OfTest(string seller, string language) =>
        Of(
            language switch
            {
                "en" => "{0}: this is a test of the channel. There is nothing to do.",
                "eu" => "{0}: kanalaren proba da. Ez duzu ezer egin behar.",
                "ca" => "{0}: prova del canal. No cal que facis res.",
                "gl" => "{0}: proba da canle. Non tes que facer nada.",
                _ => "{0}: prueba del canal. No tienes que hacer nada.",
            },
            seller
        );

    private static ShortMessage Of(string words, string seller, params string[] values)
    {
        var plain = values.Select(ShortMessageLetters.Plain).ToArray();
        if (ShortMessageLetters.Plain(seller) is { } name && Array.TrueForAll(plain, static each => each is not null))
        {
            var rest = ShortMessageLetters.Places(Said(words, "", plain))!.Value;
            name = Cut(name, OneOfPlain - rest, static text => ShortMessageLetters.Places(text)!.Value);
            var places = rest + ShortMessageLetters.Places(name)!.Value;
            return new ShortMessage(Said(words, name, plain), places <= OneOfPlain ? 1 : Parted(places, EachOfPlain));
        }

        var tidy = values.Select(ShortMessageLetters.Tidy).ToArray();
        var others = Said(words, "", tidy).Length;
        var any = Said(words, Cut(ShortMessageLetters.Tidy(seller), OneOfAny - others, static text => text.Length), tidy);
        return new ShortMessage(any, any.Length <= OneOfAny ? 1 : Parted(any.Length, EachOfAny));
    }

    /// <summary>The name in the room that is left, or in the most that a name gets where there is none; characters stay whole.</summary>
    private static string Cut(string name, int room, Func<string, int> length)
    {
        var most = room >= LeastName ? room : MostName;
        if (length(name) <= most)
        {
            return name;
        }

        var ends = StringInfo.ParseCombiningCharacters(name);
        var end = ends.LastOrDefault(at => length(name[..at]) <= most - 1);
        return $"{name[..end].TrimEnd(' ', ',', '.')}.";
    }

    private static int Parted(int places, int each) => (places + each - 1) / each;

    private static string Said(string words, string seller, IReadOnlyList<string?> values) =>
        string.Format(CultureInfo.InvariantCulture, words, [seller, .. values]);
}
