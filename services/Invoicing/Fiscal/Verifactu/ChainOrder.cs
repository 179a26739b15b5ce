namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>How well a record's link fits the record it points to.</summary>
internal enum LinkState
{
    /// <summary>It says that it is the first.</summary>
    First,

    /// <summary>Name and fingerprint fit.</summary>
    Fits,

    /// <summary>The fingerprint fits, the name is another's.</summary>
    OtherName,

    /// <summary>The name is that of the record before, the fingerprint is not.</summary>
    OtherFingerprint,

    /// <summary>What it points to is not here.</summary>
    Lost,
}

/// <summary>
/// The order that records have by their links, whatever order they stand in: which are doubled, which were put in beside the chain, which
/// stand elsewhere than they belong.
/// </summary>
internal sealed class ChainOrder
{
    private readonly IReadOnlyList<WrittenRecord?> _records;
    private readonly List<int>[] _next;
    private readonly int[] _rank;

    /// <summary>By record: the record it follows; -1 where there is none here.</summary>
    public int[] Preceding { get; }

    /// <summary>By record: how its link fits.</summary>
    public LinkState[] Links { get; }

    /// <summary>Doubled records, and which they are again.</summary>
    public Dictionary<int, int> Doubled { get; } = [];

    /// <summary>Records beside the chain, and which stands in their place.</summary>
    public Dictionary<int, int> Inserted { get; } = [];

    /// <summary>Records that stand elsewhere than they belong.</summary>
    public HashSet<int> Moved { get; } = [];

    /// <summary>Records that follow none that is here, in the order they stand in.</summary>
    public IReadOnlyList<int> Roots { get; private set; } = [];

    /// <summary>The order of the records; what could not be read is null.</summary>
    public ChainOrder(IReadOnlyList<WrittenRecord?> records)
    {
        _records = records;
        (Preceding, Links, _next, _rank) = (
            new int[records.Count],
            new LinkState[records.Count],
            new List<int>[records.Count],
            new int[records.Count]
        );
        Array.Fill(_rank, -1);
        Link(ByFingerprint());
        Rank();
        foreach (var index in Misplaced())
        {
            Moved.Add(index);
        }
    }

    private Dictionary<string, int> ByFingerprint()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < _records.Count; index++)
        {
            _next[index] = [];
            if (_records[index] is { } record && !known.TryAdd(record.Fingerprint, index))
            {
                var first = _records[known[record.Fingerprint]]!;
                if (first.Name == record.Name && first.Computed == record.Computed)
                {
                    Doubled.Add(index, known[record.Fingerprint]);
                }
            }
        }

        // Whose own fingerprint was changed is found by the one that it should have.
        for (var index = 0; index < _records.Count; index++)
        {
            if (_records[index] is { } record)
            {
                known.TryAdd(record.Computed, index);
            }
        }

        return known;
    }

    private void Link(Dictionary<string, int> known)
    {
        var before = -1;
        for (var index = 0; index < _records.Count; index++)
        {
            Preceding[index] = -1;
            if (_records[index] is not { } record || Doubled.ContainsKey(index))
            {
                // Which record one follows that stands after an unreadable one cannot be told from its name.
                before = _records[index] is null ? -1 : before;
                continue;
            }

            if (record.Preceding is not { } link)
            {
                Links[index] = record.IsFirst ? LinkState.First : LinkState.Lost;
            }
            else if (known.TryGetValue(link.Fingerprint, out var found) && found != index)
            {
                Preceding[index] = found;
                Links[index] = _records[found]!.Name == link.Name ? LinkState.Fits : LinkState.OtherName;
            }
            else if (before >= 0 && _records[before]!.Name == link.Name)
            {
                (Preceding[index], Links[index]) = (before, LinkState.OtherFingerprint);
            }
            else
            {
                Links[index] = LinkState.Lost;
            }

            if (Preceding[index] >= 0)
            {
                _next[Preceding[index]].Add(index);
            }

            before = index;
        }
    }

    /// <summary>Gives each record of the chain its rank; where two follow one record, the shorter branch was put in.</summary>
    private void Rank()
    {
        var heights = Heights(out var roots);
        Roots = roots;
        var rank = 0;
        foreach (var root in roots)
        {
            var path = new List<int>();
            for (var at = root; at >= 0; )
            {
                path.Add(at);
                var kept = _next[at].Count == 0 ? -1 : _next[at].MaxBy(each => (heights[each], Links[each] == LinkState.Fits, -each));
                foreach (var other in _next[at].Where(each => each != kept))
                {
                    PutAside(other, kept);
                }

                at = kept;
            }

            if (StandsInside(path, out var instead))
            {
                path.ForEach(each => Inserted[each] = instead);
            }
            else
            {
                path.ForEach(each => _rank[each] = rank++);
            }
        }
    }

    private void PutAside(int branch, int instead)
    {
        var waiting = new Stack<int>([branch]);
        while (waiting.TryPop(out var each))
        {
            Inserted[each] = instead;
            _next[each].ForEach(waiting.Push);
        }
    }

    /// <summary>Records that hang on nothing here, between two that hang on each other.</summary>
    private bool StandsInside(List<int> path, out int after)
    {
        var (first, last) = (path.Min(), path.Max());
        var before = first - 1;
        while (before >= 0 && (_records[before] is null || Doubled.ContainsKey(before)))
        {
            before--;
        }

        after = last + 1;
        while (after < _records.Count && (_records[after] is null || Doubled.ContainsKey(after)))
        {
            after++;
        }

        return last - first == path.Count - 1 && before >= 0 && after < _records.Count && Preceding[after] == before;
    }

    /// <summary>How many records follow each, and the records that follow none here, in their order.</summary>
    private int[] Heights(out List<int> roots)
    {
        var heights = new int[_records.Count];
        var reached = new bool[_records.Count];
        var order = new List<int>(_records.Count);
        roots = [];
        // Made-up fingerprints can point in a circle: it is cut where it comes first.
        foreach (var isCircle in new[] { false, true })
        {
            for (var index = 0; index < _records.Count; index++)
            {
                if (reached[index] || _records[index] is null || Doubled.ContainsKey(index) || (Preceding[index] >= 0 && !isCircle))
                {
                    continue;
                }

                if (isCircle)
                {
                    _next[Preceding[index]].Remove(index);
                    (Preceding[index], Links[index]) = (-1, LinkState.Lost);
                }

                roots.Add(index);
                var waiting = new Stack<int>([index]);
                while (waiting.TryPop(out var each))
                {
                    reached[each] = true;
                    order.Add(each);
                    _next[each].ForEach(waiting.Push);
                }
            }
        }

        roots.Sort();
        for (var at = order.Count - 1; at >= 0; at--)
        {
            heights[order[at]] = 1 + _next[order[at]].Select(each => heights[each]).DefaultIfEmpty().Max();
        }

        return heights;
    }

    /// <summary>All but the longest ascending run of ranks: the fewest records that have to move.</summary>
    private IEnumerable<int> Misplaced()
    {
        var standing = Enumerable.Range(0, _records.Count).Where(index => _rank[index] >= 0).ToList();
        var (tails, before) = (new List<int>(), new int[_records.Count]);
        foreach (var index in standing)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _rank[tails[middle]] < _rank[index] ? (middle + 1, high) : (low, middle);
            }

            before[index] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count)
            {
                tails.Add(index);
            }
            else
            {
                tails[low] = index;
            }
        }

        var kept = new HashSet<int>();
        for (var at = tails.Count == 0 ? -1 : tails[^1]; at >= 0; at = before[at])
        {
            kept.Add(at);
        }

        return standing.Where(index => !kept.Contains(index));
    }
}
