using RabbitMQ.Client;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Retail.DeadLetters;

/// <summary>Looks through the dead letters of one queue: each is shown, sent home or dropped, and what is not chosen stays.</summary>
public sealed class DeadLetterBox(Broker broker, string queue)
{
    /// <summary>What is to be done with a dead letter.</summary>
    public enum Choice
    {
        /// <summary>It stays.</summary>
        Keep,

        /// <summary>It goes back to the queue it came from.</summary>
        SendHome,

        /// <summary>It is gone for good.</summary>
        Drop,
    }

    /// <summary>Takes up to so many and does with each what was chosen; says how many were moved or dropped.</summary>
    public async Task<int> GoThroughAsync(int limit, Func<DeadLetter, Choice> choose, CancellationToken cancellation)
    {
        var home = DeadLetter.HomeOf(queue) ?? throw new CommandFailed($"{queue} holds no dead letters; see dead-letters list.");
        await using var connection = await broker.ConnectAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation
        );
        var kept = new List<ulong>();
        var done = 0;
        try
        {
            // What is kept stays taken until the end, so that every message comes by once.
            for (var seen = 0; seen < limit && await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } message; seen++)
            {
                var letter = DeadLetter.Of(
                    message.BasicProperties.MessageId,
                    message.BasicProperties.Type,
                    message.BasicProperties.Headers,
                    message.Body.Span
                );
                var choice = choose(letter);
                if (choice == Choice.Keep)
                {
                    kept.Add(message.DeliveryTag);
                    continue;
                }

                if (choice == Choice.SendHome)
                {
                    var properties = new BasicProperties(message.BasicProperties)
                    {
                        Headers = DeadLetter.HeadersHome(message.BasicProperties.Headers),
                    };
                    // Confirmed before it is taken out here: a crash between the two doubles it, and consumers take a message once.
                    await channel.BasicPublishAsync("", home, mandatory: true, properties, message.Body, cancellation);
                }

                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
                done++;
            }
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
        {
            throw new CommandFailed($"There is no queue {queue}.");
        }
        catch (RabbitMQ.Client.Exceptions.PublishException)
        {
            throw new CommandFailed($"The queue {home} is not there, so nothing can be sent back to it.");
        }

        foreach (var tag in kept)
        {
            await channel.BasicNackAsync(tag, multiple: false, requeue: true, cancellation);
        }

        return done;
    }
}
