using System.Diagnostics.Metrics;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// A seller's logo is fetched when the seller says where it is, looked at, and kept; one that cannot be had is tried again, ever more
/// rarely, and leaves the last good one in its place. No document waits for it.
/// </summary>
public sealed partial class DownloadLogos(
    NpgsqlDataSource database,
    PublicHttp outside,
    FindLook looks,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<DownloadLogos> log
) : BackgroundService
{
    /// <summary>The section with how often to look whether a seller has another logo.</summary>
    public const string Setting = "Delivery:Logos:Every";

    private const string Changed = """
        select s.seller_id, s.version, s.body from seller s left join logo l using (seller_id)
        where l.seller_id is null or l.seller_version < s.version
        order by s.seller_id limit 100
        """;

    // Only another address is another logo; no address is no logo.
    private const string Learn = """
        insert into logo as l (seller_id, seller_version, url, due_at)
        values (@seller, @version, @url, case when @url::text is null then null else @now end)
        on conflict (seller_id) do update
        set seller_version = excluded.seller_version, url = excluded.url,
            due_at = case when excluded.url is not distinct from l.url then l.due_at else excluded.due_at end,
            failures = case when excluded.url is not distinct from l.url then l.failures else 0 end,
            last_error = case when excluded.url is not distinct from l.url then l.last_error end,
            content = case when excluded.url is null then null else l.content end,
            version = case when excluded.url is null then null else l.version end
        where l.seller_version < excluded.seller_version
        """;

    // Whoever takes it has a while; whoever dies with it leaves it due again.
    private const string Take = """
        update logo set due_at = @until
        where seller_id = (
            select seller_id from logo where due_at <= @now order by due_at limit 1 for update skip locked
        )
        returning seller_id, url, failures
        """;

    private const string Keep = """
        update logo
        set version = @version, content = @content, fetched_from = @url, fetched_at = @now, due_at = null, failures = 0,
            last_error = null, last_error_at = null
        where seller_id = @seller and url = @url
        """;

    private const string PutOff = """
        update logo set due_at = @dueAt, failures = failures + 1, last_error = @error, last_error_at = @now
        where seller_id = @seller and url = @url
        """;

    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>("delivery.logos.failed");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = configuration.GetValue(Setting, TimeSpan.FromSeconds(10));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LearnAsync(stoppingToken);
                while (await OneAsync(stoppingToken)) { }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The database is away, or something surprised us: what was taken is due again in a while.
                LogAway(exception.Message);
            }

            await Task.Delay(every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var row in await connection.QueryAsync<SellerRow>(Changed))
        {
            var seller = JsonSerializer.Deserialize<SellerBody>(row.Body, Wire.Tolerant);
            var url = seller?.Branding?.LogoUrl is { Length: > 0 } given ? given : null;
            await connection.ExecuteAsync(
                Learn,
                new
                {
                    seller = row.SellerId,
                    version = row.Version,
                    url,
                    now = clock.GetUtcNow(),
                }
            );
            if (url is null)
            {
                looks.Forget(SellerId.Of(row.SellerId));
            }
        }
    }

    private async Task<bool> OneAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        TakenRow? taken;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            taken = await connection.QuerySingleOrDefaultAsync<TakenRow>(Take, new { now, until = now + Hold });
        }

        if (taken is null)
        {
            return false;
        }

        var (content, error) = await FetchAsync(taken.Url, cancellationToken);
        now = clock.GetUtcNow();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            if (content is not null)
            {
                await connection.ExecuteAsync(
                    Keep,
                    new
                    {
                        seller = taken.SellerId,
                        url = taken.Url,
                        version = Guid.CreateVersion7(),
                        content,
                        now,
                    }
                );
                looks.Forget(SellerId.Of(taken.SellerId));
                LogKept(taken.SellerId);
                return true;
            }

            await connection.ExecuteAsync(
                PutOff,
                new
                {
                    seller = taken.SellerId,
                    url = taken.Url,
                    error,
                    now,
                    dueAt = now + Backoff.After(taken.Failures + 1, FirstPause, LongestPause, Random.Shared.NextDouble()),
                }
            );
        }

        Failures.Add(1);
        LogFailed(taken.SellerId, error);
        return true;
    }

    private async Task<(byte[]? Content, string Error)> FetchAsync(string url, CancellationToken cancellationToken)
    {
        if (outside.RefuseText(url) is { } refused)
        {
            // Where it is stands beside it, and may hold a secret: no log needs it.
            return (null, $"{refused.Code.Code}: {(refused.Values is [_, ISaid why] ? why.In(null) : "")}");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "image/png, image/jpeg");
        var answer = await outside.SendAsync(request, Picture.MostBytes + 1, cancellationToken);
        if (answer.Failure is { } failure)
        {
            return (null, $"{failure}: {answer.Detail}");
        }

        if (!answer.IsSuccess)
        {
            return (null, answer.Status is >= 300 and < 400 ? $"{answer.Status}: redirects are not followed" : $"{answer.Status}");
        }

        if (Picture.Read(answer.Body, out var fault) is null)
        {
            return (null, $"{fault}: {SaidOf(fault)}");
        }

        return (answer.Body, "");
    }

    private static string SaidOf(PictureFault? fault) =>
        fault switch
        {
            PictureFault.NotAPicture => "neither PNG nor JPEG",
            PictureFault.TooManyBytes => $"over {Picture.MostBytes / 1024} KB",
            PictureFault.TooManyDots => $"over {Picture.MostDots} dots",
            PictureFault.NotRead => "interlaced PNG, or JPEG that is not of eight bits in gray or three colours",
            _ => "it ends before it is whole, or its parts contradict each other",
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "The logo of seller {Seller} was fetched")]
    private partial void LogKept(string seller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The logo of seller {Seller} cannot be had, the last good one stays: {Why}")]
    private partial void LogFailed(string seller, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Logos wait: {Reason}")]
    private partial void LogAway(string reason);

    private sealed record SellerRow
    {
        public string SellerId { get; init; } = "";
        public long Version { get; init; }
        public string Body { get; init; } = "";
    }

    private sealed record TakenRow
    {
        public string SellerId { get; init; } = "";
        public string Url { get; init; } = "";
        public int Failures { get; init; }
    }
}
