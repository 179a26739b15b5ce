using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;
using Limits = RetailInvoicing.ServiceDefaults.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>What tills are answered over HTTP.</summary>
internal static class SaleDoors
{
    private static readonly string[] LineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

    /// <summary>201 with the invoice, 200 with the same invoice again, 409 for other content, 422 with each rule that is broken.</summary>
    public static async Task<IResult> Post(Body<SalePosted> body, Caller caller, PostSale post, CancellationToken cancellationToken)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        var outcome = await post.PostAsync(caller.SellerId, body.Content.Value, cancellationToken);
        return outcome.ToResult(answer =>
            ReadInvoice.ToResult(answer.Invoice, answer.Repeated ? StatusCodes.Status200OK : StatusCodes.Status201Created)
        );
    }

    /// <summary>A sale a line in, its answer a line out, in order, for as long as the client goes on.</summary>
    public static async Task<IResult> Import(HttpContext http, Caller caller, ImportSales import, CancellationToken cancellationToken)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!LineTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            return DoorFaults.WrongType.With(LineTypes[0]).ToResult(StatusCodes.Status415UnsupportedMediaType);
        }

        var encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "gzip" or "identity"))
        {
            return DoorFaults.WrongType.With("gzip").ToResult(StatusCodes.Status415UnsupportedMediaType);
        }

        // A stream has no length, and a till's line may be slow.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } slow)
        {
            slow.MinDataRate = null;
        }

        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } patient)
        {
            patient.MinDataRate = null;
        }

        http.Response.ContentType = LineTypes[0];
        await using var body = encoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using var spool = new AnswerSpool();
        var sending = spool.SendAsync(http.Response.Body, cancellationToken);
        try
        {
            var sales = SaleLines.ReadAsync(body, Limits.BodyLimit, cancellationToken);
            await import.ImportAsync(caller.SellerId, sales, WriteAsync, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            // The packing broke off: what came before it stands and is answered, the rest cannot be read.
            await WriteAsync([ImportedSale.Refused(null, DoorFaults.BadRequest.With(broken.Message))]);
        }
        finally
        {
            spool.Complete();
            await sending;
        }

        return Results.Empty;

        async Task WriteAsync(IReadOnlyList<ImportedSale> answers) => await spool.WriteAsync(Lines(answers), cancellationToken);
    }

    private static ReadOnlyMemory<byte> Lines(IReadOnlyList<ImportedSale> answers)
    {
        var lines = new ArrayBufferWriter<byte>(256 * answers.Count);
        using var writer = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = Wire.Tolerant.Encoder });
        foreach (var answer in answers)
        {
            JsonSerializer.Serialize(writer, answer, Wire.Tolerant);
            writer.Flush();
            lines.Write("\n"u8);
            writer.Reset();
        }

        return lines.WrittenMemory;
    }
}
