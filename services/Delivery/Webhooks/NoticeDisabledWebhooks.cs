using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Transmissions;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A seller whose webhook was disabled is told so by mail, once.</summary>
public sealed partial class NoticeDisabledWebhooks(
    NpgsqlDataSource database,
    Neighbours neighbours,
    SendMessage send,
    WebhookOptions options,
    ILogger<NoticeDisabledWebhooks> log
) : BackgroundService
{
    private const string Due = """
        select seller_id, webhook_id, url, disabled_reason, disabled_at, failing_since, last_error from webhook
        where notice_due order by disabled_at limit 20
        """;

    private const string Done = """
        update webhook set notice_due = false
        where seller_id = @SellerId and webhook_id = @WebhookId and disabled_at = @DisabledAt
        """;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await NoticeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogAway(exception.Message);
            }

            await Task.Delay(options.LookForChanges, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task NoticeAsync(CancellationToken cancellationToken)
    {
        List<Disabled> due;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            due = (await connection.QueryAsync<Disabled>(Due)).AsList();
        }

        foreach (var each in due)
        {
            try
            {
                await NoticeAsync(each, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One seller whom nobody can be asked about keeps no other from being told.
                LogCannotTell(each.SellerId.Value, each.WebhookId, exception.Message);
            }
        }
    }

    private async Task NoticeAsync(Disabled each, CancellationToken cancellationToken)
    {
        var seller = await neighbours.SellerAsync(each.SellerId, cancellationToken);
        if (string.IsNullOrWhiteSpace(seller?.Email))
        {
            LogNobody(each.SellerId.Value, each.WebhookId);
        }
        else
        {
            // The same notice has the same key: said twice, it is one mail.
            var sent = await send.RunAsync(
                each.SellerId,
                null,
                Purpose.Notice,
                $"webhook {each.WebhookId} {each.DisabledAt.UtcTicks}",
                seller.Email,
                new WebhookNoticeContent
                {
                    WebhookId = each.WebhookId,
                    Address = WebhookNoticeContent.Shown(each.Url),
                    Reason = each.DisabledReason,
                    Since = each.FailingSince ?? each.DisabledAt,
                    DisabledAt = each.DisabledAt,
                    LastError = each.LastError,
                },
                cancellationToken
            );
            if (sent.Refused(out var fault))
            {
                LogCannotTell(each.SellerId.Value, each.WebhookId, fault.In(null));
            }
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Done,
            new
            {
                each.SellerId,
                each.WebhookId,
                each.DisabledAt,
            }
        );
    }

    private sealed record Disabled
    {
        public SellerId SellerId { get; init; }
        public string WebhookId { get; init; } = "";
        public string Url { get; init; } = "";
        public string DisabledReason { get; init; } = "";
        public DateTimeOffset DisabledAt { get; init; }
        public DateTimeOffset? FailingSince { get; init; }
        public string? LastError { get; init; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notices of disabled webhooks wait: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Seller {SellerId} has no address; webhook {WebhookId} is disabled")]
    private partial void LogNobody(string sellerId, string webhookId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Seller {SellerId} cannot be told that webhook {WebhookId} is disabled: {Reason}")]
    private partial void LogCannotTell(string sellerId, string webhookId, string reason);
}
