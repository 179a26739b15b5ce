using System.Globalization;
using Grpc.Core;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// What Delivery answered: that it has it, that it can never go that way, or neither yet; none of these where it was withdrawn.
/// </summary>
public sealed record DeliveryAnswer(Queued? Queued, string? NoWay, Wait? Wait, IReadOnlyList<NewClaim> Claims)
{
    /// <summary>Whether it refused by a code of its own, so that this asking queued nothing.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether it is not known what became of it: what was not answered may have gone.</summary>
    public bool IsOpen => Queued is null && NoWay is null && !IsWithdrawn;

    /// <summary>When it went: when Delivery took it, which may be long before that was heard.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>It was not queued under its id, and never will be.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>That.</summary>
    public static readonly DeliveryAnswer Withdrawn = new(null, null, null, []) { IsWithdrawn = true };
}

/// <summary>
/// Delivery is asked to send a notice; asked again under the same notice id, it sends one and says what it told of. What is not to be asked
/// for again it is asked to take back, and says whether it has gone.
/// </summary>
public sealed partial class AskDelivery(
    Messages.MessagesClient messages,
    ServiceCredentials credentials,
    TimeProvider clock,
    ILogger<AskDelivery> log
)
{
    // By these the message can never go that way; every other refusal is for someone to mend.
    private static readonly string[] NoWay = ["DEL-SEND-02", "DEL-NOTICE-01", "DEL-NOTICE-02"];

    // It was taken back, and that was not recorded here.
    private const string TakenBack = "DEL-NOTICE-03";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks for one notice, with what is claimed beside its invoices.</summary>
    public async Task<DeliveryAnswer> RunAsync(
        PlannedNotice notice,
        ComposedNotice made,
        IReadOnlyList<NewClaim> claims,
        CancellationToken cancellationToken
    )
    {
        var request = NoticeRequest.Of(
            notice.NoticeId,
            notice.Channel,
            notice.Recipient,
            made.Draft.Words,
            made.Lines,
            claims.ToLookup(claim => claim.InvoiceId, claim => claim.Amount),
            clock.GetUtcNow()
        );
        return await AskAsync(
            notice,
            async (behalf, patience) => Taken(await messages.SendNoticeAsync(request, behalf, cancellationToken: patience), claims),
            cancellationToken
        );
    }

    /// <summary>Has a notice taken back that may have gone, with what was claimed in it.</summary>
    public Task<DeliveryAnswer> WithdrawAsync(PlannedNotice notice, IReadOnlyList<NewClaim> claims, CancellationToken cancellationToken)
    {
        var request = new NoticeWithdrawal { NoticeId = notice.NoticeId.ToString() };
        return AskAsync(
            notice,
            async (behalf, patience) =>
                (await messages.WithdrawNoticeAsync(request, behalf, cancellationToken: patience)).Queued is { } queued
                    ? Taken(queued, claims)
                    : DeliveryAnswer.Withdrawn,
            cancellationToken
        );
    }

    private async Task<DeliveryAnswer> AskAsync(
        PlannedNotice notice,
        Func<Metadata, CancellationToken, Task<DeliveryAnswer>> ask,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(credentials.For("delivery", OnBehalfOf.Seller(notice.SellerId)), patience.Token);
        }
        catch (RpcException exception)
            when (!cancellationToken.IsCancellationRequested && exception.Trailers.GetValue("fault-code") is TakenBack)
        {
            return DeliveryAnswer.Withdrawn;
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

    private DeliveryAnswer Taken(Queued queued, IReadOnlyList<NewClaim> claims) =>
        new(queued, null, null, claims)
        {
            QueuedAt = queued.HasQueuedAt ? DateTimeOffset.Parse(queued.QueuedAt, CultureInfo.InvariantCulture) : clock.GetUtcNow(),
        };

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
