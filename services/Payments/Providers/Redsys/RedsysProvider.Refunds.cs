using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>Money given back by an operation of its own, looked for in the books before it is asked for again.</summary>
public sealed partial class RedsysProvider
{
    // The issuer is asked within the call: a refund that is cut short is one of which nobody knows.
    private static readonly TimeSpan RefundPatience = TimeSpan.FromSeconds(45);

    // Its times are to the minute, and by its own clock.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Redsys has no key that makes a refund happen once. One that was asked for before is looked for first: a refund of this amount, of
    /// this order, not older than ours, is taken for ours. Where the books are closed or show no payment, nobody knows, and nothing is
    /// asked for again.
    /// </summary>
    public async Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        if (refund.AskedBefore > 0)
        {
            var answer = await QueryAsync(account, refund.Checkout.Order, cancellationToken);
            if (Found(refund, answer, _clock.GetUtcNow()) is { } found)
            {
                return found;
            }
        }

        return await AskForRefundAsync(account, refund, cancellationToken);
    }

    /// <summary>What the books say of a refund that was asked for before; nothing where it may be asked for again.</summary>
    private static RefundSeen? Found(RefundOrder refund, RedsysAnswer answer, DateTimeOffset now)
    {
        // Books without the payment, or closed ones, do not show that there was no refund either.
        if (!answer.Operations.Any(static each => each.Type == RedsysCodes.Payment && StateOf(each) == CheckoutState.Paid))
        {
            return new RefundSeen(RefundState.Asked, null, answer.Error ?? RedsysCodes.NoOperation);
        }

        var earliest = OrderedAt(refund.RefundId, now) - ClockSlack;
        var mine = answer
            .Operations.Where(each => each.Type == RedsysCodes.Refund && MayBe(refund, earliest, each))
            .OrderBy(static each => each.At)
            .ToList();
        if (mine.Find(static each => IsOver(each) && RedsysCodes.IsGiven(RedsysCodes.Refund, each.Response!)) is { } given)
        {
            return new RefundSeen(RefundState.Given, RedsysOrder.RefundReference(refund.Checkout.Order, given), null);
        }

        if (mine.Find(static each => !IsOver(each)) is { } underWay)
        {
            return new RefundSeen(RefundState.Asked, null, underWay.State ?? underWay.Response);
        }

        return mine is [.., { Response: { } refused }] && !RedsysCodes.IsPassing(refused)
            ? new RefundSeen(RefundState.Failed, null, refused)
            : null;
    }

    /// <summary>Whether a refund in the books may be ours: one of another mark or of an earlier time is not, whatever its amount.</summary>
    private static bool MayBe(RefundOrder refund, DateTimeOffset? earliest, RedsysParameters operation) =>
        operation.Currency == refund.Currency
        && operation.Amount == refund.Amount
        && (RedsysOrder.RefundOf(operation.MerchantData) ?? refund.RefundId) == refund.RefundId
        && (operation.At is not { } at || earliest is not { } ordered || at >= ordered);

    /// <summary>When a refund was ordered: ids of version 7 begin with their time. One of a time to come tells nothing.</summary>
    private static DateTimeOffset? OrderedAt(Guid refund, DateTimeOffset now)
    {
        if (refund.Version != 7)
        {
            return null;
        }

        var milliseconds = long.Parse($"{refund:N}".AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return milliseconds <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private async Task<RefundSeen> AskForRefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        var order = refund.Checkout.Order;
        var values = Operation(account, order, RedsysCodes.Refund, refund.Amount, refund.Currency);
        values["DS_MERCHANT_MERCHANTDATA"] = RedsysOrder.MarkOf(refund.RefundId);
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Sign(account, order, values).ToFields()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var body = await PostAsync(new Uri(AddressOf(account), Rest), content, action: null, RefundPatience, cancellationToken);

        var (message, error) = RedsysMessage.InAnswer(body);
        if (message is null)
        {
            return error is null
                ? throw new InvalidDataException("Redsys' answer to a refund cannot be read")
                : new RefundSeen(RedsysCodes.IsPassing(error) ? RefundState.Asked : RefundState.Failed, null, error);
        }

        if (
            !RedsysSignature.IsKnown(message.Version)
            || !RedsysSignature.IsRight(message.Version, account.Secrets[Key], order, message.Parameters, message.Signature)
            || RedsysParameters.Read(message.Parameters) is not { Response: { } response } said
            || said.Order != order
        )
        {
            throw new InvalidDataException("Redsys' answer to a refund is not signed by it, or is of another order");
        }

        return RedsysCodes.IsGiven(RedsysCodes.Refund, response)
                ? new RefundSeen(RefundState.Given, RedsysOrder.RefundReference(order, said), null)
            : RedsysCodes.IsPassing(response) ? new RefundSeen(RefundState.Asked, null, response)
            : new RefundSeen(RefundState.Failed, null, response);
    }
}
