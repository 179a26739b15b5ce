using RetailInvoicing.Simulators.TaxAgency.Control;

namespace RetailInvoicing.Simulators.TaxAgency.Books;

/// <summary>What the agency has of an invoice: its record now, and its registration where that is in force.</summary>
internal sealed record InvoiceFile(KeptRecord Latest)
{
    public Situation Situation => Latest.IsRegistration ? Situation.Registered : Situation.Cancelled;
}

/// <summary>
/// All that the agency keeps: records, chains, settings and census. What changes is in the journal first; a restart reads it again.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly Dictionary<(Shelf, InvoiceKey), InvoiceFile> _invoices = [];
    private readonly Dictionary<(Shelf Shelf, string System), Chain> _chains = [];
    private readonly List<KeptRecord> _records = [];
    private readonly List<Submitted> _submissions = [];
    private readonly Dictionary<(Shelf, string), Submitted> _lastSubmissions = [];
    private Settings _settings;

    private Ledger(Journal journal, Settings settings) => (_journal, _settings) = (journal, settings);

    public Census Census { get; } = new();

    public Settings Settings
    {
        get
        {
            lock (_gate)
            {
                return _settings;
            }
        }
    }

    /// <summary>Opens the books of a folder.</summary>
    public static Ledger Open(string folder, Settings settings)
    {
        var (journal, entries) = Journal.Open(folder);
        var ledger = new Ledger(journal, settings);
        foreach (var entry in entries)
        {
            ledger.Apply(entry);
        }

        return ledger;
    }

    /// <summary>Does something that looks at the books and adds to them, one at a time.</summary>
    public T Enter<T>(Func<Ledger, T> work)
    {
        lock (_gate)
        {
            return work(this);
        }
    }

    /// <summary>Writes entries and takes them into memory.</summary>
    public void Add(params IReadOnlyList<Entry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in _journal.Append(entries))
            {
                Apply(entry);
            }
        }
    }

    public InvoiceFile? Find(Shelf shelf, InvoiceKey invoice)
    {
        lock (_gate)
        {
            return _invoices.GetValueOrDefault((shelf, invoice));
        }
    }

    public bool HasRecords(Shelf shelf, string system)
    {
        lock (_gate)
        {
            return _chains.TryGetValue((shelf, system), out var chain) && chain.HasAcceptedRecords;
        }
    }

    public Submitted? LastSubmission(Shelf shelf, string system)
    {
        lock (_gate)
        {
            return _lastSubmissions.GetValueOrDefault((shelf, system));
        }
    }

    public long NextSequence => _records.Count + 1;

    /// <summary>The records received, in order.</summary>
    public IReadOnlyList<KeptRecord> Records(Func<KeptRecord, bool> which)
    {
        lock (_gate)
        {
            return [.. _records.Where(which)];
        }
    }

    /// <summary>What the agency has now of each invoice, in the order presented.</summary>
    public IReadOnlyList<InvoiceFile> Invoices(Func<KeptRecord, bool> which)
    {
        lock (_gate)
        {
            return [.. _invoices.Values.Where(file => which(file.Latest)).OrderBy(file => file.Latest.Sequence)];
        }
    }

    public IReadOnlyList<Submitted> Submissions(Func<Shelf, bool> which)
    {
        lock (_gate)
        {
            return [.. _submissions.Where(each => which(each.Shelf))];
        }
    }

    /// <summary>The chains, and where they are broken.</summary>
    public IReadOnlyList<(Shelf Shelf, string System, int Length, string? Last, IReadOnlyList<ChainBreak> Broken)> Chains(
        Func<Shelf, bool> which
    )
    {
        lock (_gate)
        {
            return
            [
                .. _chains
                    .Where(each => which(each.Key.Shelf))
                    .Select(each =>
                        (
                            each.Key.Shelf,
                            each.Key.System,
                            each.Value.Length,
                            each.Value.LastFingerprint,
                            (IReadOnlyList<ChainBreak>)[.. each.Value.Broken]
                        )
                    ),
            ];
        }
    }

    public string XmlOf(KeptRecord record) => _journal.XmlOf(record);

    public void Dispose() => _journal.Dispose();

    private void Apply(Entry entry)
    {
        if (entry.Record is { } record)
        {
            _records.Add(record);
            var key = (record.Shelf, record.System);
            if (!_chains.TryGetValue(key, out var chain))
            {
                _chains[key] = chain = new Chain();
            }

            chain.Receive(record);
            if (record.IsAccepted)
            {
                _invoices[(record.Shelf, record.Invoice)] = new(record);
            }
        }

        if (entry.Submission is { } submission)
        {
            _submissions.Add(submission);
            // One that was refused for its haste, and so has no records, does not make the next wait longer.
            if (submission.Records > 0)
            {
                _lastSubmissions[(submission.Shelf, submission.System)] = submission;
            }
        }

        _settings = entry.Settings ?? _settings;
        if (entry.Census is { } census)
        {
            Census.Set(census.Id, census.IsUnknown);
        }
    }
}
