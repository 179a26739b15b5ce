using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>
/// The rules of EN 16931 by VAT category (6.4.3, BR-S-01 to BR-AG-10) as bound to UBL: the same ten for each category, with what
/// differs between them said in <see cref="VatCategory"/>.
/// </summary>
internal static class UblVatRules
{
    private static readonly bool[] SaysOfSplitPayment = Vocabulary.Among(
        Cac.TaxCategory,
        Cac.ClassifiedTaxCategory,
        Cbc.IdentificationCode
    );

    public static void Add(Places places)
    {
        places.At(Cac.ClassifiedTaxCategory, OfLine);
        places.At(Cac.TaxCategory, OfAllowanceOrChargeOrBreakdown);
    }

    /// <summary>The rules of the whole document: each category used is broken down, and the parties are identified as it asks for.</summary>
    public static void Document(Node document, Findings found)
    {
        var vat = UblVat.Of(document);
        found.Facts = vat;
        foreach (var category in VatCategory.All)
        {
            ref readonly var use = ref vat[category];
            found.Check(category.Rule(1), document, IsBrokenDown(category, use));
            var identified = vat.AreIdentified(category.Parties);
            found.Check(category.Rule(2), document, use.OnLines ? identified : category != VatCategory.S || !use.OnLinesOfAnyTax);
            found.Check(
                category.Rule(3),
                document,
                identified || !(category == VatCategory.O ? use.OnDocumentAllowances : use.OnAllowances)
            );
            found.Check(category.Rule(4), document, identified || !(category == VatCategory.O ? use.OnDocumentCharges : use.OnCharges));
        }

        OfNotSubject(document, vat, found);
        OfIntraCommunity(document, vat, found);
        OfSplitPayment(document, found);
    }

    private static bool IsBrokenDown(VatCategory category, in UblVat.Use use) =>
        category == VatCategory.S ? use.OnLinesOrAllowancesOfAnyTax == use.BreakdownsOfAnyTax > 0
        : category.HasRates
            ? use.OnLines || use.OnAnyAllowanceOrCharge ? (category == VatCategory.L ? use.BreakdownsOfAnyTax : use.Breakdowns) > 0
                : use.Breakdowns == 0
        : !use.Anywhere || use.Breakdowns == 1;

    /// <summary>Not subject to VAT stands alone.</summary>
    private static void OfNotSubject(Node document, UblVat vat, Findings found)
    {
        if (vat[VatCategory.O].Breakdowns > 0)
        {
            found.Check("BR-O-11", document, !vat.OtherThanNotSubject.Breakdown);
            found.Check("BR-O-12", document, !vat.OtherThanNotSubject.Lines);
            found.Check("BR-O-13", document, !vat.OtherThanNotSubject.Allowances);
            found.Check("BR-O-14", document, !vat.OtherThanNotSubject.Charges);
        }
    }

    /// <summary>A supply within the Union says when and to which country it went.</summary>
    private static void OfIntraCommunity(Node document, UblVat vat, Findings found)
    {
        if (vat[VatCategory.K].Breakdowns == 0)
        {
            return;
        }

        var delivery = document[Cac.Delivery];
        found.Check(
            "BR-IC-11",
            document,
            delivery[Cbc.ActualDeliveryDate].Text.Length > 1 || document[Cac.InvoicePeriod].Children.MoveNext()
        );
        found.Check("BR-IC-12", document, delivery[Cac.DeliveryLocation, Cac.Address, Cac.Country, Cbc.IdentificationCode].Text.Length > 1);
    }

    /// <summary>Split payment is Italy's, and not beside the standard rate.</summary>
    private static void OfSplitPayment(Node document, Findings found)
    {
        var (split, standard, foreign) = (false, false, false);
        for (var index = 0; index < document.Tree.Count; index++)
        {
            if (!SaysOfSplitPayment[document.Tree[index].Name.Id])
            {
                continue;
            }

            var at = new Node(document.Tree, index);
            if (!at.Is(Cbc.IdentificationCode))
            {
                var code = at[Cbc.ID].Text;
                split |= code is "B";
                standard |= code is "S";
            }
            else
            {
                foreign |= at.Text is not "IT";
            }
        }

        found.Check("BR-B-01", document, !split || !foreign);
        found.Check("BR-B-02", document, !split || !standard);
    }

    /// <summary>The rate of a line's category.</summary>
    private static void OfLine(Node at, Findings found)
    {
        var line = at.Parent.Parent;
        if (
            at.Parent.Is(Cac.Item)
            && (line.Is(Cac.InvoiceLine) || line.Is(Cac.CreditNoteLine))
            && VatCategory.Of(at[Cbc.ID].Trimmed) is { } category
            && UblRules.IsVat(at)
        )
        {
            var rate = at[Cbc.Percent];
            found.Check(category.Rule(5), at, category.Allows(rate.Exists, rate.Number));
        }
    }

    private static void OfAllowanceOrChargeOrBreakdown(Node at, Findings found)
    {
        if (VatCategory.Of(at[Cbc.ID].Trimmed) is not { } category || !UblRules.IsVat(at))
        {
            return;
        }

        var rate = at[Cbc.Percent];
        if (at.Parent.Is(Cac.AllowanceCharge))
        {
            if (UblRules.IsCharge(at.Parent) is { } isCharge)
            {
                found.Check(category.Rule(isCharge ? 7 : 6), at, category.Allows(rate.Exists, rate.Number));
            }
        }
        else if (at.Parent.Is(Cac.TaxSubtotal) && at.Parent.Parent.Is(Cac.TaxTotal) && !at.Parent.Parent.Parent.Parent.Exists)
        {
            OfBreakdown(at, category, rate, found);
        }
    }

    /// <summary>BG-23: the taxable amount is that of its lines, allowances and charges; the tax is its rate's; exemptions say why.</summary>
    private static void OfBreakdown(Node at, VatCategory category, Node rate, Findings found)
    {
        var (taxable, tax) = (at.Parent[Cbc.TaxableAmount].Number, at.Parent[Cbc.TaxAmount].Number);
        if (found.Facts is UblVat vat)
        {
            found.Check(category.Rule(8), at, vat.Sums(category, taxable, rate));
        }

        found.Check(
            category.Rule(9),
            at,
            category.HasRates
                ? tax is { } amount && taxable is { } of && rate.Number is { } percent && Amounts.IsVatOf(amount, of, percent)
                : tax == 0m
        );
        var saysWhy = at.Has(Cbc.TaxExemptionReason) || at.Has(Cbc.TaxExemptionReasonCode);
        found.Check(
            category.Rule(10),
            at,
            saysWhy == (category.Rate is not (RateRule.Positive or RateRule.NotNegative) && category != VatCategory.Z)
        );
    }
}
