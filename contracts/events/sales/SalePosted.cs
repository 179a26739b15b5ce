using MassTransit;

namespace RetailInvoicing.Contracts.Events.Sales;

/// <summary>A final till transaction, as a till or shop posts it by REST, NDJSON, gRPC or the bus; read strictly at every door.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record SalePosted
{
    /// <summary>The exchange that any client may publish to, with its key in the header Authorization.</summary>
    public const string Exchange = "sales.sale-posted.v1";

    /// <summary>The till's own name for the sale; with the seller it makes posting idempotent for ever.</summary>
    public required SaleId SaleId { get; init; }

    /// <summary>The shop that sold; its zone gives the sale its day.</summary>
    public required StoreId StoreId { get; init; }

    /// <summary>The till.</summary>
    public string? TillId { get; init; }

    /// <summary>Till or web.</summary>
    public SaleChannel Channel { get; init; }

    /// <summary>When the sale was made; its day in the store's zone is the operation date (BT-72 where it differs from the issue date).</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The document's currency (BT-5).</summary>
    public required Currency Currency { get; init; }

    /// <summary>
    /// Units of the seller's accounting currency (EUR) for one of this currency on the day of the sale (LIVA art. 79.Once); needed where
    /// the sale is not in EUR, except on a return whose original tells it.
    /// </summary>
    public decimal? ExchangeRate { get; init; }

    /// <summary>Whether unit prices, allowances and charges include VAT; a shop's labels do.</summary>
    public bool PricesIncludeVat { get; init; } = true;

    /// <summary>What was sold or brought back (BG-25).</summary>
    public required IReadOnlyList<SaleLine> Lines { get; init; }

    /// <summary>Reductions of the whole sale (BG-20).</summary>
    public IReadOnlyList<SaleAllowance> Allowances { get; init; } = [];

    /// <summary>Additions to the whole sale, such as carriage (BG-21).</summary>
    public IReadOnlyList<SaleCharge> Charges { get; init; } = [];

    /// <summary>Paid with the sale and no part of the invoice: vouchers sold, deposits, tips, donations.</summary>
    public IReadOnlyList<NonSaleItem> NonSaleItems { get; init; } = [];

    /// <summary>What was paid at the till, net of change; what it leaves open is due.</summary>
    public IReadOnlyList<SalePayment> Payments { get; init; } = [];

    /// <summary>Who bought, as far as the till knows (BG-7).</summary>
    public SaleBuyer? Buyer { get; init; }

    /// <summary>Where and when the goods went (BG-13).</summary>
    public SaleDelivery? Delivery { get; init; }

    /// <summary>When what is open is due (BT-9); may lie in the past for a sale posted late.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>Terms of payment in words (BT-20).</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>The sale or invoice that goods come back from (BG-3).</summary>
    public ReturnReference? ReturnOf { get; init; }

    /// <summary>Why they come back.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>Which kind of invoice the till asks for; by itself, what the law makes of the buyer's data.</summary>
    public InvoiceRequest Invoice { get; init; }
}

/// <summary>Where a sale was made.</summary>
public enum SaleChannel
{
    /// <summary>At a till.</summary>
    Pos,

    /// <summary>On the web.</summary>
    Online,
}

/// <summary>The kind of invoice a till asks for.</summary>
public enum InvoiceRequest
{
    /// <summary>Full where the buyer is identified, otherwise simplified.</summary>
    Auto,

    /// <summary>Simplified; qualified where the buyer is identified with an address (RD 1619/2012 art. 7.2, 7.3).</summary>
    Simplified,

    /// <summary>Full; refused where the buyer is not identified.</summary>
    Full,
}

/// <summary>One product on a sale; a negative quantity comes back.</summary>
public sealed record SaleLine
{
    /// <summary>The seller's code for the product (BT-155); a line has this or a name.</summary>
    public string? Sku { get; init; }

    /// <summary>The product in words (BT-153); the code where it is absent.</summary>
    public string? Name { get; init; }

    /// <summary>How many (BT-129).</summary>
    public required decimal Quantity { get; init; }

    /// <summary>UN/ECE Recommendation 20 code of the unit (BT-130); C62 is a piece.</summary>
    public string Unit { get; init; } = "C62";

    /// <summary>Price of one unit, not rounded (BT-146 where prices are without VAT).</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>How the line is taxed (BG-30).</summary>
    public required SaleVat Vat { get; init; }

    /// <summary>Reductions of this line (BG-27).</summary>
    public IReadOnlyList<SaleAllowance> Allowances { get; init; } = [];

    /// <summary>Additions to this line (BG-28).</summary>
    public IReadOnlyList<SaleCharge> Charges { get; init; } = [];
}

/// <summary>How an amount is taxed.</summary>
public sealed record SaleVat
{
    /// <summary>UNCL 5305 category (BT-151): S, Z, E, AE, K, G, O, L, M.</summary>
    public required string Category { get; init; }

    /// <summary>Percent (BT-152); none for category O.</summary>
    public decimal? Rate { get; init; }

    /// <summary>iva, igic or ipsi.</summary>
    public string? Tax { get; init; }

    /// <summary>The Spanish regime key (ClaveRegimen, list L8); 01 is the general one.</summary>
    public string? RegimeKey { get; init; }

    /// <summary>CalificacionOperacion: S1, S2, N1, N2.</summary>
    public string? Qualification { get; init; }

    /// <summary>VATEX code of the exemption (BT-121).</summary>
    public string? ExemptionReasonCode { get; init; }

    /// <summary>The exemption in words (BT-120).</summary>
    public string? ExemptionReason { get; init; }

    /// <summary>OperacionExenta: E1 to E8.</summary>
    public string? ExemptionCause { get; init; }
}

/// <summary>A reduction, positive (BG-20, BG-27).</summary>
public sealed record SaleAllowance
{
    /// <summary>How much less (BT-92, BT-136), with VAT where prices include it.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why (BT-97, BT-139).</summary>
    public string? Reason { get; init; }

    /// <summary>The coupon that was redeemed.</summary>
    public string? Coupon { get; init; }

    /// <summary>How it is taxed (BT-95); where absent it is spread over the sale's rates in proportion.</summary>
    public SaleVat? Vat { get; init; }
}

/// <summary>An addition, positive (BG-21, BG-28).</summary>
public sealed record SaleCharge
{
    /// <summary>How much more (BT-99, BT-141), with VAT where prices include it.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What for (BT-104, BT-144).</summary>
    public string? Reason { get; init; }

    /// <summary>How it is taxed (BT-102); where absent it is spread over the sale's rates in proportion.</summary>
    public SaleVat? Vat { get; init; }
}

/// <summary>Something paid with a sale that is no part of the invoice.</summary>
public sealed record NonSaleItem
{
    /// <summary>What it is.</summary>
    public required NonSaleKind Kind { get; init; }

    /// <summary>In words.</summary>
    public string? Name { get; init; }

    /// <summary>How much was paid for it.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>What can be paid at a till without being a sale.</summary>
public enum NonSaleKind
{
    /// <summary>A multi-purpose voucher, taxed when it is spent.</summary>
    Voucher,

    /// <summary>A deposit for packaging.</summary>
    Deposit,

    /// <summary>A tip.</summary>
    Tip,

    /// <summary>A donation passed on.</summary>
    Donation,
}

/// <summary>A payment taken with the sale, net of change; negative for money given back.</summary>
public sealed record SalePayment
{
    /// <summary>How it was paid (BT-81).</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The terminal's or provider's own reference.</summary>
    public string? Reference { get; init; }
}

/// <summary>Who bought, as far as the seller knows (BG-7).</summary>
public sealed record SaleBuyer
{
    /// <summary>The seller's own name for this customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>Name (BT-44); with a tax identifier it makes the buyer identified.</summary>
    public string? Name { get; init; }

    /// <summary>Tax identifier (BT-48).</summary>
    public string? TaxId { get; init; }

    /// <summary>What kind of identifier it is; a Spanish NIF where nothing is said.</summary>
    public TaxIdType? TaxIdType { get; init; }

    /// <summary>The country that gave it, ISO 3166-1 alpha-2.</summary>
    public string? TaxIdCountry { get; init; }

    /// <summary>Whether the buyer buys as a business.</summary>
    public bool Business { get; init; }

    /// <summary>Whether the buyer is under the equivalence surcharge (recargo de equivalencia).</summary>
    public bool EquivalenceSurcharge { get; init; }

    /// <summary>Address (BG-8).</summary>
    public Address? Address { get; init; }

    /// <summary>Where the invoice is mailed (BT-58).</summary>
    public string? Email { get; init; }

    /// <summary>Telephone (BT-57).</summary>
    public string? Phone { get; init; }

    /// <summary>Language of documents and mails, ISO 639-1.</summary>
    public string? Language { get; init; }
}

/// <summary>Kinds of tax identifier (list L7 of the tax agency).</summary>
public enum TaxIdType
{
    /// <summary>Spanish NIF.</summary>
    Nif,

    /// <summary>VAT identifier of another Member State (02).</summary>
    Vat,

    /// <summary>Passport (03).</summary>
    Passport,

    /// <summary>Official document of the country of residence (04).</summary>
    NationalId,

    /// <summary>Certificate of residence (05).</summary>
    Residence,

    /// <summary>Another document (06).</summary>
    Other,
}

/// <summary>Where and when goods were delivered (BG-13).</summary>
public sealed record SaleDelivery
{
    /// <summary>Delivery date (BT-72).</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Who received (BT-70).</summary>
    public string? Name { get; init; }

    /// <summary>Where (BG-15).</summary>
    public Address? Address { get; init; }
}

/// <summary>The original of a return: one of our sales or invoices, or a number and date of a former system (BG-3).</summary>
public sealed record ReturnReference
{
    /// <summary>The sale, by the till's name.</summary>
    public SaleId? SaleId { get; init; }

    /// <summary>The invoice, by our name.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The invoice's number (BT-25).</summary>
    public string? Number { get; init; }

    /// <summary>The invoice's issue date (BT-26), needed for an original of a former system.</summary>
    public DateOnly? IssueDate { get; init; }
}
