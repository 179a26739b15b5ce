namespace RetailInvoicing.Collections.Timing;

/// <summary>
/// What came of messages sent before, by channel and part of the day: a message was answered where something of it was paid within
/// 48 hours. Of one customer, and of all of the seller's customers together.
/// </summary>
public sealed record AnswerHabit
{
    /// <summary>The channels that are told apart.</summary>
    public static readonly IReadOnlyList<string> Channels = ["email", "sms", "whatsapp"];

    /// <summary>How many cells there are: a channel at a part of the day each.</summary>
    public static readonly int Cells = Channels.Count * HourBand.All.Count;

    /// <summary>Nothing sent yet.</summary>
    public static readonly AnswerHabit None = new()
    {
        Sent = new float[Cells],
        Answered = new float[Cells],
        SellerSent = new float[Cells],
        SellerAnswered = new float[Cells],
    };

    /// <summary>Messages sent to the customer, by cell.</summary>
    public required IReadOnlyList<float> Sent { get; init; }

    /// <summary>Those of them that were answered.</summary>
    public required IReadOnlyList<float> Answered { get; init; }

    /// <summary>Messages sent to all customers of the seller, by cell.</summary>
    public required IReadOnlyList<float> SellerSent { get; init; }

    /// <summary>Those of them that were answered.</summary>
    public required IReadOnlyList<float> SellerAnswered { get; init; }

    /// <summary>The cell of a channel at a part of the day; none for a channel that is not learned of.</summary>
    public static int? CellOf(string channel, HourBand band)
    {
        for (var i = 0; i < Channels.Count; i++)
        {
            if (Channels[i] == channel)
            {
                return i * HourBand.All.Count + band.Index;
            }
        }

        return null;
    }
}
