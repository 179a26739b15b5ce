using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>A payer's bank wants money back, and may have to give it again.</summary>
internal static class Disputing
{
    private const long Fee = 2000;

    /// <summary>Opens a dispute; an inquiry takes nothing, a debit's is lost at once.</summary>
    public static Dispute Open(Draft draft, Payment payment, long amount, string reason)
    {
        var isInquiry = reason == TestNumbers.Inquiry;
        var id = Ids.New("du_1", 23);
        var dispute = new Dispute
        {
            Id = id,
            Account = payment.Account,
            Payment = payment.Id,
            Charge = payment.Charge,
            Created = draft.Now,
            Amount = amount,
            Currency = payment.Currency,
            Status =
                isInquiry ? "warning_needs_response"
                : payment.Type == "card" ? "needs_response"
                : "lost",
            Reason = isInquiry ? TestNumbers.Fraudulent : reason,
            Entries = isInquiry ? [] : [Entered(draft, payment, id, -amount, payment.Currency == "eur" ? Fee : 0)],
        };
        draft.Put(dispute);
        draft.Put(payment with { Dispute = id });
        draft.Tell(payment.Account, "charge.dispute.created", Render.Dispute(dispute));
        if (!isInquiry)
        {
            draft.Tell(payment.Account, "charge.dispute.funds_withdrawn", Render.Dispute(dispute));
        }

        return dispute;
    }

    /// <summary>Ends a dispute that is open.</summary>
    public static Dispute Close(Draft draft, Dispute dispute, bool isWon)
    {
        if (dispute.Status is not ("needs_response" or "warning_needs_response"))
        {
            throw Refusal.Bad("dispute", $"This dispute is {dispute.Status} already.");
        }

        var payment = draft.Payment(dispute.Payment)!;
        var isInquiry = dispute.Status == "warning_needs_response";
        var givesAgain = isWon && !isInquiry;
        var closed = dispute with
        {
            Status =
                isInquiry ? "warning_closed"
                : isWon ? "won"
                : "lost",
            Entries = givesAgain ? [.. dispute.Entries, Entered(draft, payment, dispute.Id, dispute.Amount, 0)] : dispute.Entries,
        };
        draft.Put(closed);
        if (givesAgain)
        {
            draft.Tell(closed.Account, "charge.dispute.funds_reinstated", Render.Dispute(closed));
        }

        draft.Tell(closed.Account, "charge.dispute.closed", Render.Dispute(closed));
        return closed;
    }

    private static Entry Entered(Draft draft, Payment payment, string dispute, long amount, long fee)
    {
        var entry = new Entry
        {
            Id = Ids.New("txn_1", 23),
            Account = payment.Account,
            Type = "adjustment",
            Source = dispute,
            Created = draft.Now,
            Amount = amount,
            Fee = fee,
            Currency = payment.Currency,
        };
        draft.Put(entry);
        return entry;
    }
}
