using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>
/// The business rules of EN 16931 as bound to UBL 2.1 (EN 16931-3-2): each method is a place in the document, and what must hold there.
/// Rules by VAT category are in <see cref="UblVatRules"/>, code lists in <see cref="UblCodeRules"/>, UBL's own in
/// <see cref="UblSyntaxRules"/>.
/// </summary>
internal static class UblRules
{
    public static void Add(Places places)
    {
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.LegalMonetaryTotal, Totals);
        places.At(Cac.InvoiceLine, Line);
        places.At(Cac.CreditNoteLine, Line);
        places.At(Cac.AllowanceCharge, AllowanceOrCharge);
        places.At(Cac.InvoicePeriod, Period);
        places.At(Cac.TaxTotal, VatTotal);
        places.At(Cac.TaxSubtotal, VatBreakdown);
        places.At(Cac.PaymentMeans, PaymentInstructions);
        places.At(Cac.PayeeParty, Payee);
        places.At(Cac.TaxRepresentativeParty, TaxRepresentative);
        places.At(Cac.PartyTaxScheme, VatIdentifier);
        places.At(Cac.AccountingSupplierParty, Seller);
        places.At(Cac.AdditionalDocumentReference, (at, found) => found.Check("BR-52", at, at[Cbc.ID].HasText));
        places.At(Cac.BillingReference, (at, found) => found.Check("BR-55", at, at[Cac.InvoiceDocumentReference, Cbc.ID].Exists));
        places.At(Cac.AdditionalItemProperty, (at, found) => found.Check("BR-54", at, at.Has(Cbc.Name) && at.Has(Cbc.Value)));
        places.At(Cbc.EndpointID, ElectronicAddress);
        places.At(Cac.PostalAddress, PostalAddress);
        places.At(Cac.Address, DeliverTo);
        places.At(Cbc.PrimaryAccountNumberID, CardNumber);
        places.At(Cbc.ItemClassificationCode, ItemClassification);
        places.At(Cac.StandardItemIdentification, StandardItem);
        places.At(Cac.PayeeFinancialAccount, CreditTransfer);
    }

    /// <summary>BG-0: what every invoice states.</summary>
    private static void Document(Node at, Findings found)
    {
        if (at.Parent.Exists)
        {
            return;
        }

        var seller = at[Cac.AccountingSupplierParty, Cac.Party];
        found.Check("BR-01", at, at[Cbc.CustomizationID].HasText);
        found.Check("BR-02", at, at[Cbc.ID].HasText);
        found.Check("BR-03", at, at[Cbc.IssueDate].HasText);
        found.Check("BR-04", at, at[Cbc.InvoiceTypeCode].HasText || at[Cbc.CreditNoteTypeCode].HasText);
        found.Check("BR-05", at, at[Cbc.DocumentCurrencyCode].HasText);
        found.Check("BR-06", at, seller[Cac.PartyLegalEntity, Cbc.RegistrationName].HasText);
        found.Check("BR-07", at, at[Cac.AccountingCustomerParty, Cac.Party, Cac.PartyLegalEntity, Cbc.RegistrationName].HasText);
        found.Check("BR-08", at, at[Cac.AccountingSupplierParty, Cac.Party, Cac.PostalAddress].Exists);
        found.Check("BR-10", at, at[Cac.AccountingCustomerParty, Cac.Party, Cac.PostalAddress].Exists);
        found.Check("BR-16", at, at.Has(Cac.InvoiceLine) || at.Has(Cac.CreditNoteLine));
        foreach (var currency in at.All(Cbc.TaxCurrencyCode))
        {
            found.Check("BR-53", at, HasVatTotalIn(at, currency.Text));
        }

        found.Check("BR-CO-03", at, !at.Has(Cbc.TaxPointDate) || !at[Cac.InvoicePeriod, Cbc.DescriptionCode].Exists);
        found.Check("BR-CO-15", at, TotalsWithVatFit(at));
        found.Check("BR-CO-18", at, at[Cac.TaxTotal, Cac.TaxSubtotal].Exists);
        UblVatRules.Document(at, found);
    }

    private static bool HasVatTotalIn(Node document, ReadOnlySpan<char> currency)
    {
        foreach (var total in document.All(Cac.TaxTotal))
        {
            foreach (var amount in total.All(Cbc.TaxAmount))
            {
                if (amount.Attribute(Attributes.CurrencyID).SequenceEqual(currency))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>BT-112 = BT-109 + BT-110, in the invoice's currency, where there is one such VAT total.</summary>
    private static bool TotalsWithVatFit(Node document)
    {
        foreach (var currency in document.All(Cbc.DocumentCurrencyCode))
        {
            var (vatTotals, vat) = (0, 0m);
            foreach (var total in document.All(Cac.TaxTotal))
            {
                foreach (var amount in total.All(Cbc.TaxAmount))
                {
                    if (amount.Attribute(Attributes.CurrencyID).SequenceEqual(currency.Text))
                    {
                        vatTotals++;
                        vat = amount.Number ?? 0m;
                    }
                }
            }

            var totals = document[Cac.LegalMonetaryTotal];
            if (
                vatTotals != 1
                || totals[Cbc.TaxInclusiveAmount].Number is not { } withVat
                || totals[Cbc.TaxExclusiveAmount].Number is not { } withoutVat
                || withVat != Amounts.Rounded(withoutVat + vat)
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>BG-22: the totals exist, sum up and have two decimals.</summary>
    private static void Totals(Node at, Findings found)
    {
        var document = at.Parent;
        found.Check("BR-12", at, at.Has(Cbc.LineExtensionAmount));
        found.Check("BR-13", at, at.Has(Cbc.TaxExclusiveAmount));
        found.Check("BR-14", at, at.Has(Cbc.TaxInclusiveAmount));
        found.Check("BR-15", at, at.Has(Cbc.PayableAmount));
        var (allowances, charges, hasAllowances, hasCharges) = AllowancesAndCharges(document);
        var lineTotal = at[Cbc.LineExtensionAmount].Number;
        var allowanceTotal = at[Cbc.AllowanceTotalAmount];
        var chargeTotal = at[Cbc.ChargeTotalAmount];
        found.Check("BR-CO-10", at, lineTotal == Amounts.Rounded(SumOfLines(at.Tree.Root)));
        found.Check("BR-CO-11", at, allowanceTotal.Exists ? allowanceTotal.Number == Amounts.Rounded(allowances) : !hasAllowances);
        found.Check("BR-CO-12", at, chargeTotal.Exists ? chargeTotal.Number == Amounts.Rounded(charges) : !hasCharges);
        found.Check(
            "BR-CO-13",
            at,
            at[Cbc.TaxExclusiveAmount].Number is { } withoutVat
                && withoutVat
                    == (
                        chargeTotal.Exists || allowanceTotal.Exists
                            ? Amounts.Rounded(
                                lineTotal
                                    + (chargeTotal.Exists ? chargeTotal.Number : 0m)
                                    - (allowanceTotal.Exists ? allowanceTotal.Number : 0m)
                            )
                            : lineTotal
                    )
        );
        found.Check("BR-CO-16", at, AmountDueFits(at));
        Decimals("BR-DEC-09", at, at[Cbc.LineExtensionAmount], found);
        Decimals("BR-DEC-10", at, allowanceTotal, found);
        Decimals("BR-DEC-11", at, chargeTotal, found);
        Decimals("BR-DEC-12", at, at[Cbc.TaxExclusiveAmount], found);
        Decimals("BR-DEC-14", at, at[Cbc.TaxInclusiveAmount], found);
        Decimals("BR-DEC-16", at, at[Cbc.PrepaidAmount], found);
        Decimals("BR-DEC-17", at, at[Cbc.PayableRoundingAmount], found);
        Decimals("BR-DEC-18", at, at[Cbc.PayableAmount], found);
    }

    /// <summary>BT-115 = BT-112 − BT-113 + BT-114.</summary>
    private static bool AmountDueFits(Node at)
    {
        var (due, total) = (at[Cbc.PayableAmount].Number, at[Cbc.TaxInclusiveAmount].Number);
        var (paid, rounding) = (at[Cbc.PrepaidAmount], at[Cbc.PayableRoundingAmount]);
        if (due is null || total is null)
        {
            return false;
        }

        var left = rounding.Exists ? Amounts.Rounded(due - rounding.Number) : due;
        return left is not null && left == (paid.Exists ? Amounts.Rounded(total - paid.Number) : total);
    }

    private static decimal? SumOfLines(Node document)
    {
        var sum = 0m;
        foreach (var line in document.Children)
        {
            if ((line.Is(Cac.InvoiceLine) || line.Is(Cac.CreditNoteLine)) && line[Cbc.LineExtensionAmount] is { Exists: true } net)
            {
                if (net.Number is not { } amount)
                {
                    return null;
                }

                sum += amount;
            }
        }

        return sum;
    }

    private static (decimal? Allowances, decimal? Charges, bool HasAllowances, bool HasCharges) AllowancesAndCharges(Node document)
    {
        (decimal? allowances, decimal? charges, bool hasAllowances, bool hasCharges) = (0m, 0m, false, false);
        foreach (var each in document.All(Cac.AllowanceCharge))
        {
            var amount = each[Cbc.Amount] is { Exists: true } given ? given.Number : 0m;
            switch (IsCharge(each))
            {
                case true:
                    (charges, hasCharges) = (charges + amount, true);
                    break;
                case false:
                    (allowances, hasAllowances) = (allowances + amount, true);
                    break;
            }
        }

        return (allowances, charges, hasAllowances, hasCharges);
    }

    /// <summary>Whether cac:AllowanceCharge is a charge; neither where its indicator is no boolean.</summary>
    internal static bool? IsCharge(Node at) =>
        at[Cbc.ChargeIndicator] is { Exists: true } indicator
            ? indicator.Is("true") || indicator.Is("1")
                ? true
                : indicator.Is("false") || indicator.Is("0")
                    ? false
                    : null
            : null;

    /// <summary>BG-20, BG-21, BG-27 and BG-28.</summary>
    private static void AllowanceOrCharge(Node at, Findings found)
    {
        if (IsCharge(at) is not { } isCharge)
        {
            return;
        }

        var parent = at.Parent;
        var hasReason = at.Has(Cbc.AllowanceChargeReason) || at.Has(Cbc.AllowanceChargeReasonCode);
        if (!parent.Parent.Exists && (parent.Is(Root.Invoice) || parent.Is(Root.CreditNote)))
        {
            found.Check(isCharge ? "BR-36" : "BR-31", at, at.Has(Cbc.Amount));
            found.Check(isCharge ? "BR-37" : "BR-32", at, HasVatCategory(at, Cac.TaxCategory));
            found.Check(isCharge ? "BR-38" : "BR-33", at, hasReason);
            found.Check(isCharge ? "BR-CO-22" : "BR-CO-21", at, hasReason);
            Decimals(isCharge ? "BR-DEC-05" : "BR-DEC-01", at, at[Cbc.Amount], found);
            Decimals(isCharge ? "BR-DEC-06" : "BR-DEC-02", at, at[Cbc.BaseAmount], found);
        }
        else if (parent.Is(Cac.InvoiceLine) || parent.Is(Cac.CreditNoteLine))
        {
            found.Check(isCharge ? "BR-43" : "BR-41", at, at.Has(Cbc.Amount));
            found.Check(isCharge ? "BR-44" : "BR-42", at, hasReason);
            found.Check(isCharge ? "BR-CO-24" : "BR-CO-23", at, hasReason);
            Decimals(isCharge ? "BR-DEC-27" : "BR-DEC-24", at, at[Cbc.Amount], found);
            Decimals(isCharge ? "BR-DEC-28" : "BR-DEC-25", at, at[Cbc.BaseAmount], found);
        }
    }

    private static bool HasVatCategory(Node at, Name name)
    {
        foreach (var category in at.All(name))
        {
            if (IsVat(category) && category.Has(Cbc.ID))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a tax scheme is VAT's, in whatever case it is written.</summary>
    internal static bool IsVat(Node at)
    {
        foreach (var scheme in at.All(Cac.TaxScheme))
        {
            foreach (var id in scheme.All(Cbc.ID))
            {
                if (id.Trimmed.Equals("VAT", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>BG-25.</summary>
    private static void Line(Node at, Findings found)
    {
        var quantity = at[Cbc.InvoicedQuantity] is { Exists: true } invoiced ? invoiced : at[Cbc.CreditedQuantity];
        found.Check("BR-21", at, at[Cbc.ID].HasText);
        found.Check("BR-22", at, quantity.Exists);
        found.Check(
            "BR-23",
            at,
            at[Cbc.InvoicedQuantity].HasAttribute(Attributes.UnitCode) || at[Cbc.CreditedQuantity].HasAttribute(Attributes.UnitCode)
        );
        found.Check("BR-24", at, at.Has(Cbc.LineExtensionAmount));
        found.Check("BR-25", at, at[Cac.Item, Cbc.Name].HasText);
        found.Check("BR-26", at, at[Cac.Price, Cbc.PriceAmount].Exists);
        found.Check("BR-27", at, at[Cac.Price, Cbc.PriceAmount].Number >= 0m);
        var gross = at[Cac.Price, Cac.AllowanceCharge, Cbc.BaseAmount];
        found.Check("BR-28", at, !gross.Exists || gross.Number >= 0m);
        found.Check("BR-CO-04", at, HasVatCategory(at[Cac.Item], Cac.ClassifiedTaxCategory));
        Decimals("BR-DEC-23", at, at[Cbc.LineExtensionAmount], found);
    }

    /// <summary>BG-14 and BG-26.</summary>
    private static void Period(Node at, Findings found)
    {
        var (start, end) = (at[Cbc.StartDate], at[Cbc.EndDate]);
        var inOrder = !start.Exists || !end.Exists || end.Date >= start.Date;
        if (at.Parent.Is(Cac.InvoiceLine) || at.Parent.Is(Cac.CreditNoteLine))
        {
            found.Check("BR-30", at, inOrder);
            found.Check("BR-CO-20", at, start.Exists || end.Exists);
            return;
        }

        found.Check("BR-29", at, inOrder);
        found.Check("BR-CO-19", at, start.Exists || end.Exists || at.Has(Cbc.DescriptionCode));
    }

    /// <summary>BT-110: the sum of the breakdown.</summary>
    private static void VatTotal(Node at, Findings found)
    {
        if (at.Parent.Parent.Exists || !at.Has(Cac.TaxSubtotal))
        {
            return;
        }

        decimal? sum = 0m;
        foreach (var part in at.All(Cac.TaxSubtotal))
        {
            foreach (var amount in part.All(Cbc.TaxAmount))
            {
                sum += amount.Number;
            }
        }

        found.Check("BR-CO-14", at, at[Cbc.TaxAmount].Number is { } total && total == Amounts.Rounded(sum));
    }

    /// <summary>BG-23.</summary>
    private static void VatBreakdown(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.TaxTotal))
        {
            return;
        }

        var category = VatCategoryOf(at);
        found.Check("BR-45", at, at.Has(Cbc.TaxableAmount));
        found.Check("BR-46", at, at.Has(Cbc.TaxAmount));
        found.Check("BR-47", at, category.Has(Cbc.ID));
        found.Check("BR-48", at, category.Has(Cbc.Percent) || category[Cbc.ID].Is("O"));
        found.Check("BR-CO-17", at, VatFits(at, category));
        Decimals("BR-DEC-19", at, at[Cbc.TaxableAmount], found);
        Decimals("BR-DEC-20", at, at[Cbc.TaxAmount], found);
    }

    private static Node VatCategoryOf(Node at)
    {
        foreach (var category in at.All(Cac.TaxCategory))
        {
            if (IsVat(category))
            {
                return category;
            }
        }

        return default;
    }

    /// <summary>BT-117 = BT-116 × BT-119 / 100, within one unit.</summary>
    private static bool VatFits(Node at, Node category)
    {
        var tax = at[Cbc.TaxAmount].Number;
        if (!category.Has(Cbc.Percent))
        {
            return tax is { } none && Amounts.Whole(none) == 0m;
        }

        return category[Cbc.Percent].Number is { } rate
            && tax is { } amount
            && (
                Amounts.Whole(rate) == 0m
                    ? Amounts.Whole(amount) == 0m
                    : at[Cbc.TaxableAmount].Number is { } taxable && Amounts.IsVatOf(amount, taxable, rate)
            );
    }

    /// <summary>BG-16.</summary>
    private static void PaymentInstructions(Node at, Findings found)
    {
        var code = at[Cbc.PaymentMeansCode];
        var isTransfer = code.Is("30") || code.Is("58");
        found.Check("BR-49", at, code.Exists);
        found.Check("BR-61", at, !isTransfer || at[Cac.PayeeFinancialAccount, Cbc.ID].Exists);
    }

    /// <summary>BG-17.</summary>
    private static void CreditTransfer(Node at, Findings found)
    {
        var code = at.Parent[Cbc.PaymentMeansCode];
        if (at.Parent.Is(Cac.PaymentMeans) && (code.Text.SequenceEqual("30") || code.Text.SequenceEqual("58")))
        {
            found.Check("BR-50", at, at[Cbc.ID].HasText);
        }
    }

    /// <summary>BG-10: a payee is named where it is not the seller.</summary>
    private static void Payee(Node at, Findings found)
    {
        var name = at[Cac.PartyName, Cbc.Name];
        var seller = at.Parent[Cac.AccountingSupplierParty, Cac.Party];
        var sellersName = seller[Cac.PartyName, Cbc.Name];
        var (id, sellersId) = (at[Cac.PartyIdentification, Cbc.ID], seller[Cac.PartyIdentification, Cbc.ID]);
        found.Check(
            "BR-17",
            at,
            name.Exists
                && !(sellersName.Exists && name.Text.SequenceEqual(sellersName.Text))
                && !(id.Exists && sellersId.Exists && id.Text.SequenceEqual(sellersId.Text))
        );
    }

    /// <summary>BG-11.</summary>
    private static void TaxRepresentative(Node at, Findings found)
    {
        found.Check("BR-18", at, at[Cac.PartyName, Cbc.Name].HasText);
        found.Check("BR-19", at, at.Has(Cac.PostalAddress));
        found.Check("BR-56", at, HasVatIdentifier(at));
    }

    /// <summary>Whether a party has a VAT identifier.</summary>
    internal static bool HasVatIdentifier(Node party)
    {
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (IsVat(scheme) && scheme.Has(Cbc.CompanyID))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>BT-31, BT-48 and BT-63 begin with their country.</summary>
    private static void VatIdentifier(Node at, Findings found)
    {
        if (IsVat(at))
        {
            var id = at[Cbc.CompanyID].Text;
            var prefix = id[..Math.Min(2, id.Length)];
            found.Check("BR-CO-09", at, prefix.IsEmpty || prefix is "EL" || CodeList.Countries.Has(prefix));
        }
    }

    /// <summary>BG-4: how the seller is known.</summary>
    private static void Seller(Node at, Findings found)
    {
        var party = at[Cac.Party];
        var isIdentified = HasVatIdentifier(party) || party[Cac.PartyLegalEntity, Cbc.CompanyID].Exists;
        foreach (var identification in party.All(Cac.PartyIdentification))
        {
            isIdentified |= identification[Cbc.ID] is { Exists: true } id && !id.Attribute(Attributes.SchemeID).SequenceEqual("SEPA");
        }

        found.Check("BR-CO-26", at, isIdentified);
    }

    private static void ElectronicAddress(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.Party))
        {
            return;
        }

        if (at.Parent.Parent.Is(Cac.AccountingCustomerParty))
        {
            found.Check("BR-63", at, at.HasAttribute(Attributes.SchemeID));
        }
        else if (at.Parent.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("BR-62", at, at.HasAttribute(Attributes.SchemeID));
        }
    }

    /// <summary>BG-5, BG-8 and BG-12 say their country.</summary>
    private static void PostalAddress(Node at, Findings found)
    {
        var rule =
            at.Parent.Is(Cac.TaxRepresentativeParty) ? "BR-20"
            : !at.Parent.Is(Cac.Party) ? null
            : at.Parent.Parent.Is(Cac.AccountingSupplierParty) ? "BR-09"
            : at.Parent.Parent.Is(Cac.AccountingCustomerParty) ? "BR-11"
            : null;
        if (rule is not null)
        {
            found.Check(rule, at, at[Cac.Country, Cbc.IdentificationCode].HasText);
        }
    }

    /// <summary>BG-15.</summary>
    private static void DeliverTo(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.DeliveryLocation) && at.Parent.Parent.Is(Cac.Delivery))
        {
            found.Check("BR-57", at, at[Cac.Country, Cbc.IdentificationCode].Exists);
        }
    }

    /// <summary>BT-87: never the whole number of a card.</summary>
    private static void CardNumber(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.CardAccount) && at.Parent.Parent.Is(Cac.PaymentMeans))
        {
            found.Check("BR-51", at, at.Trimmed.Length <= 10);
        }
    }

    private static void ItemClassification(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.CommodityClassification) && IsOfLine(at.Parent.Parent))
        {
            found.Check("BR-65", at, at.HasAttribute(Attributes.ListID));
        }
    }

    private static void StandardItem(Node at, Findings found)
    {
        if (!IsOfLine(at.Parent))
        {
            return;
        }

        foreach (var id in at.All(Cbc.ID))
        {
            found.Check("BR-64", id, id.HasAttribute(Attributes.SchemeID));
        }
    }

    private static bool IsOfLine(Node item) => item.Is(Cac.Item) && (item.Parent.Is(Cac.InvoiceLine) || item.Parent.Is(Cac.CreditNoteLine));

    private static void Decimals(string rule, Node at, Node amount, Findings found) =>
        found.Check(rule, at, Amounts.HasAtMostTwoDecimals(amount.Text));
}
