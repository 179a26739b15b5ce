using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Shows the service's own dead letters and sends them back to where they came from. One looks at a time: who looks has them in hand, and a
/// second one would see a part of them.
/// </summary>
internal sealed partial class ReadDeadLetters(IServiceProvider provider, ILogger<ReadDeadLetters> log) : IDisposable
{
    // A sale of a thousand lines; more than a page can show and anybody reads.
    private const int ShownOfBody = 64 * 1024;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The oldest of a queue.</summary>
    public async Task<Outcome<DeadLetterList>> ListAsync(string queue, int limit, CancellationToken cancellationToken)
    {
        if (Own(queue) is not { } own)
        {
            return DeadLetterFaults.NoDeadLetters.With(queue);
        }

        var letters = new List<DeadLetter>();
        var seen = await GoThroughAsync(
            own,
            queue,
            limit,
            letter =>
            {
                letters.Add(letter);
                return DeadLetterBox.Choice.Keep;
            },
            cancellationToken
        );
        // A queue that was never needed is as one that is empty.
        return seen.Fault is { } fault && fault.Code != DeadLetterFaults.NoQueue
            ? fault
            : new DeadLetterList
            {
                Queue = queue,
                Home = DeadLetter.HomeOf(queue)!,
                Letters = letters.ConvertAll(letter => new ListedLetter
                {
                    Name = letter.Name,
                    Type = letter.Type ?? letter.Headers.GetValueOrDefault("MT-Fault-MessageType"),
                    At = letter.At,
                    Reason = letter.Reason,
                    Body = letter.Body.Length > ShownOfBody ? letter.Body[..ShownOfBody] : letter.Body,
                    Cut = letter.Body.Length > ShownOfBody,
                }),
            };
    }

    /// <summary>Sends one or all back.</summary>
    public async Task<Outcome<ReplayedLetters>> ReplayAsync(string queue, LettersToReplay order, CancellationToken cancellationToken)
    {
        if (Own(queue) is not { } own)
        {
            return DeadLetterFaults.NoDeadLetters.With(queue);
        }

        if (order.All == order.Message is { Length: > 0 })
        {
            return DeadLetterFaults.OneOrAll.With();
        }

        var done = await GoThroughAsync(
            own,
            queue,
            int.MaxValue,
            letter => order.All || letter.Name == order.Message ? DeadLetterBox.Choice.SendHome : DeadLetterBox.Choice.Keep,
            cancellationToken
        );
        if (done.Refused(out var fault))
        {
            return fault;
        }

        if (done.Value == 0 && !order.All)
        {
            return DeadLetterFaults.NoLetter.With(queue);
        }

        LogReplayed(done.Value, queue);
        return new ReplayedLetters(done.Value);
    }

    public void Dispose() => _one.Dispose();

    /// <summary>A connection of its own to the service's broker.</summary>
    internal static Task<IConnection> ConnectAsync(OwnQueues queues, CancellationToken cancellationToken) =>
        BrokerSocket
            .On(
                new ConnectionFactory
                {
                    Uri = queues.Broker,
                    ClientProvidedName = $"operations of {queues.Service}",
                    AutomaticRecoveryEnabled = false,
                }
            )
            .CreateConnectionAsync(cancellationToken);

    private OwnQueues? Own(string queue) =>
        provider.GetService<OwnQueues>() is { } queues && DeadLetter.HomeOf(queue) is { } home && queues.Names.Contains(home)
            ? queues
            : null;

    private async Task<Outcome<int>> GoThroughAsync(
        OwnQueues own,
        string queue,
        int limit,
        Func<DeadLetter, DeadLetterBox.Choice> choose,
        CancellationToken cancellationToken
    )
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await new DeadLetterBox(token => ConnectAsync(own, token), queue).GoThroughAsync(limit, choose, cancellationToken);
        }
        catch (Exception away) when (away is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            LogAway(queue, away.Message);
            return DoorFaults.Away.With();
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} dead letters of {Queue} were sent back")]
    private partial void LogReplayed(int count, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dead letters of {Queue} cannot be reached: {Reason}")]
    private partial void LogAway(string queue, string reason);
}
