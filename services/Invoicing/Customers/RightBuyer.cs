using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>
/// What a buyer may put right of itself on an invoice without asking: how its name is written, and where it lives. Who it is, the shop
/// answers for.
/// </summary>
public static class RightBuyer
{
    /// <summary>Why it cannot be put right here; nothing where it can.</summary>
    public static Fault? Refusal(InvoiceBody invoice, SaleBuyer asked)
    {
        if (invoice.Buyer is not { } buyer)
        {
            return CustomerFaults.IsATicket.With(invoice.Number);
        }

        if (invoice.CorrectedBy.Count > 0 || invoice.Kind == InvoiceKind.Corrective)
        {
            return CustomerFaults.CorrectedBefore.With(invoice.Number);
        }

        var right = BuyerRules.Of(asked);
        return right is null ? InvoicingFaults.NotIdentified.At("buyer")
            : right.TaxId != buyer.TaxId ? CustomerFaults.OtherPerson.At("buyer.taxId", invoice.Number)
            : right.Name == buyer.Name && right.Address == buyer.Address ? CustomerFaults.NothingToCorrect.At("buyer", invoice.Number)
            : null;
    }

    /// <summary>The whole sale anew under the right buyer: the rest of the reasons, R4, since no amount changes (art. 15.1).</summary>
    public static CorrectionRequest Request(InvoiceBody invoice, SaleBuyer asked) =>
        new()
        {
            Method = CorrectionMethod.Substitution,
            Reason = "R4",
            ReasonText = "Datos del destinatario",
            Lines = [.. invoice.Lines.Select(Line)],
            Allowances = [.. invoice.Allowances.Select(Allowance)],
            Charges = [.. invoice.Charges.Select(Charge)],
            Buyer = asked with
            {
                CustomerId = invoice.Contact?.CustomerId,
                Email = invoice.Contact?.Email,
                Phone = invoice.Contact?.Phone,
                Business = invoice.Buyer?.Business == true,
                EquivalenceSurcharge = invoice.Buyer?.EquivalenceSurcharge == true,
                TaxIdType = invoice.Buyer?.TaxIdType,
                TaxIdCountry = invoice.Buyer?.TaxIdCountry,
            },
        };

    private static SaleLine Line(InvoiceLineBody line) =>
        new()
        {
            Sku = line.Sku,
            Name = line.Name,
            Quantity = line.Quantity,
            Unit = line.Unit,
            UnitPrice = line.UnitPrice,
            Vat = Vat(line.Vat),
            Allowances = [.. line.Allowances.Select(each => Allowance(each) with { Vat = null })],
            Charges = [.. line.Charges.Select(each => Charge(each) with { Vat = null })],
        };

    private static SaleAllowance Allowance(InvoiceAllowanceBody each) =>
        new()
        {
            Amount = each.GrossAmount ?? each.Amount,
            Reason = each.Reason,
            Coupon = each.Coupon,
            Vat = each.Vat is { } vat ? Vat(vat) : null,
        };

    private static SaleCharge Charge(InvoiceAllowanceBody each) =>
        new()
        {
            Amount = each.GrossAmount ?? each.Amount,
            Reason = each.Reason,
            Vat = each.Vat is { } vat ? Vat(vat) : null,
        };

    private static SaleVat Vat(InvoiceVatBody vat) =>
        new()
        {
            Category = vat.Category,
            Rate = vat.Category == "O" ? null : vat.Rate,
            Tax = vat.Tax,
            RegimeKey = vat.RegimeKey,
            Qualification = vat.Qualification,
            ExemptionReasonCode = vat.ExemptionReasonCode,
            ExemptionReason = vat.ExemptionReason,
            ExemptionCause = vat.ExemptionCause,
        };
}
