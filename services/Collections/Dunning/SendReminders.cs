using System.Diagnostics.Metrics;
using System.Globalization;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Each planned reminder is sent once, and only where Payments says at that moment that something is due and nothing is on its way.
/// The notice's row stays locked while Delivery is asked: a second instance passes it by, and after a crash whoever comes next asks
/// again under the same notice id, of which Delivery sends one.
/// </summary>
public sealed partial class SendReminders(
    NpgsqlDataSource database,
    Outbox outbox,
    Balances.BalancesClient balances,
    Messages.MessagesClient messages,
    ServiceCredentials credentials,
    TimeProvider clock,
    ILogger<SendReminders> log
)
{
    private const int AtOnce = 20;

    private const string LockPlanned = """
        select n.seller_id, n.invoice_id, n.step, n.notice_id, n.attempts,
            r.number, r.email, r.customer_name, coalesce(r.language, s.language) as language, r.currency, r.due_date, r.payment_reference
        from notice n
        join receivable r on r.seller_id = n.seller_id and r.invoice_id = n.invoice_id
        join seller s on s.seller_id = n.seller_id
        where n.issued_at is null and n.next_attempt_at <= @now and r.settled_at is null
          and not exists (select from hold h
                          where h.seller_id = n.seller_id and h.invoice_id = n.invoice_id and h.released_at is null)
        order by n.next_attempt_at
        limit @atOnce
        for update of n skip locked
        """;
    private const string Issue = """
        update notice set issued_at = @now, attempts = attempts + 1, waits_because = null, transmission_id = @transmission
        where seller_id = @SellerId and invoice_id = @InvoiceId and step = @Step
        """;
    private const string Postpone = """
        update notice set next_attempt_at = @again, attempts = attempts + 1, waits_because = @because
        where seller_id = @SellerId and invoice_id = @InvoiceId and step = @Step
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>("collections.reminders.issued");

    /// <summary>Sends all that are due to be sent now; how many went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("SendReminders");
        var sent = 0;
        while (await SendBatchAsync(cancellationToken) is { Looked: > 0 } batch)
        {
            sent += batch.Sent;
        }

        return sent;
    }

    private async Task<(int Looked, int Sent)> SendBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var planned = (
            await connection.QueryAsync<Planned>(LockPlanned, new { now = clock.GetUtcNow(), atOnce = AtOnce }, transaction)
        ).AsList();
        var told = new List<IEvent>();
        var deliveryWaits = default(Wait);
        foreach (var seller in planned.GroupBy(notice => notice.SellerId).OrderBy(seller => seller.Key.Value, StringComparer.Ordinal))
        {
            var payments = await AskPaymentsAsync(seller.Key, seller, cancellationToken);
            foreach (var notice in seller)
            {
                var balance = payments.Balances.GetValueOrDefault(notice.InvoiceId.ToString());
                var wait = payments.Wait ?? Reminder.WaitsFor(balance, notice.Attempts) ?? deliveryWaits;
                var transmission = default(string);
                if (wait is null)
                {
                    (transmission, wait) = await AskDeliveryAsync(notice, balance!, cancellationToken);
                    // Whoever is away is not asked once more for each of the others.
                    deliveryWaits = wait is { Away: true } ? wait : null;
                }

                var now = clock.GetUtcNow();
                if (wait is not null)
                {
                    await connection.ExecuteAsync(
                        Postpone,
                        new
                        {
                            notice.SellerId,
                            notice.InvoiceId,
                            notice.Step,
                            again = now + wait.Pause,
                            because = wait.Because,
                        },
                        transaction
                    );
                    continue;
                }

                await connection.ExecuteAsync(
                    Issue,
                    new
                    {
                        notice.SellerId,
                        notice.InvoiceId,
                        notice.Step,
                        now,
                        transmission,
                    },
                    transaction
                );
                LogReminded(notice.Number, notice.SellerId);
                told.Add(
                    new DunningNoticeIssued
                    {
                        EventId = EventId.New(),
                        SellerId = notice.SellerId,
                        InvoiceId = notice.InvoiceId,
                        NoticeId = notice.NoticeId,
                        Step = notice.Step,
                        Channel = "email",
                        IssuedAt = now,
                    }
                );
            }
        }

        await outbox.AppendAsync(transaction, told, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        Issued.Add(told.Count);
        return (planned.Count, told.Count);
    }

    private async Task<(Dictionary<string, Balance> Balances, Wait? Wait)> AskPaymentsAsync(
        SellerId seller,
        IEnumerable<Planned> notices,
        CancellationToken cancellationToken
    )
    {
        var ask = new GetBalances();
        ask.InvoiceIds.Add(notices.Select(notice => notice.InvoiceId.ToString()));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var reply = await balances.GetAsync(
                ask,
                credentials.For("payments", OnBehalfOf.Seller(seller)),
                cancellationToken: patience.Token
            );
            return (reply.Balances.ToDictionary(balance => balance.InvoiceId), null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], Later("Payments", exception, notices.Max(notice => notice.Attempts)));
        }
    }

    private async Task<(string? TransmissionId, Wait? Wait)> AskDeliveryAsync(
        Planned notice,
        Balance balance,
        CancellationToken cancellationToken
    )
    {
        var send = new Notice
        {
            NoticeId = notice.NoticeId.ToString(),
            SellerId = notice.SellerId.Value,
            InvoiceId = notice.InvoiceId.ToString(),
            Number = notice.Number,
            Step = notice.Step,
            Email = notice.Email,
            Language = notice.Language,
            Currency = notice.Currency.Code,
            AmountDue = balance.AmountDue,
            DueDate = notice.DueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            PaymentReference = notice.PaymentReference,
        };
        if (notice.CustomerName is { } name)
        {
            send.Name = name;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var queued = await messages.SendNoticeAsync(
                send,
                credentials.For("delivery", OnBehalfOf.Seller(notice.SellerId)),
                cancellationToken: patience.Token
            );
            return (queued.TransmissionId, null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Later("Delivery", exception, notice.Attempts));
        }
    }

    private Wait Later(string service, RpcException exception, int attempts)
    {
        LogWaiting(service, exception.Status.ToString());
        return Reminder.After(service, exception.StatusCode.ToString(), Resilience.IsPassing(exception), attempts);
    }

    private sealed record Planned
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string Step { get; init; } = "";

        public NoticeId NoticeId { get; init; }

        public int Attempts { get; init; }

        public string Number { get; init; } = "";

        public string Email { get; init; } = "";

        public string? CustomerName { get; init; }

        public string Language { get; init; } = "";

        public Currency Currency { get; init; }

        public DateOnly DueDate { get; init; }

        public string PaymentReference { get; init; } = "";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Reminded the customer of invoice {Number} of seller {Seller}")]
    private partial void LogReminded(string number, SellerId seller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminders wait for {Service}: {Reason}")]
    private partial void LogWaiting(string service, string reason);
}
