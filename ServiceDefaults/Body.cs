using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>A JSON body read strictly: what cannot be read is a refusal that names the place, never an exception.</summary>
public sealed partial class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private Body(Outcome<T> content) => Content = content;

    /// <summary>What was posted, or why it cannot be read.</summary>
    public Outcome<T> Content { get; }

    /// <summary>Reads the request's body.</summary>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.Request.ContentLength is > 0 && !context.Request.HasJsonContentType())
        {
            return new Body<T>(DoorFaults.WrongType.With("application/json"));
        }

        var body = await RawBody.ReadAsync(context);
        return new Body<T>(body.Refused(out var fault) ? fault : Read(body.Value.Span));
    }

    /// <summary>Reads bytes that came by another way, such as a line of an import or a message.</summary>
    public static Outcome<T> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        try
        {
            var value = JsonSerializer.Deserialize<T>(utf8, Wire.Strict);
            return value is null ? DoorFaults.WrongShape.With("null") : value;
        }
        catch (JsonException exception)
        {
            // The same exception tells of bytes that are no JSON and of JSON that does not fit; only the syntax tells them apart.
            return Syntax(utf8) is { } syntax
                ? DoorFaults.NotJson.With(syntax)
                : DoorFaults.WrongShape.At(PathOf(exception), Plain(exception));
        }
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static string? Syntax(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 32 });
        try
        {
            while (reader.Read()) { }

            return null;
        }
        catch (JsonException exception)
        {
            return $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        }
    }

    private static string PathOf(JsonException exception) =>
        exception.Path is { Length: > 1 } path ? path.TrimStart('$').TrimStart('.') : "";

    /// <summary>The exception in words of JSON: what our types are called is nobody's business.</summary>
    private static string Plain(JsonException exception)
    {
        var text = exception.Message;
        var end = text.IndexOf(" Path:", StringComparison.Ordinal);
        text = end > 0 ? text[..end] : text;
        if (Unmapped().Match(text) is { Success: true } unmapped)
        {
            return $"'{unmapped.Groups[1].Value}' is no field of it.";
        }

        if (Missing().Match(text) is { Success: true } missing)
        {
            return $"{missing.Groups[1].Value} missing.";
        }

        if (Null().Match(text) is { Success: true } none)
        {
            return $"'{none.Groups[1].Value}' must not be null.";
        }

        if (Unfit().Match(text) is { Success: true } unfit)
        {
            return unfit.Groups[1].Value switch
            {
                var type when type.Contains(nameof(DateOnly), StringComparison.Ordinal) => "a date is wanted, such as 2026-11-23.",
                var type when type.Contains(nameof(Boolean), StringComparison.Ordinal) => "true or false is wanted.",
                var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number is wanted.",
                var type when type.EndsWith(nameof(String), StringComparison.Ordinal) => "a text is wanted.",
                _ => "the value is not of the kind that is wanted here.",
            };
        }

        return text;
    }

    [GeneratedRegex("^The JSON property '([^']*)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("'([^']*)' (?:on type '[^']*' )?doesn't allow (?:setting )?null")]
    private static partial Regex Null();

    [GeneratedRegex("could not be converted to (.*?)\\.?$")]
    private static partial Regex Unfit();
}
