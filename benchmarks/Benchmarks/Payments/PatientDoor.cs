using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What a service answered for good.</summary>
internal sealed record DoorAnswer(HttpStatusCode Status, string Body)
{
    /// <summary>Whether it did what was asked.</summary>
    public bool IsDone => (int)Status is >= 200 and < 300;

    /// <summary>As JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}

/// <summary>
/// A seller's program that asks a service until it has a definite answer: a broken connection, 5xx, 429 and "not yet" are none.
/// </summary>
internal sealed class PatientDoor : IDisposable
{
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly EnduranceProgress _progress;

    public PatientDoor(EnduranceTarget target, string service, EnduranceProgress progress) =>
        (_http, _progress) = (target.Http(service), progress);

    /// <summary>Asks until it is answered.</summary>
    public Task<DoorAnswer> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, () => null, cancellation);

    /// <summary>Posts until it is answered; whatever is posted can be posted again.</summary>
    public Task<DoorAnswer> PostAsync<T>(string path, T body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, () => JsonContent.Create(body, options: Wire.Tolerant), cancellation);

    /// <summary>Puts until it is answered.</summary>
    public Task<DoorAnswer> PutAsync<T>(string path, T body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, path, () => JsonContent.Create(body, options: Wire.Tolerant), cancellation);

    /// <summary>Sends until it is answered.</summary>
    public async Task<DoorAnswer> SendAsync(HttpMethod method, string path, Func<HttpContent?> content, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var began = Stopwatch.GetTimestamp(); ; )
        {
            string trouble;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(OneTry);
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = content() };
                using var answer = await _http.SendAsync(request, patience.Token);
                var body = await answer.Content.ReadAsStringAsync(patience.Token);
                var isNotYet = (int)answer.StatusCode is 429 or >= 500 || answer.Headers.RetryAfter is not null;
                if (!isNotYet)
                {
                    return new DoorAnswer(answer.StatusCode, body);
                }

                trouble = $"{(int)answer.StatusCode} {body}";
                _progress.Note($"{method} {Kind(path)} answered {(int)answer.StatusCode}");
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                trouble = exception.Message;
                _progress.Note($"{method} {Kind(path)} broke: {exception.GetType().Name}");
            }

            if (Stopwatch.GetElapsedTime(began) > GivesUpAfter)
            {
                throw new CommandFailed($"{method} {path} had no answer for {GivesUpAfter.TotalMinutes:0} minutes: {trouble}");
            }

            await Task.Delay(pause, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>A path without what is in it of one invoice or payment.</summary>
    private static string Kind(string path) =>
        string.Join(
            '/',
            path.Split('?')[0].Split('/').Where(part => part.Length is > 0 and < 30 && !part.StartsWith("M-", StringComparison.Ordinal))
        );
}
