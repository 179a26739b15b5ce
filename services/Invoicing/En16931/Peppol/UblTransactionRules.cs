using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>The rules that Peppol adds for every UBL document, wherever its parties are.</summary>
internal static class UblTransactionRules
{
    private static readonly Name[] AmountNames =
    [
        Cbc.Amount,
        Cbc.BaseAmount,
        Cbc.PriceAmount,
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
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Root.CreditNote, ProjectReferences);
        places.At(
            Cbc.TaxCurrencyCode,
            (at, found) => found.Check("PEPPOL-EN16931-R005", at, !at.Trimmed.SequenceEqual(at.Parent[Cbc.DocumentCurrencyCode].Trimmed))
        );
        places.At(Cac.Party, Party);
        places.At(Cac.AllowanceCharge, AllowanceOrCharge);
        places.At(Cac.PaymentMeans, DirectDebit);
        foreach (var amount in AmountNames)
        {
            places.At(amount, Currency);
        }

        places.At(Cbc.TaxAmount, CurrencyOfVat);
        places.At(Cbc.StartDate, Start);
        places.At(Cbc.EndDate, End);
        places.At(Cac.InvoiceLine, Line);
        places.At(Cac.CreditNoteLine, Line);
        places.At(Cbc.BaseQuantity, BaseQuantity);
        places.At(Cbc.EndpointID, SchemeRules.ElectronicAddress);
        places.At(Cbc.CompanyID, SchemeRules.Identifier);
        places.At(
            Cbc.ID,
            (at, found) =>
            {
                if (at.Parent.Is(Cac.PartyIdentification))
                {
                    SchemeRules.Identifier(at, found);
                }
            }
        );
    }

    /// <summary>BG-0.</summary>
    private static void Document(Node at, Findings found)
    {
        var parties = found.Parties!;
        var (withBreakdown, without) = (0, 0);
        foreach (var total in at.All(Cac.TaxTotal))
        {
            _ = total.Has(Cac.TaxSubtotal) ? withBreakdown++ : without++;
        }

        found.Check("PEPPOL-EN16931-R001", at, at.Has(Cbc.ProfileID));
        found.Check("PEPPOL-EN16931-R007", at, parties.HasProcess);
        found.Check("PEPPOL-EN16931-R002", at, parties.AreGerman || at.Count(Cbc.Note) <= 1);
        found.Check("PEPPOL-EN16931-R003", at, at.Has(Cbc.BuyerReference) || at[Cac.OrderReference, Cbc.ID].Exists);
        found.Check("PEPPOL-EN16931-R004", at, IsPeppols(at[Cbc.CustomizationID].Trimmed));
        found.Check("PEPPOL-EN16931-R053", at, withBreakdown == 1);
        found.Check("PEPPOL-EN16931-R054", at, without == (at.Has(Cbc.TaxCurrencyCode) ? 1 : 0));
        found.Check("PEPPOL-EN16931-R055", at, !at.Has(Cbc.TaxCurrencyCode) || HaveOneSign(at));
    }

    /// <summary>BT-24 of an invoice of Peppol's.</summary>
    internal static bool IsPeppols(ReadOnlySpan<char> specification) =>
        specification.StartsWith("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0");

    /// <summary>BT-110 and BT-111 are both negative or both not.</summary>
    private static bool HaveOneSign(Node document)
    {
        var (ofTax, ofDocument) = (default(Signs), default(Signs));
        var tax = document[Cbc.TaxCurrencyCode].Trimmed;
        var currency = document[Cbc.DocumentCurrencyCode].Trimmed;
        foreach (var total in document.All(Cac.TaxTotal))
        {
            foreach (var amount in total.All(Cbc.TaxAmount))
            {
                if (!amount.TryAttribute(Attributes.CurrencyID, out var code))
                {
                    continue;
                }

                ofTax.Add(amount, code.SequenceEqual(tax));
                ofDocument.Add(amount, code.SequenceEqual(currency));
            }
        }

        return (ofTax.IsAnyAtMostZero && ofDocument.IsAnyAtMostZero) || (ofTax.IsAnyAtLeastZero && ofDocument.IsAnyAtLeastZero);
    }

    private static void ProjectReferences(Node at, Findings found)
    {
        var count = 0;
        foreach (var reference in at.All(Cac.AdditionalDocumentReference))
        {
            count += reference.Says(Cbc.DocumentTypeCode, "50") ? 1 : 0;
        }

        found.Check("PEPPOL-EN16931-R080", at, count <= 1);
    }

    private static void Party(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.AccountingCustomerParty))
        {
            found.Check("PEPPOL-EN16931-R010", at, at.Has(Cbc.EndpointID));
        }
        else if (at.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("PEPPOL-EN16931-R020", at, at.Has(Cbc.EndpointID));
        }
    }

    /// <summary>BG-20, BG-21, BG-27, BG-28, and what reduces a price (BT-147).</summary>
    private static void AllowanceOrCharge(Node at, Findings found)
    {
        var parent = at.Parent;
        if (parent.Is(Cac.Price))
        {
            PriceAllowance(at, found);
        }
        else if (
            parent.Is(Root.Invoice)
            || parent.Is(Root.CreditNote)
            || (parent.Is(Cac.InvoiceLine) && parent.Parent.Is(Root.Invoice))
            || (parent.Is(Cac.CreditNoteLine) && parent.Parent.Is(Root.CreditNote))
        )
        {
            var (percentage, basis) = (at[Cbc.MultiplierFactorNumeric], at[Cbc.BaseAmount]);
            SumRules.AllowanceOrCharge(at, percentage, basis, at[Cbc.Amount], at[Cbc.ChargeIndicator], found);
        }
    }

    private static void PriceAllowance(Node at, Findings found)
    {
        var gross = at[Cbc.BaseAmount];
        found.Check("PEPPOL-EN16931-R044", at, at[Cbc.ChargeIndicator].Is("false"));
        found.Check(
            "PEPPOL-EN16931-R046",
            at,
            !gross.Exists || (at.Parent[Cbc.PriceAmount].Number is { } net && net == gross.Number - at[Cbc.Amount].Number)
        );
    }

    private static void DirectDebit(Node at, Findings found)
    {
        if (at.Only(Cbc.PaymentMeansCode) is var code && (code.Is("49") || code.Is("59")))
        {
            found.Check("PEPPOL-EN16931-R061", at, at[Cac.PaymentMandate, Cbc.ID].Exists);
        }
    }

    private static void Currency(Node at, Findings found) =>
        found.Check(
            "PEPPOL-EN16931-R051",
            at,
            at.TryAttribute(Attributes.CurrencyID, out var currency) && found.Parties!.IsCurrency(currency)
        );

    /// <summary>A total without a breakdown is in the currency that VAT is accounted in (BT-111).</summary>
    private static void CurrencyOfVat(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.TaxSubtotal) || (at.Parent.Is(Cac.TaxTotal) && at.Parent.Has(Cac.TaxSubtotal)))
        {
            Currency(at, found);
        }
    }

    private static void Start(Node at, Findings found)
    {
        if (IsOfLine(at) && found.Parties!.PeriodStart is { Exists: true } first)
        {
            found.Check("PEPPOL-EN16931-R110", at, XPath.Date(at.Text) >= XPath.Date(first.Text));
        }
    }

    private static void End(Node at, Findings found)
    {
        if (IsOfLine(at) && found.Parties!.PeriodEnd is { Exists: true } last)
        {
            found.Check("PEPPOL-EN16931-R111", at, XPath.Date(at.Text) <= XPath.Date(last.Text));
        }
    }

    private static bool IsOfLine(Node at) =>
        at.Parent is var period
        && period.Is(Cac.InvoicePeriod)
        && (
            (period.Parent.Is(Cac.InvoiceLine) && period.Parent.Parent.Is(Root.Invoice))
            || (period.Parent.Is(Cac.CreditNoteLine) && period.Parent.Parent.Is(Root.CreditNote))
        );

    /// <summary>BG-25.</summary>
    private static void Line(Node at, Findings found)
    {
        var quantity = at[at.Tree.Root.Is(Root.Invoice) ? Cbc.InvoicedQuantity : Cbc.CreditedQuantity];
        var price = at[Cac.Price, Cbc.PriceAmount];
        var per = at[Cac.Price, Cbc.BaseQuantity];
        var (allowances, charges) = AllowancesAndCharges(at);
        var net = at[Cbc.LineExtensionAmount];
        found.Check("PEPPOL-EN16931-R120", at, SumRules.IsLineNetAmount(net, quantity, price, per, allowances, charges));
        found.Check("PEPPOL-EN16931-R121", at, !per.Exists || per.Number > 0m);
        found.Check("PEPPOL-EN16931-R100", at, at.Count(Cac.DocumentReference) <= 1);
        found.Check(
            "PEPPOL-EN16931-R101",
            at,
            !at.Has(Cac.DocumentReference) || at.Says(Cac.DocumentReference, Cbc.DocumentTypeCode, "130")
        );
    }

    private static (decimal? Allowances, decimal? Charges) AllowancesAndCharges(Node line)
    {
        (decimal? allowances, decimal? charges) = (0m, 0m);
        foreach (var each in line.All(Cac.AllowanceCharge))
        {
            var indicator = each[Cbc.ChargeIndicator];
            var (isAllowance, isCharge) = (indicator.Is("false"), indicator.Is("true"));
            if (!isAllowance && !isCharge)
            {
                continue;
            }

            foreach (var amount in each.All(Cbc.Amount))
            {
                allowances += isAllowance ? amount.Number : 0m;
                charges += isCharge ? amount.Number : 0m;
            }
        }

        return (Amounts.Rounded(allowances), Amounts.Rounded(charges));
    }

    private static void BaseQuantity(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.Price) || !at.TryAttribute(Attributes.UnitCode, out var unit))
        {
            return;
        }

        var line = at.Parent.Parent;
        var quantity = at.Tree.Root.Is(Root.Invoice) ? Cbc.InvoicedQuantity : Cbc.CreditedQuantity;
        var isCounted = line.Has(Cbc.InvoicedQuantity) || line.Has(Cbc.CreditedQuantity);
        found.Check("PEPPOL-EN16931-R130", at, !isCounted || SumRules.IsUnitOf(line, quantity, unit));
    }
}
