using System.Text.Json.Nodes;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>How a service is, as whoever operates the system wants to know it.</summary>
public sealed record ServiceState
{
    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The version that runs: the informational one of its program.</summary>
    public required string Version { get; init; }

    /// <summary>Healthy, Degraded or Unhealthy.</summary>
    public required string Health { get; init; }

    /// <summary>What its health says that is not well.</summary>
    public required IReadOnlyList<string> Complaints { get; init; }

    /// <summary>The schema's scripts; absent while the database is away.</summary>
    public MigrationState? Migrations { get; init; }

    /// <summary>Events that are not told yet; absent where it tells none, or the database is away.</summary>
    public OutboxState? Outbox { get; init; }

    /// <summary>What it consumes; absent where it consumes nothing, or the broker is away.</summary>
    public IReadOnlyList<QueueState>? Queues { get; init; }

    /// <summary>Queues of dead letters that hold some.</summary>
    public IReadOnlyList<DeadQueue> Dead { get; init; } = [];

    /// <summary>What it could not ask while this was told: database, broker, or a part of its own.</summary>
    public IReadOnlyList<string> Away { get; init; } = [];

    /// <summary>What this service alone has to tell, such as submissions and mail.</summary>
    public IReadOnlyDictionary<string, JsonNode> Parts { get; init; } = new Dictionary<string, JsonNode>();
}

/// <summary>Scripts of the schema that were applied, and the newest of them.</summary>
public sealed record MigrationState(long Applied, string Newest);

/// <summary>Events that wait to be told, and since when the oldest does.</summary>
public sealed record OutboxState(long Waiting, DateTimeOffset? OldestAt);

/// <summary>A queue: what waits in it, who consumes it, and when the newest event was made that its consumer has had.</summary>
public sealed record QueueState(string Queue, long Waiting, long Consumers)
{
    /// <summary>By the inbox; absent where nothing was heard, or its consumer keeps no inbox.</summary>
    public DateTimeOffset? HeardAt { get; init; }
}

/// <summary>A queue of dead letters and how many it holds.</summary>
public sealed record DeadQueue(string Queue, long Messages);

/// <summary>Dead letters of a queue, the oldest first.</summary>
public sealed record DeadLetterList
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Where they go when they are replayed.</summary>
    public required string Home { get; init; }

    /// <summary>They.</summary>
    public required IReadOnlyList<ListedLetter> Letters { get; init; }
}

/// <summary>A dead letter as it is shown.</summary>
public sealed record ListedLetter
{
    /// <summary>What it is called here.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of message it is.</summary>
    public string? Type { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>What it says.</summary>
    public required string Body { get; init; }

    /// <summary>Whether the end of what it says is left out here.</summary>
    public bool Cut { get; init; }
}

/// <summary>Which dead letters to send back: one by its name, or all.</summary>
public sealed record LettersToReplay
{
    /// <summary>The one.</summary>
    public string? Message { get; init; }

    /// <summary>All of them.</summary>
    public bool All { get; init; }
}

/// <summary>How many were sent back.</summary>
public sealed record ReplayedLetters(int Replayed);

/// <summary>Something that one service alone tells whoever operates the system; each adds its own.</summary>
public interface IOperationsPart
{
    /// <summary>Its name among the parts.</summary>
    string Name { get; }

    /// <summary>How it stands.</summary>
    Task<JsonNode> TellAsync(CancellationToken cancellationToken);
}

/// <summary>The shared tables that the service has.</summary>
internal sealed record KeptTables(SharedTables Tables);

/// <summary>The broker and the queues that the service consumes.</summary>
internal sealed record OwnQueues(Uri Broker, string Service, IReadOnlyList<string> Names);
