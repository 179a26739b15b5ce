using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>A body as it came, up to the limit: a document that is read by its own rules.</summary>
public sealed class RawBody : IBindableFromHttpContext<RawBody>
{
    private const long DropLimit = 64L * 1024 * 1024;

    private RawBody(Outcome<ReadOnlyMemory<byte>> content) => Content = content;

    /// <summary>What was posted, or that it is too much.</summary>
    public Outcome<ReadOnlyMemory<byte>> Content { get; }

    /// <summary>Reads the request's body.</summary>
    public static async ValueTask<RawBody?> BindAsync(HttpContext context, ParameterInfo parameter) => new(await ReadAsync(context));

    internal static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext context)
    {
        // Whoever sends too much is told so: what is over the limit is read and dropped, since a connection that closes while the
        // client still writes loses the answer. Beyond the bound Kestrel closes it, with 413 for whoever gets to read it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = DropLimit;
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        var length = 0L;
        for (int count; (count = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0; )
        {
            length += count;
            if (length <= ServiceDefaults.BodyLimit)
            {
                await buffer.WriteAsync(chunk.AsMemory(0, count), context.RequestAborted);
            }
        }

        return length > ServiceDefaults.BodyLimit
            ? DoorFaults.TooLarge.With(ServiceDefaults.BodyLimit)
            : (ReadOnlyMemory<byte>)buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
