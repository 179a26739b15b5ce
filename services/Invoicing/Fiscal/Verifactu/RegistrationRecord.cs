using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>RegistroAlta: what the tax agency is told of an invoice that was issued, or of one whose record is amended.</summary>
public sealed record RegistrationRecord
{
    /// <summary>IDFactura.</summary>
    public required RecordedInvoice Invoice { get; init; }

    /// <summary>NombreRazonEmisor.</summary>
    public required string SellerName { get; init; }

    /// <summary>Subsanacion S: this record takes the place of an earlier one of the same invoice.</summary>
    public bool Amends { get; init; }

    /// <summary>RechazoPrevio.</summary>
    public PriorRejection PriorRejection { get; init; }

    /// <summary>TipoFactura: F1, F2, F3, R1 to R5.</summary>
    public required string RecordType { get; init; }

    /// <summary>TipoRectificativa: I by differences, S by substitution; none where nothing is corrected.</summary>
    public CorrectionMethod? Method { get; init; }

    /// <summary>FacturasRectificadas.</summary>
    public IReadOnlyList<RecordedInvoice> Corrected { get; init; } = [];

    /// <summary>FacturasSustituidas: the tickets that a full invoice was given for.</summary>
    public IReadOnlyList<RecordedInvoice> Replaced { get; init; } = [];

    /// <summary>ImporteRectificacion, in EUR; on substitutions only.</summary>
    public CorrectedAmounts? CorrectedAmounts { get; init; }

    /// <summary>FechaOperacion, where it is not the day of issue.</summary>
    public DateOnly? OperationDate { get; init; }

    /// <summary>DescripcionOperacion, at most 500 characters.</summary>
    public required string Description { get; init; }

    /// <summary>FacturaSimplificadaArt7273.</summary>
    public bool Qualified { get; init; }

    /// <summary>Destinatarios; none on F2 and R5.</summary>
    public IReadOnlyList<RecordedPerson> Buyers { get; init; } = [];

    /// <summary>Cupon: the correction comes from a coupon redeemed (only R1 and R5).</summary>
    public bool Coupon { get; init; }

    /// <summary>DetalleDesglose, one to twelve.</summary>
    public required IReadOnlyList<RecordedVat> Vat { get; init; }

    /// <summary>CuotaTotal, in EUR.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>ImporteTotal, in EUR.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>RegistroAnterior; none on the first of a chain.</summary>
    public PrecedingRecord? Preceding { get; init; }

    /// <summary>SistemaInformatico.</summary>
    public required InvoicingSystem System { get; init; }

    /// <summary>FechaHoraHusoGenRegistro, with the offset of the place of issue and whole seconds.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Huella of this record.</summary>
    public string Fingerprint =>
        Verifactu.Fingerprint.OfRegistration(
            Invoice.TaxId,
            Invoice.Number,
            Invoice.IssueDate,
            RecordType,
            VatTotal,
            TotalWithVat,
            Preceding?.Fingerprint,
            RecordedAt
        );
}

/// <summary>RegistroAnulacion: what the tax agency is told of an invoice that should never have been.</summary>
public sealed record CancellationRecord
{
    /// <summary>IDFactura of the invoice that is cancelled.</summary>
    public required RecordedInvoice Invoice { get; init; }

    /// <summary>SinRegistroPrevio: the agency has no record of the invoice.</summary>
    public bool WithoutPriorRecord { get; init; }

    /// <summary>RechazoPrevio: an earlier cancellation of this invoice was rejected.</summary>
    public bool PriorRejection { get; init; }

    /// <summary>RegistroAnterior; none on the first of a chain.</summary>
    public PrecedingRecord? Preceding { get; init; }

    /// <summary>SistemaInformatico.</summary>
    public required InvoicingSystem System { get; init; }

    /// <summary>FechaHoraHusoGenRegistro, with the offset of the place of issue and whole seconds.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Huella of this record.</summary>
    public string Fingerprint =>
        Verifactu.Fingerprint.OfCancellation(Invoice.TaxId, Invoice.Number, Invoice.IssueDate, Preceding?.Fingerprint, RecordedAt);
}
