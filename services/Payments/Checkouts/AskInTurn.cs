using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>What can be taken on now: of none of the busy providers, so many, and had until then.</summary>
public sealed record Room(string[] Busy, int Most, DateTimeOffset Now, DateTimeOffset Until);

/// <summary>
/// Asks providers about all that is due, some at a time and of each provider no more than it may have: one that is slow leaves room for the
/// others. Whoever takes something on has it until its lease ends, so that of several instances one asks, and one that dies loses nothing.
/// </summary>
public abstract class AskInTurn<T>(CheckoutPace pace, TimeProvider clock) : BackgroundService
{
    /// <summary>How much of a reason is kept.</summary>
    private const int MostOfReason = 500;

    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(30);

    private readonly Bell _bell = new();

    /// <summary>How often and how many.</summary>
    protected CheckoutPace Pace => pace;

    /// <summary>The time.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Something has become due, or one that was asked about has ended and there is room again.</summary>
    public void Wake() => _bell.Ring();

    /// <summary>Takes on what is due, as far as there is room.</summary>
    protected abstract Task<IReadOnlyList<T>> TakeAsync(Room room, CancellationToken cancellationToken);

    /// <summary>Who is asked about it.</summary>
    protected abstract string ProviderOf(T due);

    /// <summary>Asks about one and keeps what came of it, or when it is asked about next; it never throws.</summary>
    protected abstract Task AskAsync(T due, CancellationToken cancellationToken);

    /// <summary>Measures how much is open.</summary>
    protected abstract Task CountAsync(CancellationToken cancellationToken);

    /// <summary>Says why nothing can be taken on just now.</summary>
    protected abstract void SayLater(string reason);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<(string Provider, Task Task)>();
        var counted = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (counted == long.MinValue || clock.GetElapsedTime(counted) >= CountEvery)
                {
                    counted = clock.GetTimestamp();
                    await CountAsync(stoppingToken);
                }

                running.RemoveAll(static each => each.Task.IsCompleted);
                var taken = await TakeAsync(running, stoppingToken);
                running.AddRange(taken.Select(each => (ProviderOf(each), AskAndWakeAsync(each, stoppingToken))));
                if (taken.Count == 0)
                {
                    await _bell.HearAsync(pace.LookAnyway, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                SayLater(exception.Message);
                await Task.Delay(pace.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running.Select(each => each.Task));
    }

    /// <summary>Asks about everything that is due, and gives back how many those were.</summary>
    protected async Task<int> AskAllDueAsync(CancellationToken cancellationToken)
    {
        var asked = 0;
        while (await TakeAsync([], cancellationToken) is { Count: > 0 } taken)
        {
            await Task.WhenAll(taken.Select(each => AskAndWakeAsync(each, cancellationToken)));
            asked += taken.Count;
        }

        return asked;
    }

    /// <summary>The pause after so many looks; short while the provider does not answer, so that nobody waits for hours when it is back.</summary>
    protected TimeSpan WaitAfter(int looks, bool isAnswered)
    {
        var wait = pace.WaitAfter(looks, Random.Shared.NextDouble());
        return !isAnswered && wait > pace.WaitWhileAway ? pace.WaitWhileAway : wait;
    }

    /// <summary>A reason as tables keep it.</summary>
    protected static string Kept(string reason) => reason.Length > MostOfReason ? reason[..MostOfReason] : reason;

    private async Task<IReadOnlyList<T>> TakeAsync(List<(string Provider, Task Task)> running, CancellationToken cancellationToken)
    {
        var room = pace.Parallel - running.Count;
        if (room <= 0)
        {
            return [];
        }

        var now = clock.GetUtcNow();
        var busy = running.GroupBy(each => each.Provider, StringComparer.Ordinal).Where(each => each.Count() >= pace.PerProvider);
        return await TakeAsync(
            new Room([.. busy.Select(each => each.Key)], Math.Min(room, pace.PerProvider), now, now + pace.Lease),
            cancellationToken
        );
    }

    private async Task AskAndWakeAsync(T due, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(due, cancellationToken);
        }
        finally
        {
            Wake();
        }
    }
}
