using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.Replay;

/// <summary>
/// Posts the shop's numbers in their order, each until it is answered: whatever dies meanwhile is waited for, and what it did not
/// answer is sent again.
/// </summary>
public sealed class ReplayShop(
    ISaleDoor door,
    Func<string, CancellationToken, Task<DateTimeOffset?>> issuedAt,
    DateTimeOffset startedAt,
    TimeProvider clock
)
{
    private const int BatchSize = 200;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Longer than the system takes to come back from a power cut.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);

    private readonly Originals _originals = new();
    private readonly Tally _tally = new();
    private readonly List<(ShopNumber Number, string? Original, SalePosted Sale)> _batch = [];
    private readonly HashSet<string> _sentWithoutAnswer = new(StringComparer.Ordinal);

    /// <summary>Replays the numbers; progress hears how many are done.</summary>
    public async Task<Tally> RunAsync(
        IReadOnlyList<ShopNumber> numbers,
        decimal? speed,
        Action<int, string?> progress,
        CancellationToken cancellation
    )
    {
        foreach (var number in numbers)
        {
            await PaceAsync(numbers[0], number, speed, progress, cancellation);
            _tally.Count();
            if (number.Refusal is { } refusal)
            {
                _tally.CountRefused(refusal);
                continue;
            }

            // A return looks for its original among what its customer has an answer for.
            var waitsForOriginal =
                number is { IsReturn: true, CustomerId: not null } && _batch.Exists(each => each.Number.CustomerId == number.CustomerId);
            if (waitsForOriginal || _batch.Count >= BatchSize)
            {
                await SendBatchAsync(progress, cancellation);
            }

            var original = number.IsReturn ? _originals.Find(number) : null;
            _batch.Add((number, original, number.ToSale(original)));
        }

        await SendBatchAsync(progress, cancellation);
        return _tally;
    }

    private async Task PaceAsync(
        ShopNumber first,
        ShopNumber number,
        decimal? speed,
        Action<int, string?> progress,
        CancellationToken cancellation
    )
    {
        if (speed is not { } times)
        {
            return;
        }

        var due = startedAt + (number.FirstTime - first.FirstTime) / (double)times;
        if (due - clock.GetUtcNow() is { Ticks: > 0 })
        {
            await SendBatchAsync(progress, cancellation);
            if (due - clock.GetUtcNow() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, clock, cancellation);
            }
        }
    }

    private async Task SendBatchAsync(Action<int, string?> progress, CancellationToken cancellation)
    {
        var waiting = _batch.ToDictionary(each => each.Sale.SaleId.Value, StringComparer.Ordinal);
        var pause = TimeSpan.FromMilliseconds(100);
        var lastAnswer = clock.GetTimestamp();
        while (waiting.Count > 0)
        {
            var before = waiting.Count;
            var trouble = "not every sale was answered";
            try
            {
                await foreach (var outcome in door.SendAsync([.. waiting.Values.Select(each => each.Sale)], cancellation))
                {
                    if (!IsPassing(outcome) && waiting.TryGetValue(outcome.SaleId, out var answered))
                    {
                        await CountAsync(answered.Number, answered.Original, outcome, cancellation);
                        waiting.Remove(outcome.SaleId);
                    }
                }
            }
            catch (Exception exception) when (exception is not CommandFailed && !cancellation.IsCancellationRequested)
            {
                // Away, dying or cut off: whatever it is, an answer may come the next time.
                trouble = exception.Message;
            }

            progress(before - waiting.Count, waiting.Count > 0 ? trouble : null);
            if (waiting.Count == 0)
            {
                break;
            }

            _sentWithoutAnswer.UnionWith(waiting.Keys);
            if (waiting.Count < before)
            {
                lastAnswer = clock.GetTimestamp();
                pause = TimeSpan.FromMilliseconds(100);
            }
            else if (clock.GetElapsedTime(lastAnswer) > GiveUpAfter)
            {
                throw new CommandFailed($"No answer for {GiveUpAfter.TotalMinutes:0} minutes: {trouble}");
            }

            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        _batch.Clear();
    }

    private async Task CountAsync(ShopNumber number, string? original, SaleOutcome outcome, CancellationToken cancellation)
    {
        // Its answer was lost with the server that gave it: whether this run made the invoice, its time of issue tells.
        if (
            outcome.Status == SaleStatus.Repeated
            && _sentWithoutAnswer.Contains(number.No)
            && await issuedAt(number.No, cancellation) >= startedAt
        )
        {
            outcome = outcome with { Status = SaleStatus.Issued };
        }

        _tally.Count(number, original, outcome);
        if (outcome.Status == SaleStatus.Refused)
        {
            return;
        }

        if (original is not null)
        {
            _originals.Returned(number, original);
        }
        else
        {
            _originals.Issued(number);
        }
    }

    /// <summary>"A part is away" and "too many requests" are no refusals of the sale.</summary>
    private static bool IsPassing(SaleOutcome outcome) =>
        outcome.Status == SaleStatus.Refused
        && outcome.Code is { } code
        && (code.StartsWith("AWAY-", StringComparison.Ordinal) || code.StartsWith("RATE-", StringComparison.Ordinal));
}
