using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>One hand-over of a message to its channel.</summary>
public sealed record ShownAttempt
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; none while it is under way, or where its sender died and nobody has taken over yet.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>accepted, deferred, refused or unknown.</summary>
    public string? Outcome { get; init; }

    /// <summary>The channel's words.</summary>
    public string? Detail { get; init; }
}

/// <summary>One thing that was reported of a message after its channel had it.</summary>
public sealed record ShownReport
{
    /// <summary>relayed, delayed, delivered, bounced or complained.</summary>
    public required string Kind { get; init; }

    /// <summary>The enhanced status of RFC 3463, such as 5.1.1.</summary>
    public string? Status { get; init; }

    /// <summary>The server's words, or what the complaint is called.</summary>
    public string? Detail { get; init; }

    /// <summary>mailbox or api: how the report came.</summary>
    public required string Source { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A transmission with all that became of it.</summary>
public sealed record TransmissionHistory : Transmission
{
    /// <summary>Every hand-over, the first one first.</summary>
    public IReadOnlyList<ShownAttempt> HandOvers { get; init; } = [];

    /// <summary>Every report, the first one first.</summary>
    public IReadOnlyList<ShownReport> Reports { get; init; } = [];
}

/// <summary>A seller sees what became of one message: each hand-over, and what was reported afterwards.</summary>
public sealed class GetTransmission(NpgsqlDataSource database)
{
    private const string One = $"""
        select {ListTransmissions.Columns} from transmission
        where seller_id = @SellerId and transmission_id = @TransmissionId and purpose <> 'sign-in'
        """;

    private const string HandOvers = """
        select number, started_at, ended_at, outcome, detail from attempt
        where seller_id = @SellerId and transmission_id = @TransmissionId order by number
        """;

    private const string Reports = """
        select kind, status, detail, source, recorded_at from mail_report
        where seller_id = @SellerId and transmission_id = @TransmissionId order by recorded_at, kind
        """;

    /// <summary>The transmission, if it is the seller's.</summary>
    public async Task<Outcome<TransmissionHistory>> RunAsync(SellerId seller, string transmissionId, CancellationToken cancellationToken)
    {
        if (!TransmissionId.TryParse(transmissionId, out var id))
        {
            return DeliveryFaults.NoTransmission.With(transmissionId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var of = new { SellerId = seller, TransmissionId = id };
        if (await connection.QuerySingleOrDefaultAsync<TransmissionHistory>(One, of) is not { } found)
        {
            return DeliveryFaults.NoTransmission.With(transmissionId);
        }

        return found with
        {
            HandOvers = [.. await connection.QueryAsync<ShownAttempt>(HandOvers, of)],
            Reports = [.. await connection.QueryAsync<ShownReport>(Reports, of)],
        };
    }
}
