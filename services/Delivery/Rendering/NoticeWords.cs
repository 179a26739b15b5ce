namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What reminders say in one language, from the mildest to the last; the plain reminder of one invoice is in <see cref="Words" />.</summary>
public sealed partial record NoticeWords
{
    /// <summary>Seller, number, amount, date.</summary>
    public required string BeforeSubject { get; init; }

    /// <summary>Seller, number, amount.</summary>
    public required string FirmSubject { get; init; }
    public required string FinalSubject { get; init; }

    /// <summary>Seller, how many, total.</summary>
    public required string ManyBeforeSubject { get; init; }
    public required string ManySubject { get; init; }
    public required string ManyFinalSubject { get; init; }

    /// <summary>Number, seller, date, amount.</summary>
    public required string BeforeIntro { get; init; }
    public required string FirmIntro { get; init; }
    public required string FinalIntro { get; init; }

    /// <summary>How many, seller, total.</summary>
    public required string ManyBeforeIntro { get; init; }
    public required string ManyIntro { get; init; }
    public required string ManyFirmIntro { get; init; }
    public required string ManyFinalIntro { get; init; }

    /// <summary>What a friendly and a firm one add; a neutral one adds nothing.</summary>
    public required string FriendlyTone { get; init; }
    public required string FirmTone { get; init; }

    /// <summary>What interest and compensation are called, and what is said of them ({0} the amount).</summary>
    public required string Claim { get; init; }
    public required string ClaimNote { get; init; }

    /// <summary>How many invoices are not in the list.</summary>
    public required string More { get; init; }

    /// <summary>To whoever has paid several of them.</summary>
    public required string ManyPaid { get; init; }

    /// <summary>What to do where something is not right.</summary>
    public required string Ask { get; init; }

    /// <summary>Seller, number, amount, date, link; of letters that short messages have (GSM 7 bit), as the two that follow.</summary>
    public required string ShortBefore { get; init; }

    /// <summary>Seller, number, amount, link.</summary>
    public required string ShortOne { get; init; }

    /// <summary>Seller, how many, total, link.</summary>
    public required string ShortMany { get; init; }

    /// <summary>In the language of these words.</summary>
    public static NoticeWords For(Words words) =>
        words.Language switch
        {
            "ca" => Catalan,
            "eu" => Basque,
            "gl" => Galician,
            "en" => English,
            _ => Spanish,
        };
}
