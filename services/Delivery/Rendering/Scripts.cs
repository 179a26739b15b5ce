using System.Text;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// Names are written in every script. Arabic letters take the form that their neighbours ask for, and what runs from right to left is
/// put in the order in which it is seen, inside pages that run from left to right.
/// </summary>
internal static class Scripts
{
    // Letters in the order of their forms from U+FE80: one form, two (alone, at the end) or four (also at the beginning, in the middle).
    private const string Forms =
        "\u06211\u06222\u06232\u06242\u06252\u06264\u06272\u06284\u06292\u062a4\u062b4\u062c4\u062d4\u062e4\u062f2\u06302\u06312\u06322"
        + "\u06334\u06344\u06354\u06364\u06374\u06384\u06394\u063a4\u06414\u06424\u06434\u06444\u06454\u06464\u06474\u06482\u06492\u064a4";
    private const char FirstForm = '\ufe80';
    private const char Lam = '\u0644';
    private const char LamAlef = '\ufef5';
    private const string Alefs = "\u0622\u0623\u0625\u0627";
    private const char Lengthener = '\u0640';

    private static readonly Dictionary<char, (char First, int Count)> Letters = LettersOf();

    /// <summary>The text with Arabic letters in their forms; every other text as it is.</summary>
    public static string Shaped(string text)
    {
        if (!text.Any(static each => each is >= '\u0600' and <= '\u06ff'))
        {
            return text;
        }

        var shaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var joinsBefore = JoinsOn(Neighbour(text, i, -1));
            if (text[i] == Lam && Alefs.IndexOf(Neighbour(text, i, 1)) is >= 0 and var alef)
            {
                shaped.Append((char)(LamAlef + 2 * alef + (joinsBefore ? 1 : 0)));
                // Signs between the two stay behind both.
                do
                {
                    i++;
                    if (IsSign(text[i]))
                    {
                        shaped.Append(text[i]);
                    }
                } while (IsSign(text[i]));
                continue;
            }

            if (!Letters.TryGetValue(text[i], out var forms))
            {
                shaped.Append(text[i]);
                continue;
            }

            var joinsAfter = forms.Count == 4 && IsJoined(Neighbour(text, i, 1));
            var form = (joinsBefore && forms.Count > 1, joinsAfter) switch
            {
                (false, false) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (true, true) => 3,
            };
            shaped.Append((char)(forms.First + form));
        }

        return shaped.ToString();
    }

    /// <summary>A line in the order in which it is seen from left to right.</summary>
    public static string Seen(string line)
    {
        var first = line.AsSpan().IndexOfAnyInRange('\u0590', '\ufeff');
        if (first < 0 || !line.Any(IsRightToLeft))
        {
            return line;
        }

        var seen = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; )
        {
            if (!IsRightToLeft(line[i]))
            {
                seen.Append(line[i++]);
                continue;
            }

            // Up to the last letter of that direction that nothing of the other one comes before.
            var (end, last) = (i, i);
            while (end < line.Length && !IsLeftToRight(line[end]))
            {
                last = IsRightToLeft(line[end]) ? end : last;
                end++;
            }

            Turn(line.AsSpan(i, last + 1 - i), seen);
            i = last + 1;
        }

        return seen.ToString();
    }

    /// <summary>Numbers within keep their order; brackets open to the other side.</summary>
    private static void Turn(ReadOnlySpan<char> run, StringBuilder seen)
    {
        for (var i = run.Length - 1; i >= 0; i--)
        {
            if (char.IsAsciiDigit(run[i]))
            {
                var start = i;
                while (
                    start > 0
                    && (
                        char.IsAsciiDigit(run[start - 1])
                        || (run[start - 1] is '.' or ',' or '/' && start > 1 && char.IsAsciiDigit(run[start - 2]))
                    )
                )
                {
                    start--;
                }

                seen.Append(run[start..(i + 1)]);
                i = start;
            }
            else
            {
                seen.Append(
                    run[i] switch
                    {
                        '(' => ')',
                        ')' => '(',
                        '[' => ']',
                        ']' => '[',
                        '«' => '»',
                        '»' => '«',
                        var each => each,
                    }
                );
            }
        }
    }

    private static bool IsRightToLeft(char each) =>
        each is (>= '\u0590' and <= '\u08ff') or (>= '\ufb1d' and <= '\ufdff') or (>= '\ufe70' and <= '\ufefc');

    private static bool IsLeftToRight(char each) => (char.IsLetter(each) || char.IsSurrogate(each)) && !IsRightToLeft(each);

    /// <summary>The next letter before or behind; signs above and below letters are none.</summary>
    private static char Neighbour(string text, int at, int step)
    {
        do
        {
            at += step;
        } while (at >= 0 && at < text.Length && IsSign(text[at]));

        return at >= 0 && at < text.Length ? text[at] : '\0';
    }

    private static bool IsSign(char each) => each is (>= '\u064b' and <= '\u065f') or '\u0670';

    /// <summary>Whether a letter reaches out to the one behind it.</summary>
    private static bool JoinsOn(char each) => each == Lengthener || (Letters.TryGetValue(each, out var forms) && forms.Count == 4);

    /// <summary>Whether a letter takes the hand of the one before it.</summary>
    private static bool IsJoined(char each) => each == Lengthener || (Letters.TryGetValue(each, out var forms) && forms.Count > 1);

    private static Dictionary<char, (char, int)> LettersOf()
    {
        var letters = new Dictionary<char, (char, int)>
        {
            // Those that Persian and Urdu add.
            ['\u067e'] = ('\ufb56', 4),
            ['\u0686'] = ('\ufb7a', 4),
            ['\u0698'] = ('\ufb8a', 2),
            ['\u06a9'] = ('\ufb8e', 4),
            ['\u06af'] = ('\ufb92', 4),
            ['\u06cc'] = ('\ufbfc', 4),
        };
        var form = FirstForm;
        for (var i = 0; i < Forms.Length; i += 2)
        {
            letters[Forms[i]] = (form, Forms[i + 1] - '0');
            form += (char)(Forms[i + 1] - '0');
        }

        return letters;
    }
}
