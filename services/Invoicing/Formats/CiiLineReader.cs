using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Reads the lines of a CII document (BG-25).</summary>
internal static class CiiLineReader
{
    /// <summary>A line.</summary>
    public static InvoiceLine Line(Node at)
    {
        var (document, agreement) = (at[Ram.AssociatedDocumentLineDocument], at[Ram.SpecifiedLineTradeAgreement]);
        var settlement = at[Ram.SpecifiedLineTradeSettlement];
        var quantity = at[Ram.SpecifiedLineTradeDelivery, Ram.BilledQuantity];
        return new InvoiceLine
        {
            Id = CiiReader.Text(document[Ram.LineID]) ?? "",
            Note = CiiReader.Text(document[Ram.IncludedNote, Ram.Content]),
            Object = CiiReader.Additional(settlement, "130"),
            Quantity = quantity.Number,
            Unit = Unit(quantity),
            NetAmount = settlement[Ram.SpecifiedTradeSettlementLineMonetarySummation, Ram.LineTotalAmount].Number,
            OrderLineReference = CiiReader.Text(agreement[Ram.BuyerOrderReferencedDocument, Ram.LineID]),
            BuyerAccountingReference = CiiReader.Text(settlement[Ram.ReceivableSpecifiedTradeAccountingAccount, Ram.ID]),
            Period = CiiReader.Period(settlement[Ram.BillingSpecifiedPeriod]),
            Allowances = Allowances(settlement, isCharge: false),
            Charges = Allowances(settlement, isCharge: true),
            Price = Price(agreement[Ram.GrossPriceProductTradePrice], agreement[Ram.NetPriceProductTradePrice]),
            Vat = new LineVat
            {
                Category = CiiReader.Text(settlement[Ram.ApplicableTradeTax, Ram.CategoryCode]),
                Rate = settlement[Ram.ApplicableTradeTax, Ram.RateApplicablePercent].Number,
            },
            Item = Item(at[Ram.SpecifiedTradeProduct]),
        };
    }

    private static List<LineAllowance> Allowances(Node settlement, bool isCharge) =>
        CiiReader.Each(
            settlement,
            Ram.SpecifiedTradeAllowanceCharge,
            at =>
                CiiReader.IsCharge(at) == isCharge
                    ? new LineAllowance
                    {
                        Amount = at[Ram.ActualAmount].Number ?? 0m,
                        BaseAmount = at[Ram.BasisAmount].Number,
                        Percentage = at[Ram.CalculationPercent].Number,
                        Reason = CiiReader.Text(at[Ram.Reason]),
                        ReasonCode = CiiReader.Text(at[Ram.ReasonCode]),
                    }
                    : null
        );

    private static PriceDetails Price(Node gross, Node net)
    {
        // The binding has the base quantity at both prices.
        var @base = net[Ram.BasisQuantity] is { Exists: true } of ? of : gross[Ram.BasisQuantity];
        return new PriceDetails
        {
            NetPrice = net[Ram.ChargeAmount].Number,
            Discount = gross[Ram.AppliedTradeAllowanceCharge, Ram.ActualAmount].Number,
            GrossPrice = gross[Ram.ChargeAmount].Number,
            BaseQuantity = @base.Number,
            BaseQuantityUnit = Unit(@base),
        };
    }

    private static ItemInformation Item(Node product) =>
        new()
        {
            Name = CiiReader.Text(product[Ram.Name]),
            Description = CiiReader.Text(product[Ram.Description]),
            SellersIdentifier = CiiReader.Text(product[Ram.SellerAssignedID]),
            BuyersIdentifier = CiiReader.Text(product[Ram.BuyerAssignedID]),
            StandardIdentifier = CiiReader.Identifier(product[Ram.GlobalID]),
            Classifications = CiiReader.Each(product, Ram.DesignatedProductClassification, at => Classification(at[Ram.ClassCode])),
            CountryOfOrigin = CiiReader.Text(product[Ram.OriginTradeCountry, Ram.ID]),
            Attributes = CiiReader.Each(
                product,
                Ram.ApplicableProductCharacteristic,
                at => new ItemAttribute { Name = CiiReader.Text(at[Ram.Description]) ?? "", Value = CiiReader.Text(at[Ram.Value]) ?? "" }
            ),
        };

    private static Identifier? Classification(Node at) =>
        CiiReader.Text(at) is { } code
            ? new Identifier(
                code,
                at.TryAttribute(Attributes.ListID, out var list) ? list.ToString() : null,
                at.TryAttribute(Attributes.ListVersionID, out var version) ? version.ToString() : null
            )
            : null;

    private static string? Unit(Node quantity) => quantity.TryAttribute(Attributes.UnitCode, out var unit) ? unit.ToString() : null;
}
