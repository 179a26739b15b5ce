using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>What a payer pays with: card or sepa_debit, its number, and the wallet that a card lies in.</summary>
internal sealed record Instrument(string Type, string Number, string? Wallet = null);

/// <summary>What came of it: paid, processing, declined or authentication; why it was declined.</summary>
internal sealed record Tried(string Status, string? Reason, Session Session);

/// <summary>A payer pays a session, or a debit is through.</summary>
internal static class Pay
{
    public const string Paid = "paid";
    public const string Processing = "processing";
    public const string Declined = "declined";

    /// <summary>Pays; <paramref name="isAuthenticated"/> where the payer's bank has asked the payer, if it wants to.</summary>
    public static Tried With(Draft draft, Session session, Instrument instrument, bool isAuthenticated)
    {
        if (session.Status != "open")
        {
            throw Refusal.Bad("session", $"This session is {session.Status}: nobody can pay it.");
        }

        var fate = instrument.Type == "card" ? TestNumbers.OfCard(instrument.Number) : TestNumbers.OfIban(instrument.Number);
        if (fate.Outcome == TestNumbers.Authentication && !isAuthenticated)
        {
            return new Tried(TestNumbers.Authentication, null, session);
        }

        var payment = Begun(draft, session, instrument, fate);
        return fate.Code is not null ? Decline(draft, session, payment)
            : instrument.Type == "card" ? Charge(draft, session, payment)
            : Debit(draft, session, payment);
    }

    /// <summary>A debit is through: it is paid, or it was not.</summary>
    public static void Settle(Draft draft, string id)
    {
        if (draft.Payment(id) is not { Status: Processing } payment || payment.SettlesAt > draft.Now)
        {
            return;
        }

        var session = draft.Session(payment.Session)!;
        if (payment.Outcome == TestNumbers.Fails)
        {
            payment = payment with
            {
                Status = "requires_payment_method",
                FailureCode = "payment_method_customer_decline",
                DeclineCode = "insufficient_funds",
                SettlesAt = null,
            };
            draft.Put(payment);
            draft.Tell(payment.Account, "payment_intent.payment_failed", Render.Intent(payment, draft, Expand.Nothing));
            draft.Tell(payment.Account, "checkout.session.async_payment_failed", Render.Session(session, draft, Expand.Nothing));
            return;
        }

        session = session with { PaymentStatus = Paid };
        payment = Take(draft, payment with { SettlesAt = null });
        draft.Put(session);
        draft.Tell(payment.Account, "checkout.session.async_payment_succeeded", Render.Session(session, draft, Expand.Nothing));
        Contest(draft, payment);
    }

    /// <summary>Nobody can pay it any more.</summary>
    public static Session End(Draft draft, Session session)
    {
        var ended = session with { Status = "expired" };
        draft.Put(ended);
        draft.Tell(ended.Account, "checkout.session.expired", Render.Session(ended, draft, Expand.Nothing));
        return ended;
    }

    private static Payment Begun(Draft draft, Session session, Instrument instrument, Fate fate)
    {
        var begun = session.Payment is { } id ? draft.Payment(id) : null;
        return new Payment
        {
            Id = begun?.Id ?? Ids.New("pi_3", 23),
            Charge = Ids.New("ch_3", 23),
            Account = session.Account,
            Session = session.Id,
            Created = draft.Now,
            Amount = session.Amount,
            Currency = session.Currency,
            Status = "requires_payment_method",
            Type = instrument.Type,
            Wallet = instrument.Wallet,
            Last4 = instrument.Number.Length >= 4 ? instrument.Number[^4..] : null,
            FailureCode = fate.Code,
            DeclineCode = fate.Decline,
            Metadata = session.PaymentMetadata,
            Description = session.PaymentDescription,
            Outcome = fate.Outcome,
        };
    }

    private static Tried Decline(Draft draft, Session session, Payment payment)
    {
        session = session with { Payment = payment.Id };
        draft.Put(payment);
        draft.Put(session);
        draft.Tell(payment.Account, "payment_intent.payment_failed", Render.Intent(payment, draft, Expand.Nothing));
        return new Tried(Declined, payment.DeclineCode ?? payment.FailureCode, session);
    }

    private static Tried Charge(Draft draft, Session session, Payment payment)
    {
        session = session with { Payment = payment.Id, Status = "complete", PaymentStatus = Paid };
        payment = Take(draft, payment);
        draft.Put(session);
        draft.Tell(session.Account, "checkout.session.completed", Render.Session(session, draft, Expand.Nothing));
        Contest(draft, payment);
        return new Tried(Paid, null, session);
    }

    private static Tried Debit(Draft draft, Session session, Payment payment)
    {
        session = session with { Payment = payment.Id, Status = "complete" };
        payment = payment with { Status = Processing, SettlesAt = draft.Now.AddSeconds(draft.Settings.DebitSeconds) };
        draft.Put(payment);
        draft.Put(session);
        draft.Tell(payment.Account, "payment_intent.processing", Render.Intent(payment, draft, Expand.Nothing));
        draft.Tell(session.Account, "checkout.session.completed", Render.Session(session, draft, Expand.Nothing));
        return new Tried(Processing, null, session);
    }

    /// <summary>The money is on the account's balance.</summary>
    private static Payment Take(Draft draft, Payment payment)
    {
        var entry = new Entry
        {
            Id = Ids.New("txn_3", 23),
            Account = payment.Account,
            Type = payment.Type == "card" ? "charge" : "payment",
            Source = payment.Charge,
            Created = draft.Now,
            Amount = payment.Amount,
            // 1.5 % and 25 of a card, 35 of a debit; never more than was paid.
            Fee = Math.Min(payment.Amount, payment.Type == "card" ? (((payment.Amount * 15) + 500) / 1000) + 25 : 35),
            Currency = payment.Currency,
        };
        var taken = payment with { Status = "succeeded", Entry = entry.Id };
        draft.Put(entry);
        draft.Put(taken);
        draft.Tell(taken.Account, "payment_intent.succeeded", Render.Intent(taken, draft, Expand.Nothing));
        draft.Tell(taken.Account, "charge.succeeded", Render.Charge(taken, draft, Expand.Nothing));
        return taken;
    }

    private static void Contest(Draft draft, Payment payment)
    {
        if (payment.Outcome is TestNumbers.Fraudulent or TestNumbers.NotReceived or TestNumbers.Inquiry or TestNumbers.NotAuthorised)
        {
            Disputing.Open(draft, payment, payment.Amount, payment.Outcome);
        }
        else if (draft.Faults.Draw(FaultKinds.Dispute, payment.Account) is not null)
        {
            Disputing.Open(draft, payment, payment.Amount, payment.Type == "card" ? TestNumbers.Fraudulent : TestNumbers.NotAuthorised);
        }
    }
}
