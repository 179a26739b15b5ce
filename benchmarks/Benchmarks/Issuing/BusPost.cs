using RabbitMQ.Client;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>Sales published on sales.sale-posted.v1, each confirmed by the broker.</summary>
internal static class BusPost
{
    private const int MostUnconfirmed = 64;

    /// <summary>Publishes sales of the shops in turn at that pace; how many were confirmed.</summary>
    public static async Task<long> PublishAsync(
        Uri broker,
        IReadOnlyList<Shop> shops,
        IReadOnlyList<SaleForm> forms,
        IPace pace,
        CancellationToken cancellation
    )
    {
        await using var connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(
            cancellation
        );
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation
        );
        var properties = shops.Select(Properties).ToArray();
        var unconfirmed = new Queue<Task>(MostUnconfirmed);
        var sent = 0L;
        while (await pace.NextAsync(cancellation) is > 0 and var ready)
        {
            for (var i = 0; i < ready; i++, sent++)
            {
                if (unconfirmed.Count == MostUnconfirmed)
                {
                    await unconfirmed.Dequeue();
                }

                var form = forms[(int)(sent % forms.Count)];
                var body = new byte[form.Json.Length];
                form.WriteJson(body, SaleForm.NextName());
                unconfirmed.Enqueue(
                    channel
                        .BasicPublishAsync(
                            SalePosted.Exchange,
                            routingKey: "",
                            mandatory: false,
                            properties[sent % properties.Length],
                            body,
                            cancellation
                        )
                        .AsTask()
                );
            }
        }

        await Task.WhenAll(unconfirmed);
        return sent;
    }

    private static BasicProperties Properties(Shop shop) =>
        new()
        {
            ContentType = "application/json",
            Type = SalePosted.Exchange,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { ["Authorization"] = $"Bearer {shop.ApiKey}" },
        };
}
