using System.Text;
using RabbitMQ.Client;
using RetailInvoicing.Retail.Running;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>What an operator can do with messages that a consumer could not take.</summary>
public sealed class DeadLetterTests(Infrastructure infrastructure)
{
    [Fact]
    public void A_key_is_never_shown_and_goes_home_with_its_message()
    {
        var headers = new Dictionary<string, object?>
        {
            ["Authorization"] = Encoding.UTF8.GetBytes("Bearer secret"),
            ["MT-Fault-Message"] = Encoding.UTF8.GetBytes("it broke"),
            ["MT-Fault-Header"] = new Dictionary<string, object?> { ["authorization"] = "Bearer secret", ["a"] = 1 },
            ["traceparent"] = Encoding.UTF8.GetBytes("00-1-2-01"),
        };

        var letter = DeadLetter.Of("m1", "sales.sale-posted.v1", headers, "{}"u8);

        Assert.DoesNotContain("secret", string.Join('\n', letter.Headers.Values), StringComparison.Ordinal);
        Assert.Equal("it broke", letter.Reason);
        Assert.Equal(["Authorization", "traceparent"], DeadLetter.HeadersHome(headers).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("invoicing-post-sale_error", "invoicing-post-sale")]
    [InlineData("invoicing-post-sale_skipped", "invoicing-post-sale")]
    [InlineData("invoicing-post-sale_dead", "invoicing-post-sale")]
    [InlineData("invoicing-post-sale", null)]
    [InlineData("_error", null)]
    public void A_dead_letter_queues_home_is_its_name_without_the_ending(string queue, string? home) =>
        Assert.Equal(home, DeadLetter.HomeOf(queue));

    [Fact]
    public async Task The_one_that_is_named_goes_home_the_others_stay_and_can_be_dropped()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var address = await infrastructure.VirtualHostAsync();
        var broker = new Broker(new BrokerAddresses(address.ToString(), "http://127.0.0.1:1"));
        await using var connection = await broker.ConnectAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        foreach (var queue in new[] { "shop-post", "shop-post_error" })
        {
            await channel.QueueDeclareAsync(
                queue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                quorum,
                cancellationToken: cancellation
            );
        }

        for (var i = 1; i <= 3; i++)
        {
            var properties = new BasicProperties
            {
                MessageId = $"m{i}",
                Headers = new Dictionary<string, object?> { ["Authorization"] = "Bearer K", ["MT-Reason"] = "fault" },
            };
            await channel.BasicPublishAsync("", "shop-post_error", true, properties, Encoding.UTF8.GetBytes($"{i}"), cancellation);
        }

        var box = new DeadLetterBox(broker.ConnectAsync, "shop-post_error");
        await Eventually.EqualAsync(3u, () => channel.MessageCountAsync("shop-post_error", cancellation), "the dead letters are there");
        var moved = await box.GoThroughAsync(
            int.MaxValue,
            letter => letter.MessageId == "m2" ? DeadLetterBox.Choice.SendHome : DeadLetterBox.Choice.Keep,
            cancellation
        );

        Assert.Equal(1, moved.Value);
        var home = await channel.BasicGetAsync("shop-post", autoAck: true, cancellation);
        Assert.Equal("2", Encoding.UTF8.GetString(home!.Body.Span));
        Assert.Equal("m2", home.BasicProperties.MessageId);
        // What the broker and the client add for themselves begins with x-.
        Assert.Equal(["Authorization"], home.BasicProperties.Headers!.Keys.Where(name => !name.StartsWith("x-", StringComparison.Ordinal)));
        await Eventually.EqualAsync(2u, () => channel.MessageCountAsync("shop-post_error", cancellation), "the others stay");

        Assert.Equal(2, (await box.GoThroughAsync(int.MaxValue, _ => DeadLetterBox.Choice.Drop, cancellation)).Value);
        Assert.Equal(0u, await channel.MessageCountAsync("shop-post_error", cancellation));
        Assert.Equal(DeadLetterFaults.NoDeadLetters, await WhyNotAsync(broker, "shop-post"));
        Assert.Equal(DeadLetterFaults.NoQueue, await WhyNotAsync(broker, "none_error"));
    }

    private static async Task<FaultCode?> WhyNotAsync(Broker broker, string queue) =>
        (await new DeadLetterBox(broker.ConnectAsync, queue).GoThroughAsync(1, _ => default, TestContext.Current.CancellationToken))
            .Fault
            ?.Code;
}
