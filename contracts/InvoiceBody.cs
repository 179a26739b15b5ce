using System.Text.Json.Serialization;
using MassTransit;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Contracts;

/// <summary>An invoice as every answer, event and rpc tells it; amounts carry their currency's decimals.</summary>
[ExcludeFromTopology]
public record InvoiceBody
{
    /// <summary>Our name for it.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Full, simplified, corrective or exchange.</summary>
    public required InvoiceKind Kind { get; init; }

    /// <summary>BT-3: 380 invoice, 381 credit note, 384 corrective invoice.</summary>
    public required string TypeCode { get; init; }

    /// <summary>A simplified invoice that names the buyer with address (RD 1619/2012 art. 7.2, 7.3).</summary>
    public bool Qualified { get; init; }

    /// <summary>Issued, or cancelled because it should never have been.</summary>
    public required InvoiceStatus Status { get; init; }

    /// <summary>BT-1, as printed; ends in the sequence within its series.</summary>
    public required string Number { get; init; }

    /// <summary>The series whose numbers have no gaps.</summary>
    public required string Series { get; init; }

    /// <summary>BT-2: the day the number was given, in the store's zone.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>The day of the sale in the store's zone; tax rates are of this day.</summary>
    public required DateOnly OperationDate { get; init; }

    /// <summary>When the sale was made, at the store's own offset from UTC: its date is the operation date, its hour the shop's.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>BT-9: when what is open is due; absent where nothing is.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>BT-20: terms in words.</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>The instant of issue.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The seller.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The sales it stands for.</summary>
    public required IReadOnlyList<SaleId> SaleIds { get; init; }

    /// <summary>The shop.</summary>
    public required StoreId StoreId { get; init; }

    /// <summary>The till.</summary>
    public string? TillId { get; init; }

    /// <summary>Till or web.</summary>
    public SaleChannel Channel { get; init; }

    /// <summary>BT-5.</summary>
    public required Currency Currency { get; init; }

    /// <summary>BT-6: the currency of the seller's VAT accounting, where the invoice is in another one.</summary>
    public Currency? AccountingCurrency { get; init; }

    /// <summary>Units of the accounting currency for one of the invoice's (LIVA art. 79.Once).</summary>
    public decimal? ExchangeRate { get; init; }

    /// <summary>Whether the till's prices included VAT.</summary>
    public bool PricesIncludeVat { get; init; }

    /// <summary>BG-4.</summary>
    public required InvoiceParty Seller { get; init; }

    /// <summary>BG-7; absent on a ticket without buyer.</summary>
    public InvoiceParty? Buyer { get; init; }

    /// <summary>
    /// Where to reach whoever bought, apart from the fiscal buyer: a ticket is mailed without naming the buyer. Erased on request.
    /// </summary>
    public InvoiceContact? Contact { get; init; }

    /// <summary>BG-13.</summary>
    public SaleDelivery? Delivery { get; init; }

    /// <summary>BG-25.</summary>
    public required IReadOnlyList<InvoiceLineBody> Lines { get; init; }

    /// <summary>BG-20 without VAT.</summary>
    public IReadOnlyList<InvoiceAllowanceBody> Allowances { get; init; } = [];

    /// <summary>BG-21 without VAT.</summary>
    public IReadOnlyList<InvoiceAllowanceBody> Charges { get; init; } = [];

    /// <summary>BG-23.</summary>
    public required IReadOnlyList<VatBreakdownBody> VatBreakdown { get; init; }

    /// <summary>BG-22.</summary>
    public required InvoiceTotals Totals { get; init; }

    /// <summary>BT-83: the ISO 11649 reference a transfer cites.</summary>
    public required string PaymentReference { get; init; }

    /// <summary>Payments taken with the sale.</summary>
    public IReadOnlyList<SalePayment> Payments { get; init; } = [];

    /// <summary>BG-3: the invoices this one corrects.</summary>
    public IReadOnlyList<InvoiceReference> Corrects { get; init; } = [];

    /// <summary>The corrective invoices that correct this one.</summary>
    public IReadOnlyList<InvoiceReference> CorrectedBy { get; init; } = [];

    /// <summary>The tickets this full invoice was exchanged for.</summary>
    public IReadOnlyList<InvoiceReference> Replaces { get; init; } = [];

    /// <summary>The full invoice this ticket was exchanged for.</summary>
    public InvoiceReference? ReplacedBy { get; init; }

    /// <summary>Why and how it corrects; on corrective invoices only.</summary>
    public InvoiceCorrection? Correction { get; init; }

    /// <summary>What the fiscal regime recorded.</summary>
    public required FiscalBody Fiscal { get; init; }

    /// <summary>Where to fetch it and its documents.</summary>
    public InvoiceLinks? Links { get; init; }
}

/// <summary>Which kind of document the law makes of it.</summary>
public enum InvoiceKind
{
    /// <summary>Full invoice (RD 1619/2012 art. 6).</summary>
    Full,

    /// <summary>Simplified invoice, a ticket (art. 7).</summary>
    Simplified,

    /// <summary>Corrective invoice (art. 15).</summary>
    Corrective,

    /// <summary>Full invoice given in exchange for tickets ("canje").</summary>
    Exchange,
}

/// <summary>Whether an invoice stands.</summary>
public enum InvoiceStatus
{
    /// <summary>It stands.</summary>
    Issued,

    /// <summary>It should never have been and was cancelled; its number is never used again.</summary>
    Cancelled,
}

/// <summary>A seller or buyer as printed (BG-4, BG-7).</summary>
public sealed record InvoiceParty
{
    /// <summary>Legal name (BT-27, BT-44).</summary>
    public required string Name { get; init; }

    /// <summary>Trading name (BT-28).</summary>
    public string? TradeName { get; init; }

    /// <summary>Tax identifier (BT-31 or BT-32, BT-48).</summary>
    public string? TaxId { get; init; }

    /// <summary>What kind of identifier it is.</summary>
    public TaxIdType? TaxIdType { get; init; }

    /// <summary>The country that gave it.</summary>
    public string? TaxIdCountry { get; init; }

    /// <summary>Whether the buyer buys as a business.</summary>
    public bool? Business { get; init; }

    /// <summary>Whether the buyer is under the equivalence surcharge.</summary>
    public bool? EquivalenceSurcharge { get; init; }

    /// <summary>Address (BG-5, BG-8).</summary>
    public Address? Address { get; init; }

    /// <summary>The seller's own name for the buyer (BT-46).</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>E-mail (BT-43, BT-58); the buyer's is erased on request.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone (BT-42, BT-57); the buyer's is erased on request.</summary>
    public string? Phone { get; init; }

    /// <summary>Language of the buyer's documents, ISO 639-1.</summary>
    public string? Language { get; init; }

    /// <summary>Registry data that a company's documents carry (BT-33).</summary>
    public string? RegistryData { get; init; }
}

/// <summary>Where to reach whoever bought.</summary>
public sealed record InvoiceContact
{
    /// <summary>The seller's own name for this customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>Name to greet by.</summary>
    public string? Name { get; init; }

    /// <summary>Where the invoice is mailed.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone.</summary>
    public string? Phone { get; init; }

    /// <summary>Language of documents and mails, ISO 639-1.</summary>
    public string? Language { get; init; }
}

/// <summary>One line (BG-25).</summary>
public sealed record InvoiceLineBody
{
    /// <summary>BT-126.</summary>
    public required string LineId { get; init; }

    /// <summary>BT-155.</summary>
    public string? Sku { get; init; }

    /// <summary>BT-153.</summary>
    public required string Name { get; init; }

    /// <summary>BT-129.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>BT-130.</summary>
    public required string Unit { get; init; }

    /// <summary>Price of one as the till said it, with VAT where its prices include it.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>BT-146: price of one without VAT, not rounded to the coin.</summary>
    public required decimal NetPrice { get; init; }

    /// <summary>BG-27 without VAT.</summary>
    public IReadOnlyList<InvoiceAllowanceBody> Allowances { get; init; } = [];

    /// <summary>BG-28 without VAT.</summary>
    public IReadOnlyList<InvoiceAllowanceBody> Charges { get; init; } = [];

    /// <summary>BT-131, rounded to the coin.</summary>
    public required decimal LineNetAmount { get; init; }

    /// <summary>The line with its VAT, as the till took it; where prices are without VAT, net plus its share of VAT.</summary>
    public required decimal LineGrossAmount { get; init; }

    /// <summary>BG-30.</summary>
    public required InvoiceVatBody Vat { get; init; }
}

/// <summary>How an amount of an invoice is taxed (BG-30).</summary>
public sealed record InvoiceVatBody
{
    /// <summary>BT-151.</summary>
    public required string Category { get; init; }

    /// <summary>BT-152, percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>iva, igic or ipsi.</summary>
    public string Tax { get; init; } = "iva";

    /// <summary>ClaveRegimen.</summary>
    public string RegimeKey { get; init; } = "01";

    /// <summary>CalificacionOperacion.</summary>
    public string? Qualification { get; init; }

    /// <summary>BT-121.</summary>
    public string? ExemptionReasonCode { get; init; }

    /// <summary>BT-120.</summary>
    public string? ExemptionReason { get; init; }

    /// <summary>OperacionExenta.</summary>
    public string? ExemptionCause { get; init; }
}

/// <summary>A reduction or addition without VAT (BG-20, BG-21, BG-27, BG-28).</summary>
public sealed record InvoiceAllowanceBody
{
    /// <summary>BT-92, BT-99, BT-136, BT-141.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The same with VAT, as the till said it; absent where prices are without VAT.</summary>
    public decimal? GrossAmount { get; init; }

    /// <summary>BT-97, BT-104, BT-139, BT-144.</summary>
    public string? Reason { get; init; }

    /// <summary>The coupon that was redeemed.</summary>
    public string? Coupon { get; init; }

    /// <summary>BT-95, BT-102; on a line the line's own holds.</summary>
    public InvoiceVatBody? Vat { get; init; }
}

/// <summary>VAT of one category and rate (BG-23).</summary>
public sealed record VatBreakdownBody
{
    /// <summary>BT-118.</summary>
    public required string Category { get; init; }

    /// <summary>BT-119, percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>iva, igic or ipsi.</summary>
    public string Tax { get; init; } = "iva";

    /// <summary>ClaveRegimen.</summary>
    public string RegimeKey { get; init; } = "01";

    /// <summary>CalificacionOperacion.</summary>
    public string? Qualification { get; init; }

    /// <summary>BT-116.</summary>
    public required decimal TaxableAmount { get; init; }

    /// <summary>BT-117.</summary>
    public required decimal VatAmount { get; init; }

    /// <summary>Percent of the equivalence surcharge.</summary>
    public decimal? SurchargeRate { get; init; }

    /// <summary>The equivalence surcharge.</summary>
    public decimal? SurchargeAmount { get; init; }

    /// <summary>BT-121.</summary>
    public string? ExemptionReasonCode { get; init; }

    /// <summary>BT-120.</summary>
    public string? ExemptionReason { get; init; }

    /// <summary>OperacionExenta.</summary>
    public string? ExemptionCause { get; init; }
}

/// <summary>The sums of an invoice (BG-22).</summary>
public sealed record InvoiceTotals
{
    /// <summary>BT-106: sum of the lines' net amounts.</summary>
    public required decimal LineTotal { get; init; }

    /// <summary>BT-107.</summary>
    public required decimal AllowanceTotal { get; init; }

    /// <summary>BT-108.</summary>
    public required decimal ChargeTotal { get; init; }

    /// <summary>BT-109.</summary>
    public required decimal TotalWithoutVat { get; init; }

    /// <summary>BT-110, the equivalence surcharge included.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>BT-111: the same in the accounting currency, where it is another one than the invoice's.</summary>
    public decimal? VatTotalInAccountingCurrency { get; init; }

    /// <summary>BT-112.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>BT-113.</summary>
    public required decimal PaidAmount { get; init; }

    /// <summary>BT-114.</summary>
    public required decimal RoundingAmount { get; init; }

    /// <summary>BT-115.</summary>
    public required decimal AmountDue { get; init; }
}

/// <summary>Another invoice, cited (BT-25, BT-26).</summary>
public sealed record InvoiceReference
{
    /// <summary>Ours, absent for one of a former system.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>BT-25.</summary>
    public required string Number { get; init; }

    /// <summary>BT-26.</summary>
    public DateOnly? IssueDate { get; init; }
}

/// <summary>Why and how an invoice corrects another (RD 1619/2012 art. 15).</summary>
public sealed record InvoiceCorrection
{
    /// <summary>R1 to R5.</summary>
    public required string Reason { get; init; }

    /// <summary>In words.</summary>
    public string? Text { get; init; }

    /// <summary>By differences or by substitution.</summary>
    public required CorrectionMethod Method { get; init; }

    /// <summary>ImporteRectificacion, for substitution: what the replaced invoice declared.</summary>
    public CorrectedAmounts? CorrectedAmounts { get; init; }

    /// <summary>
    /// It takes back VAT that will not be collected and leaves the debt as it is (LIVA art. 80.Tres, 80.Cuatro); its base is 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool VatOnly { get; init; }
}

/// <summary>How a corrective invoice states itself.</summary>
public enum CorrectionMethod
{
    /// <summary>It states the differences only (TipoRectificativa I).</summary>
    Differences,

    /// <summary>It states the invoice anew (TipoRectificativa S).</summary>
    Substitution,
}

/// <summary>What a substituted invoice had declared.</summary>
public sealed record CorrectedAmounts
{
    /// <summary>BaseRectificada.</summary>
    public required decimal TaxableAmount { get; init; }

    /// <summary>CuotaRectificada.</summary>
    public required decimal VatAmount { get; init; }

    /// <summary>CuotaRecargoRectificado.</summary>
    public decimal? SurchargeAmount { get; init; }
}

/// <summary>What the fiscal regime recorded of an invoice.</summary>
public sealed record FiscalBody
{
    /// <summary>verifactu or none.</summary>
    public required string Regime { get; init; }

    /// <summary>test or production.</summary>
    public required SellerEnvironment Environment { get; init; }

    /// <summary>TipoFactura: F1, F2, F3, R1 to R5.</summary>
    public required string RecordType { get; init; }

    /// <summary>DescripcionOperacion.</summary>
    public string? OperationDescription { get; init; }

    /// <summary>Huella: SHA-256, 64 capital hexadecimal digits.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Huella of the record before in the chain; absent on the first.</summary>
    public string? PreviousFingerprint { get; init; }

    /// <summary>FechaHoraHusoGenRegistro.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>What the QR says: the agency's address to check this invoice.</summary>
    public string? QrUrl { get; init; }

    /// <summary>Código seguro de verificación of the accepted submission.</summary>
    public string? Csv { get; init; }

    /// <summary>What the agency found wrong.</summary>
    public IReadOnlyList<FiscalError>? Errors { get; init; }

    /// <summary>How far the submission is.</summary>
    public required FiscalSubmission Submission { get; init; }
}

/// <summary>A finding of the tax agency.</summary>
public sealed record FiscalError
{
    /// <summary>The agency's code.</summary>
    public required string Code { get; init; }

    /// <summary>The agency's text.</summary>
    public required string Text { get; init; }

    /// <summary>What to do about it, in English and Spanish.</summary>
    public string? Advice { get; init; }

    /// <inheritdoc cref="Advice"/>
    public string? AdviceEs { get; init; }
}

/// <summary>How far a fiscal record's submission is.</summary>
public enum FiscalSubmission
{
    /// <summary>Waiting to be sent or answered.</summary>
    Pending,

    /// <summary>Accepted.</summary>
    Accepted,

    /// <summary>Accepted with errors to be mended.</summary>
    AcceptedWithErrors,

    /// <summary>Rejected.</summary>
    Rejected,

    /// <summary>The regime submits nothing.</summary>
    NotRequired,
}

/// <summary>Addresses of an invoice and its documents.</summary>
public sealed record InvoiceLinks
{
    /// <summary>The invoice as JSON.</summary>
    public required string Self { get; init; }

    /// <summary>The PDF, at Delivery.</summary>
    public required string Pdf { get; init; }

    /// <summary>The UBL document.</summary>
    public required string Ubl { get; init; }

    /// <summary>The CII document.</summary>
    public string? Cii { get; init; }

    /// <summary>The Facturae document.</summary>
    public string? Facturae { get; init; }

    /// <summary>The customer's page.</summary>
    public required string Portal { get; init; }
}
