using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>
/// What CII D16B would allow and the core invoice does not, where it takes more than a way to say so; the ways are in
/// <see cref="CiiRestrictions"/>.
/// </summary>
internal static class CiiSyntaxRules
{
    public static void Add(Places places)
    {
        places.At(Rsm.CrossIndustryInvoice, Document);
        places.At(Ram.SpecifiedTradeProduct, Item);
        places.At(Ram.SpecifiedLineTradeAgreement, Price);
        places.At(Ram.SpecifiedLineTradeSettlement, LineSettlement);
        places.At(Ram.ApplicableHeaderTradeAgreement, Agreement);
        places.At(Ram.ApplicableHeaderTradeDelivery, Delivery);
        places.At(Ram.ApplicableHeaderTradeSettlement, Settlement);
        places.At(Udt.DateTimeString, Day);
        foreach (var name in OfCii("ReferencedDocument"))
        {
            places.At(name, ReferencedDocument);
        }

        foreach (var name in OfCii("Quantity"))
        {
            places.At(
                name,
                (at, found) => found.Check("CII-DT-033", at, !at.HasAttribute(Attributes.UnitCode) || CiiFacts.Of(found).HasUnit)
            );
        }

        foreach (var name in OfCii("TradeTax"))
        {
            places.At(name, Tax);
        }
    }

    private static IEnumerable<Name> OfCii(string end) =>
        Vocabulary.EndingWith(end).Where(name => Vocabulary.TextOf(name).StartsWith("ram:", StringComparison.Ordinal));

    private static void Document(Node at, Findings found)
    {
        if (!at.Parent.Exists)
        {
            var facts = CiiFacts.Of(found);
            found.Check("CII-SR-467", at, !facts.MeansCodesDiffer);
            found.Check("CII-SR-468", at, !facts.MeansTextsDiffer);
            found.Check("CII-SR-469", at, facts.PaymentReferences <= 1);
        }
    }

    private static bool IsOfLine(Node at) => at.Parent.Is(Ram.IncludedSupplyChainTradeLineItem) && at.Parent.IsOfTransaction();

    private static void Item(Node at, Findings found)
    {
        if (!IsOfLine(at))
        {
            return;
        }

        var (hasId, hasScheme) = (false, false);
        foreach (var id in at.All(Ram.GlobalID))
        {
            hasId = true;
            hasScheme |= id.HasAttribute(Attributes.SchemeID);
        }

        var (hasCountry, ids) = (false, 0);
        foreach (var country in at.All(Ram.OriginTradeCountry))
        {
            hasCountry = true;
            ids += country.Count(Ram.ID);
        }

        found.Check("CII-SR-046", at, !hasId || hasScheme);
        found.Check("CII-SR-090", at, !hasCountry || ids == 1);
    }

    /// <summary>A gross price's allowance says that it is one, and how much (BT-147).</summary>
    private static void Price(Node at, Findings found)
    {
        if (!IsOfLine(at))
        {
            return;
        }

        var (hasIndicator, isAllowance, hasAmount) = (false, false, false);
        foreach (var gross in at.All(Ram.GrossPriceProductTradePrice))
        {
            foreach (var allowance in gross.All(Ram.AppliedTradeAllowanceCharge))
            {
                hasIndicator |= allowance.Has(Ram.ChargeIndicator);
                isAllowance |= allowance.Sign().IsAllowance;
                hasAmount |= allowance.Has(Ram.ActualAmount);
            }
        }

        found.Check("CII-SR-119", at, (isAllowance && hasAmount) || (!hasIndicator && !hasAmount));
    }

    private static void LineSettlement(Node at, Findings found)
    {
        if (!IsOfLine(at))
        {
            return;
        }

        var count = 0;
        foreach (var document in at.All(Ram.AdditionalReferencedDocument))
        {
            count += document[Ram.TypeCode].Is("130") ? 1 : 0;
        }

        found.Check("CII-SR-474", at, count <= 1);
    }

    private static void Agreement(Node at, Findings found)
    {
        if (!at.IsOfTransaction())
        {
            return;
        }

        found.Check("CII-SR-450", at, HasOneKindOfIdentifier(at, Ram.BuyerTradeParty));
        found.Check("CII-SR-465", at, HasPersonOrDepartment(at, Ram.SellerTradeParty));
        found.Check("CII-SR-466", at, HasPersonOrDepartment(at, Ram.BuyerTradeParty));
        var (tenders, objects, names, attachments) = (0, 0, 0, 0);
        foreach (var document in at.All(Ram.AdditionalReferencedDocument))
        {
            tenders += document.Says(Ram.TypeCode, "50") ? 1 : 0;
            objects += document.Says(Ram.TypeCode, "130") ? 1 : 0;
            if (document[Ram.TypeCode].Is("916"))
            {
                names += document.Count(Ram.Name);
                attachments += document.Count(Ram.AttachmentBinaryObject);
            }
        }

        found.Check("CII-SR-457", at, tenders <= 1);
        found.Check("CII-SR-458", at, objects <= 1);
        found.Check("CII-SR-475", at, names <= 1);
        found.Check("CII-SR-476", at, attachments <= 1);
    }

    private static bool HasOneKindOfIdentifier(Node at, Name party) => !at[party, Ram.ID].Exists || !at[party, Ram.GlobalID].Exists;

    private static bool HasPersonOrDepartment(Node at, Name party) =>
        !at[party, Ram.DefinedTradeContact, Ram.PersonName].Exists || !at[party, Ram.DefinedTradeContact, Ram.DepartmentName].Exists;

    private static void Delivery(Node at, Findings found)
    {
        if (at.IsOfTransaction())
        {
            found.Check("CII-SR-449", at, HasOneKindOfIdentifier(at, Ram.ShipToTradeParty));
        }
    }

    private static void Settlement(Node at, Findings found)
    {
        if (!at.IsOfTransaction())
        {
            return;
        }

        var hasAccounts = true;
        foreach (var means in at.All(Ram.SpecifiedTradeSettlementPaymentMeans))
        {
            var code = means[Ram.TypeCode];
            hasAccounts &=
                (!code.Is("30") && !code.Is("58"))
                || means[Ram.PayeePartyCreditorFinancialAccount, Ram.IBANID].Exists
                || means[Ram.PayeePartyCreditorFinancialAccount, Ram.ProprietaryID].Exists;
        }

        found.Check("CII-SR-451", at, HasOneKindOfIdentifier(at, Ram.PayeeTradeParty));
        found.Check("CII-SR-462", at, !CiiFacts.Of(found).VatPointCodesDiffer);
        found.Check("CII-SR-470", at, hasAccounts);
    }

    private static void ReferencedDocument(Node at, Findings found)
    {
        var isAdditional = at.Is(Ram.AdditionalReferencedDocument);
        var (isObject, isSupport) = (isAdditional && at.Says(Ram.TypeCode, "130"), isAdditional && at.Says(Ram.TypeCode, "916"));
        found.Check("CII-DT-015", at, isSupport || !at.Has(Ram.URIID));
        found.Check("CII-DT-018", at, isSupport || isObject || (isAdditional && at.Says(Ram.TypeCode, "50")) || !at.Has(Ram.TypeCode));
        found.Check("CII-DT-021", at, isSupport || !at.Has(Ram.Name));
        found.Check("CII-DT-022", at, isSupport || !at.Has(Ram.AttachmentBinaryObject));
        found.Check("CII-DT-024", at, isObject || !at.Has(Ram.ReferenceTypeCode));
        found.Check("CII-DT-027", at, at.Is(Ram.InvoiceReferencedDocument) || !at.Has(Ram.FormattedIssueDateTime));
    }

    private static void Tax(Node at, Findings found)
    {
        var (isApplicable, ofDocument) = (at.Is(Ram.ApplicableTradeTax), at.Ancestor(Ram.ApplicableHeaderTradeSettlement).Exists);
        found.Check("CII-DT-037", at, at.Says(Ram.TypeCode, "VAT") || !at.Has(Ram.TypeCode));
        found.Check("CII-DT-041", at, ofDocument || !at.Has(Ram.BasisAmount));
        found.Check("CII-DT-052", at, isApplicable || !at.Has(Ram.ExemptionReasonCode));
        found.Check("CII-DT-054", at, ofDocument || !at.Has(Ram.TaxPointDate));
        found.Check("CII-DT-058", at, ofDocument || !at.Has(Ram.DueDateTypeCode));
        found.Check("CII-DT-098", at, isApplicable || !at.Has(Ram.ExemptionReason));
    }

    /// <summary>A day is written as eight digits: 20261124.</summary>
    private static void Day(Node at, Findings found)
    {
        if (CiiRules.IsDay(at))
        {
            var day = at.Trimmed;
            found.Check(
                "CII-DT-097",
                at,
                day.Length == 8
                    && char.IsDigit(day[0])
                    && char.IsDigit(day[1])
                    && char.IsDigit(day[2])
                    && char.IsDigit(day[3])
                    && int.TryParse(day[4..6], System.Globalization.NumberStyles.None, null, out var month)
                    && int.TryParse(day[6..], System.Globalization.NumberStyles.None, null, out var ofMonth)
                    && month is >= 1 and <= 12
                    && ofMonth is >= 1 and <= 31
            );
        }
    }
}
