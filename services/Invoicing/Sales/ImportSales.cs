using System.Text.Json;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>Answers the sales of a stream one after the other: issued, repeated or refused; a broken one does not stop the rest.</summary>
public sealed class ImportSales(PostSale post, ResiliencePipelineProvider<string> resilience)
{
    /// <summary>Answers one sale of a stream. While the database is away the stream waits: nothing is lost, nothing doubled.</summary>
    public async Task<ImportedSale> ImportAsync(SellerId seller, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var reading = Body<SalePosted>.Read(json.Span);
        if (reading.Refused(out var unreadable))
        {
            return ImportedSale.Refused(SaleIdIn(json.Span), unreadable);
        }

        var sale = reading.Value;
        var outcome = await resilience
            .GetPipeline(Resilience.Start)
            .ExecuteAsync(async token => await post.PostAsync(seller, sale, token), cancellationToken);
        return outcome.Refused(out var fault)
            ? ImportedSale.Refused(sale.SaleId.Value, fault)
            : new ImportedSale
            {
                SaleId = sale.SaleId.Value,
                Status = outcome.Value.Repeated ? ImportStatus.Repeated : ImportStatus.Issued,
                InvoiceId = outcome.Value.Invoice.InvoiceId,
                Number = outcome.Value.Invoice.Number,
            };
    }

    /// <summary>The sale's name, as far as a broken sale can be read.</summary>
    public static string? SaleIdIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("saleId"u8))
                {
                    return
                        reader.Read()
                        && reader.TokenType == JsonTokenType.String
                        && reader.GetString() is { Length: <= 100 } name
                        && Sale.IsSound(name)
                        ? name
                        : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON from here on, or no text: the name cannot be told.
        }

        return null;
    }
}

/// <summary>What became of a sale of a stream.</summary>
public enum ImportStatus
{
    /// <summary>Its invoice was issued now.</summary>
    Issued,

    /// <summary>Its invoice was issued before.</summary>
    Repeated,

    /// <summary>It was refused; nothing was numbered.</summary>
    Refused,
}

/// <summary>The answer to a sale of a stream.</summary>
public sealed record ImportedSale
{
    /// <summary>The sale, as far as it could be read.</summary>
    public string? SaleId { get; init; }

    /// <summary>Issued, repeated or refused.</summary>
    public required ImportStatus Status { get; init; }

    /// <summary>Its invoice.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The invoice's number.</summary>
    public string? Number { get; init; }

    /// <summary>The refusal's stable code.</summary>
    public string? Code { get; init; }

    /// <summary>The refusal in words.</summary>
    public string? Detail { get; init; }

    internal static ImportedSale Refused(string? saleId, Fault fault) =>
        new()
        {
            SaleId = saleId,
            Status = ImportStatus.Refused,
            Code = fault.Code.Code,
            Detail = fault.Path is { Length: > 0 } path ? $"{path}: {fault.In(null)}" : fault.In(null),
        };
}
