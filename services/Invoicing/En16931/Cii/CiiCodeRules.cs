using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>Codes come from the lists that the standard names (BR-CL), as bound to CII.</summary>
internal static class CiiCodeRules
{
    public static void Add(Places places)
    {
        places.At(Ram.TypeCode, TypeOrMeans);
        Attribute(places, Ram.TaxTotalAmount, Attributes.CurrencyID, "BR-CL-03", CodeList.Currencies);
        Text(places, Ram.InvoiceCurrencyCode, "BR-CL-04", CodeList.Currencies);
        Text(places, Ram.TaxCurrencyCode, "BR-CL-05", CodeList.Currencies);
        Text(places, Ram.DueDateTypeCode, "BR-CL-06", CodeList.VatPointDatesCii);
        Text(places, Ram.ReferenceTypeCode, "BR-CL-07", CodeList.ReferenceQualifiers);
        Text(places, Ram.SubjectCode, "BR-CL-08", CodeList.NoteSubjects);
        places.At(Ram.GlobalID, GlobalIdentifier);
        places.At(Ram.ID, Identifier);
        Attribute(places, Ram.ClassCode, Attributes.ListID, "BR-CL-13", CodeList.ItemClassifications);
        Text(places, Ram.CountryID, "BR-CL-14", CodeList.CountriesCii);
        Text(places, Ram.CategoryCode, "BR-CL-17", CodeList.VatCategories, Ram.CategoryTradeTax);
        Text(places, Ram.CategoryCode, "BR-CL-18", CodeList.VatCategories, Ram.ApplicableTradeTax);
        places.At(Ram.ReasonCode, Reason);
        Text(places, Ram.ExemptionReasonCode, "BR-CL-22", CodeList.ExemptionReasons);
        Attribute(places, Ram.BasisQuantity, Attributes.UnitCode, "BR-CL-23", CodeList.Units);
        Attribute(places, Ram.BilledQuantity, Attributes.UnitCode, "BR-CL-23", CodeList.Units);
        places.At(Ram.AttachmentBinaryObject, Attachment);
        Attribute(places, Ram.URIID, Attributes.SchemeID, "BR-CL-25", CodeList.ElectronicAddresses, Ram.URIUniversalCommunication);
    }

    private static void Text(Places places, Name name, string rule, CodeList codes, Name? within = null) =>
        places.At(
            name,
            (at, found) =>
            {
                if (within is not { } parent || at.Parent.Is(parent))
                {
                    found.Check(rule, at, codes.Has(at.Text));
                }
            }
        );

    private static void Attribute(Places places, Name name, Name attribute, string rule, CodeList codes, Name? within = null) =>
        places.At(
            name,
            (at, found) =>
            {
                if ((within is not { } parent || at.Parent.Is(parent)) && at.TryAttribute(attribute, out var code))
                {
                    found.Check(rule, at, codes.Has(code));
                }
            }
        );

    private static void TypeOrMeans(Node at, Findings found)
    {
        if (at.Parent.Is(Rsm.ExchangedDocument))
        {
            found.Check("BR-CL-01", at, CodeList.InvoiceTypes.Has(at.Text) || CodeList.CreditNoteTypes.Has(at.Text));
        }
        else if (at.Parent.Is(Ram.SpecifiedTradeSettlementPaymentMeans))
        {
            found.Check("BR-CL-16", at, CodeList.PaymentMeans.Has(at.Text));
        }
    }

    private static void GlobalIdentifier(Node at, Findings found)
    {
        if (!at.TryAttribute(Attributes.SchemeID, out var scheme))
        {
            return;
        }

        var rule =
            !at.Ancestor(Ram.SpecifiedTradeProduct).Exists && !at.Ancestor(Ram.ShipToTradeParty).Exists ? "BR-CL-10"
            : at.Parent.Is(Ram.SpecifiedTradeProduct) ? "BR-CL-21"
            : at.Parent.Is(Ram.ShipToTradeParty) && at.Parent.Parent.Is(Ram.ApplicableHeaderTradeDelivery) ? "BR-CL-26"
            : null;
        if (rule is not null)
        {
            found.Check(rule, at, CodeList.IdentifierSchemes.Has(scheme));
        }
    }

    private static void Identifier(Node at, Findings found)
    {
        if (at.TryAttribute(Attributes.SchemeID, out var scheme) && !at.Ancestor(Ram.SpecifiedTaxRegistration).Exists)
        {
            found.Check("BR-CL-11", at, CodeList.IdentifierSchemes.Has(scheme));
        }
        else if (at.Parent.Is(Ram.OriginTradeCountry))
        {
            found.Check("BR-CL-15", at, CodeList.CountriesCii.Has(at.Text));
        }
    }

    private static void Reason(Node at, Findings found)
    {
        if (at.Parent.Is(Ram.SpecifiedTradeAllowanceCharge) && at.Parent.Sign() is var (isCharge, isAllowance) && (isCharge || isAllowance))
        {
            found.Check(
                isAllowance ? "BR-CL-19" : "BR-CL-20",
                at,
                (isAllowance ? CodeList.AllowanceReasons : CodeList.ChargeReasons).Has(at.Text)
            );
        }
    }

    private static void Attachment(Node at, Findings found)
    {
        if (at.TryAttribute(Attributes.MimeCode, out var type))
        {
            // The official rule takes white space around the type literally.
            found.Check("BR-CL-24", at, CodeList.MimeTypes.Has(type) && type.Trim(" \t\r\n").Length == type.Length);
        }
    }
}
