using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>What of an invoice's line comes back, and at what price it should have been.</summary>
public sealed record LineChange(InvoiceLineBody Line, decimal Back, decimal? RightPrice);

/// <summary>
/// The lines that a correction is asked for with: differences take away at the price that was paid, and add at the right one; a sale stated
/// anew repeats what the invoice says.
/// </summary>
public static class CorrectionLines
{
    private const int PriceDecimals = 6;

    /// <summary>The differences of the changes.</summary>
    public static JsonArray Differences(InvoiceBody invoice, IEnumerable<LineChange> changes)
    {
        var lines = new JsonArray();
        foreach (var (line, back, right) in changes)
        {
            var price = Paid(invoice, line);
            if (back != 0m)
            {
                lines.Add(Node(line, -back, price));
            }

            var kept = line.Quantity - back;
            if (right is { } should && kept != 0m && should != price)
            {
                lines.Add(Node(line, -kept, price));
                lines.Add(Node(line, kept, should));
            }
        }

        return lines;
    }

    /// <summary>What one of a line cost in the end: its reductions, and its share of those of the whole, are off it.</summary>
    public static decimal Paid(InvoiceBody invoice, InvoiceLineBody line)
    {
        var ofAll = invoice.Allowances.Count + invoice.Charges.Count > 0;
        if (line.Quantity == 0m || (line.Allowances.Count + line.Charges.Count == 0 && !ofAll))
        {
            return line.UnitPrice;
        }

        var amount = invoice.PricesIncludeVat ? line.LineGrossAmount : line.LineNetAmount;
        var lines = invoice.PricesIncludeVat ? invoice.Lines.Sum(each => each.LineGrossAmount) : invoice.Totals.LineTotal;
        var total = invoice.PricesIncludeVat ? invoice.Totals.TotalWithVat : invoice.Totals.TotalWithoutVat;
        var share = ofAll && lines != 0m ? total / lines : 1m;
        return decimal.Round(amount * share / line.Quantity, PriceDecimals, MidpointRounding.AwayFromZero);
    }

    /// <summary>The whole sale as the invoice states it.</summary>
    public static JsonObject Anew(InvoiceBody invoice) =>
        new()
        {
            ["lines"] = new JsonArray([.. invoice.Lines.Select(line => (JsonNode)Whole(line))]),
            ["allowances"] = new JsonArray([.. invoice.Allowances.Select(each => (JsonNode)Reduction(each, ofLine: false))]),
            ["charges"] = new JsonArray([.. invoice.Charges.Select(each => (JsonNode)Addition(each, ofLine: false))]),
        };

    /// <summary>Decimal text, as every wire writes it.</summary>
    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Whole(InvoiceLineBody line)
    {
        var whole = Node(line, line.Quantity, line.UnitPrice);
        whole["allowances"] = new JsonArray([.. line.Allowances.Select(each => (JsonNode)Reduction(each, ofLine: true))]);
        whole["charges"] = new JsonArray([.. line.Charges.Select(each => (JsonNode)Addition(each, ofLine: true))]);
        return whole;
    }

    private static JsonObject Reduction(InvoiceAllowanceBody each, bool ofLine)
    {
        var reduction = Addition(each, ofLine);
        if (each.Coupon is { } coupon)
        {
            reduction["coupon"] = coupon;
        }

        return reduction;
    }

    private static JsonObject Addition(InvoiceAllowanceBody each, bool ofLine)
    {
        var addition = new JsonObject { ["amount"] = Text(each.GrossAmount ?? each.Amount) };
        if (each.Reason is { } reason)
        {
            addition["reason"] = reason;
        }

        if (!ofLine && each.Vat is { } vat)
        {
            addition["vat"] = Vat(vat);
        }

        return addition;
    }

    private static JsonObject Node(InvoiceLineBody line, decimal quantity, decimal price)
    {
        var node = new JsonObject
        {
            ["name"] = line.Name,
            ["quantity"] = Text(quantity),
            ["unit"] = line.Unit,
            ["unitPrice"] = Text(price),
            ["vat"] = Vat(line.Vat),
        };
        if (line.Sku is { } sku)
        {
            node["sku"] = sku;
        }

        return node;
    }

    private static JsonNode? Vat(InvoiceVatBody vat) =>
        JsonSerializer.SerializeToNode(
            new SaleVat
            {
                Category = vat.Category,
                Rate = vat.Category == "O" ? null : vat.Rate,
                Tax = vat.Tax,
                RegimeKey = vat.RegimeKey,
                Qualification = vat.Qualification,
                ExemptionReasonCode = vat.ExemptionReasonCode,
                ExemptionReason = vat.ExemptionReason,
                ExemptionCause = vat.ExemptionCause,
            },
            Wire.Tolerant
        );
}
