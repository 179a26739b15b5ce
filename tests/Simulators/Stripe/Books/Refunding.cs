using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>Money is given back, or is not in the end.</summary>
internal static class Refunding
{
    /// <summary>Gives back what is left of a payment, or a part of it.</summary>
    public static Refund Give(Draft draft, Payment payment, long? amount, string? reason, IReadOnlyDictionary<string, string> metadata)
    {
        var left = payment.Amount - payment.Refunded;
        var back = amount ?? left;
        Check(draft, payment, back, left);
        var isFailing = draft.Faults.Draw(FaultKinds.RefundFailure, payment.Account) is not null;
        // A debit cannot be given back at once; of a card that is the exception, and it may still come back.
        var isPending = isFailing || payment.Type != "card" || payment.Outcome == TestNumbers.RefundPending;
        var outcome =
            isFailing || payment.Outcome == TestNumbers.RefundFails ? "failed"
            : isPending ? "succeeded"
            : null;
        var id = Ids.New("re_3", 23);
        var entry = Entered(draft, payment, id, -back, "refund");
        var refund = new Refund
        {
            Id = id,
            Account = payment.Account,
            Payment = payment.Id,
            Charge = payment.Charge,
            Created = draft.Now,
            Amount = back,
            Currency = payment.Currency,
            Status = isPending ? "pending" : "succeeded",
            Reason = reason,
            Metadata = metadata,
            Entry = entry.Id,
            Outcome = outcome,
            SettlesAt = outcome is null ? null : draft.Now.AddSeconds(draft.Settings.RefundSeconds),
        };
        var after = payment with { Refunded = payment.Refunded + back };
        draft.Put(refund);
        draft.Put(after);
        draft.Tell(refund.Account, "refund.created", Render.Refund(refund));
        draft.Tell(refund.Account, "charge.refunded", Render.Charge(after, draft, Expand.Nothing));
        return refund;
    }

    /// <summary>A refund that was under way is through: given, or not.</summary>
    public static void Settle(Draft draft, string id)
    {
        if (draft.Refund(id) is not { SettlesAt: { } at } refund || at > draft.Now)
        {
            return;
        }

        if (refund.Outcome == "succeeded")
        {
            refund = refund with { Status = "succeeded", SettlesAt = null };
            draft.Put(refund);
            draft.Tell(refund.Account, "refund.updated", Render.Refund(refund));
            draft.Tell(refund.Account, "charge.refund.updated", Render.Refund(refund));
            return;
        }

        var payment = draft.Payment(refund.Payment)!;
        refund = refund with
        {
            Status = "failed",
            FailureReason = "expired_or_canceled_card",
            FailureEntry = Entered(draft, payment, refund.Id, refund.Amount, "refund_failure").Id,
            SettlesAt = null,
        };
        draft.Put(refund);
        draft.Put(payment with { Refunded = payment.Refunded - refund.Amount });
        draft.Tell(refund.Account, "refund.updated", Render.Refund(refund));
        draft.Tell(refund.Account, "refund.failed", Render.Refund(refund));
        draft.Tell(refund.Account, "charge.refund.updated", Render.Refund(refund));
    }

    private static void Check(Draft draft, Payment payment, long back, long left)
    {
        if (payment.Status != "succeeded")
        {
            throw Refusal.Not("payment_intent", null, $"The PaymentIntent {payment.Id} does not have a successful charge to refund.");
        }

        if (payment.Dispute is { } id && draft.Dispute(id) is { Status: "needs_response" or "lost" })
        {
            throw Refusal.Not(null, "charge_disputed", $"Charge {payment.Charge} has been charged back; cannot issue a refund.");
        }

        if (left == 0)
        {
            throw Refusal.Not(null, "charge_already_refunded", $"Charge {payment.Charge} has already been refunded.");
        }

        if (back < 1 || !Coins.IsSound(back, payment.Currency))
        {
            throw Refusal.Bad("amount", "Invalid positive integer", "parameter_invalid_integer");
        }

        if (back > left)
        {
            var (wanted, rest) = (Coins.Text(back, payment.Currency), Coins.Text(left, payment.Currency));
            throw Refusal.Not("amount", null, $"Refund amount ({wanted}) is greater than unrefunded amount on charge ({rest})");
        }
    }

    private static Entry Entered(Draft draft, Payment payment, string refund, long amount, string type)
    {
        var entry = new Entry
        {
            Id = Ids.New("txn_3", 23),
            Account = payment.Account,
            Type = type,
            Source = refund,
            Created = draft.Now,
            Amount = amount,
            Currency = payment.Currency,
        };
        draft.Put(entry);
        return entry;
    }
}
