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
