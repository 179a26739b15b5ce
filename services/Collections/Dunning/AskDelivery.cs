using Grpc.Core;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What Delivery answered: that it has it, that it can never go that way, or neither yet.</summary>
public sealed record DeliveryAnswer(Queued? Queued, string? NoWay, Wait? Wait, IReadOnlyList<NewClaim> Claims)
{
    /// <summary>Whether it refused by a code of its own, so that this asking queued nothing.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether the message has gone for all that is known: what was not answered may have.</summary>
    public bool MayHaveGone => Queued is not null || (NoWay is null && !IsRefusal);
}

/// <summary>Delivery is asked to send a notice; asked again under the same notice id, it sends one and says what it told of.</summary>
public sealed partial class AskDelivery(
    Messages.MessagesClient messages,
    ServiceCredentials credentials,
    TimeProvider clock,
    ILogger<AskDelivery> log
)
{
    // By these the message can never go that way; every other refusal is for someone to mend.
    private static readonly string[] NoWay = ["DEL-SEND-02", "DEL-NOTICE-01", "DEL-NOTICE-02"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks for one notice, with what is claimed beside its invoices.</summary>
    public async Task<DeliveryAnswer> RunAsync(
        PlannedNotice notice,
        ComposedNotice made,
        IReadOnlyList<NewClaim> claims,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var queued = await messages.SendNoticeAsync(
                NoticeRequest.Of(
                    notice.NoticeId,
                    notice.Channel,
                    notice.Recipient,
                    made.Draft.Words,
                    made.Lines,
                    claims.ToLookup(claim => claim.InvoiceId, claim => claim.Amount),
                    clock.GetUtcNow()
                ),
                credentials.For("delivery", OnBehalfOf.Seller(notice.SellerId)),
                cancellationToken: patience.Token
            );
            return new DeliveryAnswer(queued, null, null, claims);
        }
        catch (RpcException exception)
            when (!cancellationToken.IsCancellationRequested
                && exception.Trailers.GetValue("fault-code") is { } code
                && NoWay.Contains(code)
            )
        {
            LogNoWay(notice.Channel, code);
            return new DeliveryAnswer(null, code, null, []);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryAnswer(null, null, Later(exception, notice.Attempts), [])
            {
                IsRefusal = exception.Trailers.GetValue("fault-code") is not null,
            };
        }
    }

    private Wait Later(RpcException exception, int attempts)
    {
        LogWaiting(exception.Status.ToString());
        return Reminder.After("Delivery", exception.StatusCode.ToString(), Resilience.IsPassing(exception), attempts);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminders wait for Delivery: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A notice cannot go by {Channel} ({Code}); the next channel is tried")]
    private partial void LogNoWay(string channel, string code);
}
