namespace RetailInvoicing.Invoicing.En16931.Model;

/// <summary>BG-16: how it is paid.</summary>
public sealed record PaymentInstructions
{
    /// <summary>BT-81: by what means (UNTDID 4461).</summary>
    public required string MeansCode { get; init; }

    /// <summary>BT-82: the means in words.</summary>
    public string? MeansText { get; init; }

    /// <summary>BT-83: the reference that payment cites.</summary>
    public string? RemittanceReference { get; init; }

    /// <summary>BG-17: accounts to transfer to.</summary>
    public IReadOnlyList<CreditTransfer> CreditTransfers { get; init; } = [];

    /// <summary>BG-18: the card.</summary>
    public PaymentCard? Card { get; init; }

    /// <summary>BG-19: the direct debit.</summary>
    public DirectDebit? DirectDebit { get; init; }
}

/// <summary>BG-17: an account to transfer to.</summary>
public sealed record CreditTransfer
{
    /// <summary>BT-84: its IBAN or number.</summary>
    public required string Account { get; init; }

    /// <summary>BT-85: whose it is.</summary>
    public string? AccountName { get; init; }

    /// <summary>BT-86: its bank's BIC.</summary>
    public string? ServiceProvider { get; init; }
}

/// <summary>BG-18: the card it was paid with.</summary>
public sealed record PaymentCard
{
    /// <summary>BT-87: at most the first six and last four digits.</summary>
    public required string PrimaryAccountNumber { get; init; }

    /// <summary>BT-88: whose it is.</summary>
    public string? HolderName { get; init; }
}

/// <summary>BG-19: how it is debited.</summary>
public sealed record DirectDebit
{
    /// <summary>BT-89: the mandate.</summary>
    public string? MandateReference { get; init; }

    /// <summary>BT-90: the creditor's identifier.</summary>
    public string? CreditorIdentifier { get; init; }

    /// <summary>BT-91: the account that is debited.</summary>
    public string? DebitedAccount { get; init; }
}

/// <summary>BG-20 and BG-21: an allowance or charge on the whole invoice.</summary>
public sealed record DocumentAllowance
{
    /// <summary>BT-92, BT-99: without VAT.</summary>
    public decimal Amount { get; init; }

    /// <summary>BT-93, BT-100: what the percentage is of.</summary>
    public decimal? BaseAmount { get; init; }

    /// <summary>BT-94, BT-101: the percentage.</summary>
    public decimal? Percentage { get; init; }

    /// <summary>BT-95, BT-102: its VAT category (UNTDID 5305).</summary>
    public required string VatCategory { get; init; }

    /// <summary>BT-96, BT-103: its VAT rate in percent.</summary>
    public decimal? VatRate { get; init; }

    /// <summary>BT-97, BT-104: why, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>BT-98, BT-105: why, by its code (UNTDID 5189 or 7161).</summary>
    public string? ReasonCode { get; init; }
}

/// <summary>BG-22: the invoice's totals.</summary>
public sealed record DocumentTotals
{
    /// <summary>BT-106: the sum of the lines' net amounts.</summary>
    public decimal? LineTotal { get; init; }

    /// <summary>BT-107: the sum of the allowances.</summary>
    public decimal? AllowanceTotal { get; init; }

    /// <summary>BT-108: the sum of the charges.</summary>
    public decimal? ChargeTotal { get; init; }

    /// <summary>BT-109: the total without VAT.</summary>
    public decimal? TotalWithoutVat { get; init; }

    /// <summary>BT-110: the total VAT.</summary>
    public decimal? VatTotal { get; init; }

    /// <summary>BT-111: the total VAT in the seller's accounting currency (BT-6).</summary>
    public decimal? VatTotalInAccountingCurrency { get; init; }

    /// <summary>BT-112: the total with VAT.</summary>
    public decimal? TotalWithVat { get; init; }

    /// <summary>BT-113: what has been paid.</summary>
    public decimal? PaidAmount { get; init; }

    /// <summary>BT-114: what was added to round the amount due.</summary>
    public decimal? RoundingAmount { get; init; }

    /// <summary>BT-115: what is due.</summary>
    public decimal? AmountDue { get; init; }
}

/// <summary>BG-23: the VAT of one category and rate.</summary>
public sealed record VatBreakdown
{
    /// <summary>BT-116: what VAT is charged on.</summary>
    public decimal? TaxableAmount { get; init; }

    /// <summary>BT-117: the VAT.</summary>
    public decimal? TaxAmount { get; init; }

    /// <summary>BT-118: the category (UNTDID 5305).</summary>
    public required string Category { get; init; }

    /// <summary>BT-119: the rate in percent.</summary>
    public decimal? Rate { get; init; }

    /// <summary>BT-120: why it is exempt, in words.</summary>
    public string? ExemptionReason { get; init; }

    /// <summary>BT-121: why it is exempt, by its code (VATEX).</summary>
    public string? ExemptionReasonCode { get; init; }
}
