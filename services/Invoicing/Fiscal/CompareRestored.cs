using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// After a restore: chain, numbers and the tax agency's last record must agree. Where they do, the hold lifts itself; where not, it says
/// what differs and stays.
/// </summary>
public sealed partial class CompareRestored(
    NpgsqlDataSource database,
    ReadChain chains,
    VerifyTails tails,
    HoldChain hold,
    ListHolds holds,
    TimeProvider clock,
    IAgencyRecords agency,
    ILogger<CompareRestored> log
)
{
    private const string Standing = "select hold_id from fiscal_hold where lifted_at is null and reason = 'restored' order by hold_id";

    /// <summary>A number's sequence within its series, where it can be read.</summary>
    internal const string SequenceOfInvoice = """
        case when substring(i.number from length(i.series) + 2) ~ '^[0-9]{1,18}$'
            then substring(i.number from length(i.series) + 2)::bigint end
        """;
    private const string SeriesThatDiffer = $"""
        select s.series, s.last, coalesce(max({SequenceOfInvoice}), 0) as highest
        from number_series s left join invoice i
            on i.seller_id = s.seller_id and i.environment = s.environment and i.series = s.series
        where s.tax_id = @TaxId and s.environment = @Environment
        group by s.series, s.last, s.lifted_to having s.last <> greatest(max({SequenceOfInvoice}), s.lifted_to)
        order by s.series
        """;

    // A record's number is its invoice's: one without the other was lost, or put there.
    private const string RecordsThatDiffer = """
        select r.number from fiscal_record r join invoice i using (seller_id, invoice_id)
        where r.tax_id = @TaxId and r.environment = @Environment and r.installation = @Installation and r.number <> i.number
        order by r.position limit 3
        """;
    private const string Accepted = """
        select count(*) from fiscal_answer
        where tax_id = @TaxId and environment = @Environment and installation = @Installation and state <> 'rejected'
        """;
    private const string Say = """
        update fiscal_hold set detail = @detail, detail_es = @detail_es, findings = @findings,
            agency_number = coalesce(@number, agency_number), agency_issue_date = coalesce(@issue_date, agency_issue_date),
            agency_fingerprint = coalesce(@fingerprint, agency_fingerprint), agency_recorded_at = coalesce(@recorded_at, agency_recorded_at)
        where hold_id = @hold and lifted_at is null
        """;
    private const string Lift = """
        update fiscal_hold set lifted_at = @now, lifted_how = 'agreed', detail = @detail, detail_es = @detail_es
        where hold_id = @hold and lifted_at is null
        """;

    private const int MostSeries = 20;
    private const int AtOnce = 4;

    /// <summary>Compares every chain that is on hold because of a restore.</summary>
    public async Task AllAsync(CancellationToken cancellationToken)
    {
        List<Guid> standing;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            standing = [.. await connection.QueryAsync<Guid>(Standing)];
        }

        await Parallel.ForEachAsync(
            standing,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await holds.GetAsync(id, null, token) is { LiftedAt: null } one)
                {
                    await CompareAsync(one, token);
                }
            }
        );
        await hold.CountAsync(cancellationToken);
    }

    private async Task CompareAsync(FiscalHold standing, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("CompareRestored");
        var chain = standing.Chain;
        var state = await chains.StateAsync(chain, cancellationToken);
        var differences = new List<Said>();
        var findings = await tails.FindAsync(state, cancellationToken);
        if (findings.Count > 0)
        {
            differences.Add(HoldWords.Found(findings));
        }

        differences.AddRange(await NumbersAsync(chain, cancellationToken));
        var asking = await agency.LastAsync(chain.TaxId, chain.At, chain.Installation, cancellationToken);
        LastAtAgency? last = null;
        if (asking.Refused(out var away))
        {
            differences.Add(HoldWords.Unreachable(away));
        }
        else
        {
            last = asking.Value;
            differences.AddRange(await AgencyAsync(state, last, cancellationToken));
        }

        await (
            differences.Count == 0
                ? AgreedAsync(standing, cancellationToken)
                : SayAsync(standing, Said.Of(differences), findings, last, cancellationToken)
        );
    }

    private async Task<IEnumerable<Said>> NumbersAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var series = await connection.QueryAsync<(string Series, long Last, long Highest)>(SeriesThatDiffer, chain);
        var records = await connection.QueryAsync<string>(RecordsThatDiffer, chain);
        return
        [
            .. series.Take(MostSeries).Select(each => HoldWords.SeriesDiffers(each.Series, each.Last, each.Highest)),
            .. records.Select(HoldWords.RecordDiffers),
        ];
    }

    private async Task<IEnumerable<Said>> AgencyAsync(ChainState state, LastAtAgency? last, CancellationToken cancellationToken)
    {
        if (last is null)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var accepted = await connection.ExecuteScalarAsync<long>(Accepted, state.Key);
            return accepted == 0 ? [] : [HoldWords.AgencyHasNone(accepted)];
        }

        // What stands here after the agency's last record is still to be sent.
        var isHere =
            state.Adopted.Values.Any(each => each.Fingerprint == last.Fingerprint)
            || await chains.PlaceOfAsync(state.Key, last.Fingerprint, cancellationToken) is not null;
        if (isHere)
        {
            return [];
        }

        var ours = await chains.AtAsync(state.Key, state.Last, cancellationToken);
        return [HoldWords.AgencyIsAhead(last, ours?.Number, state.Fingerprint)];
    }

    private async Task AgreedAsync(FiscalHold standing, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var lift = new NpgsqlCommand(Lift, connection, transaction))
        {
            lift.Parameters.Add(new("hold", standing.HoldId));
            lift.Parameters.Add(new("now", clock.GetUtcNow()));
            lift.Parameters.Add(new("detail", HoldWords.Agrees.English));
            lift.Parameters.Add(new("detail_es", HoldWords.Agrees.Spanish));
            if (await lift.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return;
            }
        }

        await hold.TellAsync(standing.Chain, "agreed", HoldWords.Agrees.English, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogAgreed(standing.Chain);
    }

    private async Task SayAsync(
        FiscalHold standing,
        Said detail,
        IReadOnlyList<ChainFinding> findings,
        LastAtAgency? last,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var say = new NpgsqlCommand(Say, connection, transaction))
        {
            say.Parameters.Add(new("hold", standing.HoldId));
            say.Parameters.Add(new("detail", detail.English));
            say.Parameters.Add(new("detail_es", detail.Spanish));
            say.Parameters.Add(new("findings", findings.Select(each => each.Mark).ToArray()));
            say.Parameters.Add(new("number", NpgsqlDbType.Text) { Value = (object?)last?.Number ?? DBNull.Value });
            say.Parameters.Add(new("issue_date", NpgsqlDbType.Date) { Value = (object?)last?.IssueDate ?? DBNull.Value });
            say.Parameters.Add(new("fingerprint", NpgsqlDbType.Text) { Value = (object?)last?.Fingerprint ?? DBNull.Value });
            say.Parameters.Add(
                new("recorded_at", NpgsqlDbType.TimestampTz) { Value = (object?)last?.RecordedAt.ToUniversalTime() ?? DBNull.Value }
            );
            await say.ExecuteNonQueryAsync(cancellationToken);
        }

        if (standing.Detail != detail.English)
        {
            await hold.TellAsync(standing.Chain, "differs", detail.English, transaction, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        LogDiffers(standing.Chain, detail.English);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The restored chain {Chain} agrees with the tax agency: its hold is lifted")]
    private partial void LogAgreed(ChainKey chain);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The restored chain {Chain} stays on hold: {Detail}")]
    private partial void LogDiffers(ChainKey chain, string detail);
}
