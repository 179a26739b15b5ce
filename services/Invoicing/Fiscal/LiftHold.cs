using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// An operator lifts a hold: the chain goes on from the agency's last record (adopt), or from where it stands here (go-on), since a shop must
/// not stay shut. Either way no number that is known to have been given is given again.
/// </summary>
public sealed partial class LiftHold(
    NpgsqlDataSource database,
    ReadChain chains,
    IAgencyRecords agency,
    HoldChain hold,
    ListHolds holds,
    TimeProvider clock,
    ILogger<LiftHold> log
)
{
    private const string MoveSeriesToTheirInvoices = $"""
        with given as (
            select s.seller_id, s.environment, s.kind, s.store_id, s.year, max({CompareRestored.SequenceOfInvoice}) as highest
            from number_series s join invoice i
                on i.seller_id = s.seller_id and i.environment = s.environment and i.series = s.series
            where s.tax_id = @tax_id and s.environment = @environment
            group by 1, 2, 3, 4, 5)
        update number_series n set last = g.highest from given g
        where (n.seller_id, n.environment, n.kind, n.store_id, n.year) = (g.seller_id, g.environment, g.kind, g.store_id, g.year)
            and n.last < g.highest
        """;
    private const string MoveSeries = """
        update number_series set last = greatest(last, @sequence)
        where tax_id = @tax_id and environment = @environment and series = @series
        """;

    // Whose it was nobody knows any more where several sellers are one taxpayer; that it is taken is what counts.
    private const string BeginSeries = """
        insert into number_series (seller_id, environment, kind, store_id, year, tax_id, series, last)
        select s.seller_id, @environment, @kind, @store, @year, @tax_id, @series, @sequence
        from seller s where s.body::json ->> 'taxId' = @tax_id and not exists
            (select from number_series n where (n.seller_id, n.environment, n.kind, n.store_id, n.year)
                = (s.seller_id, @environment, @kind, @store, @year))
        order by s.seller_id limit 1
        on conflict do nothing
        """;
    private const string LetSeriesBe = """
        update number_series set lifted_to = last where tax_id = @tax_id and environment = @environment and lifted_to < last
        """;
    private const string SellersOfTaxpayer = "select count(*) from seller s where s.body::json ->> 'taxId' = @tax_id";
    private const string Adopt = """
        insert into adopted_record (tax_id, environment, installation, position, number, issue_date, fingerprint, recorded_at, source,
            hold_id, adopted_at)
        values (@tax_id, @environment, @installation, @position, @number, @issue_date, @fingerprint, @recorded_at, @source, @hold, @now)
        on conflict do nothing
        """;
    private const string MoveHead = """
        insert into fiscal_chain as c (tax_id, environment, installation, last, fingerprint, recorded_at)
        values (@tax_id, @environment, @installation, @position, @fingerprint, @recorded_at)
        on conflict (tax_id, environment, installation)
            do update set last = excluded.last, fingerprint = excluded.fingerprint, recorded_at = excluded.recorded_at
        """;
    private const string BeginAnew = """
        update fiscal_chain set last = 0, fingerprint = null, recorded_at = null
        where tax_id = @tax_id and environment = @environment and installation = @installation
        """;
    private const string MarkIncident = """
        insert into fiscal_queue as q (tax_id, environment, installation, answered_to, incident_since)
        select @tax_id, @environment, @installation, coalesce(max(position), 0), @now from fiscal_record
        where tax_id = @tax_id and environment = @environment and installation = @installation and document is null
        on conflict (tax_id, environment, installation) do update set incident_since = coalesce(q.incident_since, excluded.incident_since)
        """;
    private const string Lift = """
        update fiscal_hold set lifted_at = @now, lifted_how = @how, lifted_reason = @reason where hold_id = @hold and lifted_at is null
        """;
    private const string LockHold = "select lifted_at is null from fiscal_hold where hold_id = @hold for update";

    private const int MostSeries = 200;
    private const long MostSequence = 999_999_999_999;

    /// <summary>The lifted hold.</summary>
    public async Task<Outcome<FiscalHold>> LiftAsync(
        Guid holdId,
        LiftRequest request,
        string? language,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("LiftHold");
        if (Unsound(request) is { } unsound)
        {
            return unsound;
        }

        if (await holds.GetAsync(holdId, language, cancellationToken) is not { } standing)
        {
            return FiscalFaults.NoHold.With();
        }

        if (standing.LiftedAt is not null)
        {
            return FiscalFaults.HoldLifted.With(standing.LiftedHow);
        }

        var chain = standing.Chain;
        var asking = await agency.LastAsync(chain.TaxId, chain.At, chain.Installation, cancellationToken);
        var isAway = asking.Refused(out var away);
        var last = isAway ? standing.Agency : asking.Value ?? standing.Agency;
        var state = await chains.StateAsync(chain, cancellationToken);
        var head = await HeadAsync(request.How == "adopt", state, last, isAway ? away : null, cancellationToken);
        if (head.Refused(out var refused))
        {
            return refused;
        }

        var lifting = await LiftAsync(standing, request, head.Value, last, cancellationToken);
        if (lifting is not null)
        {
            return lifting;
        }

        LogLifted(chain, request.How, request.Reason);
        await hold.CountAsync(cancellationToken);
        return (await holds.GetAsync(holdId, language, cancellationToken))!;
    }

    private static Fault? Unsound(LiftRequest request)
    {
        if (request.How is not ("adopt" or "go-on"))
        {
            return FiscalFaults.LiftHow.At("how");
        }

        if (request.Reason.Trim().Length is 0 or > 500 || !Sale.IsSound(request.Reason))
        {
            return FiscalFaults.LiftReason.At("reason");
        }

        var bad = request.Numbers.FirstOrDefault(each => each.Value is < 0 or > MostSequence || SeriesKey.Parts(each.Key) is null).Key;
        return bad is not null || request.Numbers.Count > MostSeries
            ? FiscalFaults.BadNumbers.At("numbers", bad is { Length: <= 60 } && Sale.IsSound(bad) ? bad : "numbers")
            : null;
    }

    /// <summary>The head that the chain goes on from; none where it is the one that it has.</summary>
    private async Task<Outcome<NewHead?>> HeadAsync(
        bool isAdoption,
        ChainState state,
        LastAtAgency? last,
        Fault? away,
        CancellationToken cancellationToken
    )
    {
        var row = state.Last == 0 ? null : await chains.AtAsync(state.Key, state.Last, cancellationToken);
        var isSound = ChainWalk.IsHeadSound(state, row) && state.Highest <= state.Last;
        if (!isAdoption)
        {
            return isSound ? new Outcome<NewHead?>() : await OwnHeadAsync(state, row, cancellationToken);
        }

        if (last is null)
        {
            return away is null ? FiscalFaults.NothingToAdopt.With("–") : FiscalFaults.AgencyAway.With(away);
        }

        var place =
            state.Adopted.Values.FirstOrDefault(each => each.Fingerprint == last.Fingerprint)?.Position
            ?? await chains.PlaceOfAsync(state.Key, last.Fingerprint, cancellationToken);
        var isDamaged =
            !isSound
            && (
                place == state.Last
                || (
                    place is null
                    && row?.Number == last.Number
                    && row.IssueDate == last.IssueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                )
            );
        if (place is not null && !isDamaged)
        {
            return FiscalFaults.NothingToAdopt.With(last.Number);
        }

        // How many records were lost in between nobody knows: one place stands for all of them.
        var position = isDamaged ? state.Last : Math.Max(state.Last, state.Highest) + 1;
        return new NewHead(new AdoptedRecord(position, last.Number, last.IssueDate, last.Fingerprint, last.RecordedAt, IsAgencys: true));
    }

    /// <summary>The last record as it was made, as far as that can still be told: by its document, else by the head and the columns.</summary>
    private async Task<NewHead> OwnHeadAsync(ChainState state, ChainRow? row, CancellationToken cancellationToken)
    {
        if (state.Adopted.TryGetValue(state.Last, out var adopted))
        {
            return new NewHead(adopted);
        }

        var position = Math.Max(state.Last, state.Highest);
        var at = state.Highest > state.Last ? null : row;
        var kept = at ?? await chains.AtAsync(state.Key, state.Highest, cancellationToken);
        if (kept is null)
        {
            return new NewHead(null);
        }

        var written =
            kept.Document is { } document
            && RecordReader.Read(Encoding.UTF8.GetBytes(document)) is { Fault: null, Value.Records: [{ Written: { Fits: true } only }] }
                ? only
                : null;
        var recordedAt =
            ChainWalk.Instant(written?.RecordedAt) ?? ChainWalk.Instant(kept.RecordedAt) ?? state.RecordedAt ?? clock.GetUtcNow();
        return new NewHead(
            new AdoptedRecord(
                position,
                written?.Name.Number ?? kept.Number,
                Day(written?.Name.Day, "dd-MM-yyyy") ?? Day(kept.IssueDate, "yyyy-MM-dd") ?? DateOnly.FromDateTime(recordedAt.DateTime),
                written?.Fingerprint ?? (at is null ? kept.Fingerprint : state.Fingerprint ?? kept.Fingerprint),
                recordedAt,
                IsAgencys: false
            )
        );
    }

    private async Task<Fault?> LiftAsync(
        FiscalHold standing,
        LiftRequest request,
        NewHead? head,
        LastAtAgency? last,
        CancellationToken cancellationToken
    )
    {
        var (chain, now) = (standing.Chain, clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locking = new NpgsqlCommand(LockHold, connection, transaction) { Parameters = { new("hold", standing.HoldId) } })
        {
            if (await locking.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return FiscalFaults.HoldLifted.With("–");
            }
        }

        // Series before chain, as whoever issues takes them.
        await ExecuteAsync(MoveSeriesToTheirInvoices, chain, transaction, cancellationToken);
        if (last is not null && InvoiceNumber.Parts(last.Number) is var (series, sequence))
        {
            // A number that is none of ours takes none of ours.
            await MoveAsync(chain, series, sequence, transaction, cancellationToken);
        }

        foreach (var (named, highest) in request.Numbers)
        {
            if (!await MoveAsync(chain, named, highest, transaction, cancellationToken))
            {
                return FiscalFaults.BadNumbers.At("numbers", named);
            }
        }

        await ExecuteAsync(LetSeriesBe, chain, transaction, cancellationToken);
        if (head is { Record: { } record })
        {
            NpgsqlParameter[] of =
            [
                new("position", record.Position),
                new("number", record.Number),
                new("issue_date", record.IssueDate),
                new("fingerprint", record.Fingerprint),
                new("recorded_at", record.RecordedAt.ToUniversalTime()),
                new("source", record.IsAgencys ? "agency" : "own"),
                new("hold", standing.HoldId),
                new("now", now),
            ];
            await ExecuteAsync(Adopt, chain, transaction, cancellationToken, of);
            await ExecuteAsync(MoveHead, chain, transaction, cancellationToken, [.. of.Select(each => each.Clone())]);
        }
        else if (head is not null)
        {
            await ExecuteAsync(BeginAnew, chain, transaction, cancellationToken);
        }

        if (request.How == "go-on")
        {
            // What the agency could not be compared with is sent with Incidencia.
            await ExecuteAsync(MarkIncident, chain, transaction, cancellationToken, new NpgsqlParameter("now", now));
        }

        await ExecuteAsync(
            Lift,
            chain,
            transaction,
            cancellationToken,
            new("hold", standing.HoldId),
            new("how", request.How),
            new("reason", request.Reason.Trim()),
            new("now", now)
        );
        await hold.TellAsync(chain, "lifted", Told(request, head), transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static string Told(LiftRequest request, NewHead? head) =>
        $"{request.How}: {request.Reason.Trim()}"
        + (
            head switch
            {
                null => "",
                { Record: null } => "; no record was left, the chain begins anew",
                { Record: { } record } => string.Create(
                    CultureInfo.InvariantCulture,
                    $"; goes on at {record.Position} from {record.Number} ({record.IssueDate:yyyy-MM-dd}, {record.Fingerprint})"
                ),
            }
        )
        + string.Concat(request.Numbers.Select(each => string.Create(CultureInfo.InvariantCulture, $"; {each.Key} at least {each.Value}")));

    /// <summary>Moves a series to a sequence, or begins it there; false where it is none that this taxpayer could have.</summary>
    private static async Task<bool> MoveAsync(
        ChainKey chain,
        string series,
        long sequence,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        NpgsqlParameter[] given = [new("series", series), new("sequence", sequence)];
        if (await ExecuteAsync(MoveSeries, chain, transaction, cancellationToken, given) > 0)
        {
            return true;
        }

        if (SeriesKey.Parts(series) is not var (kind, store, year))
        {
            return false;
        }

        await using var counting = HoldChain.Of(SellersOfTaxpayer, chain, transaction);
        if (await counting.ExecuteScalarAsync(cancellationToken) is > 1L && Twin().Match(store) is { Success: true } twin)
        {
            store = twin.Groups[1].Value;
        }

        return await ExecuteAsync(
                BeginSeries,
                chain,
                transaction,
                cancellationToken,
                [.. given.Select(each => each.Clone()), new("kind", kind), new("store", store), new("year", year)]
            ) > 0;
    }

    private static async Task<int> ExecuteAsync(
        string sql,
        ChainKey chain,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters
    )
    {
        await using var command = HoldChain.Of(sql, chain, transaction);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DateOnly? Day(string? text, string form) =>
        DateOnly.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    [GeneratedRegex(@"^(.+)\.[0-9]{1,2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Twin();

    /// <summary>What a chain goes on from; none where it begins anew.</summary>
    private sealed record NewHead(AdoptedRecord? Record);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hold of the fiscal chain {Chain} was lifted ({How}): {Reason}")]
    private partial void LogLifted(ChainKey chain, string how, string reason);
}
