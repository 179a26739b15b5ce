using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>The rules that Peppol adds for every CII document, wherever its parties are.</summary>
internal static class CiiTransactionRules
{
    public static void Add(Places places)
    {
        places.At(Rsm.ExchangedDocumentContext, Context);
        places.At(Ram.ApplicableHeaderTradeAgreement, Agreement);
        places.At(Ram.ApplicableHeaderTradeSettlement, Settlement);
        places.At(Rsm.ExchangedDocument, Document);
        places.At(Ram.BuyerTradeParty, (at, found) => found.Check("PEPPOL-EN16931-R010", at, HasElectronicAddress(at)));
        places.At(Ram.SellerTradeParty, (at, found) => found.Check("PEPPOL-EN16931-R020", at, HasElectronicAddress(at)));
        places.At(Ram.SpecifiedTradeAllowanceCharge, AllowanceOrCharge);
        places.At(
            Ram.AppliedTradeAllowanceCharge,
            (at, found) => found.Check("PEPPOL-EN16931-R043", at, SumRules.IsIndicator(at[Ram.ChargeIndicator, Udt.Indicator]))
        );
        places.At(Ram.ApplicableHeaderTradeSettlement, DirectDebits);
        places.At(Ram.StartDateTime, Start);
        places.At(Ram.EndDateTime, End);
        places.At(Ram.IncludedSupplyChainTradeLineItem, Line);
        places.At(Ram.NetPriceProductTradePrice, Price);
        places.At(Ram.GrossPriceProductTradePrice, Price);
        places.At(Ram.BasisQuantity, BaseQuantity);
        places.At(Ram.URIID, SchemeRules.ElectronicAddress);
        places.At(Ram.ID, SchemeRules.Identifier);
        places.At(Ram.GlobalID, SchemeRules.Identifier);
    }

    /// <summary>BG-2.</summary>
    private static void Context(Node at, Findings found)
    {
        found.Check("PEPPOL-EN16931-R001", at, at[RamOfPeppol.BusinessProcessSpecifiedDocumentContextParameter, Ram.ID].Exists);
        found.Check("PEPPOL-EN16931-R007", at, found.Parties!.HasProcess);
        found.Check(
            "PEPPOL-EN16931-R004",
            at,
            UblTransactionRules.IsPeppols(at[Ram.GuidelineSpecifiedDocumentContextParameter, Ram.ID].Trimmed)
        );
    }

    private static void Agreement(Node at, Findings found)
    {
        var order = at[RamOfPeppol.BuyerOrderReferencedDocument, Ram.IssuerAssignedID];
        found.Check("PEPPOL-EN16931-R003", at, at.Has(RamOfPeppol.BuyerReference) || order.Exists);
        found.Check("PEPPOL-EN16931-R006", at, Documents(at, "130") <= 1);
        found.Check("PEPPOL-EN16931-R080", at, Documents(at, "50") <= 1);
    }

    private static int Documents(Node at, string type)
    {
        var count = 0;
        foreach (var document in at.All(Ram.AdditionalReferencedDocument))
        {
            count += document.Says(Ram.TypeCode, type) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Currencies and totals of VAT (BT-5, BT-6, BT-110, BT-111).</summary>
    private static void Settlement(Node at, Findings found)
    {
        var parties = found.Parties!;
        var taxCurrency = at[Ram.TaxCurrencyCode];
        var (inDocuments, inOthers, ofTax, ofDocument) = (0, 0, default(Signs), default(Signs));
        foreach (var totals in at.All(Ram.SpecifiedTradeSettlementHeaderMonetarySummation))
        {
            foreach (var amount in totals.All(Ram.TaxTotalAmount))
            {
                if (!amount.TryAttribute(Attributes.CurrencyID, out var currency))
                {
                    continue;
                }

                var isDocuments = parties.IsCurrency(currency);
                inDocuments += isDocuments ? 1 : 0;
                inOthers += parties.IsOtherCurrency(currency) ? 1 : 0;
                ofDocument.Add(amount, isDocuments);
                ofTax.Add(amount, taxCurrency.Exists && currency.SequenceEqual(taxCurrency.Text));
            }
        }

        found.Check(
            "PEPPOL-EN16931-R005",
            at,
            !taxCurrency.Exists || !taxCurrency.Trimmed.SequenceEqual(at[Ram.InvoiceCurrencyCode].Trimmed)
        );
        found.Check("PEPPOL-EN16931-R053", at, inDocuments == 1);
        found.Check("PEPPOL-EN16931-R054", at, inOthers == (taxCurrency.Exists ? 1 : 0));
        found.Check(
            "PEPPOL-EN16931-R055",
            at,
            !taxCurrency.Exists || (ofTax.AnyNegative && ofDocument.AnyNegative) || (ofTax.IsAnyAtLeastZero && ofDocument.IsAnyAtLeastZero)
        );
    }

    /// <summary>BG-1.</summary>
    private static void Document(Node at, Findings found) =>
        found.Check(
            "PEPPOL-EN16931-R002",
            at,
            at.Count(RamOfPeppol.IncludedNote) <= 1 && !at[RamOfPeppol.IncludedNote, Ram.SubjectCode].Exists
        );

    private static bool HasElectronicAddress(Node party) => party[Ram.URIUniversalCommunication, Ram.URIID].Exists;

    /// <summary>BG-20, BG-21, BG-27 and BG-28.</summary>
    private static void AllowanceOrCharge(Node at, Findings found)
    {
        var (percentage, basis) = (at[RamOfPeppol.CalculationPercent], at[Ram.BasisAmount]);
        SumRules.AllowanceOrCharge(at, percentage, basis, at[Ram.ActualAmount], at[Ram.ChargeIndicator, Udt.Indicator], found);
    }

    /// <summary>BG-19; the mandate stands beside the ways to pay.</summary>
    private static void DirectDebits(Node settlement, Findings found)
    {
        var mandate = settlement[RamOfPeppol.SpecifiedTradePaymentTerms, RamOfPeppol.DirectDebitMandateID];
        foreach (var means in settlement.All(Ram.SpecifiedTradeSettlementPaymentMeans))
        {
            if (means.Only(Ram.TypeCode) is var code && (code.Is("49") || code.Is("59")))
            {
                found.Check("PEPPOL-EN16931-R061", means, mandate.Exists);
            }
        }
    }

    /// <summary>BT-134; days are compared as text.</summary>
    private static void Start(Node at, Findings found)
    {
        if (IsOfLine(at) && found.Parties!.PeriodStart is { Exists: true } first)
        {
            var (day, least) = (at[Udt.DateTimeString], first[Udt.DateTimeString]);
            found.Check("PEPPOL-EN16931-R110", at, day.Exists && least.Exists && day.Text.SequenceCompareTo(least.Text) >= 0);
        }
    }

    /// <summary>BT-135; days are compared as text.</summary>
    private static void End(Node at, Findings found)
    {
        if (IsOfLine(at) && found.Parties!.PeriodEnd is { Exists: true } last)
        {
            var (day, most) = (at[Udt.DateTimeString], last[Udt.DateTimeString]);
            found.Check("PEPPOL-EN16931-R111", at, day.Exists && most.Exists && day.Text.SequenceCompareTo(most.Text) <= 0);
        }
    }

    private static bool IsOfLine(Node at) =>
        at.Parent is var period
        && period.Is(Ram.BillingSpecifiedPeriod)
        && period.Parent.Is(Ram.SpecifiedLineTradeSettlement)
        && period.Parent.Parent.Is(Ram.IncludedSupplyChainTradeLineItem)
        && CiiParties.IsTransaction(period.Parent.Parent.Parent);

    /// <summary>BG-25.</summary>
    private static void Line(Node at, Findings found)
    {
        var settlement = at[Ram.SpecifiedLineTradeSettlement];
        var net = settlement[Ram.SpecifiedTradeSettlementLineMonetarySummation, Ram.LineTotalAmount];
        var quantity = at[Ram.SpecifiedLineTradeDelivery, Ram.BilledQuantity];
        var price = at[Ram.SpecifiedLineTradeAgreement, Ram.NetPriceProductTradePrice, Ram.ChargeAmount];
        var per = at[Ram.SpecifiedLineTradeAgreement, Ram.NetPriceProductTradePrice, Ram.BasisQuantity];
        var (allowances, charges) = AllowancesAndCharges(settlement);
        found.Check("PEPPOL-EN16931-R120", at, SumRules.IsLineNetAmount(net, quantity, price, per, allowances, charges));
        var invoicedObjects = Documents(settlement, "130");
        found.Check("PEPPOL-EN16931-R100", at, invoicedObjects <= 1);
        found.Check("PEPPOL-EN16931-R101", at, invoicedObjects > 0 || !settlement.Has(Ram.AdditionalReferencedDocument));
    }

    private static (decimal? Allowances, decimal? Charges) AllowancesAndCharges(Node settlement)
    {
        (decimal? allowances, decimal? charges) = (0m, 0m);
        foreach (var each in settlement.All(Ram.SpecifiedTradeAllowanceCharge))
        {
            var indicator = each[Ram.ChargeIndicator, Udt.Indicator];
            var (isAllowance, isCharge) = (indicator.Is("false"), indicator.Is("true"));
            if (!isAllowance && !isCharge)
            {
                continue;
            }

            foreach (var amount in each.All(Ram.ActualAmount))
            {
                allowances += isAllowance ? amount.Number : 0m;
                charges += isCharge ? amount.Number : 0m;
            }
        }

        return (Amounts.Rounded(allowances), Amounts.Rounded(charges));
    }

    /// <summary>BT-149.</summary>
    private static void Price(Node at, Findings found) =>
        found.Check("PEPPOL-EN16931-R121", at, at[Ram.BasisQuantity] is var per && (!per.Exists || per.Number > 0m));

    /// <summary>BT-150.</summary>
    private static void BaseQuantity(Node at, Findings found)
    {
        if (
            (at.Parent.Is(Ram.NetPriceProductTradePrice) || at.Parent.Is(Ram.GrossPriceProductTradePrice))
            && at.TryAttribute(Attributes.UnitCode, out var unit)
        )
        {
            var delivery = at.Parent.Parent.Parent[Ram.SpecifiedLineTradeDelivery];
            found.Check("PEPPOL-EN16931-R130", at, SumRules.IsUnitOf(delivery, Ram.BilledQuantity, unit));
        }
    }
}
