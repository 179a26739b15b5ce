using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>A sale's whole way, through every service.</summary>
public sealed class SaleToCash(SharedSystem shared)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_posted_sale_is_invoiced_mailed_owed_paid_settled_and_reported_and_one_trace_tells_it()
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, "cash");
        var today = Today();
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        // The sale becomes a full invoice that nobody has paid.
        var (status, invoice) = await shop.PostAsync(
            "invoicing",
            "/v1/sales",
            Sale("CASH-1"),
            $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01"
        );
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("full", invoice.GetProperty("kind").GetString());
        var totals = invoice.GetProperty("totals");
        Assert.Equal((48.80m, 48.80m), (Shop.Amount(totals, "totalWithVat"), Shop.Amount(totals, "amountDue")));
        var (id, number) = (invoice.GetProperty("invoiceId").GetString()!, invoice.GetProperty("number").GetString()!);

        // Its PDF can be had at once.
        using (var delivery = shop.Http("delivery"))
        {
            var pdf = await delivery.GetByteArrayAsync($"/v1/invoices/{id}/pdf", TestContext.Current.CancellationToken);
            Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(pdf[..5]), StringComparison.Ordinal);
        }

        // One mail brings it, with both its forms.
        var mail = await Wait.ForAsync(
            "the invoice's mail",
            Soon,
            async () => (await new Inbox(system).FromAsync(shop.Email)).FirstOrDefault(mail => mail.To == "ana@cash.example")
        );
        Assert.Contains(number, mail.Subject, StringComparison.Ordinal);
        Assert.True(mail.HasPdfAndXml, string.Join(", ", mail.Attachments));

        // It is owed, then paid once although the shop says so twice, and settled.
        await Wait.EqualAsync("the receivable is open", Soon, "open", () => StandingAsync(shop, id));
        var paid = new
        {
            invoiceId = id,
            means = "transfer",
            amount = "48.80",
            reference = "BANK-1",
        };
        Assert.Equal(HttpStatusCode.Created, (await shop.PostAsync("payments", "/v1/payments", paid)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync("payments", "/v1/payments", paid)).Status);
        Assert.Equal(0m, Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{id}/balance"), "amountDue"));
        await Wait.EqualAsync("the receivable is settled", Soon, "settled", () => StandingAsync(shop, id));

        // The report has it.
        await Wait.EqualAsync("the sale is reported", Soon, (48.80m, 1L), () => shop.SalesAsync(today, today));

        // One search over the logs finds every part of the story.
        foreach (var service in new[] { "invoicing", "delivery" })
        {
            await Wait.UntilAsync(
                $"the trace is in the log of {service}",
                Soon,
                async () => (await system.LogAsync(service)).Contains(trace, StringComparison.Ordinal)
            );
        }

        // Nothing is mailed twice.
        Assert.Single(await new Inbox(system).FromAsync(shop.Email));
    }

    [Fact]
    public async Task A_client_that_is_not_dotnet_posts_raw_JSON_to_the_bus_and_reads_the_invoice_from_a_queue_of_its_own()
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, "bus");
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = await new ConnectionFactory { Uri = new Uri(system.Now.Messaging!.Amqp) }.CreateConnectionAsync(
            cancellation
        );
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancellation)).QueueName;
        await channel.QueueBindAsync(queue, InvoiceIssued.Exchange, "", cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, SaleRefused.Exchange, "", cancellationToken: cancellation);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<(
            string Exchange,
            IReadOnlyBasicProperties Properties,
            JsonElement Body
        )>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
            await heard.Writer.WriteAsync(
                (message.Exchange, new BasicProperties(message.BasicProperties), JsonSerializer.Deserialize<JsonElement>(message.Body.Span))
            );
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellation);

        var good = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Sale("BUS-1"), Wire.Tolerant));
        var bad = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Sale("BUS-2", rate: "20"), Wire.Tolerant));
        // Twice: the bus may do that as well.
        foreach (var body in new[] { good, good, bad })
        {
            var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["Authorization"] = $"Bearer {shop.Key}" } };
            await channel.BasicPublishAsync(SalePosted.Exchange, "", false, properties, body, cancellation);
        }

        var kept = new List<(string Exchange, IReadOnlyBasicProperties Properties, JsonElement Body)>();
        var issued = await NextAsync(InvoiceIssued.Exchange);
        Assert.Equal("BUS-1", issued.Body.GetProperty("saleIds")[0].GetString());
        Assert.Equal("48.80", issued.Body.GetProperty("totals").GetProperty("totalWithVat").GetString());
        Assert.Equal(InvoiceIssued.Exchange, issued.Properties.Type);
        Assert.Equal("application/json", issued.Properties.ContentType);
        Assert.Equal(issued.Body.GetProperty("eventId").GetString(), issued.Properties.MessageId);
        Assert.True(issued.Properties.Headers!.ContainsKey("traceparent"));
        var refused = await NextAsync(SaleRefused.Exchange);
        Assert.Equal("BUS-2", refused.Body.GetProperty("saleId").GetString());
        Assert.StartsWith("INV-", refused.Body.GetProperty("code").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(shop.Key, refused.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Single(await shop.InvoicesAsync());

        async Task<(string Exchange, IReadOnlyBasicProperties Properties, JsonElement Body)> NextAsync(string exchange)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(Soon);
            // The two come in any order.
            while (true)
            {
                var i = kept.FindIndex(each => each.Exchange == exchange);
                if (i >= 0)
                {
                    return kept[i];
                }

                var message = await heard.Reader.ReadAsync(late.Token);
                if (message.Body.GetProperty("sellerId").GetString() == shop.Id)
                {
                    kept.Add(message);
                }
            }
        }
    }

    private static async Task<string?> StandingAsync(Shop shop, string invoiceId)
    {
        var all = await shop.AllAsync<JsonElement>("collections", "/v1/receivables?limit=200");
        return
            all.FirstOrDefault(each => each.GetProperty("invoiceId").GetString() == invoiceId) is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("status").GetString()
            : null;
    }

    private static DateOnly Today() =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(TimeProvider.System.GetUtcNow(), "Europe/Madrid").DateTime);

    private static object Sale(string id, string rate = "21") =>
        new
        {
            saleId = id,
            storeId = "S01",
            occurredAt = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            currency = "EUR",
            lines = new[]
            {
                new
                {
                    sku = "85123A",
                    name = "Portavelas",
                    quantity = "2",
                    unitPrice = "19.90",
                    vat = new { category = "S", rate },
                },
                new
                {
                    sku = "22423",
                    name = "Taza",
                    quantity = "1",
                    unitPrice = "9.00",
                    vat = new { category = "S", rate },
                },
            },
            buyer = new
            {
                customerId = "K-1",
                name = "Ana Gil Prado",
                taxId = "12345678Z",
                email = "ana@cash.example",
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    country = "ES",
                },
            },
        };
}
