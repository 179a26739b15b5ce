namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>Text that people read: PostgreSQL holds no NUL, and no reader has use for other control characters.</summary>
public static class PlainText
{
    /// <summary>Whether it is.</summary>
    public static bool IsSound(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var each = text[i];
            if ((each < ' ' && each is not ('\t' or '\n' or '\r')) || each is '\u007F' or '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            if (char.IsHighSurrogate(each) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(each))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>At most so many characters, with a sign where it was cut.</summary>
    public static string Short(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)].TrimEnd() + "…";
    }
}
