using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Whether a report speaks of a period.</summary>
public enum ReportPeriod
{
    /// <summary>Both days are wanted.</summary>
    Wanted,

    /// <summary>A day that is left out is no limit.</summary>
    Optional,

    /// <summary>It speaks of no period.</summary>
    None,
}

/// <summary>
/// How every report is asked and answered: its period and instant are read or refused, it stands at an instant, and its rows go out as they
/// come in the format that was asked for, so that what is in memory does not grow with them.
/// </summary>
public sealed class ReportDoor(TakeStand stand, IEnumerable<IReportWriter> writers, TimeProvider clock)
{
    /// <summary>The key of the data source that reports are read from.</summary>
    public const string Reader = "reader";

    private const int LongestYears = 10;
    private const int FlushAt = 32 * 1024;

    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(1);

    private readonly IReportWriter[] _writers = [.. writers];

    /// <summary>Other ways to write a report, by the name of their format.</summary>
    public delegate Task WriteOther<TRow>(HttpContext http, Asked asked, Report<TRow> report, CancellationToken cancellationToken);

    /// <summary>The answer of a report.</summary>
    public async Task<IResult> AnswerAsync<TRow>(
        HttpContext http,
        SellerId seller,
        ReportQuestion question,
        Func<Asked, CancellationToken, Task<Outcome<Report<TRow>>>> make,
        CancellationToken cancellationToken,
        ReportPeriod period = ReportPeriod.Wanted,
        bool streams = false,
        IReadOnlyDictionary<string, WriteOther<TRow>>? others = null
    )
    {
        var format = string.IsNullOrEmpty(question.Format) ? "json" : question.Format;
        var writer = Array.Find(_writers, each => each.Name == format);
        var other = others?.GetValueOrDefault(format);
        if (format != "json" && writer is null && other is null)
        {
            string[] known =
            [
                .. _writers.Select(each => each.Name).Prepend("json").Concat(others?.Keys ?? Enumerable.Empty<string>()).Distinct(),
            ];
            return ReportingFaults.UnknownFormat.At("format", format, string.Join(", ", known)).ToResult();
        }

        var understood = Understand(seller, question, period);
        if (understood.Refused(out var fault))
        {
            return fault.ToResult();
        }

        var (asked, asOf) = understood.Value;
        var standing = await stand.TakeAsync(seller, asOf, streams, cancellationToken);
        try
        {
            asked = asked with { AsOf = standing.AsOf, KnownAt = standing.KnownAt };
            var made = await make(asked, cancellationToken);
            if (made.Refused(out fault))
            {
                return fault.ToResult();
            }

            var (report, lag) = (made.Value, (long)standing.Lag.TotalMilliseconds);
            // Rows that are had need nobody to stand still while the client reads them.
            await standing.DisposeAsync();
            return new Answer(
                format == "json" ? to => WriteJsonAsync(to, report, asked, lag)
                : other is not null ? to => other(to, asked, report, to.RequestAborted)
                : to => WriteAsync(to, writer!, report, asked, lag, question.Language)
            );
        }
        finally
        {
            await standing.DisposeAsync();
        }
    }

    /// <summary>What a caller that is no HTTP client gets: the rows, with where they stand.</summary>
    public async Task<Outcome<(Report<TRow> Report, Asked Asked, long LagMs)>> MakeAsync<TRow>(
        SellerId seller,
        ReportQuestion question,
        Func<Asked, CancellationToken, Task<Outcome<Report<TRow>>>> make,
        CancellationToken cancellationToken,
        ReportPeriod period = ReportPeriod.Wanted,
        bool streams = false
    )
    {
        var understood = Understand(seller, question, period);
        if (understood.Refused(out var fault))
        {
            return fault;
        }

        await using var standing = await stand.TakeAsync(seller, understood.Value.AsOf, streams, cancellationToken);
        var asked = understood.Value.Asked with { AsOf = standing.AsOf, KnownAt = standing.KnownAt };
        var made = await make(asked, cancellationToken);
        return made.Refused(out fault) ? fault : (made.Value, asked, (long)standing.Lag.TotalMilliseconds);
    }

    private Outcome<(Asked Asked, DateTimeOffset? AsOf)> Understand(SellerId seller, ReportQuestion question, ReportPeriod period)
    {
        var days = period == ReportPeriod.None ? (DateOnly.MinValue, DateOnly.MaxValue) : PeriodOf(question, period);
        if (days.Refused(out var fault))
        {
            return fault;
        }

        DateTimeOffset? asOf = null;
        if (!string.IsNullOrEmpty(question.AsOf))
        {
            if (InstantOf(question.AsOf) is not { } instant)
            {
                return DoorFaults.BadParameter.At("asOf", "asOf", "2026-11-23T10:15:30Z");
            }

            if (instant > clock.GetUtcNow() + ClocksApart)
            {
                return ReportingFaults.AsOfToCome.At("asOf", question.AsOf);
            }

            asOf = instant;
        }

        var asked = new Asked
        {
            SellerId = seller,
            From = days.Value.From,
            To = days.Value.To,
            AsOf = asOf ?? default,
        };
        return (asked, asOf);
    }

    /// <summary>Both days of a period, or why there is none.</summary>
    internal static Outcome<(DateOnly From, DateOnly To)> PeriodOf(ReportQuestion question, ReportPeriod period)
    {
        if (period == ReportPeriod.Wanted && (string.IsNullOrEmpty(question.From) || string.IsNullOrEmpty(question.To)))
        {
            var missing = string.IsNullOrEmpty(question.From) ? "from" : "to";
            return ReportingFaults.NoPeriod.At(missing, missing);
        }

        DateOnly? from = string.IsNullOrEmpty(question.From) ? DateOnly.MinValue : DateOf(question.From);
        DateOnly? to = string.IsNullOrEmpty(question.To) ? DateOnly.MaxValue : DateOf(question.To);
        return from is not { } first ? DoorFaults.BadParameter.At("from", "from", "2026-11-23")
            : to is not { } last ? DoorFaults.BadParameter.At("to", "to", "2026-11-23")
            : last < first ? ReportingFaults.EndsBeforeItStarts.At("to", question.From, question.To)
            : period == ReportPeriod.Wanted && IsTooLong(first, last) ? ReportingFaults.TooLong.At("to", LongestYears)
            : (first, last);
    }

    private static bool IsTooLong(DateOnly from, DateOnly to) => (to.Year - from.Year) * 12 + to.Month - from.Month > LongestYears * 12;

    private static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>RFC 3339, which wants an offset; a + that was not escaped in the address has become a space.</summary>
    internal static DateTimeOffset? InstantOf(string text) =>
        text.Length >= 20
        && DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant
        )
        && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-' or ' ')
            // What is kept has microseconds.
            ? new DateTimeOffset(instant.UtcTicks / 10 * 10, TimeSpan.Zero)
            : null;

    private static async Task WriteJsonAsync<TRow>(HttpContext http, Report<TRow> report, Asked asked, long lag)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        var cancellationToken = http.RequestAborted;
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = Wire.Tolerant.Encoder });
        json.WriteStartObject();
        json.WritePropertyName("asOf");
        JsonSerializer.Serialize(json, asked.AsOf, Wire.Tolerant);
        json.WriteNumber("lagMs", lag);
        foreach (var (name, value) in report.Head)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, Wire.Tolerant);
        }

        json.WriteStartArray("rows");
        await foreach (var row in report.Rows.WithCancellation(cancellationToken))
        {
            JsonSerializer.Serialize(json, row, Wire.Tolerant);
            if (json.BytesPending > FlushAt)
            {
                await json.FlushAsync(cancellationToken);
                await http.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async Task WriteAsync<TRow>(
        HttpContext http,
        IReportWriter writer,
        Report<TRow> report,
        Asked asked,
        long lag,
        string? language
    )
    {
        var about = new Dictionary<string, string>
        {
            ["asOf"] = asked.AsOf.ToString("O", CultureInfo.InvariantCulture),
            ["lagMs"] = lag.ToString(CultureInfo.InvariantCulture),
        };
        http.Response.ContentType = writer.MediaType;
        http.Response.Headers["X-As-Of"] = about["asOf"];
        http.Response.Headers["X-Lag-Ms"] = about["lagMs"];
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{report.Name}.{writer.Name}\"";
        var sheet = new Sheet(report.Name, report.Columns)
        {
            Language = writer.IsForPeople ? LanguageOf(http, language) : null,
            About = about,
        };
        await writer.WriteAsync(http.Response.Body, sheet, CellsOf(report, http.RequestAborted), http.RequestAborted);
    }

    /// <summary>es or en: what was asked for, or what the reader's program prefers.</summary>
    internal static string LanguageOf(HttpContext http, string? language) =>
        (language ?? http.Request.Headers.AcceptLanguage.ToString()).StartsWith("es", StringComparison.OrdinalIgnoreCase) ? "es" : "en";

    private static async IAsyncEnumerable<object?[]> CellsOf<TRow>(
        Report<TRow> report,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in report.Rows.WithCancellation(cancellationToken))
        {
            yield return report.Cells(row);
        }
    }

    private sealed class Answer(Func<HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
    }
}
