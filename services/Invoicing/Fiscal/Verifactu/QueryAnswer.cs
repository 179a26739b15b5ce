using System.Globalization;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>RegistroRespuestaConsultaFactuSistemaFacturacion: a record that the agency has.</summary>
public sealed record AgencyRecord
{
    /// <summary>IDFactura.</summary>
    public required RecordedInvoice Invoice { get; init; }

    /// <summary>EstadoRegistro: accepted, with errors, or cancelled.</summary>
    public required RecordState State { get; init; }

    /// <summary>TimestampUltimaModificacion.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>CodigoErrorRegistro.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>DescripcionErrorRegistro.</summary>
    public string? ErrorText { get; init; }

    /// <summary>TipoFactura; none of a cancellation.</summary>
    public string? RecordType { get; init; }

    /// <summary>CuotaTotal.</summary>
    public decimal? VatTotal { get; init; }

    /// <summary>ImporteTotal.</summary>
    public decimal? TotalWithVat { get; init; }

    /// <summary>Huella of the record.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Huella of the record before.</summary>
    public string? PrecedingFingerprint { get; init; }

    /// <summary>FechaHoraHusoGenRegistro.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>NIFPresentador.</summary>
    public string? PresenterNif { get; init; }

    /// <summary>TimestampPresentacion.</summary>
    public DateTimeOffset? PresentedAt { get; init; }

    /// <summary>IdPeticion of the submission that it came by.</summary>
    public string? RequestId { get; init; }

    /// <summary>NumeroInstalacion of the system that made it; only where the query asks for it.</summary>
    public string? Installation { get; init; }
}

/// <summary>RespuestaConsultaFactuSistemaFacturacion: a page of the records that the agency has.</summary>
public sealed record QueryAnswer : AgencyReply
{
    /// <summary>The page.</summary>
    public required IReadOnlyList<AgencyRecord> Records { get; init; }

    /// <summary>IndicadorPaginacion S: there are more, after ClavePaginacion.</summary>
    public required bool HasMore { get; init; }

    /// <summary>ClavePaginacion: the last record of the page, to ask on after.</summary>
    public RecordedInvoice? Last { get; init; }

    internal static Outcome<AgencyReply> Read(RecordElement at)
    {
        if (at.Text("ResultadoConsulta") is not ("ConDatos" or "SinDatos"))
        {
            return FiscalFaults.NotAnAnswer.With("ResultadoConsulta");
        }

        var records = new List<AgencyRecord>();
        foreach (var each in at.All("RegistroRespuestaConsultaFactuSistemaFacturacion"))
        {
            if (Record(new RecordElement(each)) is not { } record)
            {
                return FiscalFaults.NotAnAnswer.With("RegistroRespuestaConsultaFactuSistemaFacturacion");
            }

            records.Add(record);
        }

        var (hasMore, last) = (at.Text("IndicadorPaginacion") == "S", Invoice(at["ClavePaginacion"]));
        // A page that says that it is not the last, and not what comes after, would be asked for again for ever.
        return hasMore && last is null
            ? FiscalFaults.NotAnAnswer.With("ClavePaginacion")
            : new QueryAnswer
            {
                Records = records,
                HasMore = hasMore,
                Last = last,
            };
    }

    private static AgencyRecord? Record(RecordElement at)
    {
        var (data, presented, state) = (at["DatosRegistroFacturacion"], at["DatosPresentacion"], at["EstadoRegistro"]);
        if (Invoice(at["IDFactura"]) is not { } invoice || StateOf(state.Text("EstadoRegistro")) is not { } known)
        {
            return null;
        }

        return new AgencyRecord
        {
            Invoice = invoice,
            State = known,
            ChangedAt = Instant(state.Text("TimestampUltimaModificacion")),
            ErrorCode = state.Maybe("CodigoErrorRegistro"),
            ErrorText = state.Maybe("DescripcionErrorRegistro"),
            RecordType = data.Maybe("TipoFactura"),
            VatTotal = Amount(data.Text("CuotaTotal")),
            TotalWithVat = Amount(data.Text("ImporteTotal")),
            Fingerprint = data.Maybe("Huella"),
            PrecedingFingerprint = data["Encadenamiento"]["RegistroAnterior"].Maybe("Huella"),
            RecordedAt = Instant(data.Text("FechaHoraHusoGenRegistro")),
            PresenterNif = presented.Maybe("NIFPresentador"),
            PresentedAt = Instant(presented.Text("TimestampPresentacion")),
            RequestId = presented.Maybe("IdPeticion"),
            Installation = data["SistemaInformatico"].Maybe("NumeroInstalacion"),
        };
    }

    private static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : null;
}
