using RetailInvoicing.Simulators.Bank.Control;

namespace RetailInvoicing.Simulators.Bank.Books;

/// <summary>All that the bank keeps: transfers, movements, accounts, settings. What changes is in the journal first; a restart reads it again.</summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly SortedDictionary<long, Transfer> _transfers = [];
    private readonly SortedDictionary<long, Movement> _movements = [];
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private Settings _settings;

    private Ledger(Journal journal, Settings settings) => (_journal, _settings) = (journal, settings);

    public Settings Settings => Enter(static ledger => ledger._settings);

    public int Count => Enter(static ledger => ledger._movements.Count);

    /// <summary>The number of the next transfer.</summary>
    public long NextTransfer => Enter(static ledger => ledger._transfers.Count + 1L);

    /// <summary>The number of the next movement.</summary>
    public long NextMovement => Enter(static ledger => ledger._movements.Count + 1L);

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

    /// <summary>Does something that looks at the books and may add to them, one at a time.</summary>
    public T Enter<T>(Func<Ledger, T> work)
    {
        lock (_gate)
        {
            return work(this);
        }
    }

    /// <summary>Writes an entry and takes it into memory.</summary>
    public void Add(Entry entry)
    {
        lock (_gate)
        {
            _journal.Append(entry);
            Apply(entry);
        }
    }

    public Transfer? Find(long number) => Enter(ledger => ledger._transfers.GetValueOrDefault(number));

    public Transfer? Find(string key) => Enter(ledger => ledger._keys.TryGetValue(key, out var number) ? ledger._transfers[number] : null);

    public Movement? MovementOf(long number) => Enter(ledger => ledger._movements.GetValueOrDefault(number));

    public IReadOnlyList<Transfer> Transfers() => Enter(static ledger => (IReadOnlyList<Transfer>)[.. ledger._transfers.Values]);

    public IReadOnlyList<Movement> Movements() => Enter(static ledger => (IReadOnlyList<Movement>)[.. ledger._movements.Values]);

    /// <summary>An account that is delivered to.</summary>
    public Account? AccountOf(string iban) =>
        Enter(ledger => ledger._accounts.GetValueOrDefault(iban) is { IsClosed: false } open ? open : null);

    public IReadOnlyList<Account> Accounts() =>
        Enter(static ledger => (IReadOnlyList<Account>)[.. ledger._accounts.Values.Where(static each => !each.IsClosed)]);

    public void Dispose() => _journal.Dispose();

    private void Apply(Entry entry)
    {
        foreach (var transfer in entry.Transfers ?? [])
        {
            _transfers[transfer.Number] = transfer;
            _keys[transfer.Key] = transfer.Number;
        }

        foreach (var movement in entry.Movements ?? [])
        {
            _movements[movement.Number] = movement;
        }

        if (entry.Account is { } account)
        {
            _accounts[account.Iban] = account;
        }

        _settings = entry.Settings ?? _settings;
    }
}
