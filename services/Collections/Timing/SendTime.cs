using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Timing;

/// <summary>A channel that a message may go by, and the hours of that local day it may go at; the end is not included, midnight ends the day.</summary>
public sealed record SendWindow(string Channel, TimeOnly From, TimeOnly To);

/// <summary>How and at what local time a message goes.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="At">The local time of the customer's place.</param>
/// <param name="HeldOut">Whether the customer is one of those who get the policy's own way, so that the effect can be measured.</param>
public sealed record SendChoice(string Channel, TimeOnly At, bool HeldOut);

/// <summary>
/// Chooses channel and hour of a message by what came of messages before, for policies that ask for it.
/// <para>
/// Model. A cell is a channel at a part of the day; a message in it is answered with a chance of its own. For each cell that the policy
/// allows, the seller's chance is drawn from its posterior, Beta(2 + answered, 18 + not answered), whose prior is worth twenty messages of
/// which a tenth is answered; the customer's chance is that draw shrunk towards the customer's own answers, the draw counting as ten
/// messages: (answered + 10 · draw) / (sent + 10). The largest wins (Thompson sampling over the seller's cells: what is little known is
/// still tried, what is known to be worse hardly ever). Draws follow from the notice's id alone.
/// </para>
/// <para>
/// Hold-out. A tenth of the customers, anew each quarter of a year and by nothing but a hash of seller, customer and quarter, gets the
/// policy's first channel at the policy's own time. Whole customers and not messages: one customer's messages bear on the same invoices.
/// </para>
/// </summary>
public static class SendTime
{
    /// <summary>The share of customers that is held out.</summary>
    public const double HoldOutShare = 0.10;

    private const double PriorAnswered = 2;
    private const double PriorUnanswered = 18;
    private const double SellerWeight = 10;

    /// <summary>Whether the customer is held out in the quarter of that day.</summary>
    public static bool IsHeldOut(SellerId seller, string customerKey, DateOnly day) =>
        new SeededDraws($"hold-out|{seller.Value}|{customerKey}|{day.Year}-{(day.Month - 1) / 3}").Uniform() < HoldOutShare;

    /// <summary>
    /// How the message goes on that day: the windows are what the policy allows, the first one's channel the policy's own, and the own
    /// time lies in the first window.
    /// </summary>
    public static SendChoice Choose(
        AnswerHabit habit,
        IReadOnlyList<SendWindow> windows,
        TimeOnly own,
        SellerId seller,
        string customerKey,
        DateOnly day,
        NoticeId notice
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(windows.Count);
        var policysOwn = new SendChoice(windows[0].Channel, own, IsHeldOut(seller, customerKey, day));
        if (policysOwn.HeldOut)
        {
            return policysOwn;
        }

        var draws = new SeededDraws($"send-time|{notice}");
        var (best, chance) = (policysOwn, double.MinValue);
        foreach (var window in windows)
        {
            foreach (var band in HourBand.All)
            {
                // A draw for each cell whether it is allowed or not: another policy's hours leave the others' chances as they are.
                var answered = Chance(habit, AnswerHabit.CellOf(window.Channel, band), draws);
                if (answered > chance && Within(window, band, window == windows[0] ? own : null) is { } at)
                {
                    (best, chance) = (new SendChoice(window.Channel, at, false), answered);
                }
            }
        }

        return best;
    }

    private static double Chance(AnswerHabit habit, int? cell, SeededDraws draws)
    {
        var (sellerSent, sellerAnswered, sent, answered) = cell is { } at
            ? (habit.SellerSent[at], habit.SellerAnswered[at], habit.Sent[at], habit.Answered[at])
            : (0f, 0f, 0f, 0f);
        var draw = draws.Beta(PriorAnswered + sellerAnswered, PriorUnanswered + Math.Max(0, sellerSent - sellerAnswered));
        return (answered + SellerWeight * draw) / (sent + SellerWeight);
    }

    /// <summary>The policy's own time where it lies in both, else the first minute that does; none where none does.</summary>
    private static TimeOnly? Within(SendWindow window, HourBand band, TimeOnly? own)
    {
        var opens = window.From.ToTimeSpan();
        var closes = window.To == TimeOnly.MinValue ? TimeSpan.FromDays(1) : window.To.ToTimeSpan();
        var (from, to) = (opens > band.From ? opens : band.From, closes < band.To ? closes : band.To);
        return from >= to ? null
            : own is { } time && time.ToTimeSpan() >= from && time.ToTimeSpan() < to ? own
            : TimeOnly.FromTimeSpan(from);
    }
}
