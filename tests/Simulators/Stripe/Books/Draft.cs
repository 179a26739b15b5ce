using System.Text.Json.Nodes;
using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>
/// The books as one request has them open: it reads what is, and puts down what is to be. All of it is written at once, or none of it.
/// </summary>
internal sealed class Draft(State state, Faults faults, DateTimeOffset now)
{
    private static readonly TimeSpan KeysLive = TimeSpan.FromHours(24);

    /// <summary>What is to be.</summary>
    public Change Change { get; private set; } = new();

    public DateTimeOffset Now => now;

    public Settings Settings => state.Settings;

    public Faults Faults => faults;

    /// <summary>Whose key it is. A key that nobody has registered opens an account of its own.</summary>
    public Merchant MerchantOf(string key) =>
        state.Merchants.Values.FirstOrDefault(each => each.SecretKey == key) ?? new Merchant(Ids.AccountOf(key), key);

    public IReadOnlyList<Hook> HooksOf(string account) =>
        [.. state.Hooks.Values.Where(each => each.Account == account && !each.Deleted).OrderBy(each => each.Created)];

    public Session? Session(string id) => state.Sessions.GetValueOrDefault(id);

    /// <summary>The session that its account calls so.</summary>
    public Session? SessionBy(string reference) => state.SessionOf.TryGetValue(reference, out var id) ? state.Sessions[id] : null;

    public Payment? Payment(string id) => state.Payments.GetValueOrDefault(id);

    public Refund? Refund(string id) => state.Refunds.GetValueOrDefault(id);

    public IReadOnlyList<Refund> RefundsOf(string payment) =>
        state.RefundsOf.TryGetValue(payment, out var ids) ? [.. ids.Select(id => state.Refunds[id])] : [];

    public Dispute? Dispute(string id) => state.Disputes.GetValueOrDefault(id);

    public Payout? Payout(string id) => state.Payouts.GetValueOrDefault(id);

    public Entry? Entry(string id) => state.Entries.GetValueOrDefault(id);

    public IReadOnlyList<Entry> EntriesOf(string account) =>
        state.EntriesOf.TryGetValue(account, out var ids) ? [.. ids.Select(id => state.Entries[id])] : [];

    /// <summary>What of an account no payout has taken yet.</summary>
    public IReadOnlyList<Entry> Available(string account) =>
        state.Available.TryGetValue(account, out var ids) ? [.. ids.Select(id => state.Entries[id]).OrderBy(each => each.Created)] : [];

    /// <summary>What was answered under a key, for as long as Stripe keeps that.</summary>
    public KeptAnswer? AnswerOf(string account, string key) =>
        state.Answers.TryGetValue((account, key), out var kept) && now - kept.At < KeysLive ? kept : null;

    public void Put(Merchant merchant) => (Change.Merchants ??= []).Add(merchant);

    public void Put(Hook hook) => (Change.Hooks ??= []).Add(hook);

    public void Put(Session session) => (Change.Sessions ??= []).Add(session);

    public void Put(Payment payment) => (Change.Payments ??= []).Add(payment);

    public void Put(Refund refund) => (Change.Refunds ??= []).Add(refund);

    public void Put(Dispute dispute) => (Change.Disputes ??= []).Add(dispute);

    public void Put(Payout payout) => (Change.Payouts ??= []).Add(payout);

    public void Put(Entry entry) => (Change.Entries ??= []).Add(entry);

    public void Put(Answer answer) => (Change.Answers ??= []).Add(answer);

    public void Put(Settings settings) => Change.Settings = settings;

    /// <summary>Tells an event to whoever wants it. How it will be lost, late or doubled is drawn now.</summary>
    public void Tell(string account, string type, JsonObject what)
    {
        var hooks = HooksOf(account).Where(each => each.Wants(type)).ToList();
        if (hooks.Count == 0)
        {
            return;
        }

        var id = Ids.New("evt_1", 23);
        (Change.Events ??= []).Add(
            new Told
            {
                Id = id,
                Account = account,
                Type = type,
                Created = now,
                Body = Render.Event(id, type, now, what, hooks.Count).ToJsonString(Render.Text),
            }
        );
        foreach (var hook in hooks)
        {
            Send(account, id, hook.Id);
        }
    }

    /// <summary>Nothing of what was put down is to be.</summary>
    public void Drop() => Change = new();

    private void Send(string account, string id, string hook)
    {
        var sent = new Sent
        {
            Event = id,
            Hook = hook,
            NextAt = now,
        };
        var sending = Change.Sent ??= [];
        if (faults.Draw(FaultKinds.LostNotice, account) is not null)
        {
            sending.Add(sent with { State = Sent.Lost });
            return;
        }

        if (faults.Draw(FaultKinds.Slow, account, Fault.Notice) is { } slow)
        {
            sent = sent with { NextAt = now.AddSeconds(slow.Seconds ?? 5) };
        }

        if (faults.Draw(FaultKinds.OutOfOrder, account) is { } late)
        {
            sent = sent with { NextAt = sent.NextAt + faults.Within(late.Seconds ?? 3) };
        }

        sending.Add(sent);
        if (faults.Draw(FaultKinds.Duplicate, account) is { } twice)
        {
            sending.Add(sent with { Copy = 1, NextAt = sent.NextAt + faults.Within(twice.Seconds ?? 2) });
        }
    }
}
