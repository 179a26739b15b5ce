using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Tells whoever operates the system what waits for the tax agency, by taxpayer, and what it answered last.</summary>
public sealed class TellSubmissions(NpgsqlDataSource database) : IOperationsPart
{
    private const string Queues = """
        select c.tax_id, c.environment, c.installation, q.incident_since, q.last_failure, h.reason as hold,
            p.waiting, p.oldest, a.answered_at, a.state, a.code, a.description
        from fiscal_chain c
            left join fiscal_queue q using (tax_id, environment, installation)
            left join fiscal_hold h on (h.tax_id, h.environment, h.installation) = (c.tax_id, c.environment, c.installation)
                and h.lifted_at is null
            left join lateral (
                select count(*) as waiting, (array_agg(r.recorded_at order by r.position))[1] as oldest
                from fiscal_record r
                where r.tax_id = c.tax_id and r.environment = c.environment and r.installation = c.installation
                    and r.position > coalesce(q.answered_to, 0) and r.document is not null
                    and not exists (select from fiscal_answer a where a.tax_id = r.tax_id and a.environment = r.environment
                        and a.installation = r.installation and a.position = r.position offset 0)) p on true
            left join lateral (
                select answered_at, state, code, description from fiscal_answer a
                where a.tax_id = c.tax_id and a.environment = c.environment and a.installation = c.installation
                order by a.position desc limit 1) a on true
        order by p.waiting desc, 1, 2, 3 limit 500
        """;

    /// <inheritdoc />
    public string Name => "submissions";

    /// <inheritdoc />
    public async Task<JsonNode> TellAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Queues, cancellationToken: cancellationToken));
        return JsonSerializer.SerializeToNode(
            rows.Select(row => new SubmissionQueue
                {
                    TaxId = row.TaxId,
                    Environment = row.Environment,
                    Installation = row.Installation,
                    Waiting = row.Waiting,
                    // As it stands in the record (FechaHoraHusoGenRegistro).
                    OldestAt = DateTimeOffset.TryParse(row.Oldest, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
                        ? at
                        : null,
                    AnsweredAt = row.AnsweredAt,
                    Answer = row.State,
                    Code = row.Code,
                    Text = row.Description,
                    IncidentSince = row.IncidentSince,
                    LastFailure = row.LastFailure,
                    Hold = row.Hold,
                })
                .ToList(),
            Wire.Tolerant
        )!;
    }

    private sealed record Row
    {
        public string TaxId { get; init; } = "";
        public string Environment { get; init; } = "";
        public string Installation { get; init; } = "";
        public DateTimeOffset? IncidentSince { get; init; }
        public string? LastFailure { get; init; }
        public string? Hold { get; init; }
        public long Waiting { get; init; }
        public string? Oldest { get; init; }
        public DateTimeOffset? AnsweredAt { get; init; }
        public string? State { get; init; }
        public string? Code { get; init; }
        public string? Description { get; init; }
    }
}

/// <summary>What of a taxpayer's records waits for the tax agency, and what it said last.</summary>
public sealed record SubmissionQueue
{
    /// <summary>The taxpayer.</summary>
    public required string TaxId { get; init; }

    /// <summary>test or production.</summary>
    public required string Environment { get; init; }

    /// <summary>The installation that records.</summary>
    public required string Installation { get; init; }

    /// <summary>Records without an answer.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the oldest of them was recorded.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>When the agency answered last.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What it answered: accepted, accepted-with-errors or rejected.</summary>
    public string? Answer { get; init; }

    /// <summary>Its code of what it found wrong.</summary>
    public string? Code { get; init; }

    /// <summary>Its words.</summary>
    public string? Text { get; init; }

    /// <summary>Since when nothing could be sent.</summary>
    public DateTimeOffset? IncidentSince { get; init; }

    /// <summary>Why not.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Why the chain is on hold.</summary>
    public string? Hold { get; init; }
}
