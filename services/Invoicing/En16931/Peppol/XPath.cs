using System.Globalization;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>
/// Text, numbers and days as the official rules take them: characters are code points, white space is four of them, a number has no
/// separators, and where one of several may say something, any of them does.
/// </summary>
internal static class XPath
{
    private const string Blank = " \t\r\n";

    /// <summary>The text without white space around it and with one blank where there is some within.</summary>
    public static ReadOnlySpan<char> Normalized(ReadOnlySpan<char> text, Span<char> room)
    {
        text = text.Trim(Blank);
        if (!text.ContainsAny("\t\r\n") && text.IndexOf("  ") < 0)
        {
            return text;
        }

        if (text.Length > room.Length)
        {
            room = new char[text.Length];
        }

        var length = 0;
        foreach (var character in text)
        {
            if (!Blank.Contains(character, StringComparison.Ordinal))
            {
                room[length++] = character;
            }
            else if (room[length - 1] != ' ')
            {
                room[length++] = ' ';
            }
        }

        return room[..length];
    }

    /// <summary>How many characters there are.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        if (HasPairs(text))
        {
            foreach (var character in text)
            {
                length -= char.IsLowSurrogate(character) ? 1 : 0;
            }
        }

        return length;
    }

    /// <summary>How many characters the normalized text has.</summary>
    public static int NormalizedLength(ReadOnlySpan<char> text)
    {
        Span<char> room = stackalloc char[256];
        return Length(Normalized(text, room));
    }

    /// <summary>Some characters from one on, the first being 1; as many as there are.</summary>
    public static ReadOnlySpan<char> Part(ReadOnlySpan<char> text, int from, int length = int.MaxValue)
    {
        if (!HasPairs(text))
        {
            text = text[Math.Min(from - 1, text.Length)..];
            return text[..Math.Min(length, text.Length)];
        }

        text = text[IndexOf(text, from - 1)..];
        return text[..IndexOf(text, length)];
    }

    /// <summary>Whether all of it are digits, and there is some of it.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Whether xs:integer takes it: digits, a sign, white space around.</summary>
    public static bool IsInteger(ReadOnlySpan<char> text)
    {
        text = text.Trim(Blank);
        return IsDigits(text is ['+' or '-', ..] ? text[1..] : text);
    }

    /// <summary>What number() makes of it; NaN where it is none.</summary>
    public static double Number(ReadOnlySpan<char> text)
    {
        text = text.Trim(Blank);
        return text switch
        {
            "INF" => double.PositiveInfinity,
            "-INF" => double.NegativeInfinity,
            _ when text.ContainsAnyExcept("0123456789+-.eE") => double.NaN,
            _ when double.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => number,
            _ => double.NaN,
        };
    }

    /// <summary>Whether number() makes a number of it.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text) => text.Trim(Blank) is "INF" or "-INF" || !double.IsNaN(Number(text));

    /// <summary>Its day as xs:date has it, in minutes: a day may have a time zone; none where it is no day.</summary>
    public static long? Date(ReadOnlySpan<char> text)
    {
        text = text.Trim(Blank);
        var zone = 0L;
        if (text is [.., 'Z'])
        {
            text = text[..^1];
        }
        else if (text is [.., '+' or '-', _, _, ':', _, _])
        {
            var offset = text[^6..];
            if (
                !IsDigits(offset[1..3])
                || !IsDigits(offset[4..])
                || !TimeSpan.TryParseExact(offset[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var time)
                || time > TimeSpan.FromHours(14)
            )
            {
                return null;
            }

            zone = (long)time.TotalMinutes * (offset[0] == '-' ? -1 : 1);
            text = text[..^6];
        }

        return Day(text) is { } day ? (day * 1440) - zone : null;
    }

    /// <summary>A day's number, counted as if the calendar had always been ours; years may have more than four digits.</summary>
    private static long? Day(ReadOnlySpan<char> text)
    {
        var isBefore = text is ['-', ..];
        text = isBefore ? text[1..] : text;
        if (
            text is not [.., '-', _, _, '-', _, _]
            || text.Length is < 10 or > 15
            || !IsDigits(text[..^6])
            || !IsDigits(text[^5..^3])
            || !IsDigits(text[^2..])
            || (text.Length > 10 && text[0] == '0')
        )
        {
            return null;
        }

        var year = long.Parse(text[..^6], CultureInfo.InvariantCulture) * (isBefore ? -1 : 1);
        var month = int.Parse(text[^5..^3], CultureInfo.InvariantCulture);
        var day = int.Parse(text[^2..], CultureInfo.InvariantCulture);
        // Four hundred years have 146,097 days; each has a year among the first ones that is like it.
        var cycles = (long)Math.Floor((year - 1) / 400d);
        var like = (int)(year - (cycles * 400));
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(like, month)
            ? (cycles * 146_097) + new DateOnly(like, month, day).DayNumber
            : null;
    }

    /// <summary>Whether xs:date takes what is ten characters long.</summary>
    public static bool IsPlainDate(ReadOnlySpan<char> text) => text.Length == 10 && Date(text) is not null;

    /// <summary>Whether the element says exactly that.</summary>
    public static bool Says(this Node at, string text) => at.Exists && at.Text.SequenceEqual(text);

    /// <summary>Whether one of its children of that name says exactly that.</summary>
    public static bool Says(this Node at, Name name, string text)
    {
        foreach (var child in at.All(name))
        {
            if (child.Text.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="Says(Node, Name, string)"/>
    public static bool Says(this Node at, Name first, Name second, string text)
    {
        foreach (var child in at.All(first))
        {
            if (child.Says(second, text))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="Says(Node, Name, string)"/>
    public static bool Says(this Node at, Name first, Name second, Name third, string text)
    {
        foreach (var child in at.All(first))
        {
            if (child.Says(second, third, text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Its child of that name; none where there are several, which the official rules cannot tell apart.</summary>
    public static Node Only(this Node at, Name name)
    {
        var only = default(Node);
        foreach (var child in at.All(name))
        {
            if (only.Exists)
            {
                return default;
            }

            only = child;
        }

        return only;
    }

    /// <summary>Whether there are several elements at the end of the way.</summary>
    public static bool HasSeveral(this Node at, Name first, Name second) => !at.Only(first, second).Exists && at[first, second].Exists;

    /// <inheritdoc cref="Only(Node, Name)"/>
    public static Node Only(this Node at, Name first, Name second)
    {
        var only = default(Node);
        foreach (var child in at.All(first))
        {
            foreach (var grandchild in child.All(second))
            {
                if (only.Exists)
                {
                    return default;
                }

                only = grandchild;
            }
        }

        return only;
    }

    /// <inheritdoc cref="Only(Node, Name)"/>
    public static Node Only(this Node at, Name first, Name second, Name third)
    {
        var only = default(Node);
        foreach (var child in at.All(first))
        {
            if (child[second, third].Exists)
            {
                if (only.Exists)
                {
                    return default;
                }

                only = child.Only(second, third);
            }
        }

        return only;
    }

    /// <summary>Whether one of its children of that name says anything but white space.</summary>
    public static bool Tells(this Node at, Name name)
    {
        foreach (var child in at.All(name))
        {
            if (child.HasText)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPairs(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>Where the character of that number, counted from 0, begins.</summary>
    private static int IndexOf(ReadOnlySpan<char> text, int character)
    {
        var at = 0;
        while (character > 0 && at < text.Length)
        {
            at += char.IsHighSurrogate(text[at]) ? 2 : 1;
            character--;
        }

        return Math.Min(at, text.Length);
    }
}
