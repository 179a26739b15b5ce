using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Asking;

/// <summary>
/// Asks a service's own REST doors on behalf of a member of staff, who is named in a signed credential: whether its role may, the service
/// decides. A page never sees HTTP: it gets the answer, the service's refusal in its language, or that the service is away.
/// </summary>
public sealed partial class AskDoors(
    HttpClient http,
    ServiceCredentials credentials,
    PortalOptions options,
    IHttpContextAccessor page,
    ILogger<AskDoors> log
)
{
    private static readonly TimeSpan PatienceForActs = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceForFiles = TimeSpan.FromMinutes(5);

    private int _sent;

    /// <summary>
    /// The key of the form that is being done. Whatever it sends to change something carries it as its Idempotency-Key, numbered, so that a
    /// door which keeps such keys does the same form once.
    /// </summary>
    public string? FormKey { get; set; }

    /// <summary>What a door answers to a question.</summary>
    public Task<Outcome<JsonNode>> GetAsync(string service, string path, OfficeDoor door, CancellationToken cancellationToken) =>
        GetAsync(service, path, door.Behalf, cancellationToken);

    /// <summary>What a door answers to whoever is named, such as one of those who operate the system.</summary>
    public Task<Outcome<JsonNode>> GetAsync(string service, string path, OnBehalfOf behalf, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, service, path, null, behalf, options.Patience, ReadJsonAsync, cancellationToken);

    /// <summary>What comes of sending something; an answer without a body is an empty object.</summary>
    public Task<Outcome<JsonNode>> SendAsync(
        HttpMethod method,
        string service,
        string path,
        JsonNode? body,
        OfficeDoor door,
        CancellationToken cancellationToken
    ) => SendAsync(method, service, path, body, door.Behalf, cancellationToken);

    /// <summary>What comes of sending something on behalf of whoever is named.</summary>
    public Task<Outcome<JsonNode>> SendAsync(
        HttpMethod method,
        string service,
        string path,
        JsonNode? body,
        OnBehalfOf behalf,
        CancellationToken cancellationToken
    ) => AskAsync(method, service, path, ContentOf(body), behalf, PatienceForActs, ReadJsonAsync, cancellationToken);

    /// <summary>A file that a door gives.</summary>
    public Task<Outcome<Stream>> FileAsync(string service, string path, OfficeDoor door, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, service, path, null, door.Behalf, PatienceForFiles, ReadFileAsync, cancellationToken);

    /// <summary>A file that a door makes of what is sent.</summary>
    public Task<Outcome<Stream>> SendForFileAsync(
        HttpMethod method,
        string service,
        string path,
        JsonNode? body,
        OfficeDoor door,
        CancellationToken cancellationToken
    ) => AskAsync(method, service, path, ContentOf(body), door.Behalf, PatienceForFiles, ReadFileAsync, cancellationToken);

    /// <summary>What comes of sending a file.</summary>
    public Task<Outcome<JsonNode>> SendFileAsync(
        string service,
        string path,
        Stream file,
        string type,
        OfficeDoor door,
        CancellationToken cancellationToken
    )
    {
        var content = new StreamContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return AskAsync(HttpMethod.Post, service, path, content, door.Behalf, PatienceForFiles, ReadJsonAsync, cancellationToken);
    }

    private static StringContent? ContentOf(JsonNode? body) =>
        body is null ? null : new StringContent(body.ToJsonString(Wire.Tolerant), Encoding.UTF8, "application/json");

    private async Task<Outcome<T>> AskAsync<T>(
        HttpMethod method,
        string service,
        string path,
        HttpContent? content,
        OnBehalfOf behalf,
        TimeSpan patience,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        using var request = new HttpRequestMessage(method, new Uri($"http://_http.{service}{path}")) { Content = content };
        var credential = credentials.For(service, behalf).GetValue("authorization")!;
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(credential);
        request.Headers.AcceptLanguage.ParseAdd(Language());
        if (FormKey is { } key && method != HttpMethod.Get)
        {
            request.Headers.Add("Idempotency-Key", $"form-{key}-{Interlocked.Increment(ref _sent)}");
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token);
            if (response.IsSuccessStatusCode)
            {
                return await read(response, waiting.Token);
            }

            if ((int)response.StatusCode is >= 500 or 401)
            {
                LogAway(service, (int)response.StatusCode);
                return PortalFaults.Away.With();
            }

            return await RefusalAsync(response, waiting.Token);
        }
        catch (Exception passing)
            when (passing is HttpRequestException or OperationCanceledException or IOException or JsonException
                && !cancellationToken.IsCancellationRequested
            )
        {
            LogAway(passing, service);
            return PortalFaults.Away.With();
        }
        finally
        {
            // A file is read after this; the browser's answer closes it.
            if (typeof(T) != typeof(Stream) || response?.IsSuccessStatusCode != true)
            {
                response?.Dispose();
            }
        }
    }

    private string Language() =>
        page.HttpContext?.Request is { } request
            ? Words.For(request.Cookies[PageContext.LanguageCookie], request.Headers.AcceptLanguage).Code
            : "es";

    private static async Task<JsonNode> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return string.IsNullOrWhiteSpace(text) ? new JsonObject() : JsonNode.Parse(text) ?? new JsonObject();
    }

    private static Task<Stream> ReadFileAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.ReadAsStreamAsync(cancellationToken);

    /// <summary>The service's refusal: its code, its kind, its words, which are in the page's language already.</summary>
    private static async Task<Fault> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        JsonNode? problem;
        try
        {
            problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (JsonException)
        {
            problem = null;
        }

        var details = (problem?["errors"] as JsonArray ?? [])
            .Select(each => (string?)each?["detail"])
            .Where(detail => !string.IsNullOrWhiteSpace(detail))
            .Distinct()
            .ToList();
        var said = details.Count > 0 ? string.Join(' ', details) : (string?)problem?["detail"];
        if (said is null || problem?["code"] is not { } code)
        {
            return (status == StatusCodes.Status404NotFound ? PortalFaults.NotFound : PortalFaults.BadRequest).With();
        }

        var words = said.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        var kind = status switch
        {
            StatusCodes.Status403Forbidden => FaultKind.Forbidden,
            StatusCodes.Status404NotFound => FaultKind.NotFound,
            StatusCodes.Status409Conflict => FaultKind.Conflict,
            StatusCodes.Status413PayloadTooLarge => FaultKind.TooLarge,
            StatusCodes.Status422UnprocessableEntity => FaultKind.Rule,
            StatusCodes.Status429TooManyRequests => FaultKind.TooMany,
            _ => FaultKind.Malformed,
        };
        return new FaultCode((string)code!, kind, words, words).With();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} is away ({Status}); the page says so")]
    private partial void LogAway(string service, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} is away; the page says so")]
    private partial void LogAway(Exception why, string service);
}
