using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Extensions;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>What a report answered.</summary>
public sealed record ReportAnswer
{
    /// <summary>HTTP's status.</summary>
    public required int Status { get; init; }

    /// <summary>Its media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>What the file is called.</summary>
    public required string FileName { get; init; }

    /// <summary>The file, or the refusal; absent where it is larger than a mail may be.</summary>
    public byte[]? Content { get; init; }
}

/// <summary>
/// Asks a report at the door that everybody asks at, in this process and for the seller whose schedule it is: what is mailed is what the
/// same question is answered with, and every report can be mailed.
/// </summary>
public sealed class AskReport(EndpointDataSource endpoints, IServiceScopeFactory scopes)
{
    /// <summary>Where reports are.</summary>
    public const string Root = "/v1/reports/";

    // A mail names who asks as a key does; there is no key, and nothing here asks for one.
    private const string SellerClaim = "seller";
    private const string KeyClaim = "jti";

    /// <summary>The reports that can be asked for, by name.</summary>
    public IReadOnlyList<string> Names => [.. Doors().Select(door => door.Name).Order(StringComparer.Ordinal)];

    /// <summary>The question of a schedule's report for a period, as an address has it.</summary>
    public static IReadOnlyDictionary<string, string?> QuestionOf(ScheduleRequest request, MailedPeriod period)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Parameters)
        {
            query[name] = value;
        }

        query["format"] = request.Format;
        if (request.Language is { } language)
        {
            query["language"] = language;
        }

        // A form has periods of its own: the quarter or the month that is over.
        if (request.Report == "form-303")
        {
            query["year"] = period.From.Year.ToString(CultureInfo.InvariantCulture);
            query["period"] =
                request.Cadence == Cadence.Quarterly
                    ? $"{(period.From.Month - 1) / 3 + 1}T"
                    : period.From.Month.ToString("00", CultureInfo.InvariantCulture);
            return query;
        }

        query["from"] = period.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        query["to"] = period.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return query;
    }

    /// <summary>The answer to a question, no larger than that.</summary>
    public async Task<ReportAnswer> RunAsync(
        SellerId seller,
        string report,
        IReadOnlyDictionary<string, string?> question,
        int most,
        CancellationToken cancellationToken
    )
    {
        var door = Doors().First(each => each.Name == report).Door;
        await using var scope = scopes.CreateAsyncScope();
        using var content = new LimitedStream(most);
        var http = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            RequestAborted = cancellationToken,
            User = new ClaimsPrincipal(
                new ClaimsIdentity([new Claim(SellerClaim, seller.Value), new Claim(KeyClaim, Guid.Empty.ToString())], nameof(AskReport))
            ),
        };
        http.Request.Method = HttpMethods.Get;
        http.Request.Path = Root + report;
        http.Request.QueryString = new QueryBuilder(
            question.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Key, each.Value!))
        ).ToQueryString();
        http.Response.Body = content;
        http.SetEndpoint(door);
        try
        {
            await door.RequestDelegate!(http);
            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
        catch (TooLargeException)
        {
            // Said in the mail instead.
        }

        return new ReportAnswer
        {
            Status = http.Response.StatusCode,
            MediaType = http.Response.ContentType ?? "application/octet-stream",
            FileName = FileNameOf(http, report, question.GetValueOrDefault("format") ?? "json"),
            Content = content.IsOver ? null : content.ToArray(),
        };
    }

    private static string FileNameOf(HttpContext http, string report, string format) =>
        Microsoft.Net.Http.Headers.ContentDispositionHeaderValue.TryParse(http.Response.Headers.ContentDisposition.ToString(), out var said)
        && (said.FileNameStar.Value ?? said.FileName.Value?.Trim('"')) is { Length: > 0 } name
            ? name
            : $"{report}.{format}";

    private IEnumerable<(string Name, RouteEndpoint Door)> Doors() =>
        endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(door =>
                door.RequestDelegate is not null
                && door.RoutePattern.Parameters.Count == 0
                && door.RoutePattern.RawText is { } path
                && path.StartsWith(Root, StringComparison.Ordinal)
                && door.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods
                && methods.HttpMethods.Contains(HttpMethods.Get)
                // What a seller's key may read; what only the operator may ask is nobody's report.
                && door.Metadata.GetMetadata<ScopesNeeded>()?.AnyOf.Contains(Scopes.ReportsRead) == true
            )
            .Select(door => (door.RoutePattern.RawText![Root.Length..], door));

    private sealed class TooLargeException : Exception;

    /// <summary>Keeps so many bytes and stops whoever writes more.</summary>
    private sealed class LimitedStream(int most) : MemoryStream
    {
        public bool IsOver { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Take(count);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Take(buffer.Length);
            base.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Take(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Take(count);
            return base.WriteAsync(buffer, offset, count, cancellationToken);
        }

        private void Take(int count)
        {
            if (Length + count > most)
            {
                IsOver = true;
                throw new TooLargeException();
            }
        }
    }
}
