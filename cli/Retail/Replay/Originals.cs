namespace RetailInvoicing.Retail.Replay;

/// <summary>What each customer bought in this run and still has, so that a return finds the sale it belongs to.</summary>
public sealed class Originals
{
    private readonly Dictionary<string, List<Sold>> _byCustomer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sold> _byNumber = new(StringComparer.Ordinal);

    /// <summary>
    /// The customer's latest earlier sale that still covers the whole return: each code's quantity, at no higher a unit price than its
    /// highest there, and the total. Absent where there is none: a blind return.
    /// </summary>
    public string? Find(ShopNumber back)
    {
        if (back.CustomerId is null || !_byCustomer.TryGetValue(back.CustomerId, out var sold))
        {
            return null;
        }

        var wanted = PerCode(back, sign: -1);
        for (var i = sold.Count - 1; i >= 0; i--)
        {
            if (sold[i].Covers(wanted, -back.Total))
            {
                return sold[i].No;
            }
        }

        return null;
    }

    /// <summary>A sale of this run has its invoice.</summary>
    public void Issued(ShopNumber sale)
    {
        if (sale.CustomerId is null || sale.IsReturn || _byNumber.ContainsKey(sale.No))
        {
            return;
        }

        var sold = new Sold(sale.No, PerCode(sale, sign: 1), sale.Total);
        _byNumber[sale.No] = sold;
        if (!_byCustomer.TryGetValue(sale.CustomerId, out var all))
        {
            _byCustomer[sale.CustomerId] = all = [];
        }

        all.Add(sold);
    }

    /// <summary>A return of this run has its corrective invoice: its original has that much less.</summary>
    public void Returned(ShopNumber back, string original) => _byNumber[original].Less(PerCode(back, sign: -1), -back.Total);

    private static Dictionary<string, (decimal Quantity, decimal HighestPrice)> PerCode(ShopNumber number, int sign)
    {
        var codes = new Dictionary<string, (decimal Quantity, decimal HighestPrice)>(StringComparer.Ordinal);
        foreach (var line in number.Lines)
        {
            var (quantity, highest) = codes.GetValueOrDefault(line.StockCode);
            codes[line.StockCode] = (quantity + sign * line.Quantity, Math.Max(highest, line.UnitPrice));
        }

        return codes;
    }

    private sealed class Sold(string no, Dictionary<string, (decimal Quantity, decimal HighestPrice)> codes, decimal total)
    {
        private decimal _left = total;

        public string No => no;

        public bool Covers(Dictionary<string, (decimal Quantity, decimal HighestPrice)> wanted, decimal amount) =>
            _left >= amount
            && wanted.All(want =>
                codes.TryGetValue(want.Key, out var has)
                && has.Quantity >= want.Value.Quantity
                && has.HighestPrice >= want.Value.HighestPrice
            );

        public void Less(Dictionary<string, (decimal Quantity, decimal HighestPrice)> back, decimal amount)
        {
            _left -= amount;
            foreach (var (code, (quantity, _)) in back)
            {
                var (has, highest) = codes[code];
                codes[code] = (has - quantity, highest);
            }
        }
    }
}
