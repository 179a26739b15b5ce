using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>
/// Reports that come by mail are read from a mailbox of their own: what is not yet seen is recorded and then marked as seen, what cannot be
/// read is flagged besides and left to people. Read twice, by two instances or after a crash, a report is still recorded once.
/// </summary>
public sealed partial class WatchMailbox(RecordReport record, ReportOptions options, TimeProvider clock, ILogger<WatchMailbox> log)
    : BackgroundService
{
    private const int MostAtOnce = 200;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Mailbox is not { } mailbox)
        {
            return;
        }

        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Every;
            try
            {
                await LookAsync(mailbox, stoppingToken);
                if (failures > 0)
                {
                    failures = 0;
                    LogBack(mailbox.Host);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The mailbox is away, or the database: what was not recorded is not seen yet, and read again.
                failures++;
                pause = Backoff.After(failures, options.Every, options.AwayCap, Random.Shared.NextDouble());
                if (failures == 1)
                {
                    LogAway(mailbox.Host, exception is OperationCanceledException ? "no answer in time" : exception.Message);
                }
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Everything that has come since the last look, the oldest first.</summary>
    private async Task LookAsync(Uri mailbox, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(options.Patience);
        using var client = new ImapClient();
        await client.ConnectAsync(mailbox.Host, PortOf(mailbox), SecurityOf(mailbox), limit.Token);
        var credentials = mailbox.UserInfo.Split(':', 2);
        await client.AuthenticateAsync(Uri.UnescapeDataString(credentials[0]), Uri.UnescapeDataString(credentials[1]), limit.Token);
        var name = Uri.UnescapeDataString(mailbox.AbsolutePath.Trim('/'));
        var folder = await client.GetFolderAsync(name.Length > 0 ? name : "INBOX", limit.Token);
        await folder.OpenAsync(FolderAccess.ReadWrite, limit.Token);
        var found = await folder.SearchAsync(SearchQuery.NotSeen.And(SearchQuery.NotDeleted), limit.Token);
        foreach (var id in found.Take(MostAtOnce))
        {
            stoppingToken.ThrowIfCancellationRequested();
            limit.CancelAfter(options.Patience);
            var isReadable = await HandleAsync(folder, id, limit.Token);
            var flags = isReadable ? MessageFlags.Seen : MessageFlags.Seen | MessageFlags.Flagged;
            await folder.StoreAsync(id, new StoreFlagsRequest(StoreAction.Add, flags) { Silent = true }, limit.Token);
        }

        await client.DisconnectAsync(true, limit.Token);
    }

    /// <summary>Records one mail; false for what cannot be read, which stops no other.</summary>
    private async Task<bool> HandleAsync(IMailFolder folder, UniqueId id, CancellationToken cancellationToken)
    {
        var sizes = await folder.FetchAsync([id], MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancellationToken);
        if (sizes.FirstOrDefault()?.Size > ServiceDefaults.ServiceDefaults.BodyLimit)
        {
            LogUnreadable(id.Id, "too large");
            return false;
        }

        MimeMessage message;
        try
        {
            message = await folder.GetMessageAsync(id, cancellationToken);
        }
        catch (Exception exception) when (exception is FormatException or MessageNotFoundException or ImapCommandException)
        {
            LogUnreadable(id.Id, exception.Message);
            return false;
        }

        using (message)
        {
            try
            {
                await record.RunAsync(null, message, RecordReport.ByMailbox, cancellationToken);
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !Resilience.IsPassing(exception))
            {
                LogSurprise(exception, id.Id);
                return false;
            }
        }
    }

    private static int PortOf(Uri mailbox) =>
        mailbox.Port > 0 ? mailbox.Port
        : mailbox.Scheme == "imaps" ? 993
        : 143;

    /// <summary>The password goes over no open line but this machine's own.</summary>
    private static SecureSocketOptions SecurityOf(Uri mailbox) =>
        mailbox.Scheme == "imaps" ? SecureSocketOptions.SslOnConnect
        : mailbox.IsLoopback ? SecureSocketOptions.None
        : SecureSocketOptions.StartTls;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reports of mails wait in the mailbox at {Host}: {Reason}")]
    private partial void LogAway(string host, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reports of mails are read again from the mailbox at {Host}")]
    private partial void LogBack(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Id} in the mailbox of reports cannot be read and is flagged: {Reason}")]
    private partial void LogUnreadable(uint id, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Id} in the mailbox of reports ended in a surprise and is flagged")]
    private partial void LogSurprise(Exception exception, uint id);
}
