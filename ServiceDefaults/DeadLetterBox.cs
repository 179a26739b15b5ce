using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Looks through the dead letters of one queue: each is shown, sent home or dropped, and what is not chosen stays.</summary>
public sealed class DeadLetterBox(Func<CancellationToken, Task<IConnection>> connect, string queue)
{
    /// <summary>
    /// The broker counts how often a message was taken and put back, and drops it at its limit (20 by default since 4.0): before that one
    /// which is only looked at is put back as a new one, confirmed before the old is taken out.
    /// </summary>
    private const long LookedAtEnough = 8;

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
    public async Task<Outcome<int>> GoThroughAsync(int limit, Func<DeadLetter, Choice> choose, CancellationToken cancellationToken)
    {
        if (DeadLetter.HomeOf(queue) is not { } home)
        {
            return DeadLetterFaults.NoDeadLetters.With(queue);
        }

        await using var connection = await connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellationToken
        );
        var kept = new List<BasicGetResult>();
        var done = 0;
        var target = home;
        try
        {
            // What is kept stays taken until the end, so that every message comes by once. A queue that is asked for by its name first tells
            // how many there are: what dies meanwhile, as what was sent home and failed again, is not gone through without end.
            var here = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            var most = Math.Min(limit, here.MessageCount);
            for (var seen = 0; seen < most && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message; seen++)
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
                    kept.Add(message);
                    continue;
                }

                if (choice == Choice.SendHome)
                {
                    // Confirmed before it is taken out here: a crash between the two doubles it, and consumers take a message once.
                    await PublishAsync(channel, home, message, DeadLetter.HeadersHome(message.BasicProperties.Headers), cancellationToken);
                }

                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                done++;
            }

            target = queue;
            foreach (var message in kept)
            {
                if (LookedAt(message.BasicProperties.Headers) < LookedAtEnough)
                {
                    await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellationToken);
                    continue;
                }

                await PublishAsync(channel, queue, message, DeadLetter.HeadersAnew(message.BasicProperties.Headers), cancellationToken);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            }
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return DeadLetterFaults.NoQueue.With(queue);
        }
        catch (PublishException)
        {
            return DeadLetterFaults.NoHome.With(target);
        }

        return done;
    }

    private static async Task PublishAsync(
        IChannel channel,
        string to,
        BasicGetResult message,
        Dictionary<string, object?> headers,
        CancellationToken cancellationToken
    ) =>
        await channel.BasicPublishAsync(
            "",
            to,
            mandatory: true,
            new BasicProperties(message.BasicProperties) { Headers = headers },
            message.Body,
            cancellationToken
        );

    private static long LookedAt(IDictionary<string, object?>? headers) =>
        Math.Max(CountOf(headers, "x-delivery-count"), CountOf(headers, "x-acquired-count"));

    private static long CountOf(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) && value is IConvertible count
            ? count.ToInt64(System.Globalization.CultureInfo.InvariantCulture)
            : 0;
}

/// <summary>What is refused about dead letters.</summary>
public static class DeadLetterFaults
{
    /// <summary>A queue that is none of dead letters.</summary>
    public static readonly FaultCode NoDeadLetters = new(
        "OPS-DEAD-01",
        FaultKind.NotFound,
        "The queue {0} holds no dead letters of this service.",
        "La cola {0} no guarda mensajes muertos de este servicio."
    );

    /// <summary>A queue that is not there.</summary>
    public static readonly FaultCode NoQueue = new("OPS-DEAD-02", FaultKind.NotFound, "There is no queue {0}.", "No hay ninguna cola {0}.");

    /// <summary>The queue that they came from is gone.</summary>
    public static readonly FaultCode NoHome = new(
        "OPS-DEAD-03",
        FaultKind.Conflict,
        "The queue {0} is not there, so nothing can be sent back to it. Nothing is lost: the message stays where it is.",
        "La cola {0} no existe, así que no se le puede devolver nada. No se pierde nada: el mensaje sigue donde está."
    );

    /// <summary>A message that is not there any more.</summary>
    public static readonly FaultCode NoLetter = new(
        "OPS-DEAD-04",
        FaultKind.NotFound,
        "That message is not in {0} any more: it was sent back or dropped already, or somebody is looking at it right now.",
        "Ese mensaje ya no está en {0}: ya se devolvió o se tiró, o alguien lo está mirando ahora mismo."
    );

    /// <summary>Neither one nor all.</summary>
    public static readonly FaultCode OneOrAll = new(
        "OPS-DEAD-05",
        FaultKind.Rule,
        "Say which: the name of one message, or all of them.",
        "Di cuál: el nombre de un mensaje, o todos."
    );
}
