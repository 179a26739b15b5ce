using System.Text.Json;
using Dapper;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.AspNetCore.Http.Extensions;
using MimeKit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>
/// Mails the reports that are due: one mail for each schedule and period, its Message-ID the same however often it is tried. Where the mail
/// server is away it is tried again; a report that was refused is told of and left out.
/// </summary>
public sealed partial class MailSchedules(
    NpgsqlDataSource database,
    AskReport ask,
    FindSeller sellers,
    MailOptions options,
    TimeProvider clock,
    ILogger<MailSchedules> log
) : BackgroundService
{
    private const string Claim = """
        update report_schedule set held_until = @until
        where (seller_id, schedule_id) = (
            select seller_id, schedule_id from report_schedule
            where next_at <= @now and (held_until is null or held_until <= @now)
            order by next_at limit 1 for update skip locked
        )
        returning seller_id, schedule_id, request::text as request, next_at
        """;
    private const string Begin = """
        insert into report_mail as mail (seller_id, schedule_id, period, message_id, attempts) values (@seller, @schedule, @period, @messageId, 1)
        on conflict (seller_id, schedule_id, period) do update set attempts = mail.attempts + 1
            where mail.sent_at is null and mail.given_up_at is null
        returning attempts
        """;
    private const string Sent = """
        update report_mail set sent_at = @now, trouble = null where seller_id = @seller and schedule_id = @schedule and period = @period
        """;
    private const string Troubled = """
        update report_mail set trouble = @trouble, given_up_at = case when @isOver then @now end
        where seller_id = @seller and schedule_id = @schedule and period = @period
        """;

    // A schedule that was changed meanwhile has its own next instant.
    private const string GoOn = """
        update report_schedule set next_at = @next, held_until = null
        where seller_id = @seller and schedule_id = @schedule and next_at = @due
        """;
    private const string Wait = """
        update report_schedule set held_until = @until where seller_id = @seller and schedule_id = @schedule and next_at = @due
        """;

    // What was due longer ago was of use then.
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(7);
    private static readonly TimeSpan MostPause = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Smtp is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.LookEvery, clock);
        do
        {
            try
            {
                while (await RunAsync(stoppingToken)) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(exception.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Mails one report that is due; whether there was one.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Due? due;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            due = await connection.QuerySingleOrDefaultAsync<Due>(
                new CommandDefinition(Claim, new { now, until = now + options.Hold }, cancellationToken: cancellationToken)
            );
        }

        if (due is null)
        {
            return false;
        }

        using var span = Telemetry.Source.StartActivity("MailSchedules");
        var seller = await sellers.RunAsync(due.SellerId, cancellationToken);
        var request = JsonSerializer.Deserialize<ScheduleRequest>(due.Request, Wire.Tolerant)!;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due.NextAt, seller.Zone).DateTime);
        var period = MailedPeriod.Before(day, request.Cadence);
        var key = new
        {
            seller = due.SellerId.Value,
            schedule = due.ScheduleId,
            period = period.Name,
            messageId = ReportLetter.MessageIdOf(due.SellerId, due.ScheduleId, period),
        };
        var attempts = await AskAsync<int?>(Begin, key, cancellationToken);
        if (attempts is { } attempt)
        {
            var (trouble, isForGood) = await MailAsync(due, request, seller, period, key.messageId, cancellationToken);
            if (trouble is not null)
            {
                var isOver = isForGood || attempt >= options.MostAttempts;
                await AskAsync<int?>(
                    Troubled,
                    new
                    {
                        key.seller,
                        key.schedule,
                        key.period,
                        trouble,
                        isOver,
                        now,
                    },
                    cancellationToken
                );
                LogTrouble(due.ScheduleId, due.SellerId.Value, trouble);
                if (!isOver)
                {
                    await AskAsync<int?>(
                        Wait,
                        new
                        {
                            key.seller,
                            key.schedule,
                            due = due.NextAt,
                            until = now + Pause(attempt),
                        },
                        cancellationToken
                    );
                    return true;
                }
            }
            else
            {
                await AskAsync<int?>(
                    Sent,
                    new
                    {
                        key.seller,
                        key.schedule,
                        key.period,
                        now = clock.GetUtcNow(),
                    },
                    cancellationToken
                );
            }
        }

        var after = due.NextAt > now - LooksBack ? due.NextAt : now - LooksBack;
        var next = MailedPeriod.NextAfter(after, request.Cadence, request.Hour, seller.Zone);
        await AskAsync<int?>(
            GoOn,
            new
            {
                key.seller,
                key.schedule,
                due = due.NextAt,
                next,
            },
            cancellationToken
        );
        return true;
    }

    private TimeSpan Pause(int attempt)
    {
        var pause = options.RetryBase * Math.Pow(2, Math.Min(attempt - 1, 16));
        return pause < MostPause ? pause : MostPause;
    }

    private async Task<T?> AskAsync<T>(string sql, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }

    /// <summary>Nothing where it was sent; otherwise why not, and whether another try would end the same.</summary>
    private async Task<(string? Trouble, bool IsForGood)> MailAsync(
        Due due,
        ScheduleRequest request,
        BookSeller seller,
        MailedPeriod period,
        string messageId,
        CancellationToken cancellationToken
    )
    {
        var language = request.Language ?? (seller.Language == "en" ? "en" : "es");
        var asked = request with { Language = language };
        if (!ask.Names.Contains(request.Report))
        {
            return ($"there is no report {request.Report} any more", true);
        }

        var question = AskReport.QuestionOf(asked, period);
        var answer = await ask.RunAsync(due.SellerId, request.Report, question, options.MostBytes, cancellationToken);
        if (answer.Status >= 400)
        {
            return ($"the report answered {answer.Status}", answer.Status < 500);
        }

        var query = new QueryBuilder(
            question.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Key, each.Value!))
        );
        var address = answer.Content is null ? $"{AskReport.Root}{request.Report}{query.ToQueryString()}" : null;
        var letter = ReportLetter.Of(request.Report, seller.Name, period, language, address);
        using var mail = Written(letter, answer, request, seller, messageId);
        try
        {
            await HandOverAsync(mail, cancellationToken);
            return (null, false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var isForGood =
                exception is SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused
                && (int)refused.StatusCode >= 550;
            return (exception.Message, isForGood);
        }
    }

    private MimeMessage Written(ReportLetter letter, ReportAnswer answer, ScheduleRequest request, BookSeller seller, string messageId)
    {
        var mail = new MimeMessage
        {
            MessageId = messageId,
            Subject = letter.Subject,
            Date = clock.GetUtcNow(),
        };
        var from = MailboxAddress.TryParse(seller.Email ?? "", out var own) ? own : MailboxAddress.Parse(options.DefaultFrom);
        mail.From.Add(new MailboxAddress(seller.Name, from.Address));
        mail.To.AddRange(request.Recipients.Select(MailboxAddress.Parse));
        // RFC 3834: nobody's holiday answers to it.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        var body = new BodyBuilder { TextBody = letter.Text };
        if (answer.Content is { } content)
        {
            var attached = (MimePart)body.Attachments.Add(answer.FileName, content, ContentType.Parse(answer.MediaType));
            // Byte for byte, also where it is text: a mail server may change line ends of what is not encoded.
            attached.ContentTransferEncoding = ContentEncoding.Base64;
        }

        mail.Body = body.ToMessageBody();
        return mail;
    }

    private async Task HandOverAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        var smtp = options.Smtp!;
        if (smtp.Scheme == "file")
        {
            Directory.CreateDirectory(smtp.LocalPath);
            await mail.WriteToAsync(Path.Combine(smtp.LocalPath, $"{mail.MessageId}.eml"), cancellationToken);
            return;
        }

        using var client = new SmtpClient { Timeout = 60_000 };
        var security =
            smtp.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect
            : smtp.IsLoopback ? SecureSocketOptions.None
            : SecureSocketOptions.StartTlsWhenAvailable;
        var port =
            smtp.Port > 0 ? smtp.Port
            : smtp.Scheme == "smtps" ? 465
            : 25;
        await client.ConnectAsync(smtp.Host, port, security, cancellationToken);
        if (smtp.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
        {
            await client.AuthenticateAsync(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), cancellationToken);
        }

        await client.SendAsync(mail, cancellationToken);
        await client.DisconnectAsync(true, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reports that are due are mailed later: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report of schedule {Schedule} of seller {Seller} was not mailed: {Reason}")]
    private partial void LogTrouble(string schedule, string seller, string reason);

    private sealed record Due
    {
        public required SellerId SellerId { get; init; }

        public required string ScheduleId { get; init; }

        public required string Request { get; init; }

        public DateTimeOffset NextAt { get; init; }
    }
}
