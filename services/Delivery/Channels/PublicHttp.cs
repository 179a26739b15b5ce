using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>
/// Calls addresses that sellers gave: public ones alone, so that nobody reaches our own network through us. A name is resolved here, every
/// address of it is looked at, and the connection goes to the very address that was looked at; redirects are answers, not ways.
/// </summary>
public sealed class PublicHttp : IDisposable
{
    /// <summary>Longest address that is called.</summary>
    public const int MostUrlCharacters = 2048;

    /// <summary>How long an answer may take, its body included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MostHostCharacters = 253;
    private const int MostAddresses = 4;
    private const int MostResolving = 64;

    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToResolve = TimeSpan.FromSeconds(3);

    // What IANA's registries of special purpose name as not globally reachable, and what clouds answer about their machines on.
    private static readonly IPNetwork[] NotPublic =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        // Protocols' own, Teredo among them, documentation, and 6to4, which holds an address of IPv4.
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    // All of IPv6 that is given out; loopback, mapped, NAT64, private, link-local and multicast addresses lie outside.
    private static readonly IPNetwork GivenOut = IPNetwork.Parse("2000::/3");

    private static readonly string[] OwnNames = ["localhost", "local", "internal", "intranet", "lan", "home.arpa"];

    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _resolving = new(MostResolving);

    /// <summary>Private addresses and http are open where <c>Delivery:Webhooks:AllowPrivate</c> says so: to develop and test.</summary>
    public PublicHttp(IConfiguration configuration)
    {
        AllowsPrivate = configuration.GetValue("Delivery:Webhooks:AllowPrivate", false);
        _invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectCallback = ConnectAsync,
                ConnectTimeout = Patience,
                // A name that leads elsewhere now is looked at again.
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = 4 * 1024,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                // Our traces are no business of theirs.
                ActivityHeadersPropagator = null,
            }
        );
    }

    /// <summary>Whether private addresses may be called, too.</summary>
    public bool AllowsPrivate { get; }

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GivenOut.Contains(plain))
            && !Array.Exists(NotPublic, network => network.Contains(plain));
    }

    /// <summary>Why an address is not called, as far as its text tells; nothing where it may be.</summary>
    public Fault? RefuseText(string? text, string path = "url")
    {
        if (text is not { Length: > 0 and <= MostUrlCharacters })
        {
            return DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Length);
        }

        if (
            text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || HostOf(url) is not { Length: > 0 and <= MostHostCharacters } host
        )
        {
            return DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Form);
        }

        if (url.AbsoluteUri.Length > MostUrlCharacters)
        {
            return DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Length);
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(AllowsPrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            return DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Scheme);
        }

        if (url.UserInfo.Length > 0)
        {
            return DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.User);
        }

        return AllowsPrivate || !IsOwn(host) ? null : DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Private);
    }

    /// <summary>
    /// Why an address is not called, its name resolved. A name that leads nowhere now may lead somewhere later: calling it says so then.
    /// </summary>
    public async Task<Fault?> RefuseAsync(string? text, CancellationToken cancellationToken, string path = "url")
    {
        if (RefuseText(text, path) is { } fault)
        {
            return fault;
        }

        if (AllowsPrivate)
        {
            return null;
        }

        var addresses = await ResolveAsync(new Uri(text!).IdnHost, cancellationToken);
        return Array.TrueForAll(addresses, IsPublic) ? null : DeliveryFaults.BadUrl.At(path, Shown(text), UrlReason.Private);
    }

    /// <summary>
    /// Calls, and reads so many bytes of the answer. What comes in its place is data too (<see cref="PublicAnswer.Failure"/>): only the
    /// caller's own token throws. The request stays the caller's to dispose.
    /// </summary>
    public async Task<PublicAnswer> SendAsync(HttpRequestMessage request, int mostBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } url || RefuseText(url.OriginalString) is not null)
        {
            return PublicAnswer.Of(CallFailure.PrivateAddress, "the address may not be called");
        }

        using var activity = Telemetry.Source.StartActivity("CallOutside", ActivityKind.Client);
        activity?.SetTag("server.address", url.IdnHost);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        HttpResponseMessage? response = null;
        try
        {
            response = await _invoker.SendAsync(request, limit.Token);
            activity?.SetTag("http.response.status_code", (int)response.StatusCode);
            var (body, isCut) = await ReadAsync(response, mostBytes, limit.Token);
            return PublicAnswer.Of(response, body, isCut, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // An answer whose body never ends was given all the same.
            return response is null
                ? PublicAnswer.Of(CallFailure.Timeout, $"no answer within {Patience.TotalSeconds:0} s")
                : PublicAnswer.Of(response, [], isCut: true, CallFailure.Timeout);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return response is null
                ? PublicAnswer.Of(FailureOf(exception), Said(exception))
                : PublicAnswer.Of(response, [], isCut: true, CallFailure.Connection);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.DnsEndPoint;
        var addresses = await ResolveAsync(endpoint.Host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new NoAddressException();
        }

        // One that is not public is enough: whoever mixes them wants to be called on it.
        if (!AllowsPrivate && !Array.TrueForAll(addresses, IsPublic))
        {
            throw new PrivateAddressException();
        }

        Exception? last = null;
        foreach (var address in addresses.Take(MostAddresses))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ToConnect);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                last = exception;
            }
        }

        throw new IOException("nobody answers there", last);
    }

    /// <summary>
    /// Where a name leads; nowhere where that cannot be told in time. The platform's own asking heeds no token, and a slow name server of
    /// a seller's may take half a minute: on threads of its own, so many at most, it keeps nobody else waiting.
    /// </summary>
    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ToResolve);
        try
        {
            await _resolving.WaitAsync(limit.Token);
            return await Task
                .Factory.StartNew(() => Resolve(host), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(limit.Token);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return [];
        }
    }

    private IPAddress[] Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        finally
        {
            _resolving.Release();
        }
    }

    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(
        HttpResponseMessage response,
        int mostBytes,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var chunk = new byte[8 * 1024];
        while (kept.Length <= mostBytes)
        {
            var count = await stream.ReadAsync(chunk, cancellationToken);
            if (count == 0)
            {
                return (kept.ToArray(), false);
            }

            await kept.WriteAsync(chunk.AsMemory(0, count), cancellationToken);
        }

        return (kept.ToArray()[..mostBytes], true);
    }

    /// <summary>The host as names are asked for; nothing where it can be no name.</summary>
    private static string? HostOf(Uri url)
    {
        try
        {
            return url.IdnHost.Trim('[', ']').TrimEnd('.');
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static bool IsOwn(string host) =>
        IPAddress.TryParse(host, out var address)
            ? !IsPublic(address)
            : Array.Exists(
                OwnNames,
                own => host.Equals(own, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{own}", StringComparison.OrdinalIgnoreCase)
            );

    private static CallFailure FailureOf(Exception exception) =>
        exception switch
        {
            PrivateAddressException or { InnerException: PrivateAddressException } => CallFailure.PrivateAddress,
            NoAddressException or { InnerException: NoAddressException } => CallFailure.NoAddress,
            { InnerException: AuthenticationException } => CallFailure.Tls,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => CallFailure.Tls,
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
                CallFailure.Answer,
            _ => CallFailure.Connection,
        };

    /// <summary>Why, without the address that a name led to: that may be a fact about our own network.</summary>
    private static string Said(Exception exception) =>
        FailureOf(exception) switch
        {
            CallFailure.PrivateAddress => "the name leads to an address that is not public",
            CallFailure.NoAddress => "the name leads nowhere",
            CallFailure.Tls => "no sound TLS: the certificate is not valid for this name, or the server speaks none",
            CallFailure.Answer => "the answer is no sound HTTP",
            _ => "the connection was refused, broke, or nobody answered it",
        };

    private static string Shown(string? text) => text is { Length: > 200 } ? $"{text[..200]}…" : text ?? "";

    private sealed class PrivateAddressException() : IOException("the name leads to an address that is not public");

    private sealed class NoAddressException() : IOException("the name leads nowhere");
}

/// <summary>What came in place of an answer.</summary>
public enum CallFailure
{
    /// <summary>The address, or one that its name leads to, is not public.</summary>
    PrivateAddress,

    /// <summary>The name leads nowhere.</summary>
    NoAddress,

    /// <summary>No sound TLS.</summary>
    Tls,

    /// <summary>Nobody answered, or the line broke.</summary>
    Connection,

    /// <summary>No answer in time: it may have been taken all the same.</summary>
    Timeout,

    /// <summary>What came is no HTTP, or its headers are too long.</summary>
    Answer,
}

/// <summary>What somebody outside answered, or what came in its place.</summary>
public sealed record PublicAnswer
{
    /// <summary>Status of HTTP; 0 where there was no answer.</summary>
    public int Status { get; private init; }

    /// <summary>The beginning of the body.</summary>
    public byte[] Body { get; private init; } = [];

    /// <summary>Whether the body went on.</summary>
    public bool IsCut { get; private init; }

    /// <summary>The media type, as text/html.</summary>
    public string? MediaType { get; private init; }

    /// <summary>After how long to come again, where the answer says so.</summary>
    public RetryAfter? RetryAfter { get; private init; }

    /// <summary>What came in its place; beside a status, what cut its body.</summary>
    public CallFailure? Failure { get; private init; }

    /// <summary>That in words.</summary>
    public string? Detail { get; private init; }

    /// <summary>Whether it was taken: 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    internal static PublicAnswer Of(CallFailure failure, string detail) => new() { Failure = failure, Detail = detail };

    internal static PublicAnswer Of(HttpResponseMessage response, byte[] body, bool isCut, CallFailure? failure) =>
        new()
        {
            Status = (int)response.StatusCode,
            Body = body,
            IsCut = isCut,
            MediaType = response.Content.Headers.ContentType?.MediaType,
            RetryAfter = response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => new RetryAfter(delta, null),
                { Date: { } date } => new RetryAfter(null, date),
                _ => null,
            },
            Failure = failure,
        };
}

/// <summary>When to come again: after so long, or at that instant.</summary>
public sealed record RetryAfter(TimeSpan? Delta, DateTimeOffset? At)
{
    /// <summary>So long from now on; never negative.</summary>
    public TimeSpan From(DateTimeOffset now)
    {
        var wait = Delta ?? At.GetValueOrDefault(now) - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}

/// <summary>Why an address is not called, in both languages.</summary>
internal sealed record UrlReason(string English, string Spanish) : ISaid
{
    public static readonly UrlReason Length = new(
        $"an address of 1 to {PublicHttp.MostUrlCharacters} characters is wanted",
        $"se espera una dirección de 1 a {PublicHttp.MostUrlCharacters} caracteres"
    );
    public static readonly UrlReason Form = new("it is no address of https", "no es una dirección https");
    public static readonly UrlReason Scheme = new("only https is called", "solo se llama por https");
    public static readonly UrlReason User = new(
        "an address must not carry a user and password",
        "la dirección no puede llevar usuario ni contraseña"
    );
    public static readonly UrlReason Private = new("it is not on the public internet", "no está en la internet pública");

    public string In(string? language) => language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Spanish : English;

    public override string ToString() => English;
}
