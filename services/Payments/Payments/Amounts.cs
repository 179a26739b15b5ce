using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What may be posted as an amount and as a reference.</summary>
public static class Amounts
{
    private const decimal Limit = 1_000_000_000m;

    /// <summary>The refusal of an amount that is nothing, negative, too large, or has parts of a coin.</summary>
    public static Fault? Check(decimal amount, Currency currency) =>
        amount is > 0m and < Limit && amount == Money.Of(amount, currency).Amount
            ? null
            : PaymentsFaults.BadAmount.At("amount", currency.MinorUnit);

    /// <summary>The refusal of a reference that cannot be kept.</summary>
    public static Fault? Check(string reference) =>
        reference.Length is > 0 and <= 200 && !string.IsNullOrWhiteSpace(reference) && !reference.Any(char.IsControl)
            ? null
            : PaymentsFaults.BadReference.At("reference");
}
