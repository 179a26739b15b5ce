using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>What Redsys tells by itself, believed by its signature and its time.</summary>
public sealed partial class RedsysProvider
{
    private const int LateDays = 3;

    private const int EarlyMinutes = 15;

    /// <inheritdoc />
    public Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now)
    {
        if (RedsysMessage.In(request.Body, request.Query) is not { } message)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_MerchantParameters");
        }

        // Either version will do: a terminal that is moved from one to the other has notices of both under way, with one key.
        if (!RedsysSignature.IsKnown(message.Version))
        {
            return PaymentsFaults.RedsysVersion.With(Shown(message.Version));
        }

        if (RedsysParameters.Read(message.Parameters) is not { } said)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_MerchantParameters");
        }

        // Ds_Order, and never DS_MERCHANT_ORDER: the payer holds the form that we signed ourselves.
        if (!RedsysOrder.IsSound(said.Order))
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Order");
        }

        if (!RedsysSignature.IsRight(message.Version, account.Secrets[Key], said.Order, message.Parameters, message.Signature))
        {
            return PaymentsFaults.RedsysForged.With();
        }

        return said.AccountId == account.AccountId ? Notice(said, now) : PaymentsFaults.RedsysForeign.With();
    }

    private static Outcome<ProviderNotice> Notice(RedsysParameters said, DateTimeOffset now)
    {
        if (said.At is not { } at)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Date");
        }

        // The operation's time, not the notice's: a notice that is sent again by hand days later is as good as the first, and repeats do no
        // harm, since each fact has its effect once by its id. Nobody has one of the future.
        if (at > now.AddMinutes(EarlyMinutes) || at < now.AddDays(-LateDays))
        {
            return PaymentsFaults.RedsysTime.With(LateDays, EarlyMinutes);
        }

        if (said.Type is not { } type)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_TransactionType");
        }

        if (said.Response is not { } response)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Response");
        }

        return FactOf(said, type, response, at, out var fact) is { } fault
            ? fault
            : new ProviderNotice
            {
                // Notices have no id, and a repeat differs in Ds_Control_…: what was done, to the minute, names them.
                EventId = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{said.Order}:{type}:{response}:{said.AuthorisationCode}:{at.UtcDateTime:yyyyMMddHHmm}:{said.MinorUnits}:{said.MerchantData}"
                ),
                Facts = fact is null ? [] : [fact],
            };
    }

    /// <summary>What a notice tells, nothing where it is not ours to know; or what it lacks.</summary>
    private static Fault? FactOf(RedsysParameters said, string type, string response, DateTimeOffset at, out ProviderFact? fact)
    {
        fact = null;
        if (type == RedsysCodes.Payment)
        {
            var state = RedsysCodes.StateOf(response, said.ErrorCode);
            if (state == CheckoutState.Paid && said.Amount is null)
            {
                return PaymentsFaults.RedsysUnreadable.With("Ds_Amount");
            }

            fact = state == CheckoutState.Open ? null : Ended(new CheckoutReference(null, said.Order), state, said, response, at);
        }
        else if (type is RedsysCodes.Refund or RedsysCodes.Annulment)
        {
            if (said is not { Amount: { } amount, Currency: { } currency })
            {
                return PaymentsFaults.RedsysUnreadable.With("Ds_Amount");
            }

            fact = Refunded(said, type, response, at, amount, currency);
        }

        return null;
    }

    /// <summary>A refund of ours, or one that somebody gave in the portal; those there that came to nothing are none of ours.</summary>
    private static RefundEnded? Refunded(
        RedsysParameters said,
        string type,
        string response,
        DateTimeOffset at,
        decimal amount,
        Currency currency
    )
    {
        var refund = RedsysOrder.RefundOf(said.MerchantData);
        var isGiven = RedsysCodes.IsGiven(type, response);
        if (!isGiven && (refund is null || RedsysCodes.IsPassing(response)))
        {
            return null;
        }

        var reference = RedsysOrder.RefundReference(said.Order!, said);
        return new RefundEnded
        {
            FactId = refund is { } id
                ? $"refund:{id:N}:{(isGiven ? "given" : response)}"
                : string.Create(CultureInfo.InvariantCulture, $"refund:{reference}:{at.UtcDateTime:yyyyMMddHHmm}:{said.MinorUnits}"),
            At = at,
            RefundId = refund,
            Payment = said.Order!,
            Reference = reference,
            State = isGiven ? RefundState.Given : RefundState.Failed,
            Amount = amount,
            Currency = currency,
            Reason = isGiven ? null : response,
        };
    }
}
