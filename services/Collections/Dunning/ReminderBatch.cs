using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What became so far of some notices that are taken in hand together, one after the other.</summary>
public sealed class ReminderBatch(NoticeFacts facts)
{
    /// <summary>All that bears on them, with what was sent of them meanwhile.</summary>
    public NoticeFacts Facts => facts;

    /// <summary>What is told of them.</summary>
    public List<IEvent> Told { get; } = [];

    /// <summary>Receivables whose customers are to be looked at again.</summary>
    public List<(SellerId Seller, InvoiceId Invoice)> Again { get; } = [];

    /// <summary>How many were recorded.</summary>
    public int Recorded { get; private set; }

    /// <summary>How many went.</summary>
    public int Sent { get; private set; }

    /// <summary>Why nobody is asked for any more of them: whoever is away is not asked once more for each of the others.</summary>
    public Wait? DeliveryWaits { get; private set; }

    /// <summary>One notice at least is done with each time; where Delivery is away the others only hear that they wait.</summary>
    public bool MayBeLeft => Recorded > 0 && DeliveryWaits is null;

    /// <summary>Whether Delivery is to be asked for it now.</summary>
    public bool IsToBeAsked(ComposedNotice made) => made.Lines.Count > 0 && WaitOf(made) is null;

    /// <summary>Why it waits, before Delivery is asked.</summary>
    public Wait? WaitOf(ComposedNotice made) => made.Wait is null && made.Lines.Count > 0 ? DeliveryWaits : made.Wait;

    /// <summary>Delivery was asked for it then, or to take back what it was asked for before.</summary>
    public void Answered(PlannedNotice notice, DeliveryAnswer answer, DateTimeOffset? asked)
    {
        DeliveryWaits = answer.Wait is { Away: true } wait ? wait : null;
        if (!answer.IsOpen || (answer.IsRefusal && !facts.IsUnanswered(notice)))
        {
            facts.Sent(notice, answer.QueuedAt);
        }
        else if (asked is { } at)
        {
            facts.Sent(notice, at);
        }
    }

    /// <summary>It is recorded what became of it.</summary>
    public void Record(IReadOnlyList<IEvent> news, bool sent)
    {
        Recorded++;
        Sent += sent ? 1 : 0;
        Told.AddRange(news);
    }
}
