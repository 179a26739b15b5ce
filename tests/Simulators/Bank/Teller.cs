using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using RetailInvoicing.Simulators.Bank.Books;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>
/// Tells sellers what was booked on their accounts, by the API that sellers hand statements in at, until they have taken it. What was told
/// is in the journal; what a crash has caught is told again.
/// </summary>
internal sealed partial class Teller(Ledger ledger, TimeProvider clock, ILogger<Teller> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Dictionary<long, (DateTimeOffset Next, int Failures, string Why)> _failed = [];
    private readonly Lock _gate = new();
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>There is something new.</summary>
    public void Ring() => _rung.Writer.TryWrite(true);

    /// <summary>Whoever was waited for may answer now.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _failed.Clear();
        }

        Ring();
    }

    /// <summary>Why a movement is not told yet, where that was tried.</summary>
    public string? TroubleWith(long movement)
    {
        lock (_gate)
        {
            return _failed.TryGetValue(movement, out var failed) ? failed.Why : null;
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _rung.Reader.TryRead(out _);
            var next = LongestWait;
            foreach (var movement in ledger.Movements().Where(IsToTell))
            {
                if (ledger.AccountOf(movement.Iban) is not { } account)
                {
                    continue;
                }

                var wait = DueAt(movement) - clock.GetUtcNow();
                if (wait <= TimeSpan.Zero)
                {
                    await TellAsync(account, movement, stoppingToken);
                    // What is taken back may be told now, and what failed has its next time.
                    next = TimeSpan.Zero;
                }
                else if (wait < next)
                {
                    next = wait;
                }
            }

            if (next > TimeSpan.Zero)
            {
                await RestAsync(next, stoppingToken);
            }
        }
    }

    /// <summary>A return is told after what it takes back.</summary>
    private bool IsToTell(Movement movement) =>
        movement is { TellAt: not null, ToldAt: null }
        && (movement.Returns is not { } taken || ledger.MovementOf(taken) is { ToldAt: not null } or { TellAt: null });

    private DateTimeOffset DueAt(Movement movement)
    {
        lock (_gate)
        {
            return _failed.TryGetValue(movement.Number, out var failed) ? failed.Next : movement.TellAt!.Value;
        }
    }

    private async Task RestAsync(TimeSpan time, CancellationToken stop)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_rung.Reader.WaitToReadAsync(rest.Token).AsTask(), Task.Delay(time, clock, rest.Token));
        await rest.CancelAsync();
    }

    private async Task TellAsync(Account account, Movement movement, CancellationToken stop)
    {
        var file = Statements.Notification(movement);
        string? answer = null;
        string? trouble = null;
        for (var times = 0; times < movement.Times && trouble is null; times++)
        {
            var (said, wrong) = await PostAsync(account, file, stop);
            answer ??= said;
            trouble = wrong;
        }

        if (trouble is null)
        {
            lock (_gate)
            {
                _failed.Remove(movement.Number);
            }

            ledger.Add(new Entry { Movements = [movement with { ToldAt = clock.GetUtcNow(), Answer = answer }] });
            return;
        }

        lock (_gate)
        {
            var failures = _failed.TryGetValue(movement.Number, out var before) ? before.Failures + 1 : 1;
            var wait = TimeSpan.FromSeconds(Math.Min(60, ledger.Settings.RetrySeconds * Math.Pow(2, Math.Min(failures, 10) - 1)));
            _failed[movement.Number] = (clock.GetUtcNow() + wait, failures, trouble);
        }

        LogNotTaken(movement.BankReference, trouble);
    }

    private async Task<(string? Answer, string? Trouble)> PostAsync(Account account, byte[] file, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{account.Address}/v1/bank-statements")
            {
                Content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } },
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Key);
            using var response = await _http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            return response.IsSuccessStatusCode
                ? (AnswerOf(text), null)
                : (null, $"HTTP {(int)response.StatusCode} {(text.Length > 300 ? text[..300] : text)}");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or InvalidOperationException or UriFormatException)
        {
            // Nobody there, too slow, or no address at all; who stops is not told apart, and tells it again at the next start.
            return (null, exception.Message);
        }
    }

    /// <summary>What became of the only line of the only statement.</summary>
    private static string? AnswerOf(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var statement = json.RootElement.GetProperty("statements")[0];
            string[] outcomes = ["matched", "proposed", "unknown", "noted", "repeated"];
            return outcomes.FirstOrDefault(each => statement.TryGetProperty(each, out var count) && count.GetInt32() > 0);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Somebody else's words: taken all the same.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The seller has not taken {BankReference}: {Why}")]
    private partial void LogNotTaken(string bankReference, string why);
}
