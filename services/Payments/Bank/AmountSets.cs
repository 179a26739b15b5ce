namespace RetailInvoicing.Payments.Bank;

/// <summary>Which of several amounts sum to one, to the coin.</summary>
public static class AmountSets
{
    private const int MostSteps = 60_000;

    /// <summary>
    /// The first sets that sum to the amount, each as ascending places; fewer and earlier ones first. <paramref name="isAll"/> says whether
    /// everything was looked at, so that a single set is the only one there is.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<int>> Find(IReadOnlyList<decimal> amounts, decimal amount, int most, out bool isAll)
    {
        var search = new Search(amounts, most);
        search.From(0, amount, []);
        isAll = !search.HasStopped;
        return [.. search.Found.OrderBy(each => each.Count).ThenBy(each => each.Sum())];
    }

    /// <summary>
    /// Goes through the sets by their largest amounts first, and leaves those that are too much or can no longer be enough.
    /// </summary>
    private sealed class Search
    {
        private readonly IReadOnlyList<decimal> _amounts;
        private readonly int[] _order;
        private readonly decimal[] _rest;
        private readonly int _most;
        private int _steps;

        public Search(IReadOnlyList<decimal> amounts, int most)
        {
            (_amounts, _most) = (amounts, most);
            _order = [.. Enumerable.Range(0, amounts.Count).OrderByDescending(i => amounts[i]).ThenBy(i => i)];
            _rest = new decimal[amounts.Count + 1];
            for (var i = amounts.Count - 1; i >= 0; i--)
            {
                _rest[i] = _rest[i + 1] + amounts[_order[i]];
            }
        }

        public List<List<int>> Found { get; } = [];

        public bool HasStopped { get; private set; }

        public void From(int place, decimal wanted, List<int> taken)
        {
            if (wanted == 0m)
            {
                if (taken.Count > 0)
                {
                    Found.Add([.. taken.Order()]);
                    HasStopped |= Found.Count >= _most;
                }

                return;
            }

            for (var i = place; i < _order.Length && !HasStopped && _rest[i] >= wanted; i++)
            {
                HasStopped = ++_steps > MostSteps;
                if (_amounts[_order[i]] <= wanted)
                {
                    taken.Add(_order[i]);
                    From(i + 1, wanted - _amounts[_order[i]], taken);
                    taken.RemoveAt(taken.Count - 1);
                }
            }
        }
    }
}
