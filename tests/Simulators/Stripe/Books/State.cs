using RetailInvoicing.Simulators.Stripe.Control;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>An answer that is kept under its key, and where its body lies.</summary>
internal sealed record KeptAnswer(string Fingerprint, DateTimeOffset At, int Status, Place Place);

/// <summary>Everything as it is now; guarded by whoever holds it.</summary>
internal sealed class State(Settings settings)
{
    public Dictionary<string, Merchant> Merchants { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Hook> Hooks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Session> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>Sessions by what the account calls them.</summary>
    public Dictionary<string, string> SessionOf { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Payment> Payments { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Refund> Refunds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<string>> RefundsOf { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Dispute> Disputes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Payout> Payouts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<string>> EntriesOf { get; } = new(StringComparer.Ordinal);

    /// <summary>What no payout has taken yet.</summary>
    public Dictionary<string, HashSet<string>> Available { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Account, string Key), KeptAnswer> Answers { get; } = [];

    /// <summary>Where events lie that may have to be sent.</summary>
    public Dictionary<string, Place> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Events on their way, and how many have arrived.</summary>
    public Dictionary<(string Event, string Hook, int Copy), Sent> Sending { get; } = [];

    public Dictionary<string, int> SentByState { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens by time: a session ends, a debit or a refund is through.</summary>
    public PriorityQueue<(string Kind, string Id), DateTimeOffset> Due { get; } = new();

    public PriorityQueue<Sent, DateTimeOffset> Notices { get; } = new();

    public Settings Settings { get; private set; } = settings;

    public void Apply(Change change, Place place)
    {
        Settings = change.Settings ?? Settings;
        change.Merchants?.ForEach(each => Merchants[each.Id] = each);
        change.Hooks?.ForEach(each => Hooks[each.Id] = each);
        change.Sessions?.ForEach(Apply);
        change.Payments?.ForEach(Apply);
        change.Refunds?.ForEach(Apply);
        change.Disputes?.ForEach(each => Disputes[each.Id] = each);
        change.Payouts?.ForEach(each => Payouts[each.Id] = each);
        change.Entries?.ForEach(Apply);
        change.Events?.ForEach(each => Events[each.Id] = place);
        change.Sent?.ForEach(Apply);
        change.Answers?.ForEach(each => Answers[(each.Account, each.Key)] = new(each.Fingerprint, each.At, each.Status, place));
    }

    private void Apply(Session session)
    {
        Sessions[session.Id] = session;
        if (session.Reference is { } reference)
        {
            SessionOf[reference] = session.Id;
        }

        if (session.Status == "open")
        {
            Due.Enqueue(("session", session.Id), session.ExpiresAt);
        }
    }

    private void Apply(Payment payment)
    {
        Payments[payment.Id] = payment;
        if (payment is { Status: "processing", SettlesAt: { } at })
        {
            Due.Enqueue(("payment", payment.Id), at);
        }
    }

    private void Apply(Refund refund)
    {
        if (!Refunds.ContainsKey(refund.Id))
        {
            Of(RefundsOf, refund.Payment).Add(refund.Id);
        }

        Refunds[refund.Id] = refund;
        if (refund.SettlesAt is { } at)
        {
            Due.Enqueue(("refund", refund.Id), at);
        }
    }

    private void Apply(Entry entry)
    {
        if (!Entries.ContainsKey(entry.Id))
        {
            Of(EntriesOf, entry.Account).Add(entry.Id);
        }

        Entries[entry.Id] = entry;
        if (!Available.TryGetValue(entry.Account, out var available))
        {
            Available[entry.Account] = available = new(StringComparer.Ordinal);
        }

        if (entry.Payout is null)
        {
            available.Add(entry.Id);
        }
        else
        {
            available.Remove(entry.Id);
        }
    }

    private void Apply(Sent sent)
    {
        var key = (sent.Event, sent.Hook, sent.Copy);
        if (Sending.Remove(key, out var before))
        {
            SentByState[before.State]--;
        }

        SentByState[sent.State] = SentByState.GetValueOrDefault(sent.State) + 1;
        // What has arrived is only counted: there are many.
        if (sent.State != Sent.Delivered)
        {
            Sending[key] = sent;
        }

        if (sent.State == Sent.Waiting)
        {
            Notices.Enqueue(sent, sent.NextAt);
        }
    }

    private static List<string> Of(Dictionary<string, List<string>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
