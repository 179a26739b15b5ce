using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>The accounts of a seller's journal; an amount on them is a debit where positive and a credit where negative.</summary>
public static class Account
{
    /// <summary>What customers owe.</summary>
    public const string Receivable = "receivable";

    /// <summary>What customers paid or were credited and no invoice has taken yet.</summary>
    public const string Unallocated = "unallocated";

    /// <summary>What was given back, until a provider's or bank's statement says where it left.</summary>
    public const string Refunds = "refunds";

    /// <summary>What providers are asked to give back, until they say that they gave it, or will not.</summary>
    public const string RefundsUnderWay = "refunds-under-way";

    /// <summary>What providers, and the bank of a movement, kept for themselves.</summary>
    public const string Fees = "fees";

    /// <summary>What providers sent to the bank, until the bank's statement shows it.</summary>
    public const string PayoutsInTransit = "payouts-in-transit";

    /// <summary>What payments lacked by no more than the seller's tolerance.</summary>
    public const string Differences = "differences";

    /// <summary>What the seller gave up on.</summary>
    public const string WriteOffs = "write-offs";

    /// <summary>What was taken back from us beyond what was left of a payment: it had been given back already, or is about to be.</summary>
    public const string Losses = "losses";

    /// <summary>The other side of what invoices ask for; revenue and VAT are Invoicing's.</summary>
    public const string SalesClearing = "sales-clearing";

    /// <summary>Taken with a sale for vouchers, deposits, tips and donations.</summary>
    public const string NonSaleItems = "non-sale-items";

    /// <summary>The seller's bank account.</summary>
    public const string Bank = "bank";

    /// <summary>Where money paid that way lies when a till or the seller itself took it.</summary>
    public static string TakenBySeller(PaymentMeans means) =>
        means is PaymentMeans.Transfer or PaymentMeans.DirectDebit ? Bank : $"till:{NameOf(means)}";

    /// <summary>Where money lies that a payment provider took, until it pays it out.</summary>
    public static string TakenBy(string provider) => $"provider:{provider}";

    /// <summary>A payment means as wires and tables write it.</summary>
    public static string NameOf(PaymentMeans means) => JsonNamingPolicy.KebabCaseLower.ConvertName(means.ToString());

    /// <summary>The payment means of its written name.</summary>
    public static PaymentMeans MeansOf(string name) => Enum.GetValues<PaymentMeans>().Single(means => NameOf(means) == name);
}
