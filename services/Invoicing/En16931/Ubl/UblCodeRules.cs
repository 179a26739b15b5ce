using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>Codes come from the lists that the standard names (BR-CL), as bound to UBL.</summary>
internal static class UblCodeRules
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

    public static void Add(Places places)
    {
        Text(places, Cbc.InvoiceTypeCode, "BR-CL-01", CodeList.InvoiceTypes);
        Text(places, Cbc.CreditNoteTypeCode, "BR-CL-01", CodeList.CreditNoteTypes);
        foreach (var amount in AmountNames)
        {
            places.At(amount, (at, found) => found.Check("BR-CL-03", at, CodeList.Currencies.Has(at.Attribute(Attributes.CurrencyID))));
        }

        Text(places, Cbc.DocumentCurrencyCode, "BR-CL-04", CodeList.Currencies);
        Text(places, Cbc.TaxCurrencyCode, "BR-CL-05", CodeList.Currencies);
        Text(places, Cbc.DescriptionCode, "BR-CL-06", CodeList.VatPointDatesUbl, Cac.InvoicePeriod);
        places.At(Cac.AdditionalDocumentReference, InvoicedObject);
        places.At(Cac.DocumentReference, InvoicedObject);
        places.At(Cbc.Note, NoteSubject);
        places.At(Cbc.ID, Identifier);
        Attribute(places, Cbc.CompanyID, Attributes.SchemeID, "BR-CL-11", CodeList.IdentifierSchemes, Cac.PartyLegalEntity);
        Attribute(
            places,
            Cbc.ItemClassificationCode,
            Attributes.ListID,
            "BR-CL-13",
            CodeList.ItemClassifications,
            Cac.CommodityClassification
        );
        Text(places, Cbc.IdentificationCode, "BR-CL-14", CodeList.Countries, Cac.Country);
        Text(places, Cbc.IdentificationCode, "BR-CL-15", CodeList.Countries, Cac.OriginCountry);
        Text(places, Cbc.PaymentMeansCode, "BR-CL-16", CodeList.PaymentMeans, Cac.PaymentMeans);
        Text(places, Cbc.ID, "BR-CL-17", CodeList.VatCategories, Cac.TaxCategory);
        Text(places, Cbc.ID, "BR-CL-18", CodeList.VatCategories, Cac.ClassifiedTaxCategory);
        places.At(Cbc.AllowanceChargeReasonCode, Reason);
        Text(places, Cbc.TaxExemptionReasonCode, "BR-CL-22", CodeList.ExemptionReasons);
        foreach (var quantity in new[] { Cbc.InvoicedQuantity, Cbc.CreditedQuantity, Cbc.BaseQuantity })
        {
            Attribute(places, quantity, Attributes.UnitCode, "BR-CL-23", CodeList.Units);
        }

        Attribute(places, Cbc.EmbeddedDocumentBinaryObject, Attributes.MimeCode, "BR-CL-24", CodeList.MimeTypes);
        Attribute(places, Cbc.EndpointID, Attributes.SchemeID, "BR-CL-25", CodeList.ElectronicAddresses);
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

    private static void InvoicedObject(Node at, Findings found)
    {
        if (at[Cbc.DocumentTypeCode].Text is not "130")
        {
            return;
        }

        foreach (var id in at.All(Cbc.ID))
        {
            if (id.TryAttribute(Attributes.SchemeID, out var scheme))
            {
                found.Check("BR-CL-07", id, CodeList.ReferenceQualifiers.Has(scheme));
            }
        }
    }

    /// <summary>BT-21 stands between two # at the beginning of the note, where it stands at all.</summary>
    private static void NoteSubject(Node at, Findings found)
    {
        if (at.Parent.Parent.Exists)
        {
            return;
        }

        var first = at.Text.IndexOf('#');
        if (first < 0)
        {
            return;
        }

        var rest = at.Text[(first + 1)..];
        var second = rest.IndexOf('#');
        found.Check("BR-CL-08", at, second != 3 || CodeList.NoteSubjectsUbl.Has(rest[..3]));
    }

    private static void Identifier(Node at, Findings found)
    {
        if (!at.TryAttribute(Attributes.SchemeID, out var scheme))
        {
            return;
        }

        if (at.Parent.Is(Cac.PartyIdentification))
        {
            var isCreditor =
                scheme.Trim() is "SEPA" && (at.Ancestor(Cac.AccountingSupplierParty).Exists || at.Ancestor(Cac.PayeeParty).Exists);
            found.Check("BR-CL-10", at, isCreditor || CodeList.IdentifierSchemes.Has(scheme));
        }
        else if (at.Parent.Is(Cac.StandardItemIdentification))
        {
            found.Check("BR-CL-21", at, CodeList.IdentifierSchemes.Has(scheme));
        }
        else if (at.Parent.Is(Cac.DeliveryLocation))
        {
            found.Check("BR-CL-26", at, CodeList.IdentifierSchemes.Has(scheme));
        }
    }

    private static void Reason(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.AllowanceCharge) && UblRules.IsCharge(at.Parent) is { } isCharge)
        {
            found.Check(
                isCharge ? "BR-CL-20" : "BR-CL-19",
                at,
                (isCharge ? CodeList.ChargeReasons : CodeList.AllowanceReasons).Has(at.Text)
            );
        }
    }
}
