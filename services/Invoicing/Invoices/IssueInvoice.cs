using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// An invoice gets the next number of its series, its fiscal record hangs on the one before, and both stand together with the sale or
/// not at all: a failed attempt leaves no gap, no second invoice and no broken chain. Those that wait at one point go down in one commit.
/// </summary>
public sealed partial class IssueInvoice
{
    // Sorted: two instances that claim the same sales wait for each other in one order.
    private const string ClaimSales = """
        insert into sale (seller_id, sale_id, content_hash, invoice_id, occurred_at, posted_at)
        select seller_id, sale_id, content_hash, invoice_id, occurred_at, @now
        from unnest(@sellers, @sales, @hashes, @invoices, @occurred) as s (seller_id, sale_id, content_hash, invoice_id, occurred_at)
        order by seller_id, sale_id on conflict do nothing returning invoice_id
        """;
    private const string ClaimActs = """
        insert into act (seller_id, act_key, content_hash, invoice_id)
        select seller_id, act_key, content_hash, invoice_id
        from unnest(@sellers, @keys, @hashes, @invoices) as a (seller_id, act_key, content_hash, invoice_id)
        order by seller_id, act_key on conflict do nothing returning invoice_id
        """;

    private const string Versions = "select seller_id, version from seller where seller_id = any(@sellers)";

    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>("invoicing.invoices.issued");
    private static readonly Histogram<int> Together = Telemetry.Meter.CreateHistogram<int>("invoicing.invoices.together");

    private readonly NpgsqlDataSource _database;
    private readonly IEnumerable<IFiscalRegime> _regimes;
    private readonly KeepChain _chains;
    private readonly Outbox _outbox;
    private readonly PublicAddress _address;
    private readonly TimeProvider _clock;
    private readonly ILogger<IssueInvoice> _log;
    private readonly TakeNumbers _numbers;
    private readonly GatherDrafts _gathering;

    /// <summary>Begins with empty lines.</summary>
    public IssueInvoice(
        [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
        IEnumerable<IFiscalRegime> regimes,
        KeepChain chains,
        Outbox outbox,
        PublicAddress address,
        IOptions<InvoicingOptions> options,
        TimeProvider clock,
        ILogger<IssueInvoice> log
    )
    {
        (_database, _regimes, _chains, _outbox, _address, _clock, _log) = (database, regimes, chains, outbox, address, clock, log);
        _numbers = new TakeNumbers(database);
        _gathering = new GatherDrafts(IssueTogetherAsync, options.Value.MostWaiting);
    }

    /// <summary>How many drafts wait for their turn.</summary>
    internal int Waiting => _gathering.Waiting;

    /// <summary>Issues the invoice of a draft; null where the sale was claimed by another post meanwhile.</summary>
    public async Task<Outcome<InvoiceIssued?>> IssueAsync(InvoiceDraft draft, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("IssueInvoice");
        return Judge(draft) is { } breach ? breach : await GatherAsync(draft, cancellationToken);
    }

    /// <summary>The rules of EN 16931 that the invoice would break; null where there is none.</summary>
    internal Fault? Judge(InvoiceDraft draft) => IssueRules.Of(IssuedInvoice.Provisional(draft, _clock.GetUtcNow()), draft.Seller.Account);

    /// <summary>Issues the invoice of a judged draft, with those that wait at the same point; in line when this returns.</summary>
    internal Task<Outcome<InvoiceIssued?>> GatherAsync(InvoiceDraft draft, CancellationToken cancellationToken) =>
        _gathering.AddAsync(draft, cancellationToken);

    /// <summary>All of them in one transaction. One that cannot be issued after all is refused, and the others go down without it.</summary>
    private async Task<IReadOnlyList<Outcome<InvoiceIssued?>>> IssueTogetherAsync(IssuingPoint point, IReadOnlyList<GatheredDraft> gathered)
    {
        var outcomes = new Outcome<InvoiceIssued?>[gathered.Count];
        var left = Enumerable.Range(0, gathered.Count).ToList();
        while (left.Count > 0)
        {
            var attempt = new IssuingAttempt(point, [.. left.Select(i => gathered[i])], _clock.GetUtcNow());
            if (await IssueOnceAsync(attempt) is { } refusal)
            {
                var refused = refusal.Drafts is { } some ? [.. some.Select(each => left[each])] : left.ToArray();
                foreach (var i in refused)
                {
                    outcomes[i] = refusal.Fault;
                }

                left.RemoveAll(refused.Contains);

                continue;
            }

            for (var i = 0; i < left.Count; i++)
            {
                outcomes[left[i]] = attempt.Issued[i] is { } issued ? issued : new Outcome<InvoiceIssued?>();
            }

            break;
        }

        return outcomes;
    }

    /// <summary>The transaction; where one draft is refused nothing of it stands.</summary>
    private async Task<Refusal?> IssueOnceAsync(IssuingAttempt attempt)
    {
        var regime = _regimes.Single(each => each.Regime == attempt.Point.Regime);
        var environment = attempt.Point.Environment.ToString();
        await _numbers.OpenAsync(attempt.Series, attempt.Point.TaxId, CancellationToken.None);
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Always in this order: touched invoices, sales, series, chain, event sequence. So no two transactions wait for each other.
        if (await HoldInvoices.TakeAsync([.. attempt.Gathered.Select(each => each.Draft)], transaction) is { } changed)
        {
            return changed;
        }

        var taking = await TakeAsync(attempt, regime, environment, transaction);
        if (taking.Refused(out var fault))
        {
            // The chain takes no record now, whoever's it would be.
            return new Refusal(null, fault);
        }

        var (held, place) = (taking.Value.Series, taking.Value.Place);
        if (held.Count < attempt.Series.Count)
        {
            // Opened, and gone again: the database was restored under us.
            await transaction.RollbackAsync();
            _numbers.Forget(attempt.Series);
            return await IssueOnceAsync(attempt);
        }

        // Issued under what the seller was is issued wrong: each of its drafts is made anew.
        var stale = Enumerable
            .Range(0, attempt.Gathered.Count)
            .Where(i =>
                attempt.Gathered[i].Draft.Seller is { Version: { } version } seller
                && taking.Value.Claimed.Contains(attempt.Ids[i].Value)
                && version != taking.Value.Versions[seller.SellerId.Value]
            )
            .ToList();
        if (stale.Count > 0)
        {
            return new Refusal(stale, InvoicingFaults.ChangedMeanwhile.With(attempt.Gathered[stale[0]].Draft.Seller.SellerId));
        }

        var records = new List<PlacedRecord>();
        for (var i = 0; i < attempt.Gathered.Count; i++)
        {
            if (!taking.Value.Claimed.Contains(attempt.Ids[i].Value))
            {
                continue;
            }

            var draft = attempt.Gathered[i].Draft;
            var series = held[attempt.Keys[i]];
            var sequence = series.Last + 1;
            var number = InvoiceNumber.Of(series.Series, sequence);
            var numbered = new Numbered(attempt.Ids[i], series.Series, number, attempt.IssueDateOf(draft), attempt.At);
            var links = IssuedInvoice.Links(_address, attempt.Ids[i]);
            var recording = IssuedInvoice.Recorded(draft, numbered, regime, place, _clock.GetUtcNow(), links);
            if (recording.Refused(out var unfit))
            {
                return new Refusal([i], unfit);
            }

            var (issued, entry) = recording.Value;
            attempt.Issued[i] = issued;
            held[attempt.Keys[i]] = series with { Last = sequence };
            if (place is not null)
            {
                records.Add(PlacedRecord.Of(issued, place, entry));
                place = place.After(issued, entry.Body);
            }
        }

        await KeepAsync(attempt, held, records, transaction);
        return null;
    }

    private async Task<Outcome<Taken>> TakeAsync(
        IssuingAttempt attempt,
        IFiscalRegime regime,
        string environment,
        NpgsqlTransaction transaction
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        AddClaims(batch, attempt);
        var claims = batch.BatchCommands.Count;
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Versions) { Parameters = { new("sellers", attempt.Series.Select(key => key.SellerId.Value).ToArray()) } }
        );
        TakeNumbers.AddHold(batch, attempt.Series);
        if (regime.IsChained)
        {
            _chains.AddLock(batch, attempt.Point.TaxId, environment);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        var claimed = new HashSet<Guid>();
        for (var claim = 0; claim < claims; claim++)
        {
            while (await reader.ReadAsync())
            {
                claimed.Add(reader.GetGuid(0));
            }

            await reader.NextResultAsync();
        }

        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            versions[reader.GetString(0)] = reader.GetInt64(1);
        }

        await reader.NextResultAsync();
        var taken = new Taken(claimed, versions, await TakeNumbers.ReadAsync(reader, attempt.Series, CancellationToken.None), null);
        if (!regime.IsChained)
        {
            return taken;
        }

        await reader.NextResultAsync();
        var place = await _chains.ReadAsync(reader, attempt.Point.TaxId, environment, CancellationToken.None);
        return place.Refused(out var fault) ? fault : taken with { Place = place.Value };
    }

    private static void AddClaims(NpgsqlBatch batch, IssuingAttempt attempt)
    {
        void Add(string sql, bool isAct, string column, Func<InvoiceDraft, string> name, Func<InvoiceDraft, byte[]> hash)
        {
            var rows = attempt.Gathered.Index().Where(each => each.Item.Draft.Act is not null == isAct).ToList();
            if (rows.Count == 0)
            {
                return;
            }

            var drafts = rows.ConvertAll(each => each.Item.Draft);
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(sql)
                {
                    Parameters =
                    {
                        new("sellers", drafts.Select(each => each.Seller.SellerId.Value).ToArray()),
                        new(column, drafts.Select(name).ToArray()),
                        new("hashes", NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = drafts.Select(hash).ToArray() },
                        new("invoices", rows.Select(each => attempt.Ids[each.Index].Value).ToArray()),
                        new("occurred", drafts.Select(each => each.Sale.Posted.OccurredAt.ToUniversalTime()).ToArray()),
                        new("now", attempt.At),
                    },
                }
            );
        }

        Add(ClaimSales, isAct: false, "sales", static draft => draft.Sale.Posted.SaleId.Value, static draft => draft.Sale.ContentHash);
        Add(ClaimActs, isAct: true, "keys", static draft => draft.Act!.Key, static draft => draft.Act!.ContentHash);
    }

    private async Task KeepAsync(
        IssuingAttempt attempt,
        Dictionary<SeriesKey, HeldSeries> held,
        List<PlacedRecord> records,
        NpgsqlTransaction transaction
    )
    {
        var issued = attempt
            .Gathered.Zip(attempt.Issued)
            .Where(each => each.Second is not null)
            .Select(each => (Gathered: each.First, Invoice: each.Second!))
            .ToList();
        if (issued.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        KeepInvoices.Add(batch, [.. issued.Select(each => (each.Gathered.Draft, each.Invoice))]);
        TakeNumbers.AddMove(batch, held);
        KeepChain.AddRecords(batch, records);
        _outbox.Add(batch, [.. issued.SelectMany(each => Told(each.Gathered, each.Invoice))]);
        await _outbox.CommitAsync(batch, CancellationToken.None);
        Together.Record(issued.Count);
        foreach (var kind in issued.GroupBy(static each => each.Invoice.Kind))
        {
            Issued.Add(kind.Count(), new KeyValuePair<string, object?>("kind", kind.Key.ToString()));
        }

        LogIssued(_log, issued.Count, attempt.Point.TaxId, issued[^1].Invoice.Number);
    }

    private static IEnumerable<ToldEvent> Told(GatheredDraft gathered, InvoiceIssued issued)
    {
        yield return new ToldEvent(issued, gathered.Trace?.Id);
        if (issued.Kind == InvoiceKind.Corrective && gathered.Draft.Original?.Invoice is { } original)
        {
            yield return new ToldEvent(
                new InvoiceCorrected
                {
                    EventId = EventId.New(),
                    SellerId = issued.SellerId,
                    InvoiceId = original.InvoiceId,
                    CorrectiveInvoiceId = issued.InvoiceId,
                    CorrectiveNumber = issued.Number,
                    Method = issued.Correction!.Method,
                    Currency = issued.Currency,
                    TotalWithVat = issued.Totals.TotalWithVat,
                    AmountDue = issued.Totals.AmountDue,
                    CorrectedAt = issued.IssuedAt,
                },
                gathered.Trace?.Id
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued {Count} invoices of {TaxId}, up to {Number}")]
    private static partial void LogIssued(ILogger log, int count, string taxId, string number);

    private sealed record Taken(
        HashSet<Guid> Claimed,
        Dictionary<string, long> Versions,
        Dictionary<SeriesKey, HeldSeries> Series,
        NextPlace? Place
    );
}
