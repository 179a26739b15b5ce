using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Operations;

/// <summary>
/// One visit of somebody who operates the system. To everybody else these pages are not there. Each service checks again that the credential
/// says so; what it refuses and what it cannot be asked for are shown in words.
/// </summary>
public sealed class AskOperations : IBindableFromHttpContext<AskOperations>
{
    /// <summary>The services that have doors for it, in the order of the page.</summary>
    public static readonly IReadOnlyList<string> Services = ["invoicing", "delivery", "payments", "collections", "reporting"];

    private readonly HttpContext _http;
    private readonly AskDoors _doors;
    private readonly OnBehalfOf? _behalf;

    private AskOperations(HttpContext http, PortalOptions options)
    {
        _http = http;
        Options = options;
        Page = PageContext.Of(http);
        Now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var email = Visitor.Of(http)?.Email ?? "";
        _behalf = options.IsOperator(email) ? OnBehalfOf.Operating(email) : null;
        _doors = http.RequestServices.GetRequiredService<AskDoors>();
    }

    /// <summary>What is configured.</summary>
    public PortalOptions Options { get; }

    /// <summary>What every page knows.</summary>
    public PageContext Page { get; }

    /// <summary>When the page was asked for.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The language.</summary>
    public Words Words => Page.Words;

    /// <summary>Opens for the visitor.</summary>
    public static ValueTask<AskOperations?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) =>
        new(new AskOperations(context, context.RequestServices.GetRequiredService<PortalOptions>()));

    /// <summary>In the language of the page.</summary>
    public string Say(string spanish, string english) => Words.Say(spanish, english);

    /// <summary>What the address asks for; nothing where it is empty.</summary>
    public string? Asked(string name) => _http.Request.Query[name] is [{ Length: > 0 and <= 200 } value] ? value : null;

    /// <summary>An instant, in UTC: whoever operates reads logs in it.</summary>
    public string At(DateTimeOffset? at) => at is null ? "" : $"{Words.At(at, TimeZoneInfo.Utc)} UTC";

    /// <summary>How long ago, as one says it.</summary>
    public string Ago(DateTimeOffset? at) =>
        at is not { } then ? ""
        : Now - then is var age && age < TimeSpan.FromSeconds(90) ? $"{Math.Max(0, (int)age.TotalSeconds)} s"
        : age < TimeSpan.FromMinutes(90) ? $"{(int)age.TotalMinutes} min"
        : age < TimeSpan.FromHours(36) ? $"{(int)age.TotalHours} h"
        : Say($"{(int)age.TotalDays} días", $"{(int)age.TotalDays} days");

    /// <summary>What a service's door answers.</summary>
    public Task<Outcome<JsonNode>> GetAsync(string service, string path) => _doors.GetAsync(service, path, _behalf!, _http.RequestAborted);

    /// <summary>What comes of an act; a browser that leaves stops nothing that has begun.</summary>
    public Task<Outcome<JsonNode>> SendAsync(string service, string path, JsonNode body) =>
        _doors.SendAsync(HttpMethod.Post, service, path, body, _behalf!, CancellationToken.None);

    /// <summary>How this service itself is, told as the others tell it.</summary>
    public async Task<Outcome<JsonNode>> ItselfAsync() =>
        JsonSerializer.SerializeToNode(
            await _http.RequestServices.GetRequiredService<TellOperations>().HandleAsync(_http.RequestAborted),
            Wire.Tolerant
        )!;

    /// <summary>Shows a page to who may see it.</summary>
    public async Task<IResult> ShowAsync<TView, TModel>(Func<Task<Outcome<TModel>>> model, int status = StatusCodes.Status200OK)
        where TView : PageView<TModel>
    {
        if (_behalf is null)
        {
            return Page.Show(PortalFaults.NotFound.With());
        }

        var made = await model();
        return made.Refused(out var fault) ? Page.Show(fault) : Page.Show<TView, TModel>(made.Value, status);
    }

    /// <summary>Does what a form says and sends the browser on; its door does it once.</summary>
    public async Task<IResult> ActAsync(Form form, Func<Task<Outcome<string>>> act)
    {
        if (_behalf is null)
        {
            return Page.Show(PortalFaults.NotFound.With());
        }

        if (form.Fault is { } stale)
        {
            return Page.Show(stale);
        }

        var done = await act();
        return done.Refused(out var refused) ? Page.Show(refused) : PageContext.GoTo(done.Value);
    }
}
