using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// The queue of each chain: the chain itself is the queue, answers are added to it, and a row says whether a batch is on its way. One
/// sender works a chain at a time, on whatever machine; when it dies the next one takes over.
/// </summary>
public sealed class FiscalQueue(
    NpgsqlDataSource database,
    [FromKeyedServices(Postgres.Kept)] NpgsqlDataSource kept,
    Outbox outbox,
    TimeProvider clock
)
{
    private const string Waiting = """
        select c.tax_id, c.environment, c.installation
        from fiscal_chain c left join fiscal_queue q using (tax_id, environment, installation)
        where c.last > coalesce(q.answered_to, 0)
            and (coalesce(q.not_before, '-infinity') <= @now or (q.failures = 0 and c.last - q.answered_to >= @full and q.sent_at is null))
        order by coalesce(q.not_before, '-infinity')
        """;
    private const string TryHold =
        "select pg_try_advisory_lock(hashtextextended(@tax_id || ' ' || @environment || ' ' || @installation, 72657))";
    private const string Begin = """
        insert into fiscal_queue (tax_id, environment, installation, answered_to)
        select @tax_id, @environment, @installation, coalesce(max(position), 0) from fiscal_record
        where tax_id = @tax_id and environment = @environment and installation = @installation and document is null
        on conflict do nothing
        """;
    private const string State = """
        select answered_to, sent_to, sent_at is not null, incident_since is not null, wait_seconds, failures
        from fiscal_queue where tax_id = @tax_id and environment = @environment and installation = @installation
        """;

    // Answers may have come out of order, where the agency took some of a batch and its answer was lost.
    // Answer by answer (offset 0): joined, the table that was empty a minute ago would be read whole for each record.
    private const string Next = """
        select r.position, r.seller_id, r.invoice_id, r.kind, r.number, r.issue_date, r.fingerprint, r.document,
            (select i.operation_date from invoice i where i.seller_id = r.seller_id and i.invoice_id = r.invoice_id)
        from fiscal_record r
        where r.tax_id = @tax_id and r.environment = @environment and r.installation = @installation and r.position > @after
            and not exists (select from fiscal_answer a where a.tax_id = r.tax_id and a.environment = r.environment
                and a.installation = r.installation and a.position = r.position offset 0)
        order by r.position limit @most
        """;
    private const string Sending = """
        update fiscal_queue set sent_to = @to, sent_at = @now
        where tax_id = @tax_id and environment = @environment and installation = @installation
        """;
    private const string KeepAnswers = """
        insert into fiscal_answer (tax_id, environment, installation, position, state, code, description, csv, answered_at)
        select @tax_id, @environment, @installation, n.position, n.state, n.code, n.description, n.csv, @now
        from unnest(@positions, @states, @codes, @descriptions, @csvs) as n (position, state, code, description, csv)
        on conflict do nothing
        """;
    private const string Settle = """
        update fiscal_queue q set sent_at = case when @settled then null else q.sent_at end, failures = 0, last_failure = null,
            wait_seconds = coalesce(@wait, wait_seconds), not_before = @not_before,
            answered_to = coalesce((select r.position - 1 from fiscal_record r
                where r.tax_id = q.tax_id and r.environment = q.environment and r.installation = q.installation and r.position > q.answered_to
                    and not exists (select from fiscal_answer a where a.tax_id = r.tax_id and a.environment = r.environment
                        and a.installation = r.installation and a.position = r.position offset 0)
                order by r.position limit 1),
                (select max(r.position) from fiscal_record r
                where r.tax_id = q.tax_id and r.environment = q.environment and r.installation = q.installation), q.answered_to)
        where tax_id = @tax_id and environment = @environment and installation = @installation
        returning answered_to
        """;
    private const string EndIncident = """
        update fiscal_queue q set incident_since = null
        where tax_id = @tax_id and environment = @environment and installation = @installation and not exists
            (select from fiscal_record r where r.tax_id = q.tax_id and r.environment = q.environment and r.installation = q.installation
                and r.position > q.answered_to)
        """;
    private const string Fail = """
        update fiscal_queue set failures = failures + 1, last_failure = @why, not_before = @not_before,
            incident_since = coalesce(incident_since, @now), sent_at = case when @sent then sent_at else null end
        where tax_id = @tax_id and environment = @environment and installation = @installation
        """;

    /// <summary>The most records that a submission holds, and the number at which none waits for the clock.</summary>
    public const int Full = 1000;

    /// <summary>Chains that have something to send, and may now.</summary>
    public async Task<IReadOnlyList<ChainKey>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Waiting);
        command.Parameters.Add(new("now", clock.GetUtcNow()));
        command.Parameters.Add(new("full", Full));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chains = new List<ChainKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chains.Add(new ChainKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return chains;
    }

    /// <summary>Holds a chain's queue until the connection is closed; null where another sender has it.</summary>
    public async Task<NpgsqlConnection?> HoldAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        var connection = await kept.OpenConnectionAsync(cancellationToken);
        await using var command = Of(chain, TryHold, connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
        {
            await using var begin = Of(chain, Begin, connection);
            await begin.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>How the queue stands.</summary>
    public static async Task<QueueState> StateAsync(ChainKey chain, NpgsqlConnection held, CancellationToken cancellationToken)
    {
        await using var command = Of(chain, State, held);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new QueueState
        {
            AnsweredTo = reader.GetInt64(0),
            SentTo = reader.GetInt64(1),
            IsUnderWay = reader.GetBoolean(2),
            HasIncident = reader.GetBoolean(3),
            Wait = TimeSpan.FromSeconds(reader.GetInt32(4)),
            Failures = reader.GetInt32(5),
        };
    }

    /// <summary>The first records without an answer.</summary>
    public static async Task<IReadOnlyList<QueuedRecord>> NextAsync(
        ChainKey chain,
        NpgsqlConnection held,
        QueueState state,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = Of(chain, Next, held);
        command.Parameters.Add(new("after", state.AnsweredTo));
        command.Parameters.Add(new("most", most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<QueuedRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(
                new QueuedRecord
                {
                    Position = reader.GetInt64(0),
                    SellerId = SellerId.Of(reader.GetString(1)),
                    InvoiceId = InvoiceId.Of(reader.GetGuid(2)),
                    IsCancellation = reader.GetString(3) == "cancellation",
                    Invoice = new RecordedInvoice(
                        chain.TaxId,
                        reader.GetString(4),
                        await reader.GetFieldValueAsync<DateOnly>(5, cancellationToken)
                    ),
                    Fingerprint = reader.GetString(6),
                    Document = reader.GetString(7),
                    OperationDate = await reader.GetFieldValueAsync<DateOnly>(8, cancellationToken),
                }
            );
        }

        return records;
    }

    /// <summary>Says that a batch is on its way, before it is: after a crash it is asked for and not sent again.</summary>
    public async Task SendingAsync(ChainKey chain, NpgsqlConnection held, long to, CancellationToken cancellationToken)
    {
        await using var command = Of(chain, Sending, held);
        command.Parameters.Add(new("to", to));
        command.Parameters.Add(new("now", clock.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps what the agency answered, tells of it, and lets the next batch wait as long as the agency says.</summary>
    public async Task SettleAsync(
        ChainKey chain,
        NpgsqlConnection held,
        IReadOnlyList<(QueuedRecord Record, KeptAnswer Answer)> answers,
        TimeSpan? wait,
        bool complete,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var transaction = await held.BeginTransactionAsync(cancellationToken);
        await using (var keep = Of(chain, KeepAnswers, held, transaction))
        {
            keep.Parameters.Add(new("positions", answers.Select(each => each.Record.Position).ToArray()));
            keep.Parameters.Add(new("states", answers.Select(each => each.Answer.State).ToArray()));
            keep.Parameters.Add(Texts("codes", answers.Select(each => each.Answer.Code)));
            keep.Parameters.Add(Texts("descriptions", answers.Select(each => each.Answer.Description)));
            keep.Parameters.Add(Texts("csvs", answers.Select(each => each.Answer.Csv)));
            keep.Parameters.Add(new("now", now));
            await keep.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var settle = Of(chain, Settle, held, transaction))
        {
            settle.Parameters.Add(new("settled", complete));
            settle.Parameters.Add(new("wait", NpgsqlDbType.Integer) { Value = wait is { } told ? (int)told.TotalSeconds : DBNull.Value });
            settle.Parameters.Add(new("not_before", now + (wait ?? TimeSpan.Zero)));
            await settle.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var end = Of(chain, EndIncident, held, transaction))
        {
            await end.ExecuteNonQueryAsync(cancellationToken);
        }

        await outbox.AppendAsync(transaction, [.. answers.Select(each => Told(each.Record, each.Answer, now))], cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
    }

    /// <summary>Nothing came of it: tried again later, and what is late by then says so (Incidencia).</summary>
    public async Task FailAsync(
        ChainKey chain,
        NpgsqlConnection held,
        string why,
        TimeSpan pause,
        bool maybeSent,
        CancellationToken cancellationToken
    )
    {
        await using var command = Of(chain, Fail, held);
        command.Parameters.Add(new("why", why.Length > 1000 ? why[..1000] : why));
        command.Parameters.Add(new("now", clock.GetUtcNow()));
        command.Parameters.Add(new("not_before", clock.GetUtcNow() + pause));
        command.Parameters.Add(new("sent", maybeSent));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEvent Told(QueuedRecord record, KeptAnswer answer, DateTimeOffset now) =>
        answer.State == KeptAnswer.Rejected
            ? new FiscalRecordRejected
            {
                EventId = EventId.New(),
                SellerId = record.SellerId,
                InvoiceId = record.InvoiceId,
                Fingerprint = record.Fingerprint,
                Errors = [FiscalErrors.Of(answer.Code ?? "", answer.Description)],
                RejectedAt = now,
            }
            : new FiscalRecordAccepted
            {
                EventId = EventId.New(),
                SellerId = record.SellerId,
                InvoiceId = record.InvoiceId,
                Fingerprint = record.Fingerprint,
                Csv = answer.Csv,
                WithErrors = answer.State == KeptAnswer.AcceptedWithErrors,
                AcceptedAt = now,
            };

    private static NpgsqlCommand Of(ChainKey chain, string sql, NpgsqlConnection connection, NpgsqlTransaction? transaction = null) =>
        new(sql, connection, transaction)
        {
            Parameters = { new("tax_id", chain.TaxId), new("environment", chain.Environment), new("installation", chain.Installation) },
        };

    private static NpgsqlParameter Texts(string name, IEnumerable<string?> texts) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = texts.ToArray() };
}

/// <summary>A chain by its name.</summary>
public sealed record ChainKey(string TaxId, string Environment, string Installation)
{
    /// <summary>Whose addresses its records go to.</summary>
    public SellerEnvironment At => Enum.Parse<SellerEnvironment>(Environment);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TaxId} {Environment} {Installation}");
}

/// <summary>How a chain's queue stands.</summary>
public sealed record QueueState
{
    /// <summary>Every record up to here has an answer.</summary>
    public required long AnsweredTo { get; init; }

    /// <summary>The last record of the batch under way.</summary>
    public required long SentTo { get; init; }

    /// <summary>Whether a batch is under way, or was when its sender ended.</summary>
    public required bool IsUnderWay { get; init; }

    /// <summary>Whether what is sent now is late for a technical reason.</summary>
    public required bool HasIncident { get; init; }

    /// <summary>TiempoEsperaEnvio as last told.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }
}

/// <summary>A record without an answer.</summary>
public sealed record QueuedRecord
{
    public required long Position { get; init; }

    public required SellerId SellerId { get; init; }

    public required InvoiceId InvoiceId { get; init; }

    public required bool IsCancellation { get; init; }

    public required RecordedInvoice Invoice { get; init; }

    public required string Fingerprint { get; init; }

    public required string Document { get; init; }

    /// <summary>The day by which the agency files it.</summary>
    public required DateOnly OperationDate { get; init; }
}

/// <summary>What is kept of the agency's answer to a record.</summary>
public sealed record KeptAnswer(string State, string? Code, string? Description, string? Csv)
{
    public const string Accepted = "accepted";
    public const string AcceptedWithErrors = "accepted-with-errors";
    public const string Rejected = "rejected";

    /// <summary>The state as it is kept.</summary>
    public static string Of(RecordState state) =>
        state switch
        {
            RecordState.Rejected => Rejected,
            RecordState.AcceptedWithErrors => AcceptedWithErrors,
            _ => Accepted,
        };
}
