using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// Stripe's objects as facts. A notice and an answer hold the same objects, and so the same facts come of both, under the same ids.
/// </summary>
internal static class StripeFacts
{
    /// <summary>What we wrote into a checkout's metadata.</summary>
    public const string CheckoutMark = "checkout_id";

    /// <summary>What we wrote there beside it.</summary>
    public const string SellerMark = "seller_id";

    /// <summary>What we wrote into a refund's metadata.</summary>
    public const string RefundMark = "refund_id";

    /// <summary>A session that was paid; none where it was not, or not yet: a debit takes days.</summary>
    public static CheckoutPaid? Paid(JsonElement session, CheckoutReference checkout, DateTimeOffset at)
    {
        if (
            session.Text("payment_status") != "paid"
            || session.Id("payment_intent") is not { } payment
            || session.Amount("amount_total") is not { } total
        )
        {
            return null;
        }

        var charge = ChargeOf(session);
        return new CheckoutPaid
        {
            FactId = $"paid:{payment}",
            At = charge?.Time("created") ?? at,
            Checkout = checkout,
            Reference = payment,
            Means = MeansOf(session, charge),
            Amount = total.Amount,
            Currency = total.Currency,
            Fee = charge?.Part("balance_transaction")?.Amount("fee") is { } fee && fee.Currency == total.Currency ? fee.Amount : null,
        };
    }

    /// <summary>A session that came to nothing.</summary>
    public static CheckoutEnded? Ended(
        JsonElement session,
        CheckoutReference checkout,
        CheckoutState state,
        string? reason,
        DateTimeOffset at
    ) =>
        session.Id("id") is { } id
            ? new CheckoutEnded
            {
                FactId = $"ended:{id}",
                At = at,
                Checkout = checkout,
                State = state,
                Reason = reason,
            }
            : null;

    /// <summary>
    /// A refund that was given, or will not be; none while it is under way, or where it is of no payment that we could know. One that was
    /// given may still come back after weeks, and that is something else that happened.
    /// </summary>
    public static RefundEnded? Refunded(JsonElement refund, DateTimeOffset at)
    {
        var state = RefundStateOf(refund);
        if (
            state == RefundState.Asked
            || refund.Id("id") is not { } id
            || refund.Id("payment_intent") is not { } payment
            || Positive(refund) is not { } amount
        )
        {
            return null;
        }

        return new RefundEnded
        {
            FactId = state == RefundState.Given ? $"refund:{id}" : $"refund-failed:{id}",
            At = at,
            RefundId = Marked(refund, RefundMark),
            Payment = payment,
            Reference = id,
            State = state,
            Amount = amount.Amount,
            Currency = amount.Currency,
            Reason = state == RefundState.Failed ? refund.Text("failure_reason") ?? refund.Text("status") : null,
        };
    }

    /// <summary>How far a refund is.</summary>
    public static RefundState RefundStateOf(JsonElement refund) =>
        refund.Text("status") switch
        {
            "succeeded" => RefundState.Given,
            "failed" or "canceled" => RefundState.Failed,
            _ => RefundState.Asked,
        };

    /// <summary>Money that a dispute took; none where the bank only asks, and takes nothing.</summary>
    public static TakenBack? Taken(JsonElement dispute, DateTimeOffset at) =>
        dispute.Text("status") is { } status
        && !status.StartsWith("warning_", StringComparison.Ordinal)
        && status != "prevented"
        && dispute.Id("id") is { } id
        && dispute.Id("payment_intent") is { } payment
        && Positive(dispute) is { } amount
            ? new TakenBack
            {
                FactId = $"taken:{id}",
                At = at,
                Payment = payment,
                Amount = amount.Amount,
                Currency = amount.Currency,
                Reason = dispute.Text("reason"),
            }
            : null;

    /// <summary>Money that a dispute had taken and gave again.</summary>
    public static GivenAgain? Again(JsonElement dispute, DateTimeOffset at) =>
        dispute.Id("id") is { } id && dispute.Id("payment_intent") is { } payment && Positive(dispute) is { } amount
            ? new GivenAgain
            {
                FactId = $"again:{id}",
                At = at,
                Payment = payment,
                Amount = amount.Amount,
                Currency = amount.Currency,
            }
            : null;

    /// <summary>Money that goes to the bank, or comes from it where refunds and disputes were more than payments.</summary>
    public static PaidOut? Payout(JsonElement payout, decimal fees, DateTimeOffset at) =>
        payout.Id("id") is { } id && payout.Amount("amount") is { } amount && amount.Amount != 0m
            ? new PaidOut
            {
                FactId = $"payout:{id}",
                At = at,
                Reference = id,
                Amount = amount.Amount,
                Currency = amount.Currency,
                Fees = fees,
                // Midnight in UTC, whatever the account's zone.
                ArrivesOn = payout.Time("arrival_date") is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null,
                Statement = payout.Text("statement_descriptor"),
            }
            : null;

    /// <summary>Money that did not reach the bank, or came back from it.</summary>
    public static PayoutFailed? PayoutFailure(JsonElement payout, DateTimeOffset at) =>
        payout.Id("id") is { } id
            ? new PayoutFailed
            {
                FactId = $"payout-failed:{id}",
                At = at,
                Reference = id,
                Reason = payout.Text("failure_code"),
            }
            : null;

    /// <summary>What Stripe kept of one part of a payout.</summary>
    public static decimal FeeOf(JsonElement part) =>
        part.Text("type") switch
        {
            // The payout itself.
            "payout" => 0m,
            // What is charged by itself, and not with a payment.
            "stripe_fee" or "stripe_fx_fee" or "tax_fee" => -(part.Amount("amount")?.Amount ?? 0m),
            _ => part.Amount("fee")?.Amount ?? 0m,
        };

    /// <summary>Why a session that its payer is through with was not paid.</summary>
    public static string? WhyNotPaid(JsonElement session)
    {
        var payment = session.Part("payment_intent");
        var error = payment?.Part("last_payment_error");
        return error?.Text("decline_code") ?? error?.Text("code") ?? payment?.Text("status");
    }

    /// <summary>An id of ours in an object's metadata.</summary>
    public static Guid? Marked(JsonElement from, string mark) =>
        Guid.TryParseExact(from.Part("metadata")?.Text(mark), "D", out var id) ? id : null;

    /// <summary>The charge of a session's payment, where it was asked for along with it.</summary>
    public static JsonElement? ChargeOf(JsonElement session) => session.Part("payment_intent")?.Part("latest_charge");

    private static (decimal Amount, Currency Currency)? Positive(JsonElement from) =>
        from.Amount("amount") is { } amount && amount.Amount > 0m ? amount : null;

    private static PaymentMeans? MeansOf(JsonElement session, JsonElement? charge)
    {
        if (charge?.Part("payment_method_details") is { } details)
        {
            return details.Text("type") switch
            {
                "sepa_debit" => PaymentMeans.DirectDebit,
                "card" => details.Part("card")?.Part("wallet") is null ? PaymentMeans.Card : PaymentMeans.Wallet,
                _ => null,
            };
        }

        // A session that takes cards takes wallets, too, and does not say which of them it was.
        return session.Each("payment_method_types").Select(static each => each.ToString()).ToArray() is ["sepa_debit"]
            ? PaymentMeans.DirectDebit
            : null;
    }
}
