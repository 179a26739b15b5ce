using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>The codes and forms that Peppol allows in CII documents.</summary>
internal static class CiiPeppolCodes
{
    public static void Add(Places places)
    {
        places.At(Ram.AttachmentBinaryObject, Attachment);
        places.At(Ram.ReasonCode, Reason);
        places.At(Ram.TaxTotalAmount, Currency);
        places.At(Ram.TypeCode, Type);
        places.At(Udt.DateTimeString, (at, found) => found.Check("PEPPOL-EN16931-F001", at, IsDate(at)));
        places.At(Ram.URIID, ElectronicAddressScheme);
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
        if (!at.Parent.Is(Ram.SpecifiedTradeAllowanceCharge))
        {
            return;
        }

        var indicator = at.Parent.Only(Ram.ChargeIndicator, Udt.Indicator);
        if (indicator.Is("false"))
        {
            found.Check("PEPPOL-EN16931-CL002", at, CodeList.AllowanceReasons.Has(at.Text));
        }
        else if (indicator.Is("true"))
        {
            found.Check("PEPPOL-EN16931-CL003", at, CodeList.ChargeReasons.Has(at.Text));
        }
    }

    private static void Currency(Node at, Findings found)
    {
        if (at.TryAttribute(Attributes.CurrencyID, out var currency))
        {
            found.Check("PEPPOL-EN16931-CL007", at, found.Parties!.IsKnownCurrency(currency));
        }
    }

    /// <summary>BT-3, which the official rule looks for in another namespace than a document has it in.</summary>
    private static void Type(Node at, Findings found)
    {
        if (at.Parent.Is(RamOfPeppol.ExchangedDocument))
        {
            var isType = CodeList.PeppolInvoiceTypes.Has(at.Text) || CodeList.PeppolCreditNoteTypes.Has(at.Text);
            found.Check("PEPPOL-EN16931-P0100", at, isType || !found.Parties!.IsBilling);
        }
    }

    /// <summary>Eight digits of this century; that they are a day is not asked.</summary>
    private static bool IsDate(Node at)
    {
        var text = at.Text;
        return at.Attribute(Attributes.Format).Trim(" \t\r\n") is "102"
            && text is ['2', '0', ..]
            && text.Length == 8
            && XPath.IsDigits(text);
    }

    private static void ElectronicAddressScheme(Node at, Findings found)
    {
        var party = at.Parent.Parent;
        if (at.Parent.Is(Ram.URIUniversalCommunication) && (party.Is(Ram.BuyerTradeParty) || party.Is(Ram.SellerTradeParty)))
        {
            found.Check("PEPPOL-EN16931-CL008", at, CodeList.PeppolElectronicAddresses.HasExactly(at.Attribute(Attributes.SchemeID)));
        }
    }
}
