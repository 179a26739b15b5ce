using System.Globalization;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// Sums as a person writes them on paper, in the number format of a language: "18,90 × 100 ÷ 121 = 15,6198347107… ≈ 15,62". Each is
/// true as it stands; where a result is rounded to the coin, half away from zero, the exact value stands before it.
/// </summary>
internal sealed class Calculation(Currency currency, ExplanationWords words)
{
    /// <summary>More terms than this are not written out one by one.</summary>
    private const int Written = 20;
    private const int Shown = 10;

    /// <summary>The amount to the coin.</summary>
    public decimal Round(decimal amount) => Money.Of(amount, currency).Amount;

    /// <summary>A quantity times a price.</summary>
    public string Product(decimal quantity, decimal price) => Rounded($"{Number(quantity)} × {Amount(price)}", quantity * price);

    /// <summary>What is left of an amount that VAT at a rate is taken out of.</summary>
    public string WithoutVat(decimal gross, decimal rate) => Rounded(Out(gross, "100", rate), gross * 100m / (100m + rate));

    /// <summary>The same as a price that carries more decimals than the coin.</summary>
    public string WithoutVat(decimal gross, decimal rate, decimal price) =>
        As(Out(gross, "100", rate), gross * 100m / (100m + rate), price);

    /// <summary>The VAT at a rate within an amount.</summary>
    public string VatWithin(decimal gross, decimal rate) => Rounded(Out(gross, Number(rate), rate), gross * rate / (100m + rate));

    /// <summary>A percentage of an amount.</summary>
    public string Percent(decimal amount, decimal rate) => Rounded($"{Amount(amount)} × {Number(rate)} ÷ 100", amount * rate / 100m);

    /// <summary>An amount at a rate of exchange, rounded to the coin of the other currency.</summary>
    public string Converted(decimal amount, decimal rate, decimal told) => As($"{Amount(amount)} × {Number(rate)}", amount * rate, told);

    /// <summary>An amount shared out over a quantity, as a price that carries more decimals than the coin.</summary>
    public string Quotient(decimal amount, decimal quantity, decimal price) =>
        As($"{Amount(amount)} ÷ {Signed(Number(quantity))}", amount / quantity, price);

    /// <summary>An amount with something taken off and something added.</summary>
    public string Less(decimal amount, decimal less, decimal more)
    {
        var text = new StringBuilder(Amount(amount));
        if (less != 0m)
        {
            text.Append(" − ").Append(Signed(Amount(less)));
        }

        if (more != 0m)
        {
            text.Append(" + ").Append(Signed(Amount(more)));
        }

        return $"{text} = {Amount(amount - less + more)}";
    }

    /// <summary>A sum of amounts, some taken off and some added; many are told as how many they are.</summary>
    public string Of(IEnumerable<decimal> amounts, IEnumerable<decimal>? less = null, IEnumerable<decimal>? more = null)
    {
        List<decimal> terms = [.. amounts, .. (less ?? []).Select(each => -each), .. more ?? []];
        var sum = Amount(terms.Sum());
        if (terms.Count > Written)
        {
            return words.SumOf(terms.Count, sum);
        }

        var text = new StringBuilder();
        foreach (var term in terms)
        {
            text.Append(
                text.Length == 0 ? Amount(term)
                : term < 0m ? $" − {Amount(-term)}"
                : $" + {Amount(term)}"
            );
        }

        return text.Length == 0 ? $"0 = {sum}" : $"{text} = {sum}";
    }

    private string Out(decimal gross, string share, decimal rate) => $"{Amount(gross)} × {share} ÷ {Number(100m + rate)}";

    private string Rounded(string terms, decimal exact) => As(terms, exact, Round(exact));

    private string As(string terms, decimal exact, decimal told) =>
        exact == told ? $"{terms} = {Plain(told)}" : $"{terms} = {Exact(exact)} ≈ {Plain(told)}";

    /// <summary>A value with the decimals it has, at most ten of them; more are shown to be there.</summary>
    private string Exact(decimal value)
    {
        var shown = decimal.Round(value, Shown, MidpointRounding.ToZero);
        return shown == value ? Number(value) : $"{Plain(shown)}…";
    }

    private string Amount(decimal amount) => Plain(Round(amount) == amount ? Round(amount) : amount);

    /// <summary>A number without the zeros at its end.</summary>
    private string Number(decimal value) => Plain(value / 1.0000000000000000000000000000m);

    private static string Signed(string number) => number[0] == '−' ? $"({number})" : number;

    private string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture).Replace('.', words.DecimalPoint).Replace('-', '−');
}
