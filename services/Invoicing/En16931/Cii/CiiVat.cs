using System.Runtime.InteropServices;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>What a CII document says of VAT, gathered once: how often each category is used where, and what it sums to.</summary>
internal sealed class CiiVat
{
    private readonly Use[] _uses = new Use[VatCategory.All.Length];
    private readonly Sum[] _sums = new Sum[VatCategory.All.Length];
    private readonly Dictionary<(int Category, decimal Rate), Sum> _ofRates = [];

    public ref readonly Use this[VatCategory category] => ref _uses[category.Index];

    /// <summary>Whether a tax of a line or of the breakdown has another category than "not subject".</summary>
    public bool HasOtherTax { get; private set; }

    /// <summary>Whether an allowance or charge has another category than "not subject".</summary>
    public bool HasOtherAllowanceOrCharge { get; private set; }

    /// <summary>The categories of a tax, one bit each.</summary>
    public static int CategoriesOf(Node tax)
    {
        var categories = 0;
        foreach (var code in tax.All(Ram.CategoryCode))
        {
            categories |= VatCategory.Of(code.Text) is { } category ? 1 << category.Index : 0;
        }

        return categories;
    }

    /// <summary>Counts a tax of a line, of the breakdown, of an allowance or of a charge.</summary>
    public void Count(Node tax)
    {
        var ofAllowance = tax.Is(Ram.CategoryTradeTax);
        foreach (var code in tax.All(Ram.CategoryCode))
        {
            var isOther = code.Text is not "O";
            HasOtherTax |= isOther && !ofAllowance;
            HasOtherAllowanceOrCharge |= isOther && ofAllowance;
        }

        var (ofLine, ofBreakdown) = (tax.Parent.Is(Ram.SpecifiedLineTradeSettlement), tax.Parent.Is(Ram.ApplicableHeaderTradeSettlement));
        var categories = CategoriesOf(tax);
        for (var category = 0; categories >> category != 0; category++)
        {
            if ((categories & (1 << category)) != 0)
            {
                ref var use = ref _uses[category];
                use.AllowancesAndCharges += ofAllowance ? 1 : 0;
                use.Lines += !ofAllowance && ofLine ? 1 : 0;
                use.Breakdowns += !ofAllowance && ofBreakdown ? 1 : 0;
            }
        }
    }

    /// <summary>Adds a line's net amount to what its categories and rates sum to.</summary>
    public void AddLine(Node settlement)
    {
        decimal? amount = 0m;
        foreach (var summation in settlement.All(Ram.SpecifiedTradeSettlementLineMonetarySummation))
        {
            amount += summation[Ram.LineTotalAmount] is { Exists: true } net ? net.Number : 0m;
        }

        Add(settlement, Ram.ApplicableTradeTax, amount, (true, false, false));
    }

    /// <summary>Adds an allowance or charge of the document to what its categories and rates sum to.</summary>
    public void AddAllowanceOrCharge(Node at)
    {
        var (isCharge, isAllowance) = at.Sign();
        if (isCharge || isAllowance)
        {
            var amount = at[Ram.ActualAmount] is { Exists: true } given ? given.Number : 0m;
            Add(at, Ram.CategoryTradeTax, amount, (false, isCharge, isAllowance));
        }
    }

    /// <summary>The sum of a category; none where something in it is no number.</summary>
    public decimal? SumOf(VatCategory category) => _sums[category.Index].Total;

    /// <summary>The sum of a category at one rate.</summary>
    public decimal? SumOf(VatCategory category, decimal rate) => _ofRates.TryGetValue((category.Index, rate), out var sum) ? sum.Total : 0m;

    private void Add(Node holder, Name name, decimal? amount, (bool Line, bool Charge, bool Allowance) to)
    {
        var categories = 0;
        foreach (var tax in holder.All(name))
        {
            categories |= CategoriesOf(tax);
        }

        for (var category = 0; categories >> category != 0; category++)
        {
            if ((categories & (1 << category)) == 0)
            {
                continue;
            }

            _sums[category].Add(holder, amount, to);
            if (!VatCategory.All[category].HasRates)
            {
                continue;
            }

            // The rate may be that of another tax than the category's: the official rules ask for each by itself.
            foreach (var tax in holder.All(name))
            {
                if (tax[Ram.RateApplicablePercent].Number is { } rate)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(_ofRates, (category, rate), out _).Add(holder, amount, to);
                }
            }
        }
    }

    /// <summary>How often a category is used.</summary>
    public struct Use
    {
        public int Lines;
        public int Breakdowns;
        public int AllowancesAndCharges;
    }

    private struct Sum
    {
        private decimal _lines;
        private decimal _charges;
        private decimal _allowances;
        private bool _isBroken;
        private int _last;

        /// <summary>Lines plus charges less allowances, each rounded to two decimals.</summary>
        public readonly decimal? Total =>
            _isBroken ? null : Amounts.Rounded(_lines) + Amounts.Rounded(_charges) - Amounts.Rounded(_allowances);

        /// <summary>Adds an amount once for each line, allowance or charge.</summary>
        public void Add(Node holder, decimal? amount, (bool Line, bool Charge, bool Allowance) to)
        {
            if (_last == holder.Index)
            {
                return;
            }

            _last = holder.Index;
            _isBroken |= amount is null;
            _lines += to.Line ? amount ?? 0m : 0m;
            _charges += to.Charge ? amount ?? 0m : 0m;
            _allowances += to.Allowance ? amount ?? 0m : 0m;
        }
    }
}
