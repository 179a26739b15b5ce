using System.Numerics;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>What Peppol has amounts add up to, in UBL as in CII. A number that cannot be read breaks the rule that asks for it.</summary>
internal static class SumRules
{
    private const decimal Slack = 0.02m;

    /// <summary>BG-20, BG-21, BG-27 and BG-28: amount, percentage and base go together.</summary>
    public static void AllowanceOrCharge(Node at, Node percentage, Node basis, Node amount, Node indicator, Findings found)
    {
        if (percentage.Exists != basis.Exists)
        {
            found.Check(percentage.Exists ? "PEPPOL-EN16931-R041" : "PEPPOL-EN16931-R042", at, false);
            return;
        }

        found.Check(
            "PEPPOL-EN16931-R040",
            at,
            !percentage.Exists || AreNear(amount.Exists ? amount.Number : 0m, Times(basis.Number, percentage.Number) / 100m)
        );
        found.Check("PEPPOL-EN16931-R043", at, IsIndicator(indicator));
    }

    /// <summary>Whether something is said to be an allowance or a charge.</summary>
    public static bool IsIndicator(Node at) => at.Is("true") || at.Is("false");

    /// <summary>Whether a quantity is counted in that unit (BT-130).</summary>
    public static bool IsUnitOf(Node at, Name quantity, ReadOnlySpan<char> unit)
    {
        foreach (var each in at.All(quantity))
        {
            if (each.TryAttribute(Attributes.UnitCode, out var code) && code.SequenceEqual(unit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>BT-131: the quantity times the price per base quantity, with the line's charges, less its allowances.</summary>
    public static bool IsLineNetAmount(Node net, Node quantity, Node price, Node per, decimal? allowances, decimal? charges)
    {
        var rest = NumberOr(net, 0m) + allowances - charges;
        var (count, amount) = (NumberOr(quantity, 1m), NumberOr(price, 0m));
        if (!per.Exists || per.Number is 0m or 1m)
        {
            return AreNear(rest, Times(count, amount));
        }

        return rest is { } sum
            && count is { } times
            && amount is { } dividend
            && per.Number is { } divisor
            && AreNear(sum, times, dividend, divisor);
    }

    /// <summary>
    /// The same with a quotient, which has eighteen decimals, or more where its dividend has more than its divisor: where it is not whole,
    /// what is lost shows when it is multiplied again, and so it does here.
    /// </summary>
    private static bool AreNear(decimal sum, decimal times, decimal dividend, decimal divisor)
    {
        var ((a, ofA), (b, ofB), (c, ofC), (d, ofD)) = (Unscaled(sum), Unscaled(times), Unscaled(dividend), Unscaled(divisor));
        var scale = Math.Max(18, ofC - ofD + 18);
        var quotient = HalfDown(c * BigInteger.Pow(10, scale + ofD - ofC), d);
        // Amounts have at most 28 decimals, so that all are whole at this scale.
        var all = 28 + ofB + scale;
        var difference = (a * BigInteger.Pow(10, all - ofA)) - (b * quotient * BigInteger.Pow(10, 28));
        return BigInteger.Abs(difference) <= 2 * BigInteger.Pow(10, all - 2);
    }

    private static (BigInteger Digits, int Scale) Unscaled(decimal number)
    {
        // Divided by one with all its decimals, a number loses the zeros at its end.
        number /= 1.0000000000000000000000000000m;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        var digits = new BigInteger(new decimal(parts[0], parts[1], parts[2], number < 0m, 0));
        return (digits, number.Scale);
    }

    private static BigInteger HalfDown(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        return 2 * BigInteger.Abs(rest) > BigInteger.Abs(divisor) ? quotient + (dividend.Sign * divisor.Sign) : quotient;
    }

    private static decimal? NumberOr(Node at, decimal absent) => at.Exists ? at.Number : absent;

    private static bool AreNear(decimal? expected, decimal? amount) => expected + Slack >= amount && expected - Slack <= amount;

    private static decimal? Times(decimal? left, decimal? right) =>
        left is { } a && right is { } b && IsBounded((double)a * (double)b) ? a * b : null;

    private static bool IsBounded(double number) => number is > -1e27 and < 1e27;
}
