using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What the law makes of a request to correct an invoice.</summary>
public static class CorrectionDraft
{
    private static readonly string[] Reasons = ["R1", "R2", "R3", "R4", "R5"];

    /// <summary>The corrective invoice, or why there can be none; since is what has corrected the invoice before.</summary>
    public static Outcome<InvoiceDraft> Of(
        RegisteredSeller seller,
        InvoiceBody corrected,
        IReadOnlyList<InvoiceBody> since,
        CorrectionRequest request,
        Act act,
        DateTimeOffset now
    )
    {
        if (Fits(corrected, since, request) is { } unfit)
        {
            return unfit;
        }

        var zone = seller.ZoneOf(corrected.StoreId);
        var correction = new InvoiceCorrection
        {
            Reason = request.Reason,
            Text = string.IsNullOrWhiteSpace(request.ReasonText) ? null : request.ReasonText.Trim(),
            Method = request.Method,
            VatOnly = request.VatOnly,
        };
        var declared = Declared.Sum([corrected, .. since]);
        var draft = new InvoiceDraft
        {
            Seller = seller,
            Sale = Sale.Of(Posted(corrected, request, now)),
            SaleIds = corrected.SaleIds,
            Act = act,
            Kind = InvoiceKind.Corrective,
            RecordType = request.Reason,
            Buyer = corrected.Buyer,
            Contact = corrected.Contact,
            OperationDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime),
            Zone = zone,
            Basket = new Basket
            {
                Lines = [],
                Allowances = [],
                Charges = [],
                VatBreakdown = [],
                Totals = corrected.Totals,
            },
            Settlement = new Settlement(0m, []),
            ExchangeRate = corrected.ExchangeRate,
            // A supply to another Member State says when and where it went, also where it is corrected (BR-IC-11).
            Delivery = corrected.VatBreakdown.Any(vat => vat.Category == "K") ? corrected.Delivery : null,
            Original = Invoices.Original.Ours(corrected),
            Correction = correction,
        };
        return request switch
        {
            { VatOnly: true } => VatOnly(draft, corrected, declared),
            { Method: CorrectionMethod.Substitution } => Anew(draft, corrected, declared, request, now),
            _ => Differences(draft, corrected, now),
        };
    }

    private static Fault? Fits(InvoiceBody corrected, IReadOnlyList<InvoiceBody> since, CorrectionRequest request)
    {
        if (!Reasons.Contains(request.Reason))
        {
            return InvoicingFaults.BadReason.At("reason", request.Reason);
        }

        if (!Returnable.IsOpen(corrected))
        {
            return InvoicingFaults.NotCorrectable.With(corrected.Number);
        }

        var inPlace = since.FirstOrDefault(each => each.Correction?.Method == CorrectionMethod.Substitution)?.Number;
        if ((corrected.ReplacedBy?.Number ?? inPlace) is { } other)
        {
            return InvoicingFaults.Superseded.With(corrected.Number, other);
        }

        if ((request.Reason == "R5") != (corrected.Buyer is null))
        {
            return InvoicingFaults.ReasonDoesNotFit.At("reason", request.Reason, corrected.Number);
        }

        if ((request.Reason is "R2" or "R3") != request.VatOnly)
        {
            return InvoicingFaults.VatOnlyReason.At("vatOnly");
        }

        return request.VatOnly && request.Method == CorrectionMethod.Substitution ? InvoicingFaults.BadMethod.At("method")
            : request.VatOnly && string.IsNullOrWhiteSpace(request.ReasonText) ? InvoicingFaults.VatOnlyText.At("reasonText")
            : request.ReasonText is { Length: > 500 } text || !Sale.IsSound(request.ReasonText ?? "")
                ? InvoicingFaults.BadField.At("reasonText", "≤ 500")
            : request.Buyer is not null && (request.Method != CorrectionMethod.Substitution || corrected.Buyer is null)
                ? InvoicingFaults.BuyerNeedsSubstitution.At("buyer")
            : !request.VatOnly && request.Lines.Count == 0 ? InvoicingFaults.NothingCorrected.At("lines")
            : null;
    }

    /// <summary>The differences: what they take away, the invoice must still have.</summary>
    private static Outcome<InvoiceDraft> Differences(InvoiceDraft draft, InvoiceBody corrected, DateTimeOffset now)
    {
        var pricing = Priced(draft, corrected, now, mixed: true);
        if (pricing.Refused(out var unpriced))
        {
            return unpriced;
        }

        var basket = pricing.Value;
        var settling = Settlement.Of(draft.Sale.Posted, basket.Totals.TotalWithVat);
        if (settling.Refused(out var unsettled))
        {
            return unsettled;
        }

        return basket.VatBreakdown.All(vat => vat.TaxableAmount == 0m && vat.VatAmount == 0m)
            ? InvoicingFaults.NoDifference.At("lines", corrected.Number)
            : draft with
            {
                Basket = basket with { Totals = basket.Totals.Paid(settling.Value.Paid, corrected.Currency).Stating(draft.ExchangeRate) },
                Settlement = settling.Value,
                Returned = ReturnedGoods.OnBalance(basket.Lines, -basket.Totals.TotalWithVat),
            };
    }

    /// <summary>
    /// The whole sale anew. What the replaced invoice asks for stays asked for there, so that this one asks for the difference only: the
    /// rest counts as paid in advance (BT-113).
    /// </summary>
    private static Outcome<InvoiceDraft> Anew(
        InvoiceDraft draft,
        InvoiceBody corrected,
        IReadOnlyList<VatBreakdownBody> declared,
        CorrectionRequest request,
        DateTimeOffset now
    )
    {
        if (request.Lines.Any(line => line?.Quantity < 0m))
        {
            return InvoicingFaults.NegativeSubstitution.At("lines");
        }

        if (request.Payments.Count > 0)
        {
            return InvoicingFaults.PaidTooMuch.At("payments", request.Payments.Sum(each => each.Amount), 0m);
        }

        var buyer = request.Buyer is null ? corrected.Buyer : BuyerRules.Of(request.Buyer);
        if (request.Buyer is not null && (buyer is null || (buyer.Business == true && !BuyerRules.HasAddress(buyer))))
        {
            return InvoicingFaults.NotIdentified.At("buyer");
        }

        var pricing = Priced(draft, corrected, now, mixed: false);
        if (pricing.Refused(out var unpriced))
        {
            return unpriced;
        }

        var basket = pricing.Value;
        var amounts = Declared.Amounts(declared);
        var covered = amounts.TaxableAmount + amounts.VatAmount + (amounts.SurchargeAmount ?? 0m);
        return draft with
        {
            Buyer = buyer,
            Contact = BuyerRules.ContactOf(request.Buyer) ?? draft.Contact,
            Basket = basket with { Totals = basket.Totals.Paid(covered, corrected.Currency).Stating(draft.ExchangeRate) },
            Settlement = new Settlement(covered, []),
            Correction = draft.Correction! with { CorrectedAmounts = amounts },
        };
    }

    /// <summary>VAT that will not be collected, on a base of 0; what the customer owes stays as it is.</summary>
    private static Outcome<InvoiceDraft> VatOnly(InvoiceDraft draft, InvoiceBody corrected, IReadOnlyList<VatBreakdownBody> declared)
    {
        var left = declared.Where(vat => vat.VatAmount > 0m).ToArray();
        if (left.Length == 0)
        {
            return InvoicingFaults.VatOnlyNothingLeft.With(corrected.Number);
        }

        var nothing = Money.Zero(corrected.Currency).Amount;
        VatBreakdownBody[] breakdown =
        [
            .. left.Select(vat => vat with { TaxableAmount = nothing, VatAmount = -vat.VatAmount, SurchargeAmount = -vat.SurchargeAmount }),
        ];
        InvoiceLineBody[] lines =
        [
            .. breakdown.Select(
                (vat, i) =>
                    new InvoiceLineBody
                    {
                        LineId = $"{i + 1}",
                        Name =
                            draft.Correction!.Reason == "R2"
                                ? "Modificación de la cuota (art. 80.Tres LIVA)"
                                : "Modificación de la cuota (art. 80.Cuatro LIVA)",
                        Quantity = 1m,
                        Unit = "C62",
                        UnitPrice = nothing,
                        NetPrice = nothing,
                        LineNetAmount = nothing,
                        LineGrossAmount = vat.VatAmount + (vat.SurchargeAmount ?? 0m),
                        Vat = corrected
                            .Lines.Select(line => line.Vat)
                            .First(each => each.Category == vat.Category && each.Rate == vat.Rate),
                    }
            ),
        ];
        var totals = InvoiceSums.Of(lines, [], [], breakdown, corrected.Currency);
        return draft with
        {
            Basket = new Basket
            {
                Lines = lines,
                Allowances = [],
                Charges = [],
                VatBreakdown = breakdown,
                Totals = totals.Paid(totals.TotalWithVat, corrected.Currency).Stating(draft.ExchangeRate),
            },
            Settlement = new Settlement(totals.TotalWithVat, []),
        };
    }

    private static Outcome<Basket> Priced(InvoiceDraft draft, InvoiceBody corrected, DateTimeOffset now, bool mixed)
    {
        var faults = SaleRules.Of(draft.Sale, now);
        if (faults.Count > 0)
        {
            return Fault.Of(faults);
        }

        // What is corrected is taxed as it was when it was sold.
        var surcharged = corrected.Buyer?.EquivalenceSurcharge == true && !draft.Seller.Body.EquivalenceSurcharge;
        var taxing = Taxation.Of(draft.Sale.Posted, draft.Seller.Body, corrected.OperationDate, surcharged);
        return taxing.Refused(out var untaxed) ? untaxed : Basket.Of(draft.Sale.Posted, taxing.Value, mixed);
    }

    /// <summary>The sale that a later act on an invoice is priced as; an exchange of a former system's tickets stands for none of ours.</summary>
    internal static SaleId SaleOf(InvoiceBody invoice) => invoice.SaleIds is [var sale, ..] ? sale : SaleId.Of(invoice.Number);

    /// <summary>A product is called what the invoice calls it, where the request gives its code only.</summary>
    private static SaleLine Named(SaleLine line, InvoiceBody corrected) =>
        line is { Name: null, Sku: { } sku } ? line with { Name = corrected.Lines.FirstOrDefault(each => each.Sku == sku)?.Name } : line;

    private static SalePosted Posted(InvoiceBody corrected, CorrectionRequest request, DateTimeOffset now) =>
        new()
        {
            SaleId = SaleOf(corrected),
            StoreId = corrected.StoreId,
            TillId = corrected.TillId,
            Channel = corrected.Channel,
            OccurredAt = now,
            Currency = corrected.Currency,
            ExchangeRate = corrected.ExchangeRate,
            PricesIncludeVat = corrected.PricesIncludeVat,
            Lines = [.. request.Lines.Select(line => Named(line, corrected))],
            Allowances = request.Allowances,
            Charges = request.Charges,
            Payments = request.Payments,
            Buyer = request.Buyer,
            PaymentTerms = corrected.PaymentTerms,
        };
}
