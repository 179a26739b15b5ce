namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>An invoice as records name it: who issued it (IDEmisorFactura), its number (NumSerieFactura), its day (FechaExpedicionFactura).</summary>
public sealed record RecordedInvoice(string TaxId, string Number, DateOnly IssueDate);

/// <summary>The record before in the chain (RegistroAnterior).</summary>
public sealed record PrecedingRecord(RecordedInvoice Invoice, string Fingerprint);

/// <summary>A buyer as records name it (Destinatarios): by NIF, or by another identifier of a type and country.</summary>
public sealed record RecordedPerson
{
    /// <summary>NombreRazon, at most 120 characters.</summary>
    public required string Name { get; init; }

    /// <summary>NIF; none where the buyer is known by another identifier.</summary>
    public string? Nif { get; init; }

    /// <summary>IDOtro; none where the buyer is known by NIF.</summary>
    public OtherIdentifier? Other { get; init; }
}

/// <summary>
/// IDOtro: 02 VAT number of a Member State, 03 passport, 04 identifier of the country of residence, 05 certificate of residence, 06
/// another document, 07 not in the census.
/// </summary>
public sealed record OtherIdentifier(string? Country, string Type, string Id);

/// <summary>Part of an invoice under one tax, regime, qualification and rate (DetalleDesglose), in EUR.</summary>
public sealed record RecordedVat
{
    /// <summary>Impuesto: 01 IVA, 02 IPSI, 03 IGIC, 05 other.</summary>
    public required string Tax { get; init; }

    /// <summary>ClaveRegimen; none under IPSI and others.</summary>
    public string? RegimeKey { get; init; }

    /// <summary>CalificacionOperacion: S1, S2, N1, N2; none where it is exempt.</summary>
    public string? Qualification { get; init; }

    /// <summary>OperacionExenta: E1 to E8; none where it is not exempt.</summary>
    public string? ExemptionCause { get; init; }

    /// <summary>TipoImpositivo, percent.</summary>
    public decimal? Rate { get; init; }

    /// <summary>BaseImponibleOimporteNoSujeto.</summary>
    public required decimal TaxableAmount { get; init; }

    /// <summary>BaseImponibleACoste.</summary>
    public decimal? TaxableAmountAtCost { get; init; }

    /// <summary>CuotaRepercutida.</summary>
    public decimal? VatAmount { get; init; }

    /// <summary>TipoRecargoEquivalencia, percent.</summary>
    public decimal? SurchargeRate { get; init; }

    /// <summary>CuotaRecargoEquivalencia.</summary>
    public decimal? SurchargeAmount { get; init; }
}

/// <summary>SistemaInformatico: the program that makes the records, and who answers for it.</summary>
public sealed record InvoicingSystem
{
    /// <summary>NombreRazon of its producer.</summary>
    public required string ProducerName { get; init; }

    /// <summary>NIF of its producer.</summary>
    public required string ProducerNif { get; init; }

    /// <summary>NombreSistemaInformatico, at most 30 characters.</summary>
    public required string Name { get; init; }

    /// <summary>IdSistemaInformatico: two capital letters or digits.</summary>
    public required string Id { get; init; }

    /// <summary>Version.</summary>
    public required string Version { get; init; }

    /// <summary>NumeroInstalacion.</summary>
    public required string Installation { get; init; }

    /// <summary>TipoUsoPosibleSoloVerifactu: it can do nothing but VERI*FACTU.</summary>
    public bool OnlyVerifactu { get; init; } = true;

    /// <summary>TipoUsoPosibleMultiOT: it can serve several taxpayers.</summary>
    public bool SeveralTaxpayersPossible { get; init; } = true;

    /// <summary>IndicadorMultiplesOT: it serves several taxpayers now.</summary>
    public bool SeveralTaxpayers { get; init; }
}

/// <summary>RechazoPrevio of a registration.</summary>
public enum PriorRejection
{
    /// <summary>N: nothing was rejected before.</summary>
    None,

    /// <summary>S: an amendment was rejected before; the agency has the invoice's record.</summary>
    Amendment,

    /// <summary>X: the agency has no record of the invoice, since the first was rejected or never sent.</summary>
    Unregistered,
}
