using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// Speaks SOAP with the tax agency under a seller's certificate. What it gives back tells what is known: an answer, that nothing was
/// sent, or that nobody knows what became of it.
/// </summary>
public sealed class AgencyClient(IOptions<VerifactuOptions> options, TimeProvider clock) : IDisposable
{
    private const int LongestReply = 32 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    // One connection pool a certificate: sessions are bound to who opened them. A renewed certificate gets a pool of its own.
    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> _clients = new(StringComparer.Ordinal);

    /// <summary>Where sellers of an environment send to; none where this installation sends nothing.</summary>
    public Uri? AddressOf(SellerEnvironment environment) =>
        environment == SellerEnvironment.Production ? options.Value.ProductionAddress : options.Value.TestAddress;

    /// <summary>Sends a message and waits for what becomes of it.</summary>
    public async Task<Exchange> ExchangeAsync(
        SellerEnvironment environment,
        X509Certificate2 certificate,
        byte[] message,
        CancellationToken cancellationToken
    )
    {
        if (AddressOf(environment) is not { } address)
        {
            return new NotSent("no address of the tax agency is configured");
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = clock.CreateTimer(_ => late.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(message) { Headers = { ContentType = new("text/xml", "utf-8") } },
                Headers = { { "SOAPAction", "\"\"" } },
            };
            using var response = await ClientOf(certificate).SendAsync(request, HttpCompletionOption.ResponseContentRead, late.Token);
            var body = await response.Content.ReadAsByteArrayAsync(late.Token);
            var reply = AgencyReply.Read(body);
            return reply.Refused(out var unreadable)
                ? (int)response.StatusCode is 401 or 403 or 404 or 405
                    ? new NotSent($"the agency's server refuses us: HTTP {(int)response.StatusCode}")
                    : new Unknown($"HTTP {(int)response.StatusCode}: {unreadable.In(null)}")
                : new Replied(reply.Value);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError
                    is HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
            )
        {
            return new NotSent(exception.Message);
        }
        catch (HttpRequestException exception)
        {
            return new Unknown(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Unknown($"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpClient ClientOf(X509Certificate2 certificate) =>
        _clients.GetOrAdd(certificate.Thumbprint, _ => new Lazy<HttpClient>(() => Client(new X509Certificate2(certificate)))).Value;

    private HttpClient Client(X509Certificate2 certificate)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectPatience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseProxy = options.Value.TestAuthority is null,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = options.Value.TestAuthority is { } file
                    ? (_, remote, _, errors) =>
                        errors == SslPolicyErrors.None
                        || (
                            errors == SslPolicyErrors.RemoteCertificateChainErrors
                            && remote is X509Certificate2 server
                            && Trusts(file, server)
                        )
                    : null,
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestReply };
    }

    private static bool Trusts(string authority, X509Certificate2 server)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        return chain.Build(server);
    }
}

/// <summary>What became of a message.</summary>
public abstract record Exchange;

/// <summary>The agency answered.</summary>
public sealed record Replied(AgencyReply Reply) : Exchange;

/// <summary>Nothing was sent: it can be sent again.</summary>
public sealed record NotSent(string Why) : Exchange;

/// <summary>It may have arrived: the agency is asked before anything is sent again.</summary>
public sealed record Unknown(string Why) : Exchange;
