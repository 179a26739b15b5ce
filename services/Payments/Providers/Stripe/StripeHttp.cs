using Stripe;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// Carries Stripe.net's requests: each once, within a few seconds. Whether it is asked again, and when, is for the checkout's and the
/// refund's own rows to say, and not for a loop that nobody sees.
/// </summary>
internal sealed class StripeHttp(TimeSpan patience) : IHttpClient, IDisposable
{
    private const long LongestAnswer = 8 * 1024 * 1024;
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _invoker = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ToConnect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    );

    public async Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(request.Method, request.Uri);
        message.Content = request.Content;
        message.Headers.Authorization = request.AuthorizationHeader;
        message.Headers.TryAddWithoutValidation("User-Agent", "RetailInvoicing/1.0");
        foreach (var (name, value) in request.StripeHeaders)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        try
        {
            using var response = await _invoker.SendAsync(message, late.Token);
            await response.Content.LoadIntoBufferAsync(LongestAnswer, late.Token);
            return new StripeResponse(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(late.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"Stripe did not answer within {patience.TotalSeconds:0} s");
        }
    }

    public Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("nothing here is asked as a stream");

    public void Dispose() => _invoker.Dispose();
}
