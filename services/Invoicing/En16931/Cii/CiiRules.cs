using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>
/// The business rules of EN 16931 as bound to CII D16B (EN 16931-3-3): each method is a place in the document, and what must hold there.
/// Totals are in <see cref="CiiTotals"/>, rules by VAT category in <see cref="CiiVatRules"/>, code lists in <see cref="CiiCodeRules"/>,
/// CII's own in <see cref="CiiSyntaxRules"/> and <see cref="CiiRestrictions"/>.
/// </summary>
internal static class CiiRules
{
    public static void Add(Places places)
    {
        places.At(Rsm.CrossIndustryInvoice, Document);
        places.At(Ram.IncludedSupplyChainTradeLineItem, Line);
        places.At(Ram.ChargeIndicator, AllowanceOrCharge);
        places.At(Ram.BillingSpecifiedPeriod, Period);
        places.At(Ram.ApplicableHeaderTradeDelivery, DeliverTo);
        places.At(Ram.DesignatedProductClassification, ItemClassification);
        places.At(Ram.AdditionalReferencedDocument, (at, found) => found.Check("BR-52", at, at[Ram.IssuerAssignedID].HasText));
        places.At(Ram.ApplicableTradeSettlementFinancialCard, (at, found) => found.Check("BR-51", at, LengthOf(at[Ram.ID]) <= 10));
        places.At(Ram.PayeePartyCreditorFinancialAccount, CreditTransfer);
        places.At(Ram.SpecifiedTradeSettlementPaymentMeans, (at, found) => found.Check("BR-49", at, at.Has(Ram.TypeCode)));
        places.At(
            Ram.ApplicableProductCharacteristic,
            (at, found) => found.Check("BR-54", at, at.Has(Ram.Description) && at.Has(Ram.Value))
        );
        places.At(Ram.PayeeTradeParty, Payee);
        places.At(Ram.InvoiceReferencedDocument, Preceding);
        places.At(Ram.SellerTradeParty, Seller);
        places.At(Ram.SellerTaxRepresentativeTradeParty, TaxRepresentative);
        places.At(Ram.ID, VatIdentifier);
    }

    /// <summary>BG-0: what every invoice states.</summary>
    private static void Document(Node at, Findings found)
    {
        if (at.Parent.Exists)
        {
            return;
        }

        var facts = CiiFacts.Of(at);
        found.Facts = facts;
        found.Check("BR-01", at, at[Rsm.ExchangedDocumentContext, Ram.GuidelineSpecifiedDocumentContextParameter, Ram.ID].HasText);
        found.Check("BR-02", at, at[Rsm.ExchangedDocument, Ram.ID].HasText);
        found.Check("BR-03", at, HasIssueDate(at));
        found.Check("BR-04", at, at[Rsm.ExchangedDocument, Ram.TypeCode].HasText);
        found.Check("BR-05", at, at[Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeSettlement, Ram.InvoiceCurrencyCode].HasText);
        found.Check("BR-06", at, OfParty(at, Ram.SellerTradeParty, Ram.Name).HasText);
        found.Check("BR-07", at, OfParty(at, Ram.BuyerTradeParty, Ram.Name).HasText);
        found.Check("BR-08", at, OfParty(at, Ram.SellerTradeParty, Ram.PostalTradeAddress).Exists);
        found.Check("BR-09", at, CountryOf(at, Ram.SellerTradeParty).HasText);
        found.Check("BR-10", at, OfParty(at, Ram.BuyerTradeParty, Ram.PostalTradeAddress).Exists);
        found.Check("BR-11", at, CountryOf(at, Ram.BuyerTradeParty).HasText);
        found.Check("BR-16", at, facts.HasLines);
        found.Check("BR-62", at, HasElectronicAddress(at, Ram.SellerTradeParty));
        found.Check("BR-63", at, HasElectronicAddress(at, Ram.BuyerTradeParty));
        found.Check("BR-CO-15", at, facts.Currencies.All(currency => TotalsWithVatFit(facts, currency)));
        CiiVatRules.Document(at, facts, found);
    }

    private static bool HasIssueDate(Node document)
    {
        foreach (var exchanged in document.All(Rsm.ExchangedDocument))
        {
            foreach (var issued in exchanged.All(Ram.IssueDateTime))
            {
                foreach (var date in issued.All(Udt.DateTimeString))
                {
                    if (IsDay(date))
                    {
                        return date.HasText;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Whether a date is written as a day: 20261124.</summary>
    internal static bool IsDay(Node date) => date.Attribute(Attributes.Format) is "102";

    private static Node OfParty(Node document, Name party, Name name) =>
        document[Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeAgreement, party, name];

    private static Node CountryOf(Node document, Name party) =>
        document.Down(Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeAgreement, party, Ram.PostalTradeAddress, Ram.CountryID);

    /// <summary>BT-34 and BT-49 say their scheme; it is the first address of a party that counts.</summary>
    private static bool HasElectronicAddress(Node document, Name party)
    {
        var isThere = false;
        foreach (var transaction in document.All(Rsm.SupplyChainTradeTransaction))
        {
            foreach (var agreement in transaction.All(Ram.ApplicableHeaderTradeAgreement))
            {
                foreach (var each in agreement.All(party))
                {
                    var address = each[Ram.URIUniversalCommunication];
                    isThere |= address.Exists;
                    if (!address.AttributeDown(Attributes.SchemeID, Ram.URIID).Trim(" \t\r\n").IsEmpty)
                    {
                        return true;
                    }
                }
            }
        }

        return !isThere;
    }

    /// <summary>BT-112 = BT-109 + BT-110, in the invoice's currency, or BT-112 = BT-109 where there is no VAT.</summary>
    private static bool TotalsWithVatFit(CiiFacts facts, string currency)
    {
        if (facts.TotalWithVat.Number is not { } withVat || facts.TotalWithoutVat.Number is not { } withoutVat)
        {
            return false;
        }

        var (count, vat) = facts.VatTotalIn(currency);
        return (count == 1 && withVat == Amounts.Rounded(withoutVat + vat.Number)) || withVat == withoutVat;
    }

    /// <summary>BG-25.</summary>
    private static void Line(Node at, Findings found)
    {
        var facts = CiiFacts.Of(found);
        var price = at.Down(Ram.SpecifiedLineTradeAgreement, Ram.NetPriceProductTradePrice, Ram.ChargeAmount);
        var net = at.Down(Ram.SpecifiedLineTradeSettlement, Ram.SpecifiedTradeSettlementLineMonetarySummation, Ram.LineTotalAmount);
        found.Check("BR-21", at, at[Ram.AssociatedDocumentLineDocument, Ram.LineID].HasText);
        found.Check("BR-22", at, at[Ram.SpecifiedLineTradeDelivery, Ram.BilledQuantity].Exists);
        found.Check("BR-23", at, HasUnit(at));
        found.Check("BR-24", at, net.Exists);
        found.Check("BR-25", at, at[Ram.SpecifiedTradeProduct, Ram.Name].HasText);
        found.Check("BR-26", at, price.Exists);
        found.Check("BR-27", at, HasPrice(at, Ram.NetPriceProductTradePrice));
        found.Check(
            "BR-28",
            at,
            HasPrice(at, Ram.GrossPriceProductTradePrice)
                || !at[Ram.SpecifiedLineTradeAgreement, Ram.GrossPriceProductTradePrice, Ram.ChargeAmount].Exists
        );
        found.Check(
            "BR-64",
            at,
            !at[Ram.SpecifiedTradeProduct, Ram.GlobalID].Exists
                || !at.AttributeDown(Attributes.SchemeID, Ram.SpecifiedTradeProduct, Ram.GlobalID).Trim(" \t\r\n").IsEmpty
        );
        found.Check("BR-CO-04", at, HasVatCategory(at));
        found.Check("BR-CO-18", at, facts.HasBreakdown);
        found.Check("BR-DEC-23", at, Amounts.HasAtMostTwoDecimals(net.Text));
    }

    /// <summary>Whether a line's quantity has a unit (BT-130).</summary>
    internal static bool HasUnit(Node line)
    {
        foreach (var delivery in line.All(Ram.SpecifiedLineTradeDelivery))
        {
            foreach (var quantity in delivery.All(Ram.BilledQuantity))
            {
                if (quantity.HasAttribute(Attributes.UnitCode))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a line has a price that is not negative.</summary>
    private static bool HasPrice(Node line, Name name)
    {
        foreach (var agreement in line.All(Ram.SpecifiedLineTradeAgreement))
        {
            foreach (var price in agreement.All(name))
            {
                if (price.HasNumber(Ram.ChargeAmount, static amount => amount >= 0))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasVatCategory(Node line)
    {
        foreach (var settlement in line.All(Ram.SpecifiedLineTradeSettlement))
        {
            if (HasVatCategory(settlement, Ram.ApplicableTradeTax))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasVatCategory(Node at, Name name)
    {
        foreach (var tax in at.All(name))
        {
            if (tax.IsVat() && tax.Has(Ram.CategoryCode))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>BG-20, BG-21, BG-27 and BG-28, by what their indicator says in so many letters.</summary>
    private static void AllowanceOrCharge(Node at, Findings found)
    {
        var isAllowance = at.Says(Udt.Indicator, "false");
        if (!at.Parent.Is(Ram.SpecifiedTradeAllowanceCharge) || (!isAllowance && !at.Says(Udt.Indicator, "true")))
        {
            return;
        }

        var of = at.Parent;
        var hasReason = of.Has(Ram.Reason) || of.Has(Ram.ReasonCode);
        if (of.Parent.Is(Ram.ApplicableHeaderTradeSettlement))
        {
            found.Check(isAllowance ? "BR-31" : "BR-36", at, of.Has(Ram.ActualAmount));
            found.Check(isAllowance ? "BR-32" : "BR-37", at, HasVatCategory(of, Ram.CategoryTradeTax));
            found.Check(isAllowance ? "BR-33" : "BR-38", at, hasReason);
            found.Check(isAllowance ? "BR-CO-21" : "BR-CO-22", at, hasReason);
            Decimals(isAllowance ? "BR-DEC-01" : "BR-DEC-05", at, of[Ram.ActualAmount], found);
            Decimals(isAllowance ? "BR-DEC-02" : "BR-DEC-06", at, of[Ram.BasisAmount], found);
        }
        else if (of.Parent.Is(Ram.SpecifiedLineTradeSettlement))
        {
            found.Check(isAllowance ? "BR-41" : "BR-43", at, of.Has(Ram.ActualAmount));
            found.Check(isAllowance ? "BR-42" : "BR-44", at, hasReason);
            found.Check(isAllowance ? "BR-CO-23" : "BR-CO-24", at, hasReason);
            Decimals(isAllowance ? "BR-DEC-24" : "BR-DEC-27", at, of[Ram.ActualAmount], found);
            Decimals(isAllowance ? "BR-DEC-25" : "BR-DEC-28", at, of[Ram.BasisAmount], found);
        }
    }

    private static void Decimals(string rule, Node at, Node amount, Findings found) =>
        found.Check(rule, at, Amounts.HasAtMostTwoDecimals(amount.Text));

    /// <summary>BG-14 and BG-26.</summary>
    private static void Period(Node at, Findings found)
    {
        var ofLine = at.Parent.Is(Ram.SpecifiedLineTradeSettlement);
        if (ofLine || at.Parent.Is(Ram.ApplicableHeaderTradeSettlement))
        {
            var (hasStart, hasEnd) = (at.Has(Ram.StartDateTime), at.Has(Ram.EndDateTime));
            found.Check(ofLine ? "BR-30" : "BR-29", at, !hasStart || !hasEnd || EndsAfterItBegins(at));
            found.Check(ofLine ? "BR-CO-20" : "BR-CO-19", at, hasStart || hasEnd);
        }
    }

    /// <summary>Days are compared as they are written, letter by letter.</summary>
    private static bool EndsAfterItBegins(Node period)
    {
        var (start, end) = (default(Node), default(Node));
        foreach (var each in period.All(Ram.StartDateTime))
        {
            foreach (var date in each.All(Udt.DateTimeString))
            {
                start = IsDay(date) && (!start.Exists || date.Text.SequenceCompareTo(start.Text) < 0) ? date : start;
            }
        }

        foreach (var each in period.All(Ram.EndDateTime))
        {
            foreach (var date in each.All(Udt.DateTimeString))
            {
                end = IsDay(date) && (!end.Exists || date.Text.SequenceCompareTo(end.Text) > 0) ? date : end;
            }
        }

        return start.Exists && end.Exists && end.Text.SequenceCompareTo(start.Text) >= 0;
    }

    /// <summary>BG-15.</summary>
    private static void DeliverTo(Node at, Findings found)
    {
        if (at.IsOfTransaction())
        {
            found.Check(
                "BR-57",
                at,
                !at[Ram.ShipToTradeParty, Ram.PostalTradeAddress].Exists
                    || at[Ram.ShipToTradeParty, Ram.PostalTradeAddress, Ram.CountryID].HasText
            );
        }
    }

    private static void ItemClassification(Node at, Findings found) =>
        found.Check("BR-65", at, !at.Has(Ram.ClassCode) || !at.AttributeDown(Attributes.ListID, Ram.ClassCode).Trim(" \t\r\n").IsEmpty);

    /// <summary>How long a text is with white space as normalize-space leaves it.</summary>
    private static int LengthOf(Node at)
    {
        var (length, isSpace) = (0, false);
        foreach (var character in at.Trimmed)
        {
            var wasSpace = isSpace;
            isSpace = character is ' ' or '\t' or '\r' or '\n';
            length += isSpace && wasSpace ? 0 : 1;
        }

        return length;
    }

    /// <summary>BG-17.</summary>
    private static void CreditTransfer(Node at, Findings found)
    {
        var means = at.Parent;
        if (means.Is(Ram.SpecifiedTradeSettlementPaymentMeans) && (means.Says(Ram.TypeCode, "30") || means.Says(Ram.TypeCode, "58")))
        {
            found.Check("BR-50", at, at[Ram.IBANID].HasText || at[Ram.ProprietaryID].HasText);
            found.Check("BR-61", at, at.Has(Ram.IBANID) || at.Has(Ram.ProprietaryID));
        }
    }

    /// <summary>BG-10: a payee is named where it is not the seller.</summary>
    private static void Payee(Node at, Findings found) =>
        found.Check("BR-17", at, at.Has(Ram.Name) && !CiiFacts.Of(found).SellersOf(at.Parent.Parent).Know(at));

    /// <summary>BG-3.</summary>
    private static void Preceding(Node at, Findings found)
    {
        if (at.Parent.Is(Ram.ApplicableHeaderTradeSettlement) && at.Parent.IsOfTransaction())
        {
            found.Check("BR-55", at, at[Ram.IssuerAssignedID].HasText);
        }
    }

    /// <summary>BG-4: how the seller is known.</summary>
    private static void Seller(Node at, Findings found) =>
        found.Check(
            "BR-CO-26",
            at,
            at.Has(Ram.ID) || at.Has(Ram.GlobalID) || at[Ram.SpecifiedLegalOrganization, Ram.ID].Exists || HasTaxIdentifier(at, "VA")
        );

    /// <summary>BG-11.</summary>
    private static void TaxRepresentative(Node at, Findings found)
    {
        found.Check("BR-18", at, at[Ram.Name].HasText);
        found.Check("BR-19", at, at.Has(Ram.PostalTradeAddress));
        found.Check("BR-20", at, at[Ram.PostalTradeAddress, Ram.CountryID].HasText);
        found.Check("BR-56", at, TaxIdentifier(at, "VA").HasText);
    }

    /// <summary>Whether a party has a VAT identifier (VA) or a tax registration (FC).</summary>
    internal static bool HasTaxIdentifier(Node party, string scheme) => TaxIdentifier(party, scheme).Exists;

    private static Node TaxIdentifier(Node party, string scheme)
    {
        foreach (var registration in party.All(Ram.SpecifiedTaxRegistration))
        {
            foreach (var id in registration.All(Ram.ID))
            {
                if (id.Attribute(Attributes.SchemeID).SequenceEqual(scheme))
                {
                    return id;
                }
            }
        }

        return default;
    }

    /// <summary>BT-31, BT-48 and BT-63 begin with their country.</summary>
    private static void VatIdentifier(Node at, Findings found)
    {
        if (at.Parent.Is(Ram.SpecifiedTaxRegistration) && at.Attribute(Attributes.SchemeID) is "VA")
        {
            var id = at.Text;
            var prefix = id[..Math.Min(2, id.Length)];
            found.Check("BR-CO-09", at, prefix is "EL" || (prefix.Length == 2 && CodeList.CountriesCii.Has(prefix)));
        }
    }
}
