using System.Text;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How a seller's templates and logo are asked for over HTTP.</summary>
internal static class TemplateDoors
{
    private const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static async Task<IResult> List(Caller caller, ListTemplates list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.RunAsync(caller.SellerId, cancellationToken));

    internal static async Task<IResult> Get(string name, Caller caller, ListTemplates list, CancellationToken cancellationToken) =>
        (await list.OneAsync(caller.SellerId, name, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> Put(string name, RawBody body, Caller caller, SaveTemplate save, HttpContext http)
    {
        var source = SourceOf(body, http.Request);
        return source.Refused(out var fault)
            ? fault.ToResult()
            : (await save.RunAsync(caller.SellerId, name, source.Value, http.RequestAborted)).ToResult(TypedResults.Ok);
    }

    internal static async Task<IResult> Delete(string name, Caller caller, SaveTemplate save, CancellationToken cancellationToken) =>
        await save.DropAsync(caller.SellerId, name, cancellationToken) is { } fault ? fault.ToResult() : TypedResults.NoContent();

    internal static async Task<IResult> Preview(string name, RawBody body, Caller caller, RenderPreview render, HttpContext http)
    {
        var wanted = WantedOf(body, http.Request);
        if (wanted.Refused(out var fault))
        {
            return fault.ToResult();
        }

        var html = await render.RunAsync(caller.SellerId, OnBehalfOf.Seller(caller.SellerId), name, wanted.Value, http.RequestAborted);
        return html.ToResult(written =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return TypedResults.Bytes(Encoding.UTF8.GetBytes(written), "text/html; charset=utf-8");
        });
    }

    internal static async Task<IResult> Logo(Caller caller, ListTemplates list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.LogoAsync(caller.SellerId, cancellationToken));

    private static Outcome<PreviewRequest> WantedOf(RawBody body, HttpRequest request)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault;
        }

        if (body.Content.Value.Length == 0)
        {
            return new PreviewRequest();
        }

        if (request.HasJsonContentType())
        {
            return Body<PreviewRequest>.Read(body.Content.Value.Span);
        }

        var source = TextOf(body.Content.Value.Span, request);
        return source.Refused(out var unread) ? unread : new PreviewRequest { Source = source.Value };
    }

    private static Outcome<string> SourceOf(RawBody body, HttpRequest request)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault;
        }

        if (!request.HasJsonContentType())
        {
            return TextOf(body.Content.Value.Span, request);
        }

        var read = Body<TemplateRequest>.Read(body.Content.Value.Span);
        return read.Refused(out var unread) ? unread : read.Value.Source;
    }

    private static Outcome<string> TextOf(ReadOnlySpan<byte> utf8, HttpRequest request)
    {
        if (request.ContentType is { } type && !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            return DoorFaults.WrongType.With("text/plain, application/json");
        }

        try
        {
            return Strict.GetString(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
        }
        catch (DecoderFallbackException)
        {
            return DoorFaults.WrongShape.With("UTF-8");
        }
    }
}
