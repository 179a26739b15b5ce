namespace RetailInvoicing.Collections.Worklist;

/// <summary>Customers in the order of a list, of which only the head is shown.</summary>
public sealed class Ranking(string strategy, int limit, DateOnly today)
{
    /// <summary>How often at most the head is asked what is on its way.</summary>
    public const int MostRounds = 20;

    // No act makes more of those pay who would not (ActUplift's upper bound).
    private const decimal MostOfAmount = 0.95m;

    private readonly bool _byGain = strategy == "expected";
    private readonly List<(Debtor Debtor, ExpectedGain Gain, bool Asked)> _all = [];

    /// <summary>Each round lowers those of one head at most: whoever stands behind so many never comes to it, and is forgotten.</summary>
    private int MostKept => (MostRounds + 1) * limit;

    /// <summary>Adds a customer.</summary>
    public void Add(Debtor debtor)
    {
        _all.Add((debtor, ExpectedGain.Of(debtor, today), false));
        if (_all.Count >= 2 * MostKept)
        {
            var kept = Ordered().Take(MostKept).Select(at => _all[at]).ToArray();
            _all.Clear();
            _all.AddRange(kept);
        }
    }

    /// <summary>Whether customers who owe no more than that cannot come to the head any more.</summary>
    public bool IsBeyond(decimal amount)
    {
        if (_all.Count < limit)
        {
            return false;
        }

        if (!_byGain)
        {
            return true;
        }

        // One more than is shown for each that may yet turn out to have something on its way.
        var last = _all.Select(each => each.Gain.Amount).OrderDescending().ElementAt(Math.Min(_all.Count - 1, 2 * limit));
        return _all.Count > 2 * limit && last >= amount * MostOfAmount;
    }

    /// <summary>The head of the list.</summary>
    public IReadOnlyList<(Debtor Debtor, ExpectedGain Gain)> First() => [.. Head().Select(at => (_all[at].Debtor, _all[at].Gain))];

    /// <summary>Those of the head of whom nobody has asked yet what is on its way.</summary>
    public IReadOnlyList<Debtor> Unasked() => [.. Head().Where(at => !_all[at].Asked).Select(at => _all[at].Debtor)];

    /// <summary>What is on its way of these customers is known now.</summary>
    public void Know(IReadOnlyCollection<Debtor> asked, IReadOnlyDictionary<Guid, decimal> inFlight)
    {
        var these = new HashSet<object>(asked, ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _all.Count; i++)
        {
            if (!these.Contains(_all[i].Debtor))
            {
                continue;
            }

            var known = _all[i].Debtor.Overdue.Any(item => inFlight.ContainsKey(item.InvoiceId.Value))
                ? _all[i].Debtor with
                {
                    InFlight = inFlight,
                }
                : _all[i].Debtor;
            _all[i] = (known, ReferenceEquals(known, _all[i].Debtor) ? _all[i].Gain : ExpectedGain.Of(known, today), true);
        }
    }

    private IEnumerable<int> Head() => Ordered().Take(limit);

    private IEnumerable<int> Ordered() =>
        Enumerable
            .Range(0, _all.Count)
            .OrderByDescending(at => _byGain ? _all[at].Gain.Amount : _all[at].Debtor.Amount)
            .ThenByDescending(at => _all[at].Debtor.Amount)
            .ThenBy(at => _all[at].Debtor.Overdue.Min(item => item.DueDate))
            .ThenBy(at => _all[at].Debtor.Overdue[0].CustomerKey, StringComparer.Ordinal);
}
