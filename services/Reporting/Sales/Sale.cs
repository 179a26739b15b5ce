using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What an invoice adds to sales: the sum of what was told of it, in whatever order and however often it is told.</summary>
public sealed record Sale
{
    /// <summary>The seller.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1); absent until it is told.</summary>
    public string? Number { get; init; }

    /// <summary>Its kind.</summary>
    public InvoiceKind Kind { get; init; }

    /// <summary>The day of the sale in the store's zone.</summary>
    public DateOnly OperationDate { get; init; }

    /// <summary>The hour of the sale by the shop's clock; -1 where it was not told.</summary>
    public int Hour { get; init; } = -1;

    /// <summary>The shop.</summary>
    public StoreId StoreId { get; init; }

    /// <summary>The till; empty where none was told.</summary>
    public string TillId { get; init; } = "";

    /// <summary>Till or web.</summary>
    public SaleChannel Channel { get; init; }

    /// <summary>The customer, where known.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>Currency of its figures.</summary>
    public Currency Currency { get; init; }

    /// <summary>What it adds while it stands.</summary>
    public Figures Figures { get; init; }

    /// <summary>The same by VAT rate, ascending.</summary>
    public IReadOnlyList<VatShare> Vat { get; init; } = [];

    /// <summary>Its lines, where it adds any.</summary>
    public IReadOnlyList<SoldLine> Lines { get; init; } = [];

    /// <summary>When it was cancelled, if it was.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>What it adds to sales now: nothing before it is told, nothing once it is cancelled.</summary>
    public Figures Adds => Number is null || CancelledAt is not null ? default : Figures;

    /// <summary>What it adds by VAT rate now.</summary>
    public IReadOnlyList<VatShare> AddsByRate => Number is null || CancelledAt is not null ? [] : Vat;

    /// <summary>The invoice was issued. One given in exchange for tickets adds nothing: the tickets were the sales.</summary>
    public Sale With(InvoiceIssued issued)
    {
        if (Number is not null)
        {
            return this;
        }

        var known = this with
        {
            Number = issued.Number,
            Kind = issued.Kind,
            OperationDate = issued.OperationDate,
            Hour = issued.OccurredAt?.Hour ?? -1,
            StoreId = issued.StoreId,
            TillId = issued.TillId ?? "",
            Channel = issued.Channel,
            CustomerId = issued.Contact?.CustomerId ?? issued.Buyer?.CustomerId,
            Currency = issued.Currency,
        };
        if (issued.Kind == InvoiceKind.Exchange)
        {
            return known;
        }

        var vat = VatShare.Of(issued);
        return known with
        {
            Vat = vat,
            Figures = vat.Aggregate(default(Figures), (sum, share) => sum + share.Figures) with { Invoices = 1 },
            Lines = [.. issued.Lines.Select(SoldLine.Of)],
        };
    }

    /// <summary>The invoice was cancelled: there was no sale.</summary>
    public Sale With(InvoiceCancelled cancelled) => this with { CancelledAt = CancelledAt ?? cancelled.CancelledAt };
}

/// <summary>The part of an invoice at one VAT rate.</summary>
public sealed record VatShare(decimal Rate, Figures Figures)
{
    /// <summary>
    /// An invoice's parts by rate, which sum to it. A correction by substitution states the invoice anew, so what the replaced one had
    /// declared (ImporteRectificacion) goes off again; it is told in total only and goes off the rates in proportion to their bases.
    /// </summary>
    public static IReadOnlyList<VatShare> Of(InvoiceBody invoice)
    {
        var rates = invoice.VatBreakdown.GroupBy(vat => vat.Rate).OrderBy(rate => rate.Key).ToArray();
        var bases = rates.Select(rate => rate.Sum(vat => vat.TaxableAmount)).ToArray();
        var taxes = rates.Select(rate => rate.Sum(vat => vat.VatAmount + (vat.SurchargeAmount ?? 0m))).ToArray();
        if (invoice.Correction is { Method: CorrectionMethod.Substitution, CorrectedAmounts: { } corrected } && rates.Length > 0)
        {
            var declared = new Money(corrected.TaxableAmount, invoice.Currency).Split(bases);
            var declaredTax = new Money(corrected.VatAmount + (corrected.SurchargeAmount ?? 0m), invoice.Currency).Split(taxes);
            bases = [.. bases.Select((amount, i) => amount - declared[i].Amount)];
            taxes = [.. taxes.Select((amount, i) => amount - declaredTax[i].Amount)];
        }

        var total = bases.Sum() + taxes.Sum();
        var returned = invoice.Kind == InvoiceKind.Corrective && total < 0m;
        return
        [
            .. rates.Select(
                (rate, i) =>
                    new VatShare(
                        rate.Key,
                        new Figures
                        {
                            Invoices = 1,
                            TotalWithoutVat = bases[i],
                            VatTotal = taxes[i],
                            TotalWithVat = bases[i] + taxes[i],
                            Returns = returned ? -(bases[i] + taxes[i]) : 0m,
                        }
                    )
            ),
        ];
    }
}

/// <summary>A product on an invoice: its code, or its name where it has none.</summary>
public sealed record SoldLine(string Product, decimal Quantity, decimal NetAmount, decimal GrossAmount)
{
    /// <summary>The line as sold.</summary>
    public static SoldLine Of(InvoiceLineBody line) => new(line.Sku ?? line.Name, line.Quantity, line.LineNetAmount, line.LineGrossAmount);
}
