using System.Runtime.InteropServices;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// What sales come to by day and by what they are told apart by, in the finest grain, added up in memory: a rebuild reads every line once
/// instead of reading them again from the tables.
/// </summary>
public sealed class DaySums
{
    private readonly Dictionary<Key, Sum> _tills = [];
    private readonly Dictionary<Key, Sum> _rates = [];
    private readonly Dictionary<Key, Sum> _customers = [];
    private readonly Dictionary<Key, Sum> _products = [];

    /// <summary>How many sums there are.</summary>
    public int Count => _tills.Count + _rates.Count + _customers.Count + _products.Count;

    /// <summary>Those of a set.</summary>
    public IEnumerable<KeyValuePair<Key, Sum>> Of(SoldSums sums) =>
        sums == KnownAt.Tills ? _tills
        : sums == KnownAt.Rates ? _rates
        : sums == KnownAt.Customers ? _customers
        : _products;

    /// <summary>Adds what an invoice sold; one given in exchange for tickets sold nothing.</summary>
    public void Add(Sale sale, DateTimeOffset knownAt)
    {
        if (sale.Figures.Invoices == 0)
        {
            return;
        }

        var hour = Floor(knownAt, TimeSpan.TicksPerHour);
        var key = new Key(sale.SellerId.Value, sale.OperationDate, hour, sale.Currency.Code);
        var (store, till, channel) = (sale.StoreId.Value, sale.TillId, KeepSales.ChannelOf(sale));
        At(_tills, key with { Hour = (short)sale.Hour, First = store, Second = till, Third = channel }).Figures += sale.Figures;
        At(_customers, key with { First = sale.CustomerId }).Figures += sale.Figures;
        foreach (var share in sale.Vat)
        {
            At(_rates, key with { Rate = share.Rate }).Figures += share.Figures;
        }

        var day = key with { KnownIn = Floor(knownAt, TimeSpan.TicksPerDay) };
        foreach (var line in sale.Lines)
        {
            ref var sum = ref At(_products, day with { First = line.Product, Second = line.Category, Rate = line.Rate });
            sum.Figures += new Figures
            {
                Invoices = line.Invoices,
                ReturnInvoices = line.ReturnInvoices,
                TotalWithoutVat = line.NetAmount,
                VatTotal = line.GrossAmount - line.NetAmount,
                TotalWithVat = line.GrossAmount,
                Returns = line is { Line: > 0, GrossAmount: < 0m } ? -line.GrossAmount : 0m,
            };
            sum.Quantity += line.Quantity;
            sum.ReturnedQuantity += line.Quantity < 0m ? -line.Quantity : 0m;
        }
    }

    private static ref Sum At(Dictionary<Key, Sum> sums, in Key key) => ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);

    private static DateTime Floor(DateTimeOffset at, long ticks) => new(at.UtcTicks - at.UtcTicks % ticks, DateTimeKind.Utc);

    /// <summary>What a sum is of; of the texts that it is told apart by, as many as its set has.</summary>
    public readonly record struct Key(string Seller, DateOnly Day, DateTime KnownIn, string Currency)
    {
        /// <summary>The hour of the sale.</summary>
        public short Hour { get; init; }

        /// <summary>The first text.</summary>
        public string First { get; init; } = "";

        /// <summary>The second.</summary>
        public string Second { get; init; } = "";

        /// <summary>The third.</summary>
        public string Third { get; init; } = "";

        /// <summary>The VAT rate.</summary>
        public decimal Rate { get; init; }
    }

    /// <summary>What it comes to.</summary>
    public record struct Sum
    {
        /// <summary>Invoices and amounts.</summary>
        public Figures Figures { get; set; }

        /// <summary>How many were sold, net of what came back.</summary>
        public decimal Quantity { get; set; }

        /// <summary>How many came back, positive.</summary>
        public decimal ReturnedQuantity { get; set; }
    }
}
