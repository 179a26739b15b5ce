using System.Globalization;
using System.Text;
using System.Xml;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// Texts, days and amounts as the agency's schema writes them. A name or description is cut to its length, and a character that XML cannot
/// hold becomes U+FFFD, as in every document of ours: it tells, and nothing is found by it. What identifies somebody or something is never
/// changed; where the schema has no room for it, <see cref="RecordFit" /> refuses it.
/// </summary>
internal static class RecordText
{
    /// <summary>A name or description of at most so many characters, without blanks around it (servicio web 6.7).</summary>
    public static string Free(string text, int most)
    {
        var sound = Writable(text).Trim();
        if (sound.Length <= most)
        {
            return sound;
        }

        // A pair of surrogates is one character: half of it is none.
        return sound[..(char.IsHighSurrogate(sound[most - 1]) ? most - 1 : most)].TrimEnd();
    }

    /// <summary>fecha: dd-MM-yyyy.</summary>
    public static string Day(DateOnly day) => day.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);

    /// <summary>FechaHoraHusoGenRegistro, as it is fingerprinted.</summary>
    public static string Instant(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>ImporteSgn12.2Type or Tipo2.2Type: with the decimals that it has, where they are two at most.</summary>
    public static string Amount(decimal amount) =>
        (amount.Scale > 2 ? decimal.Round(amount, 2, MidpointRounding.ToZero) : amount).ToString(CultureInfo.InvariantCulture);

    /// <summary>S or N.</summary>
    public static string YesNo(bool isSo) => isSo ? "S" : "N";

    private static string Writable(string text)
    {
        StringBuilder? sound = null;
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]);
            if (isPair)
            {
                sound?.Append(text[at]).Append(text[at + 1]);
                at++;
            }
            else if (XmlConvert.IsXmlChar(text[at]))
            {
                sound?.Append(text[at]);
            }
            else
            {
                sound ??= new StringBuilder(text.Length).Append(text, 0, at);
                sound.Append('\uFFFD');
            }
        }

        return sound?.ToString() ?? text;
    }
}
