using RetailInvoicing.Simulators.Stripe.Control;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>What changes at once: all of it, or nothing. A line of the journal.</summary>
internal sealed class Change
{
    public List<Merchant>? Merchants { get; set; }

    public List<Hook>? Hooks { get; set; }

    public List<Session>? Sessions { get; set; }

    public List<Payment>? Payments { get; set; }

    public List<Refund>? Refunds { get; set; }

    public List<Dispute>? Disputes { get; set; }

    public List<Payout>? Payouts { get; set; }

    public List<Entry>? Entries { get; set; }

    public List<Told>? Events { get; set; }

    public List<Sent>? Sent { get; set; }

    public List<Answer>? Answers { get; set; }

    public Settings? Settings { get; set; }

    public bool IsNothing() =>
        Settings is null
        && Merchants is null
        && Hooks is null
        && Sessions is null
        && Payments is null
        && Refunds is null
        && Disputes is null
        && Payouts is null
        && Entries is null
        && Events is null
        && Sent is null
        && Answers is null;
}
