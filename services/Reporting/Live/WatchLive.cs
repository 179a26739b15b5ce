using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Live;

/// <summary>
/// The running totals of a seller's day, told as they change. However many watch a seller, one asks the database for it, once a second; each
/// watcher is sent the latest and nothing waits for the slow one, which is sent less. A watcher goes when its key is revoked.
/// </summary>
public sealed partial class WatchLive(
    NpgsqlDataSource database,
    RevokedKeys revoked,
    TimeProvider clock,
    IHostApplicationLifetime life,
    ILogger<WatchLive> log
)
{
    private const string Totals = """
        with today as (
            select (@now at time zone coalesce((select time_zone from seller where seller_id = @seller), @usualZone))::date as day
        ), parts as (
            select currency, sum(invoices)::bigint as invoices, sum(total_without_vat) as total_without_vat, sum(vat_total) as vat_total,
                sum(total_with_vat) as total_with_vat, sum(returns) as returns, 0::numeric as collected, 0::numeric as outstanding
            from sold_by_till, today where seller_id = @seller and grain = 'd' and sold_by_till.day = today.day
            group by currency
            union all
            select currency, 0, 0, 0, 0, 0, sum(amount), 0
            from taking_sum, today
            where seller_id = @seller and taking_sum.day = today.day and kind in ('received', 'refunded', 'reversed', 'regained')
            group by currency
            union all
            select currency, 0, 0, 0, 0, 0, 0, sum(amount) from taking_due where seller_id = @seller
            group by currency
        )
        select today.day, currency, coalesce(sum(invoices), 0)::bigint as invoices, coalesce(sum(total_without_vat), 0) as total_without_vat,
            coalesce(sum(vat_total), 0) as vat_total, coalesce(sum(total_with_vat), 0) as total_with_vat,
            coalesce(sum(returns), 0) as returns, coalesce(sum(collected), 0) as collected, coalesce(sum(outstanding), 0) as outstanding
        from today left join parts on true
        group by today.day, currency
        order by currency
        """;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(2);

    // Whoever takes no bytes for so long is not there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] Alive = ": alive\n\n"u8.ToArray();
    private static readonly byte[] Ended = "event: end\ndata: {\"code\":\"AUTH-02\"}\n\n"u8.ToArray();

    private readonly ConcurrentDictionary<string, Watched> _sellers = new(StringComparer.Ordinal);
    private readonly Lock _joining = new();
    private long _queries;

    /// <summary>How often the database was asked so far.</summary>
    public long Queries => Interlocked.Read(ref _queries);

    /// <summary>How many watch.</summary>
    public int Watchers
    {
        get
        {
            lock (_joining)
            {
                return _sellers.Values.Sum(static seller => seller.Watchers);
            }
        }
    }

    /// <summary>Tells one watcher until it goes, its key is revoked, or the service ends.</summary>
    public async Task RunAsync(Caller caller, HttpContext http)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var had = http.Request.Headers["Last-Event-ID"].ToString();
        var seller = Join(caller.SellerId);
        try
        {
            await SendAsync(http, Alive, ends.Token);
            var spokeAt = clock.GetTimestamp();
            while (!revoked.Contains(caller.KeyId))
            {
                var (message, changed) = seller.Latest;
                if (message is not null && message.Id != had)
                {
                    await SendAsync(http, message.Bytes, ends.Token);
                    (had, spokeAt) = (message.Id, clock.GetTimestamp());
                    continue;
                }

                if (clock.GetElapsedTime(spokeAt) >= Beat)
                {
                    await SendAsync(http, Alive, ends.Token);
                    spokeAt = clock.GetTimestamp();
                }

                await Task.WhenAny(changed, Task.Delay(Looks, clock, ends.Token));
                ends.Token.ThrowIfCancellationRequested();
            }

            await SendAsync(http, Ended, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // It went, took nothing for too long, or we end: there is nobody to tell.
        }
        catch (IOException)
        {
            // It went while it was told.
        }
        finally
        {
            Leave(caller.SellerId, seller);
        }
    }

    private async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await http.Response.Body.WriteAsync(bytes, both.Token);
            await http.Response.Body.FlushAsync(both.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            http.Abort();
            throw;
        }
    }

    private Watched Join(SellerId seller)
    {
        lock (_joining)
        {
            var watched = _sellers.GetOrAdd(seller.Value, static _ => new Watched());
            if (watched.Watchers++ == 0)
            {
                // In nobody's request: it goes on for the others when the first one leaves.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(() => FollowAsync(seller, watched), CancellationToken.None);
                }
            }

            return watched;
        }
    }

    private void Leave(SellerId seller, Watched watched)
    {
        lock (_joining)
        {
            if (--watched.Watchers == 0)
            {
                _sellers.TryRemove(seller.Value, out _);
                watched.Left.Cancel();
            }
        }
    }

    /// <summary>The one that asks, until nobody watches the seller any more.</summary>
    private async Task FollowAsync(SellerId seller, Watched watched)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(watched.Left.Token, life.ApplicationStopping);
        while (!ends.IsCancellationRequested)
        {
            try
            {
                Interlocked.Increment(ref _queries);
                watched.Tell(await LookAsync(seller, ends.Token));
            }
            catch (Exception) when (ends.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                // Those who watch keep what they have.
                LogAway(seller, away.Message);
            }

            await Task.Delay(Pace, clock, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<LiveMessage> LookAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    Totals,
                    new
                    {
                        seller = seller.Value,
                        now = clock.GetUtcNow(),
                        usualZone = SellerClock.UsualZone,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var totals = new LiveTotals
        {
            Day = rows[0].Day,
            Totals = [.. rows.Where(static row => row.Currency is not null).Select(static row => row.Total())],
        };
        return new LiveMessage(totals.Day, JsonSerializer.Serialize(totals, Wire.Tolerant));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The running totals of {Seller} are told later: {Reason}")]
    private partial void LogAway(SellerId seller, string reason);

    /// <summary>A seller that somebody watches.</summary>
    private sealed class Watched
    {
        private readonly Lock _lock = new();
        private LiveMessage? _message;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Watchers { get; set; }

        public CancellationTokenSource Left { get; } = new();

        /// <summary>The latest totals, none yet at first, and what ends when there are others.</summary>
        public (LiveMessage? Message, Task Changed) Latest
        {
            get
            {
                lock (_lock)
                {
                    return (_message, _changed.Task);
                }
            }
        }

        public void Tell(LiveMessage message)
        {
            lock (_lock)
            {
                if (_message?.Id == message.Id)
                {
                    return;
                }

                _message = message;
                _changed.TrySetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private sealed record Row
    {
        public DateOnly Day { get; init; }

        public string? Currency { get; init; }

        public long Invoices { get; init; }

        public decimal TotalWithoutVat { get; init; }

        public decimal VatTotal { get; init; }

        public decimal TotalWithVat { get; init; }

        public decimal Returns { get; init; }

        public decimal Collected { get; init; }

        public decimal Outstanding { get; init; }

        public LiveTotal Total() =>
            new LiveTotal
            {
                Currency = Contracts.Currency.Of(Currency!),
                Invoices = Invoices,
                TotalWithoutVat = TotalWithoutVat,
                VatTotal = VatTotal,
                TotalWithVat = TotalWithVat,
                Returns = Returns,
                Collected = Collected,
                Outstanding = Outstanding,
            }.Rounded();
    }
}
