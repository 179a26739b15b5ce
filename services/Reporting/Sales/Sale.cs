using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What an invoice adds to sales while it is not cancelled.</summary>
public sealed record Sale
{
    /// <summary>The seller.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The event that told of it.</summary>
    public required EventId EventId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>The sales that it is of.</summary>
    public IReadOnlyList<SaleId> SaleIds { get; init; } = [];

    /// <summary>Its kind.</summary>
    public InvoiceKind Kind { get; init; }

    /// <summary>The day of the number in the store's zone.</summary>
    public DateOnly IssueDate { get; init; }

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

    /// <summary>The customer; empty where nobody is known.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>Currency of its figures.</summary>
    public Currency Currency { get; init; }

    /// <summary>What it adds while it stands.</summary>
    public Figures Figures { get; init; }

    /// <summary>The same by VAT rate, ascending.</summary>
    public IReadOnlyList<VatShare> Vat { get; init; } = [];

    /// <summary>The same by line, what belongs to no product first.</summary>
    public IReadOnlyList<SoldLine> Lines { get; init; } = [];

    /// <summary>The sale of an invoice. One given in exchange for tickets adds nothing: the tickets were the sales.</summary>
    public static Sale Of(InvoiceIssued issued)
    {
        var known = new Sale
        {
            SellerId = issued.SellerId,
            InvoiceId = issued.InvoiceId,
            EventId = issued.EventId,
            Number = issued.Number,
            SaleIds = issued.SaleIds,
            Kind = issued.Kind,
            IssueDate = issued.IssueDate,
            OperationDate = issued.OperationDate,
            Hour = issued.OccurredAt?.Hour ?? -1,
            StoreId = issued.StoreId,
            TillId = issued.TillId ?? "",
            Channel = issued.Channel,
            CustomerId = (issued.Contact?.CustomerId ?? issued.Buyer?.CustomerId)?.Value ?? "",
            Currency = issued.Currency,
        };
        if (issued.Kind == InvoiceKind.Exchange)
        {
            return known;
        }

        var vat = VatShare.Of(issued);
        var figures = vat.Aggregate(default(Figures), (sum, share) => sum + share.Figures) with
        {
            Invoices = 1,
            ReturnInvoices = issued.Kind == InvoiceKind.Corrective ? 1 : 0,
        };
        return known with { Vat = vat, Figures = figures, Lines = SoldLine.Of(issued, figures) };
    }
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
        var isCorrective = invoice.Kind == InvoiceKind.Corrective;
        return
        [
            .. rates.Select(
                (rate, i) =>
                    new VatShare(
                        rate.Key,
                        new Figures
                        {
                            Invoices = 1,
                            ReturnInvoices = isCorrective ? 1 : 0,
                            TotalWithoutVat = bases[i],
                            VatTotal = taxes[i],
                            TotalWithVat = bases[i] + taxes[i],
                            Returns = isCorrective && total < 0m ? -(bases[i] + taxes[i]) : 0m,
                        }
                    )
            ),
        ];
    }
}

/// <summary>A product on an invoice: its code, or its name where it has none; line 0 is what belongs to no product.</summary>
public sealed record SoldLine
{
    /// <summary>Its place, from 1; 0 for what belongs to the invoice as a whole.</summary>
    public required int Line { get; init; }

    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>VAT category.</summary>
    public string Category { get; init; } = "";

    /// <summary>VAT rate.</summary>
    public decimal Rate { get; init; }

    /// <summary>How many, negative where they came back.</summary>
    public decimal Quantity { get; init; }

    /// <summary>Without VAT.</summary>
    public required decimal NetAmount { get; init; }

    /// <summary>With VAT.</summary>
    public required decimal GrossAmount { get; init; }

    /// <summary>One on the product's first line.</summary>
    public required int Invoices { get; init; }

    /// <summary>One on the product's first line that takes back.</summary>
    public required int ReturnInvoices { get; init; }

    /// <summary>The lines of an invoice, which sum to it: allowances and charges of the whole, and a surcharge, belong to no product.</summary>
    public static IReadOnlyList<SoldLine> Of(InvoiceBody invoice, Figures figures)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var returned = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<SoldLine>(invoice.Lines.Count + 1);
        var (net, gross) = (figures.TotalWithoutVat, figures.TotalWithVat);
        foreach (var line in invoice.Lines)
        {
            var product = line.Sku ?? line.Name;
            net -= line.LineNetAmount;
            gross -= line.LineGrossAmount;
            lines.Add(
                new SoldLine
                {
                    Line = lines.Count + 1,
                    Product = product,
                    Category = line.Vat.Category,
                    Rate = line.Vat.Rate,
                    Quantity = line.Quantity,
                    NetAmount = line.LineNetAmount,
                    GrossAmount = line.LineGrossAmount,
                    Invoices = seen.Add(product) ? 1 : 0,
                    ReturnInvoices = line.LineGrossAmount < 0m && returned.Add(product) ? 1 : 0,
                }
            );
        }

        if (net != 0m || gross != 0m)
        {
            lines.Insert(
                0,
                new SoldLine
                {
                    Line = 0,
                    Product = "",
                    NetAmount = net,
                    GrossAmount = gross,
                    Invoices = 1,
                    ReturnInvoices = 0,
                }
            );
        }

        return lines;
    }
}
