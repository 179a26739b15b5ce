using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Books;

/// <summary>
/// All that Redsys keeps: operations by order, keys, settings. What changes is in the journal first; a restart reads it again.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly string _key;
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<(string Merchant, string Terminal, string Order), List<long>> _orders = [];
    private readonly Dictionary<(string Merchant, string Terminal), string> _keys = [];
    private Settings _settings;

    private Ledger(Journal journal, Settings settings, string key) => (_journal, _settings, _key) = (journal, settings, key);

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

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _operations.Count;
            }
        }
    }

    /// <summary>Opens the books of a folder.</summary>
    public static Ledger Open(string folder, Settings settings, string key)
    {
        var (journal, entries) = Journal.Open(folder);
        var ledger = new Ledger(journal, settings, key);
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

    /// <summary>The number of the next operation.</summary>
    public long Next => Count + 1;

    /// <summary>Writes an entry and takes it into memory.</summary>
    public void Add(Entry entry)
    {
        lock (_gate)
        {
            _journal.Append(entry);
            Apply(entry);
        }
    }

    public Operation? Find(long number)
    {
        lock (_gate)
        {
            return number >= 1 && number <= _operations.Count ? _operations[(int)number - 1] : null;
        }
    }

    /// <summary>The operations of an order, in the order in which they began.</summary>
    public IReadOnlyList<Operation> Of(string merchant, string terminal, string order)
    {
        lock (_gate)
        {
            return _orders.TryGetValue((merchant, terminal, order), out var numbers)
                ? [.. numbers.Select(number => _operations[(int)number - 1])]
                : [];
        }
    }

    /// <summary>The operations of an order at whatever terminal.</summary>
    public IReadOnlyList<Operation> Of(string order)
    {
        lock (_gate)
        {
            return [.. _operations.Where(each => each.Order == order)];
        }
    }

    public IReadOnlyList<Operation> All()
    {
        lock (_gate)
        {
            return [.. _operations];
        }
    }

    public string KeyOf(string merchant, string terminal)
    {
        lock (_gate)
        {
            return _keys.GetValueOrDefault((merchant, terminal), _key);
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Apply(Entry entry)
    {
        if (entry.Operation is { } operation)
        {
            if (operation.Number <= _operations.Count)
            {
                _operations[(int)operation.Number - 1] = operation;
            }
            else
            {
                _operations.Add(operation);
                var key = (operation.Merchant, operation.Terminal, operation.Order);
                if (!_orders.TryGetValue(key, out var numbers))
                {
                    _orders[key] = numbers = [];
                }

                numbers.Add(operation.Number);
            }
        }

        if (entry.Key is { } given)
        {
            _keys[(given.Merchant, given.Terminal)] = given.Key;
        }

        _settings = entry.Settings ?? _settings;
    }
}
