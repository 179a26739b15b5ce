using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Retail.Replay;

/// <summary>
/// The exchange sales.sale-posted.v1. The answers are events on a queue of our own; what was told while the broker was away, or before
/// this run, is looked up by the sale's id.
/// </summary>
public sealed class BusDoor(Uri broker, SellerId seller, string apiKey, InvoiceLookUp invoices, DateTimeOffset startedAt) : ISaleDoor
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<SaleOutcome> _told = System.Threading.Channels.Channel.CreateUnbounded<SaleOutcome>();
    private IConnection? _connection;
    private IChannel? _channel;

    /// <inheritdoc />
    public async IAsyncEnumerable<SaleOutcome> SendAsync(
        IReadOnlyList<SalePosted> sales,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var channel = await OpenAsync(cancellation);
        foreach (var sale in sales)
        {
            // The channel tracks confirms: each await ends when the broker has the message.
            await channel.BasicPublishAsync(
                SalePosted.Exchange,
                routingKey: "",
                mandatory: false,
                Properties(sale),
                JsonSerializer.SerializeToUtf8Bytes(sale, Wire.Tolerant),
                cancellation
            );
        }

        var open = sales.Select(sale => sale.SaleId.Value).ToHashSet(StringComparer.Ordinal);
        var quietFor = TimeSpan.Zero;
        while (open.Count > 0)
        {
            if (await NextAsync(cancellation) is { } outcome)
            {
                if (open.Remove(outcome.SaleId))
                {
                    quietFor = TimeSpan.Zero;
                    yield return outcome;
                }

                continue;
            }

            quietFor += Quiet;
            foreach (var saleId in open.ToArray())
            {
                if (await invoices.OfSaleAsync(saleId, cancellation) is { } invoice)
                {
                    open.Remove(saleId);
                    quietFor = TimeSpan.Zero;
                    yield return OutcomeOf(saleId, invoice);
                }
            }

            if (quietFor >= Patience)
            {
                throw new IOException($"{open.Count} sales were published and not answered");
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private BasicProperties Properties(SalePosted sale) =>
        new()
        {
            ContentType = "application/json",
            Type = SalePosted.Exchange,
            MessageId = $"{seller}:{sale.SaleId}",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { ["Authorization"] = $"Bearer {apiKey}" },
        };

    private async Task<IChannel> OpenAsync(CancellationToken cancellation)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false };
        _connection = await factory.CreateConnectionAsync(cancellation);
        var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation
        );
        // Told to a queue that ends with this connection.
        var queue = (
            await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellation)
        ).QueueName;
        foreach (var exchange in new[] { SalePosted.Exchange, InvoiceIssued.Exchange, SaleRefused.Exchange })
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        }

        await channel.QueueBindAsync(queue, InvoiceIssued.Exchange, "", cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, SaleRefused.Exchange, "", cancellationToken: cancellation);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += Hear;
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellation);
        return _channel = channel;
    }

    private async Task Hear(object sender, BasicDeliverEventArgs message)
    {
        if (message.Exchange == SaleRefused.Exchange)
        {
            var refused = JsonSerializer.Deserialize<SaleRefused>(message.Body.Span, Wire.Tolerant)!;
            if (refused.SellerId == seller && refused.SaleId is { } saleId)
            {
                await _told.Writer.WriteAsync(
                    new SaleOutcome
                    {
                        SaleId = saleId.Value,
                        Status = SaleStatus.Refused,
                        Code = refused.Code,
                        Detail = refused.Detail,
                    }
                );
            }

            return;
        }

        var issued = JsonSerializer.Deserialize<InvoiceIssued>(message.Body.Span, Wire.Tolerant)!;
        if (issued.SellerId == seller)
        {
            foreach (var saleId in issued.SaleIds)
            {
                await _told.Writer.WriteAsync(OutcomeOf(saleId.Value, issued));
            }
        }
    }

    private SaleOutcome OutcomeOf(string saleId, InvoiceBody invoice) =>
        new()
        {
            SaleId = saleId,
            Status = invoice.IssuedAt >= startedAt ? SaleStatus.Issued : SaleStatus.Repeated,
            InvoiceId = invoice.InvoiceId.ToString(),
            Number = invoice.Number,
        };

    private async Task<SaleOutcome?> NextAsync(CancellationToken cancellation)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(Quiet);
        try
        {
            return await _told.Reader.ReadAsync(quiet.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
