using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What the law makes of a sale or of a later act, priced and settled; it lacks only its number, its day and its fiscal record.</summary>
public sealed record InvoiceDraft
{
    /// <summary>The seller.</summary>
    public required RegisteredSeller Seller { get; init; }

    /// <summary>The sale.</summary>
    public required Sale Sale { get; init; }

    /// <summary>Full, simplified or corrective.</summary>
    public required InvoiceKind Kind { get; init; }

    /// <summary>TipoFactura.</summary>
    public required string RecordType { get; init; }

    /// <summary>A simplified invoice that names the buyer.</summary>
    public bool Qualified { get; init; }

    /// <summary>The fiscal buyer, with contact data; none on a ticket.</summary>
    public InvoiceParty? Buyer { get; init; }

    /// <summary>Where to reach whoever bought.</summary>
    public InvoiceContact? Contact { get; init; }

    /// <summary>The day of the sale in the store's zone.</summary>
    public required DateOnly OperationDate { get; init; }

    /// <summary>The zone of the store.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>What it comes to.</summary>
    public required Basket Basket { get; init; }

    /// <summary>What of it is paid.</summary>
    public required Settlement Settlement { get; init; }

    /// <summary>EUR for one unit of the sale's currency; none for a sale in EUR.</summary>
    public decimal? ExchangeRate { get; init; }

    /// <summary>Where and when the goods went (BG-13).</summary>
    public SaleDelivery? Delivery { get; init; }

    /// <summary>The invoice goods come back from.</summary>
    public Original? Original { get; init; }

    /// <summary>What comes back of the original.</summary>
    public ReturnedGoods? Returned { get; init; }

    /// <summary>Why and how it corrects; on corrective invoices only.</summary>
    public InvoiceCorrection? Correction { get; init; }

    /// <summary>The tickets it is given for; on exchanges only.</summary>
    public IReadOnlyList<InvoiceBody> Tickets { get; init; } = [];

    /// <summary>How it cites them.</summary>
    public IReadOnlyList<InvoiceReference> Replaces { get; init; } = [];

    /// <summary>The sales it stands for.</summary>
    public IReadOnlyList<SaleId> SaleIds { get; init; } = [];

    /// <summary>What asked for it, where that was no sale: it is done once.</summary>
    public Act? Act { get; init; }

    /// <summary>The invoices it changes the standing of, as they were read: one that has changed since is read again.</summary>
    internal IReadOnlyList<Standing> Touched =>
        Tickets.Count > 0 ? [.. Tickets.Select(Standing.Of)]
        : Original is null || (Returned is null && Kind != InvoiceKind.Corrective) ? []
        : [Original.Invoice is { } ours ? Standing.Of(ours) : Standing.Of(Original)];

    /// <summary>Makes of a sound sale what the law makes of it, or says why it cannot be invoiced.</summary>
    public static Outcome<InvoiceDraft> Of(RegisteredSeller seller, Sale sale, Original? original, DateTimeOffset now)
    {
        var faults = SaleRules.Of(sale, now);
        if (faults.Count > 0)
        {
            return Fault.Of(faults);
        }

        var posted = sale.Posted;
        var zone = seller.ZoneOf(posted.StoreId);
        if (Misdated(posted.ReturnOf, original, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime)) is { } misdated)
        {
            return misdated;
        }

        if (original?.Invoice is { } cited && cited.Currency != posted.Currency)
        {
            return InvoicingFaults.OtherMoney.At("currency", cited.Currency, posted.Currency);
        }

        var operationDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(posted.OccurredAt, zone).DateTime);
        // What comes back is taxed as it was when it was sold.
        var day = original?.Invoice?.OperationDate ?? original?.Reference.IssueDate ?? operationDate;
        var buyer = BuyerRules.Of(posted.Buyer);
        var surcharged =
            (original?.Invoice?.Buyer?.EquivalenceSurcharge ?? buyer?.EquivalenceSurcharge) == true && !seller.Body.EquivalenceSurcharge;
        var taxing = Taxation.Of(posted, seller.Body, day, surcharged);
        if (taxing.Refused(out var untaxed))
        {
            return untaxed;
        }

        var pricing = Basket.Of(posted, taxing.Value);
        if (pricing.Refused(out var unpriced))
        {
            return unpriced;
        }

        var basket = pricing.Value;
        var settling = Settlement.Of(posted, basket.Totals.TotalWithVat);
        if (settling.Refused(out var unsettled))
        {
            return unsettled;
        }

        var comesBack = posted.Lines.Any(line => line.Quantity < 0m);
        var allBack = posted.Lines.All(line => line.Quantity < 0m);
        var isCorrective = allBack || (basket.Totals.TotalWithVat < 0m && comesBack);
        // What comes back is converted as it was when it was sold; the till need not know at what rate.
        var (given, originals) = (posted.ExchangeRate, original?.Invoice?.ExchangeRate);
        var rate = isCorrective ? originals ?? given : given ?? originals;
        if (rate is null && posted.Currency != Invoices.ExchangeRate.Accounting)
        {
            return InvoicingFaults.NoExchangeRate.At("exchangeRate", posted.Currency);
        }

        if (Math.Abs(Invoices.ExchangeRate.Accounted(basket.Totals.TotalWithVat, rate)) > LineAmounts.Most)
        {
            return InvoicingFaults.TooMuch.With();
        }

        var draft = new InvoiceDraft
        {
            Seller = seller,
            Sale = sale,
            Kind = InvoiceKind.Simplified,
            RecordType = "F2",
            Contact = BuyerRules.ContactOf(posted.Buyer) ?? original?.Invoice?.Contact,
            OperationDate = operationDate,
            Zone = zone,
            Basket = basket with { Totals = basket.Totals.Paid(settling.Value.Paid, posted.Currency).Stating(rate) },
            Settlement = settling.Value,
            ExchangeRate = rate,
            Delivery = posted.Delivery,
            Original = original,
            SaleIds = [posted.SaleId],
        };
        if (posted.ReturnOf is not null && !comesBack)
        {
            return InvoicingFaults.NothingBack.At("returnOf");
        }

        if (!isCorrective)
        {
            return Ordinary(draft, buyer);
        }

        var correcting = Corrective(draft, buyer, allBack);
        return correcting.Fault is null && CrossBorderRules.Of(basket, correcting.Value.Buyer, correcting.Value.Delivery) is { } lacking
            ? lacking
            : correcting;
    }

    /// <summary>A sale: full where the buyer is identified, otherwise simplified where the law allows it (RD 1619/2012 arts. 4, 6, 7).</summary>
    private static Outcome<InvoiceDraft> Ordinary(InvoiceDraft draft, InvoiceParty? buyer)
    {
        var posted = draft.Sale.Posted;
        var seller = draft.Seller.Body;
        var total = Invoices.ExchangeRate.Accounted(draft.Basket.Totals.TotalWithVat, draft.ExchangeRate);
        var identified = buyer is not null && (buyer.Business != true || BuyerRules.HasAddress(buyer));
        if (draft.Original is { Invoice: { } source })
        {
            if (!Returnable.IsOpen(source))
            {
                return InvoicingFaults.NotReturnable.At("returnOf", source.Number);
            }

            var back = draft.Basket.Lines.Where(line => line.Quantity < 0m).ToList();
            draft = draft with { Returned = ReturnedGoods.Of(back, -back.Sum(line => line.LineGrossAmount)) };
        }

        if (CrossBorderRules.Of(draft.Basket, buyer, draft.Delivery) is { } lacking)
        {
            return lacking;
        }

        if (posted.Invoice != InvoiceRequest.Simplified && identified)
        {
            return draft with { Kind = InvoiceKind.Full, RecordType = "F1", Buyer = buyer };
        }

        if (posted.Invoice == InvoiceRequest.Full)
        {
            return InvoicingFaults.NotIdentified.At("buyer");
        }

        var limit = seller.Retail ? 3000m : 400m;
        if (total > limit)
        {
            return InvoicingFaults.OverLimit.At("buyer", limit);
        }

        if (posted.Delivery?.Address is { Country: not "ES" } || draft.Basket.VatBreakdown.Any(vat => vat.Category is "AE" or "K" or "G"))
        {
            return InvoicingFaults.NotSimplified.At("buyer");
        }

        return identified && posted.Invoice == InvoiceRequest.Simplified && BuyerRules.HasAddress(buyer!)
            ? draft with
            {
                Qualified = true,
                RecordType = "F1",
                Buyer = buyer,
            }
            : draft;
    }

    /// <summary>A return: a corrective invoice by differences, under R1 with the buyer or R5 without (RD 1619/2012 art. 15, LIVA art. 80).</summary>
    private static Outcome<InvoiceDraft> Corrective(InvoiceDraft draft, InvoiceParty? buyer, bool allBack)
    {
        InvoiceDraft Stated(string recordType, InvoiceParty? named) =>
            draft with
            {
                Kind = InvoiceKind.Corrective,
                RecordType = recordType,
                Buyer = named,
                Correction = new InvoiceCorrection
                {
                    Reason = recordType,
                    Text = draft.Sale.Posted.ReturnReason ?? "Devolución de mercancía",
                    Method = CorrectionMethod.Differences,
                },
            };
        switch (draft.Original)
        {
            case { Invoice: { } original }:
                if (!Returnable.IsOpen(original))
                {
                    return InvoicingFaults.NotReturnable.At("returnOf", original.Number);
                }

                if (original.Buyer is { } invoiced && buyer is not null && buyer.TaxId != invoiced.TaxId)
                {
                    return InvoicingFaults.BuyerOther.At("buyer.taxId");
                }

                if (NotSold(draft.Basket, original) is { } vat)
                {
                    return InvoicingFaults.RateNotSold.At("lines", vat.Category, vat.Rate);
                }

                return Stated(original.Buyer is null ? "R5" : "R1", original.Buyer) with
                {
                    // A supply to another Member State says when and where it went, also where it comes back (BR-IC-11).
                    Delivery = draft.Delivery ?? (CrossBorderRules.Has(draft.Basket, "K") ? original.Delivery : null),
                    Returned = ReturnedGoods.Of(draft.Basket.Lines, -draft.Basket.Totals.TotalWithVat),
                };
            case null when draft.Sale.Posted.ReturnOf is null && !allBack:
                return InvoicingFaults.MixedNegative.At("returnOf");
            case null when !draft.Seller.Body.AllowBlindReturns:
                return InvoicingFaults.BlindRefused.At("returnOf");
            default:
                return Stated(buyer is null ? "R5" : "R1", buyer) with
                {
                    Returned = draft.Original is null ? null : ReturnedGoods.Of(draft.Basket.Lines, -draft.Basket.Totals.TotalWithVat),
                };
        }
    }

    /// <summary>
    /// A number of ours with another date is no original of a former system, which nothing limits what can be returned of; and no
    /// original is of tomorrow.
    /// </summary>
    private static Fault? Misdated(ReturnReference? cited, Original? original, DateOnly today) =>
        cited is not { Number: { } number, IssueDate: { } date } ? null
        // What stands in the place of the cited one, after an exchange or a substitution, has a number and a day of its own.
        : original?.Invoice is { } ours
            ? ours.Number != number || ours.IssueDate == date ? null
                : InvoicingFaults.OtherDate.At("returnOf.issueDate", number, $"{ours.IssueDate:yyyy-MM-dd}", $"{date:yyyy-MM-dd}")
        : date > today ? InvoicingFaults.OriginalToCome.At("returnOf.issueDate", $"{date:yyyy-MM-dd}")
        : null;

    /// <summary>A rate that the original does not have cannot come back of it.</summary>
    internal static VatBreakdownBody? NotSold(Basket basket, InvoiceBody original) =>
        basket.VatBreakdown.FirstOrDefault(vat =>
            !original.VatBreakdown.Any(sold => sold.Category == vat.Category && sold.Rate == vat.Rate)
        );
}

/// <summary>A request that is no sale: the key makes it happen once, the hash tells the same request from another.</summary>
public sealed record Act(string Key, byte[] ContentHash);
