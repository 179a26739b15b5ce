using Microsoft.AspNetCore.Http.HttpResults;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>Whatever goes wrong is answered as a page in words; never a stack trace, never a blank.</summary>
public sealed partial class Problems(RequestDelegate next, ILogger<Problems> log)
{
    /// <summary>Turns exceptions and empty refusals of everything inside into pages.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            var fault = exception switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => DoorFaults.TooLarge.With(
                    ServiceDefaults.ServiceDefaults.BodyLimit
                ),
                BadHttpRequestException or InvalidDataException => PortalFaults.BadRequest.With(),
                _ when Resilience.IsPassing(exception) => PortalFaults.Away.With(),
                _ => PortalFaults.Surprise.With(),
            };
            if (fault.Code == PortalFaults.Surprise)
            {
                LogSurprise(exception, http.Request.Method, HidePathSecrets.In(http.Request.Path));
            }

            await AnswerAsync(http, fault, fault.Code == PortalFaults.Surprise ? StatusCodes.Status500InternalServerError : fault.Status);
            return;
        }

        // 405, 415 and the like come without a body.
        var status = http.Response.StatusCode;
        if (status is >= 400 and < 500 && !http.Response.HasStarted && http.Response.ContentType is null && !IsApi(http))
        {
            await AnswerAsync(
                http,
                (status == StatusCodes.Status404NotFound ? PortalFaults.NotFound : PortalFaults.BadRequest).With(),
                status
            );
        }
    }

    /// <summary>Programs ask there, and are answered by problem+json.</summary>
    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    private static async Task AnswerAsync(HttpContext http, Fault fault, int status)
    {
        PageContext page;
        try
        {
            page = PageContext.Of(http);
        }
        catch (Exception exception) when (Resilience.IsPassing(exception))
        {
            // Without the database there is no sealing of forms; the page shows none.
            page = new PageContext
            {
                Words = Words.For(http.Request.Cookies[PageContext.LanguageCookie], http.Request.Headers.AcceptLanguage),
                Path = "/",
                FormToken = "",
            };
        }

        if (fault.Code.Kind == FaultKind.Unavailable)
        {
            http.Response.Headers.RetryAfter = "30";
        }

        var result = new RazorComponentResult<ProblemPage>(new Dictionary<string, object?> { ["Page"] = page, ["Model"] = fault })
        {
            StatusCode = status,
        };
        await result.ExecuteAsync(http);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} ended in a surprise")]
    private partial void LogSurprise(Exception exception, string method, string path);
}
