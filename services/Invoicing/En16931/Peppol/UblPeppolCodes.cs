using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>The codes and forms that Peppol allows in UBL documents, fewer than the standard does.</summary>
internal static class UblPeppolCodes
{
    private static readonly Name[] AmountNames =
    [
        Cbc.Amount,
        Cbc.BaseAmount,
        Cbc.PriceAmount,
        Cbc.TaxAmount,
        Cbc.TaxableAmount,
        Cbc.LineExtensionAmount,
        Cbc.TaxExclusiveAmount,
        Cbc.TaxInclusiveAmount,
        Cbc.AllowanceTotalAmount,
        Cbc.ChargeTotalAmount,
        Cbc.PrepaidAmount,
        Cbc.PayableRoundingAmount,
        Cbc.PayableAmount,
    ];

    private static readonly Name[] DateNames =
    [
        Cbc.IssueDate,
        Cbc.DueDate,
        Cbc.TaxPointDate,
        Cbc.StartDate,
        Cbc.EndDate,
        Cbc.ActualDeliveryDate,
    ];

    public static void Add(Places places)
    {
        places.At(Cbc.EmbeddedDocumentBinaryObject, Attachment);
        places.At(Cbc.AllowanceChargeReasonCode, Reason);
        places.At(Cbc.DescriptionCode, VatPointDate);
        foreach (var amount in AmountNames)
        {
            places.At(
                amount,
                (at, found) => found.Check("PEPPOL-EN16931-CL007", at, found.Parties!.IsKnownCurrency(at.Attribute(Attributes.CurrencyID)))
            );
        }

        places.At(Cbc.InvoiceTypeCode, InvoiceType);
        places.At(
            Cbc.CreditNoteTypeCode,
            (at, found) => found.Check("PEPPOL-EN16931-P0101", at, !found.Parties!.IsBilling || CodeList.PeppolCreditNoteTypes.Has(at.Text))
        );
        foreach (var date in DateNames)
        {
            places.At(date, (at, found) => found.Check("PEPPOL-EN16931-F001", at, XPath.IsPlainDate(at.Text)));
        }

        places.At(Cbc.EndpointID, ElectronicAddressScheme);
        places.At(Cac.TaxCategory, ExemptionReason);
    }

    private static void Attachment(Node at, Findings found)
    {
        if (at.TryAttribute(Attributes.MimeCode, out var type))
        {
            found.Check("PEPPOL-EN16931-CL001", at, CodeList.MimeTypes.HasExactly(type));
        }
    }

    private static void Reason(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.AllowanceCharge))
        {
            return;
        }

        if (at.Parent.Says(Cbc.ChargeIndicator, "false"))
        {
            found.Check("PEPPOL-EN16931-CL002", at, CodeList.AllowanceReasons.Has(at.Text));
        }
        else if (at.Parent.Says(Cbc.ChargeIndicator, "true"))
        {
            found.Check("PEPPOL-EN16931-CL003", at, CodeList.ChargeReasons.Has(at.Text));
        }
    }

    private static void VatPointDate(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.InvoicePeriod))
        {
            found.Check("PEPPOL-EN16931-CL006", at, CodeList.VatPointDatesUbl.Has(at.Text));
        }
    }

    /// <summary>BT-3; partial and corrected invoices are for Germany alone.</summary>
    private static void InvoiceType(Node at, Findings found)
    {
        var parties = found.Parties!;
        found.Check("PEPPOL-EN16931-P0100", at, !parties.IsBilling || CodeList.PeppolInvoiceTypes.Has(at.Text));
        found.Check("PEPPOL-EN16931-P0112", at, parties.AreGerman || !(at.Is("326") || at.Is("384")));
    }

    private static void ElectronicAddressScheme(Node at, Findings found)
    {
        if (at.TryAttribute(Attributes.SchemeID, out var scheme))
        {
            found.Check("PEPPOL-EN16931-CL008", at, CodeList.PeppolElectronicAddresses.HasExactly(scheme));
        }
    }

    /// <summary>BT-121 goes with its category (BT-118).</summary>
    private static void ExemptionReason(Node at, Findings found)
    {
        var code = at.Only(Cbc.TaxExemptionReasonCode).Text;
        if (code.Length is < 10 or > 11 || !code.StartsWith("VATEX-EU-", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Span<char> reason = stackalloc char[2];
        reason = reason[..code[9..].ToUpperInvariant(reason)];
        var (rule, category) = reason switch
        {
            "G" => ("PEPPOL-EN16931-P0104", "G"),
            "O" => ("PEPPOL-EN16931-P0105", "O"),
            "IC" => ("PEPPOL-EN16931-P0106", "K"),
            "AE" => ("PEPPOL-EN16931-P0107", "AE"),
            "D" => ("PEPPOL-EN16931-P0108", "E"),
            "F" => ("PEPPOL-EN16931-P0109", "E"),
            "I" => ("PEPPOL-EN16931-P0110", "E"),
            "J" => ("PEPPOL-EN16931-P0111", "E"),
            _ => (null, ""),
        };
        if (rule is not null)
        {
            found.Check(rule, at, at[Cbc.ID].Is(category));
        }
    }
}
