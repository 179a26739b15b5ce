namespace RetailInvoicing.Contracts;

/// <summary>How something is paid (BT-81).</summary>
public enum PaymentMeans
{
    /// <summary>Notes and coins (UNCL 4461: 10).</summary>
    Cash,

    /// <summary>Payment card (48).</summary>
    Card,

    /// <summary>Bizum, by telephone number (68).</summary>
    Bizum,

    /// <summary>SEPA credit transfer (58).</summary>
    Transfer,

    /// <summary>SEPA direct debit (59).</summary>
    DirectDebit,

    /// <summary>A wallet such as Apple Pay or Google Pay (68).</summary>
    Wallet,

    /// <summary>A voucher sold before (ZZZ).</summary>
    Voucher,

    /// <summary>Credit that the customer holds with the seller (97).</summary>
    Credit,
}
