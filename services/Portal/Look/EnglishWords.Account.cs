namespace RetailInvoicing.Portal.Look;

public sealed partial class EnglishWords
{
    public override string AccountTitle => "Statement of account";
    public override string AccountEmpty => "You have owed this shop nothing in this time.";
    public override string AccountWhat => "What";
    public override string AccountBalance => "Balance";

    public override string AccountPeriod(DateOnly from, DateOnly to) => $"From {Date(from)} to {Date(to)}";

    public override string AccountIn(string currency) => $"Account in {currency}";

    public override string AccountOpening(DateOnly day) => $"Balance before {ShortDate(day)}";

    public override string AccountClosing(DateOnly day) => $"Balance on {Date(day)}";

    public override string AccountKind(string kind) =>
        kind switch
        {
            "invoice" => "Invoice",
            "payment" => "Payment of",
            "correction" => "Correction of",
            "refund" => "Refund of",
            "reversal" => "Payment taken back of",
            "write-off" => "Amount given up of",
            "undone" => "Payment reassigned of",
            "cancellation" => "Cancellation of",
            _ => "Change of",
        };

    public override string AccountClaims => "Beside the account";
    public override string AccountClaimsText =>
        "Interest and compensation for late payment between businesses (Directive 2011/7/EU). They are part of no invoice and carry no VAT.";

    public override string ClaimKind(string kind) => kind == "interest" ? "Interest for late payment of" : "Compensation for recovery of";

    public override string ClaimState(string state) =>
        state switch
        {
            "paid" => "paid",
            "waived" => "not asked for",
            _ => "due",
        };

    public override string DisputeTitle => "Something is wrong with this invoice";
    public override string DisputeLead =>
        "Tell the shop. While it looks into it, it will not remind you of what you say is wrong; the rest is paid as always.";
    public override string DisputeWhat => "What is wrong?";
    public override string DisputeAll => "The whole invoice";
    public override string DisputeReason => "What happened?";
    public override string DisputeSend => "Send it to the shop";

    public override string DisputeNoReason(int longest) => $"Write what happened, in {longest} characters at most.";

    public override string DisputeNothingLeft => "You had told the shop already, or nothing is left to pay. Nothing has been sent.";
    public override string DisputeSent => "The shop knows";
    public override string DisputeSentText => "It will look into it and answer you. Until then it will not remind you to pay that part.";
}
