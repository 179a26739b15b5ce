using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What documents and mails say, in one language.</summary>
public sealed record Words
{
    /// <summary>ISO 639-1.</summary>
    public required string Language { get; init; }

    /// <summary>How its readers write amounts and dates.</summary>
    public required Amounts Amounts { get; init; }

    public required string Invoice { get; init; }
    public required string Simplified { get; init; }
    public required string Corrective { get; init; }
    public required string IssueDate { get; init; }
    public required string OperationDate { get; init; }
    public required string DueDate { get; init; }
    public required string Store { get; init; }
    public required string Seller { get; init; }
    public required string Buyer { get; init; }
    public required string TaxId { get; init; }
    public required string CustomerNumber { get; init; }
    public required string Test { get; init; }
    public required string QrAbove { get; init; }
    public required string QrBelow { get; init; }
    public required string Description { get; init; }
    public required string Quantity { get; init; }
    public required string Price { get; init; }
    public required string PriceWithVat { get; init; }
    public required string Amount { get; init; }
    public required string AmountWithVat { get; init; }
    public required string CarriedOver { get; init; }
    public required string BroughtForward { get; init; }
    public required string Rate { get; init; }
    public required string TaxableAmount { get; init; }
    public required string VatAmount { get; init; }
    public required string Surcharge { get; init; }
    public required string LineTotal { get; init; }
    public required string Allowance { get; init; }
    public required string Charge { get; init; }
    public required string TotalWithoutVat { get; init; }
    public required string VatTotal { get; init; }
    public required string Total { get; init; }
    public required string Paid { get; init; }
    public required string Due { get; init; }
    public required string Owed { get; init; }
    public required string PayHeading { get; init; }
    public required string Beneficiary { get; init; }
    public required string Reference { get; init; }
    public required string EpcCaption { get; init; }
    public required string PayOnline { get; init; }
    public required string Page { get; init; }
    public required string Cancelled { get; init; }
    public required string View { get; init; }

    /// <summary>Pagar {0}.</summary>
    public required string Pay { get; init; }

    /// <summary>Subject of an invoice's mail: seller, number, amount.</summary>
    public required string InvoiceSubject { get; init; }

    /// <summary>Subject of a reminder.</summary>
    public required string ReminderSubject { get; init; }

    /// <summary>Subject of a sign-in link.</summary>
    public required string SignInSubject { get; init; }

    public required string Hello { get; init; }
    public required string HelloNobody { get; init; }
    public required string InvoiceIntro { get; init; }
    public required string CorrectiveIntro { get; init; }
    public required string IsPaid { get; init; }
    public required string IsDue { get; init; }
    public required string IsDueNoDate { get; init; }
    public required string IsOwed { get; init; }
    public required string NothingDue { get; init; }
    public required string MoreLines { get; init; }
    public required string Attached { get; init; }
    public required string AttachedPdf { get; init; }
    public required string ReminderIntro { get; init; }
    public required string ReminderPaid { get; init; }
    public required string SignInIntro { get; init; }
    public required string SignInButton { get; init; }
    public required string SignInExpires { get; init; }
    public required string SignInIgnore { get; init; }
    public required string LinkInWords { get; init; }

    /// <summary>What a coupon's code is called.</summary>
    public required string OfferCode { get; init; }

    /// <summary>Subject of the notice that a webhook is called no more.</summary>
    public required string WebhookSubject { get; init; }
    public required string WebhookIntro { get; init; }
    public required string WebhookGone { get; init; }
    public required string WebhookFailing { get; init; }
    public required string WebhookLost { get; init; }
    public required string WebhookButton { get; init; }
    public required string WebhookAddress { get; init; }
    public required string WebhookSince { get; init; }
    public required string WebhookError { get; init; }
    public required string CorrectsOne { get; init; }
    public required string CorrectsUnknown { get; init; }
    public required string BySubstitution { get; init; }
    public required string ByDifferences { get; init; }
    public required string CorrectedAmounts { get; init; }
    public required string Because { get; init; }
    public required string Replaces { get; init; }

    /// <summary>The tax in the currency of the seller's accounts, and the rate (RD 1619/2012 art. 12).</summary>
    public required string TaxInAccounts { get; init; }
    public required string Exempt { get; init; }
    public required string ReverseCharge { get; init; }
    public required string NotSubject { get; init; }

    /// <summary>How something was paid.</summary>
    public required MeansWords MeansOfPayment { get; init; }

    /// <summary>Why an invoice was corrected.</summary>
    public required ReasonWords Reasons { get; init; }

    /// <summary>What ways to pay are called.</summary>
    public sealed record MeansWords(
        string Cash,
        string Card,
        string Bizum,
        string Transfer,
        string DirectDebit,
        string Wallet,
        string Voucher,
        string Credit,
        string Other
    );

    /// <summary>What reasons are called (RD 1619/2012 art. 15, LIVA art. 80).</summary>
    public sealed record ReasonWords(string R1, string R2, string R3, string R5, string Other);

    /// <summary>The reader's language; English for those that are none of Spain's, Spanish where nothing is known.</summary>
    public static Words For(string? language) =>
        language?.Split('-', '_')[0].ToLowerInvariant() switch
        {
            null or "" or "es" => WordLists.Spanish,
            "ca" => WordLists.Catalan,
            "eu" => WordLists.Basque,
            "gl" => WordLists.Galician,
            _ => WordLists.English,
        };

    /// <summary>What kind of document it is, as the law names it.</summary>
    public string Title(InvoiceKind kind) =>
        kind switch
        {
            InvoiceKind.Simplified => Simplified,
            InvoiceKind.Corrective => Corrective,
            _ => Invoice,
        };

    /// <summary>IVA 21 %; without a rate, why there is none.</summary>
    public string Vat(string category, decimal rate, string tax) =>
        category switch
        {
            "E" or "K" or "G" => Exempt,
            "AE" => ReverseCharge,
            "O" => NotSubject,
            _ => $"{TaxName(tax)} {Amounts.Percent(rate)}",
        };

    /// <summary>IVA, IGIC or IPSI.</summary>
    public string TaxName(string tax) =>
        tax switch
        {
            "igic" => "IGIC",
            "ipsi" => "IPSI",
            _ => VatTotal,
        };

    /// <summary>How something was paid.</summary>
    public string Means(PaymentMeans means) =>
        means switch
        {
            PaymentMeans.Cash => MeansOfPayment.Cash,
            PaymentMeans.Card => MeansOfPayment.Card,
            PaymentMeans.Bizum => MeansOfPayment.Bizum,
            PaymentMeans.Transfer => MeansOfPayment.Transfer,
            PaymentMeans.DirectDebit => MeansOfPayment.DirectDebit,
            PaymentMeans.Wallet => MeansOfPayment.Wallet,
            PaymentMeans.Voucher => MeansOfPayment.Voucher,
            PaymentMeans.Credit => MeansOfPayment.Credit,
            _ => MeansOfPayment.Other,
        };

    /// <summary>A correction's reason, R1 to R5.</summary>
    public string Reason(string code) =>
        code switch
        {
            "R1" => Reasons.R1,
            "R2" => Reasons.R2,
            "R3" => Reasons.R3,
            "R5" => Reasons.R5,
            _ => Reasons.Other,
        };

    /// <summary>A unit's sign, nothing for pieces.</summary>
    public static string Unit(string code) =>
        code switch
        {
            "C62" or "EA" or "H87" or "XPP" => "",
            "KGM" => "kg",
            "GRM" => "g",
            "LTR" => "l",
            "MTR" => "m",
            "MTK" => "m²",
            "HUR" => "h",
            _ => code,
        };
}
