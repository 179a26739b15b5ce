using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What becomes of a corrective invoice's credit that no invoice took.</summary>
public enum CreditUse
{
    /// <summary>It is the customer's, and is offset against what it owes.</summary>
    Offset,

    /// <summary>It goes back the way the money came, as far as a provider took it.</summary>
    Refund,
}

/// <summary>What a seller decided about the payments of its customers.</summary>
public sealed record PaymentPolicy
{
    /// <summary>The most that may be forgiven of an invoice, in whatever currency.</summary>
    public const decimal MostTolerance = 5.00m;

    /// <summary>Every way to pay that can be offered on a page, in the order that holds where the seller says none.</summary>
    public static IReadOnlyList<PaymentMeans> UsualMeans { get; } =
    [PaymentMeans.Card, PaymentMeans.Bizum, PaymentMeans.Wallet, PaymentMeans.DirectDebit, PaymentMeans.Transfer];

    /// <summary>What holds for a seller that decided nothing.</summary>
    public static PaymentPolicy Usual { get; } = new();

    /// <summary>What an invoice may lack after a payment without being asked for any more, in the invoice's currency.</summary>
    public decimal Tolerance { get; init; } = 0.00m;

    /// <summary>What becomes of a corrective invoice's credit that no invoice took.</summary>
    public CreditUse Credit { get; init; } = CreditUse.Offset;

    /// <summary>The order in which ways to pay are offered; those that are not named follow in the usual one.</summary>
    public IReadOnlyList<PaymentMeans> Means { get; init; } = UsualMeans;

    /// <summary>
    /// Whether an invoice is no longer asked for what it lacks after it took that much: it is within the tolerance and less than what came.
    /// </summary>
    public bool Forgives(decimal lacks, decimal took) => lacks > 0m && lacks <= Tolerance && lacks < took;

    /// <summary>Where a way to pay stands in the seller's order; the first is zero.</summary>
    public int PlaceOf(PaymentMeans means)
    {
        var order = Means.Concat(UsualMeans.Except(Means)).ToList();
        return order.IndexOf(means) is >= 0 and var place ? place : order.Count;
    }

    /// <summary>The refusal of a policy that cannot be kept.</summary>
    public Fault? Check()
    {
        if (Tolerance is < 0m or > MostTolerance || decimal.Round(Tolerance, 2, MidpointRounding.ToZero) != Tolerance)
        {
            return PaymentsFaults.BadTolerance.At("tolerance", MostTolerance);
        }

        var isOrder = Means.Count > 0 && Means.All(each => UsualMeans.Contains(each)) && Means.Distinct().Count() == Means.Count;
        return isOrder ? null : PaymentsFaults.BadMeansOrder.At("means");
    }
}
