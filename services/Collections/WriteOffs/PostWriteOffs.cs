using System.Globalization;
using System.Threading.Channels;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>
/// What was approved is booked by Payments, under the same id however often it is asked: a crash between the approval and the booking, or
/// between the booking and its being written down here, costs lateness and nothing else. What the invoice has open then comes back as an
/// allocation.
/// </summary>
public sealed partial class PostWriteOffs(
    NpgsqlDataSource database,
    Balances.BalancesClient balances,
    ServiceCredentials credentials,
    TimeProvider clock,
    ILogger<PostWriteOffs> log
) : BackgroundService
{
    private const int AtOnce = 20;
    private const string InFlight = "PAY-WRITEOFF-01";
    private const string NothingDue = "PAY-WRITEOFF-02";

    // The row stays locked while Payments is asked: another instance passes it by.
    private const string LockApproved = """
        select w.seller_id, w.write_off_id, w.invoice_id, w.amount, w.currency, w.reason, w.tries, r.customer_key
        from write_off w join receivable r using (seller_id, invoice_id)
        where w.state = 'approved' and w.next_try_at <= @now
        order by w.next_try_at
        limit @atOnce
        for update of w skip locked
        """;
    private const string Book = """
        update write_off set state = 'booked', booked_at = @now, booked = @booked, tries = tries + 1, waits_because = null
        where seller_id = @SellerId and write_off_id = @WriteOffId
        """;
    private const string Refuse = """
        update write_off set state = 'refused', tries = tries + 1, waits_because = @because
        where seller_id = @SellerId and write_off_id = @WriteOffId
        """;
    private const string Postpone = """
        update write_off set next_try_at = @again, tries = tries + 1, waits_because = @because
        where seller_id = @SellerId and write_off_id = @WriteOffId
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ForSomeoneToMend = TimeSpan.FromHours(1);

    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Something was approved.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>Has all that is approved booked; how many were decided.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("PostWriteOffs");
        var (done, looked) = (0, 0);
        do
        {
            (looked, var decided) = await PostBatchAsync(cancellationToken);
            done += decided;
        } while (looked == AtOnce);
        return done;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The transaction is undone: the next look finds it approved, and Payments finds it booked.
                LogFailed(exception, exception.Message);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(
                _woken.Reader.WaitToReadAsync(either.Token).AsTask(),
                Task.Delay(TimeSpan.FromSeconds(20), clock, either.Token)
            );
            await either.CancelAsync();
            _woken.Reader.TryRead(out _);
        }
    }

    private async Task<(int Looked, int Decided)> PostBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var approved = (
            await connection.QueryAsync<Approved>(LockApproved, new { now = clock.GetUtcNow(), atOnce = AtOnce }, transaction)
        ).AsList();
        var (decided, away) = (0, default(StatusCode?));
        foreach (var each in approved)
        {
            // Once Payments is away the others only hear that they wait: nobody asks twenty times in vain with the rows locked.
            var (reply, code, status) = away is null ? await AskPaymentsAsync(each, cancellationToken) : (null, null, away);
            away ??= IsAway(code, status) ? status : null;
            var now = clock.GetUtcNow();
            if (reply is not null)
            {
                var booked = decimal.Parse(reply.Booked, NumberStyles.Number, CultureInfo.InvariantCulture);
                await connection.ExecuteAsync(
                    Book,
                    new
                    {
                        each.SellerId,
                        each.WriteOffId,
                        now,
                        booked,
                    },
                    transaction
                );
                await KeepAct.AddAsync(transaction, each.Told("write-off-booked", null, booked, now), cancellationToken);
                LogBooked(booked, each.SellerId);
                decided++;
            }
            else if (code == NothingDue)
            {
                // It was paid meanwhile: there is nothing to give up.
                await connection.ExecuteAsync(
                    Refuse,
                    new
                    {
                        each.SellerId,
                        each.WriteOffId,
                        because = "nothing is due",
                    },
                    transaction
                );
                await KeepAct.AddAsync(transaction, each.Told("write-off-refused", "nothing is due", null, now), cancellationToken);
                decided++;
            }
            else
            {
                LogWaiting(each.WriteOffId, code ?? status!.Value.ToString());
                await connection.ExecuteAsync(
                    Postpone,
                    new
                    {
                        each.SellerId,
                        each.WriteOffId,
                        again = now + PauseAfter(code, status!.Value, each.Tries),
                        because = code == InFlight ? "a payment is in flight" : $"Payments: {code ?? status.Value.ToString()}",
                    },
                    transaction
                );
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return (away is null ? approved.Count : 0, decided);
    }

    private async Task<(WriteOffReply? Reply, string? Code, StatusCode? Status)> AskPaymentsAsync(
        Approved each,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var reply = await balances.WriteOffAsync(
                new WriteOffRequest
                {
                    InvoiceId = each.InvoiceId.ToString(),
                    WriteOffId = each.WriteOffId.ToString(),
                    Amount = Money.Of(each.Amount, each.Currency).Amount.ToString(CultureInfo.InvariantCulture),
                    Reason = each.Reason,
                },
                credentials.For("payments", OnBehalfOf.Seller(each.SellerId)),
                cancellationToken: patience.Token
            );
            return (reply, null, null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, exception.Trailers.GetValue("fault-code"), exception.StatusCode);
        }
    }

    /// <summary>Whether Payments did not answer, so that it would not answer the next one either.</summary>
    private static bool IsAway(string? code, StatusCode? status) =>
        code is null && status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled;

    /// <summary>Soon where Payments is away or somebody is paying, an hour where it said no and somebody must look.</summary>
    private static TimeSpan PauseAfter(string? code, StatusCode status, int tries) =>
        code is InFlight or "PAY-INVOICE-01"
        || status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal
            ? TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Clamp(tries, 0, 6)))
            : ForSomeoneToMend;

    private sealed record Approved
    {
        public SellerId SellerId { get; init; }

        public Guid WriteOffId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string CustomerKey { get; init; } = "";

        public decimal Amount { get; init; }

        public Currency Currency { get; init; }

        public string Reason { get; init; } = "";

        public int Tries { get; init; }

        public Act Told(string kind, string? why, decimal? booked, DateTimeOffset now) =>
            new()
            {
                By = Actor.System(SellerId),
                At = now,
                Kind = kind,
                InvoiceId = InvoiceId,
                CustomerKey = CustomerKey,
                Why = why,
                Body = new { WriteOffId, Booked = booked },
            };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Amount} of an invoice of seller {Seller} was written off")]
    private partial void LogBooked(decimal amount, SellerId seller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Write-off {WriteOff} waits: {Reason}")]
    private partial void LogWaiting(Guid writeOff, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Write-offs are booked again soon: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
