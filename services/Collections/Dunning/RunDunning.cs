using System.Threading.Channels;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Looks for what is overdue, for messages that came back, for steps that are due and for notices to send: when a commit says there may be
/// some, when a customer's or a waiting notice's time has come, and at each whole minute, because every zone's midnight is one. Any number
/// of instances may run; what one has in hand the others pass by. What was missed while all were down is found at the first look.
/// </summary>
public sealed partial class RunDunning(
    NpgsqlDataSource database,
    FindOverdue findOverdue,
    ApplyFailures applyFailures,
    FindDueSteps findDueSteps,
    SendReminders sendReminders,
    TimeProvider clock,
    ILogger<RunDunning> log
) : BackgroundService
{
    /// <summary>The channel that a commit wakes it on.</summary>
    public const string Channel = "dunning";

    private const string Listen = $"listen {Channel}";
    private const string NextLook = """
        select least(
            (select min(look_at) from dunning_customer where look_at is not null),
            (select min(next_attempt_at) from notice where issued_at is null and failed_at is null)
        )
        """;

    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _woken = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        SideBySide.RunAsync(stoppingToken, ListenAsync(stoppingToken), LookAsync(stoppingToken));

    /// <summary>One look at everything whose time has come.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await findOverdue.RunAsync(cancellationToken);
        await applyFailures.RunAsync(cancellationToken);
        await findDueSteps.RunAsync(cancellationToken);
        await sendReminders.RunAsync(cancellationToken);
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before the look: what is told during it makes another.
            while (_woken.Reader.TryRead(out _)) { }

            var pause = Breath;
            try
            {
                await RunOnceAsync(stoppingToken);
                pause = await UntilNextLookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The transaction is undone and nothing is lost: the next look finds it again.
                LogFailed(exception, exception.Message);
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    private async Task<TimeSpan> UntilNextLookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // A scalar and not a row: where nothing waits there is no instant, and a row's reader would take that for a broken one.
        var next = await connection.ExecuteScalarAsync<DateTimeOffset?>(NextLook);
        var now = clock.GetUtcNow();
        var pause = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute);
        // What another instance has in hand looks due; it is not worth looking at without a breath between.
        return next is { } at && at - now < pause
            ? at - now > Breath
                ? at - now
                : Breath
            : pause;
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(_woken.Reader.WaitToReadAsync(either.Token).AsTask(), Task.Delay(pause, clock, either.Token));
        await either.CancelAsync();
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await connection.ExecuteAsync(Listen);
                while (true)
                {
                    // Also after each reconnection: what was told in between was told to nobody.
                    _woken.Writer.TryWrite(true);
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                LogDeaf(exception.Message);
                await Task.Delay(Breath, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dunning looks again soon: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dunning is not woken until the database is back: {Reason}")]
    private partial void LogDeaf(string reason);
}
