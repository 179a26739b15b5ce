using System.Text.Json;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// A notice whose signature is right, in our words. A seller's account may serve others beside us: what they do there is not ours to know,
/// and no reason to refuse the notice.
/// </summary>
internal static class StripeNotice
{
    // What is signed is Stripe's to choose: nothing here asks that it be of the version that we write.
    private const string Event = "event";
    private const string NewerEvent = "v2.core.event";

    /// <summary>What the notice tells, or that it cannot be read, or is of another account.</summary>
    public static Outcome<ProviderNotice> Read(ProviderAccount account, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(account, document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is no Unicode.
            return PaymentsFaults.StripeUnreadable.With();
        }
    }

    /// <summary>Which account a notice says it is for; none where it says nothing, or is none.</summary>
    public static string? AddressedTo(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isAccount = reader.ValueTextEquals("account");
                reader.Read();
                if (isAccount && reader.TokenType == JsonTokenType.String)
                {
                    return reader.GetString() is { Length: > 0 } account ? account : null;
                }

                reader.Skip();
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Its signature will not be right either.
        }

        return null;
    }

    private static Outcome<ProviderNotice> Read(ProviderAccount account, JsonElement notice)
    {
        if (notice.Id("id") is not { } id || notice.Text("object") is not (Event or NewerEvent) || notice.Text("type") is not { } type)
        {
            return PaymentsFaults.StripeUnreadable.With();
        }

        if (
            (notice.Text("account") is { } named && named != account.AccountId)
            || notice.Flag("livemode") != (account.Environment == StripeProvider.Live)
        )
        {
            return PaymentsFaults.StripeForeign.With();
        }

        if (notice.Text("object") == NewerEvent)
        {
            return new ProviderNotice { EventId = id, Facts = [] };
        }

        return notice.Time("created") is { } at && notice.Part("data")?.Part("object") is { } what
            ? new ProviderNotice { EventId = id, Facts = [.. FactsOf(account, type, what, at).OfType<ProviderFact>()] }
            : PaymentsFaults.StripeUnreadable.With();
    }

    private static IEnumerable<ProviderFact?> FactsOf(ProviderAccount account, string type, JsonElement what, DateTimeOffset at) =>
        type switch
        {
            // Completed says that the payer is through; of a debit, paid or not is told later.
            "checkout.session.completed" or "checkout.session.async_payment_succeeded" => OfSession(
                account,
                what,
                ours => StripeFacts.Paid(what, ours, at)
            ),
            "checkout.session.async_payment_failed" => OfSession(
                account,
                what,
                ours => StripeFacts.Ended(what, ours, CheckoutState.Failed, "async_payment_failed", at)
            ),
            "checkout.session.expired" => OfSession(
                account,
                what,
                ours => StripeFacts.Ended(what, ours, CheckoutState.Expired, "expired", at)
            ),
            "refund.created" or "refund.updated" or "refund.failed" or "charge.refund.updated" => [StripeFacts.Refunded(what, at)],
            // Its refunds come along in older versions alone; in newer ones each is told by itself.
            "charge.refunded" => what.Each("refunds").Select(refund => StripeFacts.Refunded(refund, at)),
            "charge.dispute.created" or "charge.dispute.funds_withdrawn" => [StripeFacts.Taken(what, at)],
            "charge.dispute.funds_reinstated" => [StripeFacts.Again(what, at)],
            "payout.paid" => [StripeFacts.Payout(what, fees: 0m, at)],
            // Days after it was told as paid, too. What never was told so is nothing that was booked.
            "payout.failed" => [StripeFacts.PayoutFailure(what, at)],
            _ => [],
        };

    private static IEnumerable<ProviderFact?> OfSession(
        ProviderAccount account,
        JsonElement session,
        Func<CheckoutReference, ProviderFact?> fact
    ) =>
        StripeFacts.Marked(session, StripeFacts.CheckoutMark) is { } checkout
        && session.Part("metadata")?.Text(StripeFacts.SellerMark) == account.SellerId.Value
            ? [fact(new CheckoutReference(checkout, null))]
            : [];
}
