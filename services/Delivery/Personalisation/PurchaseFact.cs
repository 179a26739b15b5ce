using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What an invoice means to campaigns: a known customer's purchase, what is taken off one, coupons that were used.</summary>
public sealed record PurchaseFact
{
    /// <summary>The seller.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Who bought; nobody known where null, and on what is no purchase.</summary>
    public string? Customer { get; init; }

    /// <summary>When it was bought: a till without a network tells of it later.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>What it came to with VAT.</summary>
    public decimal Total { get; init; }

    /// <summary>The invoice that it corrects.</summary>
    public InvoiceId? Corrects { get; init; }

    /// <summary>What it takes off that one.</summary>
    public decimal TakenOff { get; init; }

    /// <summary>Whether it should never have been.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The sales it stands for.</summary>
    public IReadOnlyList<SaleId> SaleIds { get; init; } = [];

    /// <summary>What each code took off, VAT included.</summary>
    public IReadOnlyDictionary<string, decimal> Coupons { get; init; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>
    /// What an issued invoice means; nothing where it means nothing: an exchange adds no sale, a correction of VAT alone changes none, and
    /// what corrects no invoice of ours takes nothing off one.
    /// </summary>
    public static PurchaseFact? Of(InvoiceBody invoice) =>
        invoice.Kind switch
        {
            InvoiceKind.Exchange => null,
            InvoiceKind.Corrective => OfCorrective(invoice),
            _ => OfPurchase(invoice),
        };

    /// <summary>What a cancellation means.</summary>
    public static PurchaseFact OfCancelled(SellerId seller, InvoiceId invoice) =>
        new()
        {
            SellerId = seller,
            InvoiceId = invoice,
            IsCancelled = true,
        };

    private static PurchaseFact? OfCorrective(InvoiceBody invoice) =>
        invoice is { Correction: { VatOnly: false } correction }
        && invoice.Corrects.FirstOrDefault(each => each.InvoiceId is not null) is { } first
            ? new PurchaseFact
            {
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Corrects = first.InvoiceId,
                TakenOff = Declared(correction) - invoice.Totals.TotalWithVat,
            }
            : null;

    private static PurchaseFact? OfPurchase(InvoiceBody invoice)
    {
        var customer = CustomerKey.Of(invoice);
        var coupons = CouponsOf(invoice);
        return customer is null && coupons.Count == 0
            ? null
            : new PurchaseFact
            {
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Customer = customer,
                At = invoice.OccurredAt ?? invoice.IssuedAt,
                Currency = invoice.Currency,
                Total = invoice.Totals.TotalWithVat,
                SaleIds = invoice.SaleIds,
                Coupons = coupons,
            };
    }

    /// <summary>What a substituted invoice had come to; by differences it stays as it is.</summary>
    private static decimal Declared(InvoiceCorrection correction) =>
        correction is { Method: CorrectionMethod.Substitution, CorrectedAmounts: { } before }
            ? before.TaxableAmount + before.VatAmount + (before.SurchargeAmount ?? 0m)
            : 0m;

    private static Dictionary<string, decimal> CouponsOf(InvoiceBody invoice)
    {
        var coupons = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var allowance in invoice.Allowances.Concat(invoice.Lines.SelectMany(line => line.Allowances)))
        {
            var code = CouponCode.Normal(allowance.Coupon ?? "");
            if (code.Length is > 0 and <= CouponCode.Longest)
            {
                coupons[code] = coupons.GetValueOrDefault(code) + (allowance.GrossAmount ?? allowance.Amount);
            }
        }

        return coupons;
    }
}
