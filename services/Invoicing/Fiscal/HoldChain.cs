using System.Diagnostics.Metrics;
using Npgsql;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Puts a chain on hold, raises the alarm and writes it down (Orden HAC/1177/2024 arts. 6.f and 7.j); it stays so until an operator
/// lifts it. Chains of other taxpayers go on.
/// </summary>
public sealed partial class HoldChain(NpgsqlDataSource database, StandingHolds standing, TimeProvider clock, ILogger<HoldChain> log)
{
    // Records under way are made before the hold, or not at all.
    private const string Lock = """
        select from fiscal_chain where tax_id = @tax_id and environment = @environment and installation = @installation for update
        """;
    private const string Place = """
        insert into fiscal_hold as h (hold_id, tax_id, environment, installation, reason, detail, detail_es, findings, placed_at)
        values (@hold, @tax_id, @environment, @installation, @reason, @detail, @detail_es, @findings, @now)
        on conflict (tax_id, environment, installation) where lifted_at is null do update
            set reason = excluded.reason, detail = excluded.detail, detail_es = excluded.detail_es
            where excluded.reason = 'restored' and h.reason <> 'restored'
        returning hold_id
        """;
    private const string Tell = """
        insert into fiscal_event (event_id, tax_id, environment, installation, kind, detail, happened_at)
        values (@event, @tax_id, @environment, @installation, @kind, @detail, @now)
        """;
    private const string Count = "select reason, count(*) from fiscal_hold where lifted_at is null group by reason";

    private static readonly Gauge<long> Holds = Telemetry.Meter.CreateGauge<long>("invoicing.fiscal.holds");

    /// <summary>False where it is on hold already.</summary>
    public async Task<bool> PlaceAsync(
        ChainKey chain,
        string reason,
        Said detail,
        IReadOnlyList<string> findings,
        CancellationToken cancellationToken
    )
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var locking = Of(Lock, chain, transaction))
            {
                await locking.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var place = Of(Place, chain, transaction);
            place.Parameters.Add(new("hold", Guid.CreateVersion7()));
            place.Parameters.Add(new("reason", reason));
            place.Parameters.Add(new("detail", detail.English));
            place.Parameters.Add(new("detail_es", detail.Spanish));
            place.Parameters.Add(new("findings", findings.ToArray()));
            place.Parameters.Add(new("now", clock.GetUtcNow()));
            if (await place.ExecuteScalarAsync(cancellationToken) is null)
            {
                return false;
            }

            await TellAsync(chain, reason, detail.English, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        LogHeld(chain, reason, detail.English);
        await CountAsync(cancellationToken);
        return true;
    }

    /// <summary>Writes down what happened to a chain, in the transaction of what happens.</summary>
    public async Task TellAsync(
        ChainKey chain,
        string kind,
        string detail,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var tell = Of(Tell, chain, transaction);
        tell.Parameters.Add(new("event", Guid.CreateVersion7()));
        tell.Parameters.Add(new("kind", kind));
        tell.Parameters.Add(new("detail", detail));
        tell.Parameters.Add(new("now", clock.GetUtcNow()));
        await tell.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the holds that stand, for the alarm.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        var byReason = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var command = database.CreateCommand(Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            byReason[reader.GetString(0)] = reader.GetInt64(1);
        }

        standing.ByReason = byReason;
        foreach (var reason in byReason.Keys.Union([HoldWords.Broken, HoldWords.Restored]))
        {
            Holds.Record(byReason.GetValueOrDefault(reason), new KeyValuePair<string, object?>("reason", reason));
        }
    }

    internal static NpgsqlCommand Of(string sql, ChainKey chain, NpgsqlTransaction transaction) =>
        new(sql, transaction.Connection, transaction)
        {
            Parameters = { new("tax_id", chain.TaxId), new("environment", chain.Environment), new("installation", chain.Installation) },
        };

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The fiscal chain {Chain} takes no records ({Reason}) until an operator lifts the hold: {Detail}"
    )]
    private partial void LogHeld(ChainKey chain, string reason, string detail);
}
