using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The smallest coin of a currency: every amount is a number of them.</summary>
internal readonly struct Coin(Currency currency)
{
    private readonly int _digits = currency.MinorUnit;

    /// <summary>Decimals of an amount.</summary>
    public int Digits => _digits;

    /// <summary>One of them.</summary>
    public decimal One => new(1, 0, 0, false, (byte)_digits);

    /// <summary>Rounded half away from zero to the coin, written with exactly its decimals.</summary>
    public decimal Round(decimal amount) =>
        decimal.Round(amount, _digits, MidpointRounding.AwayFromZero) + new decimal(0, 0, 0, false, (byte)_digits);
}
