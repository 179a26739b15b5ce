using System.Text.Json;
using System.Threading.Channels;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// Answers the sales of a stream in their order: issued, repeated or refused; a broken one does not stop the rest. Several are under way
/// at once, so that they go down together; one that cites another, or has the name of one before it, waits for those.
/// </summary>
public sealed class ImportSales(PostSale post, RememberSellers sellers, ResiliencePipelineProvider<string> resilience, TimeProvider clock)
{
    private const int MostUnderWay = 256;
    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromMilliseconds(50);

    /// <summary>Answers each sale of a stream; one that is null was too large to read.</summary>
    public async Task ImportAsync(
        SellerId seller,
        IAsyncEnumerable<byte[]?> sales,
        Func<ImportedSale, Task> answer,
        CancellationToken cancellationToken
    )
    {
        var underWay = Channel.CreateBounded<Task<ImportedSale>>(MostUnderWay);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = BeginAsync(seller, sales, underWay.Writer, stop.Token);
        try
        {
            await foreach (var begun in underWay.Reader.ReadAllAsync(cancellationToken))
            {
                await answer(await begun);
            }
        }
        finally
        {
            // Where nobody hears the answers any more, what has not been taken yet is called off.
            await stop.CancelAsync();
            await reading;
            while (underWay.Reader.TryRead(out var begun))
            {
                await ((Task)begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task BeginAsync(
        SellerId seller,
        IAsyncEnumerable<byte[]?> sales,
        ChannelWriter<Task<ImportedSale>> underWay,
        CancellationToken cancellationToken
    )
    {
        var before = new Dictionary<string, Task<ImportedSale>>(StringComparer.Ordinal);
        Exception? broken = null;
        try
        {
            await foreach (var json in sales.WithCancellation(cancellationToken))
            {
                var reading = json is null
                    ? DoorFaults.TooLarge.With(ServiceDefaults.ServiceDefaults.BodyLimit)
                    : Body<SalePosted>.Read(json);
                var sale = reading.Refused(out _) ? null : reading.Value;
                if (sale?.ReturnOf is not null)
                {
                    await Task.WhenAll(before.Values);
                }
                else if (sale is not null && before.TryGetValue(sale.SaleId.Value, out var first))
                {
                    await first;
                }

                var begun = AnswerAsync(seller, json, reading, cancellationToken);
                if (sale is not null)
                {
                    before[sale.SaleId.Value] = begun;
                }

                if (before.Count > 2 * MostUnderWay)
                {
                    foreach (var (name, _) in before.Where(static each => each.Value.IsCompletedSuccessfully).ToList())
                    {
                        before.Remove(name);
                    }
                }

                await underWay.WriteAsync(begun, cancellationToken);
                if (sellers.Of(seller) is null)
                {
                    // Until the seller is remembered sales are looked up, and would overtake each other: numbers follow the stream.
                    await begun;
                }
            }
        }
        catch (Exception exception)
        {
            broken = exception;
        }

        underWay.Complete(broken);
    }

    /// <summary>Answers one sale. While the database is away, or too many wait, the stream waits: nothing is lost, nothing doubled.</summary>
    private async Task<ImportedSale> AnswerAsync(
        SellerId seller,
        byte[]? json,
        Outcome<SalePosted> reading,
        CancellationToken cancellationToken
    )
    {
        if (reading.Refused(out var unreadable))
        {
            return ImportedSale.Refused(json is null ? null : SaleIdIn(json), unreadable);
        }

        var sale = reading.Value;
        while (true)
        {
            var outcome = await resilience
                .GetPipeline(Resilience.Start)
                .ExecuteAsync(async token => await post.PostAsync(seller, sale, token), cancellationToken);
            if (outcome.Fault?.Code == InvoicingFaults.Behind)
            {
                await Task.Delay(UntilThereIsRoom, clock, cancellationToken);
                continue;
            }

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
