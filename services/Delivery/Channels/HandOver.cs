using System.Text;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>How handing a message over ended.</summary>
public enum HandOverEnd
{
    /// <summary>The channel has it.</summary>
    Accepted,

    /// <summary>The channel does not have it, and may take it later.</summary>
    Deferred,

    /// <summary>The channel refuses it for good.</summary>
    Refused,

    /// <summary>The line broke after the message went out and before its acceptance came back: nobody knows.</summary>
    Unknown,
}

/// <summary>The end of handing a message over, with the channel's own words.</summary>
public sealed record HandOver(HandOverEnd End, string? Detail = null)
{
    private const int MostCharacters = 500;

    /// <summary>The channel has it.</summary>
    public static readonly HandOver Accepted = new(HandOverEnd.Accepted);

    /// <summary>The channel's own words, in a line that a row can keep whatever a server says.</summary>
    public string? Detail { get; init; } = Line(Detail);

    /// <summary>Whether the recipient's host said it (a reply of 4xx), and not our own line to the server.</summary>
    public bool IsOfHost { get; init; }

    private static string? Line(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MostCharacters)
            {
                break;
            }

            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }
}
