using RetailInvoicing.Invoicing.En16931.Model;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Writes the lines of a CII document (BG-25).</summary>
internal sealed class CiiLineWriter(XmlOutput xml, CiiParts parts)
{
    /// <summary>A line.</summary>
    public void Line(InvoiceLine line)
    {
        using var scope = xml.In("ram:IncludedSupplyChainTradeLineItem"u8);
        using (xml.In("ram:AssociatedDocumentLineDocument"u8))
        {
            xml.Text("ram:LineID"u8, line.Id);
            parts.Wrapped("ram:IncludedNote"u8, "ram:Content"u8, line.Note);
        }

        Item(line.Item);
        using (xml.In("ram:SpecifiedLineTradeAgreement"u8))
        {
            parts.Wrapped("ram:BuyerOrderReferencedDocument"u8, "ram:LineID"u8, line.OrderLineReference);
            Price(line.Price);
        }

        using (xml.In("ram:SpecifiedLineTradeDelivery"u8))
        {
            xml.Number("ram:BilledQuantity"u8, line.Quantity, "unitCode"u8, line.Unit);
        }

        Settlement(line);
    }

    private void Item(ItemInformation item)
    {
        using var product = xml.In("ram:SpecifiedTradeProduct"u8);
        xml.Text("ram:GlobalID"u8, item.StandardIdentifier?.Value, "schemeID"u8, item.StandardIdentifier?.Scheme);
        xml.Text("ram:SellerAssignedID"u8, item.SellersIdentifier);
        xml.Text("ram:BuyerAssignedID"u8, item.BuyersIdentifier);
        xml.Text("ram:Name"u8, item.Name);
        xml.Text("ram:Description"u8, item.Description);
        foreach (var attribute in item.Attributes)
        {
            using var characteristic = xml.In("ram:ApplicableProductCharacteristic"u8);
            xml.Text("ram:Description"u8, attribute.Name);
            xml.Text("ram:Value"u8, attribute.Value);
        }

        foreach (var classification in item.Classifications)
        {
            using var designated = xml.In("ram:DesignatedProductClassification"u8);
            using var code = xml.In("ram:ClassCode"u8);
            xml.Attribute("listID"u8, classification.Scheme);
            xml.Attribute("listVersionID"u8, classification.SchemeVersion);
            xml.Content(classification.Value);
        }

        parts.Wrapped("ram:OriginTradeCountry"u8, "ram:ID"u8, item.CountryOfOrigin);
    }

    private void Price(PriceDetails price)
    {
        // The schema has no discount without a gross price, which is the net one and the discount (BT-146).
        if ((price.GrossPrice ?? (price.Discount is { } less ? (price.NetPrice ?? 0m) + less : null)) is { } gross)
        {
            using var scope = xml.In("ram:GrossPriceProductTradePrice"u8);
            xml.Number("ram:ChargeAmount"u8, gross);
            xml.Number("ram:BasisQuantity"u8, price.BaseQuantity, "unitCode"u8, price.BaseQuantityUnit);
            if (price.Discount is not null)
            {
                using var discount = xml.In("ram:AppliedTradeAllowanceCharge"u8);
                parts.Wrapped("ram:ChargeIndicator"u8, "udt:Indicator"u8, "false");
                xml.Number("ram:ActualAmount"u8, price.Discount);
            }
        }

        if (price.NetPrice is not null)
        {
            using var net = xml.In("ram:NetPriceProductTradePrice"u8);
            xml.Number("ram:ChargeAmount"u8, price.NetPrice);
            xml.Number("ram:BasisQuantity"u8, price.BaseQuantity, "unitCode"u8, price.BaseQuantityUnit);
        }
    }

    private void Settlement(InvoiceLine line)
    {
        using var settlement = xml.In("ram:SpecifiedLineTradeSettlement"u8);
        parts.Tax("ram:ApplicableTradeTax"u8, line.Vat.Category, line.Vat.Rate);
        parts.Period(line.Period);
        foreach (var allowance in line.Allowances)
        {
            AllowanceOrCharge(allowance, "false");
        }

        foreach (var charge in line.Charges)
        {
            AllowanceOrCharge(charge, "true");
        }

        using (xml.In("ram:SpecifiedTradeSettlementLineMonetarySummation"u8))
        {
            xml.Number("ram:LineTotalAmount"u8, line.NetAmount);
        }

        if (line.Object is { } about)
        {
            parts.Additional(about, "130");
        }

        parts.Wrapped("ram:ReceivableSpecifiedTradeAccountingAccount"u8, "ram:ID"u8, line.BuyerAccountingReference);
    }

    private void AllowanceOrCharge(LineAllowance each, string indicator)
    {
        using var scope = xml.In("ram:SpecifiedTradeAllowanceCharge"u8);
        parts.Reduction(indicator, each.Percentage, each.BaseAmount, each.Amount, each.ReasonCode, each.Reason);
    }
}
