using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>
/// One line of the book of issued invoices (libro registro de facturas expedidas): the part of an invoice under one tax treatment, in EUR.
/// </summary>
public sealed record BookEntry
{
    /// <summary>The seller.</summary>
    [JsonIgnore]
    public SellerId SellerId { get; init; }

    /// <summary>The invoice that it is written for.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Which line of the invoice's, from 1.</summary>
    public required int Part { get; init; }

    /// <summary>Tipo de Factura: F1, F2, F3, R1 to R5.</summary>
    public required string RecordType { get; init; }

    /// <summary>Ejercicio: the year of the operation (rule 11).</summary>
    public int Year => OperationDate.Year;

    /// <summary>Periodo: the quarter of the operation, 1T to 4T (rule 11).</summary>
    public string Period => BookLayout.PeriodOf(OperationDate);

    /// <summary>Fecha Expedición.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>Fecha Operación.</summary>
    public required DateOnly OperationDate { get; init; }

    /// <summary>Serie.</summary>
    public required string Series { get; init; }

    /// <summary>The whole number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>NIF Destinatario, Tipo: 02 to 06 where it is no NIF.</summary>
    public string? BuyerIdType { get; init; }

    /// <summary>NIF Destinatario, Código País, where it is no NIF.</summary>
    public string? BuyerCountry { get; init; }

    /// <summary>NIF Destinatario, Identificación.</summary>
    public string? BuyerId { get; init; }

    /// <summary>Nombre Destinatario.</summary>
    public required string BuyerName { get; init; }

    /// <summary>Clave de Operación.</summary>
    public required string OperationKey { get; init; }

    /// <summary>Calificación de la Operación: S1, S2, N1, N2; none where it is exempt.</summary>
    public string? Qualification { get; init; }

    /// <summary>Operación Exenta: E1 to E6; none where it is not exempt.</summary>
    public string? Exemption { get; init; }

    /// <summary>Total Factura, this line's part of it.</summary>
    public required decimal Total { get; init; }

    /// <summary>Base Imponible.</summary>
    public required decimal TaxableAmount { get; init; }

    /// <summary>Tipo de IVA; none where nothing is taxed.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Cuota IVA Repercutida.</summary>
    public decimal? VatAmount { get; init; }

    /// <summary>Tipo de Recargo Eq.</summary>
    public decimal? SurchargeRate { get; init; }

    /// <summary>Cuota Recargo Eq.</summary>
    public decimal? SurchargeAmount { get; init; }

    /// <summary>
    /// Whether it counts in what is declared: an invoice given for tickets (F3) does not, since the tickets were declared and stay so.
    /// </summary>
    [JsonPropertyName("declared")]
    public bool IsDeclared => RecordType != "F3";

    /// <summary>Whether it corrects what was declared before.</summary>
    [JsonIgnore]
    public bool IsCorrective => RecordType[0] == 'R';
}
