using System.Globalization;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>EstadoEnvio: what became of a submission as a whole.</summary>
public enum SubmissionState
{
    /// <summary>Correcto: every record was accepted without errors.</summary>
    Accepted,

    /// <summary>ParcialmenteCorrecto: some record was rejected or has errors.</summary>
    Partly,

    /// <summary>Incorrecto: every record was rejected.</summary>
    Rejected,
}

/// <summary>RegistroDuplicado: the record that the agency has under the same name.</summary>
public sealed record DuplicateRecord(string RequestId, RecordState State, string? ErrorCode, string? ErrorText);

/// <summary>RespuestaLinea: what became of one record.</summary>
public sealed record RecordAnswer
{
    /// <summary>IDFactura.</summary>
    public required RecordedInvoice Invoice { get; init; }

    /// <summary>TipoOperacion Anulacion: the record was a cancellation.</summary>
    public required bool IsCancellation { get; init; }

    /// <summary>Subsanacion.</summary>
    public required bool Amends { get; init; }

    /// <summary>RechazoPrevio as the record had it: S, X, N or nothing.</summary>
    public string? PriorRejection { get; init; }

    /// <summary>SinRegistroPrevio.</summary>
    public required bool WithoutPriorRecord { get; init; }

    /// <summary>EstadoRegistro.</summary>
    public required RecordState State { get; init; }

    /// <summary>CodigoErrorRegistro.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>DescripcionErrorRegistro.</summary>
    public string? ErrorText { get; init; }

    /// <summary>RegistroDuplicado; only where the record was rejected since the agency has one.</summary>
    public DuplicateRecord? Duplicate { get; init; }
}

/// <summary>RespuestaRegFactuSistemaFacturacion: what became of a submission and of each of its records.</summary>
public sealed record SubmissionAnswer : AgencyReply
{
    /// <summary>EstadoEnvio.</summary>
    public required SubmissionState State { get; init; }

    /// <summary>CSV: the proof of the submission, which no query gives again; none where all was rejected.</summary>
    public string? Csv { get; init; }

    /// <summary>NIFPresentador.</summary>
    public string? PresenterNif { get; init; }

    /// <summary>TimestampPresentacion.</summary>
    public DateTimeOffset? PresentedAt { get; init; }

    /// <summary>TiempoEsperaEnvio: how long the next submission waits, unless a thousand records are there before.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>Cabecera, as it was sent.</summary>
    public required SubmissionHeader Header { get; init; }

    /// <summary>RespuestaLinea.</summary>
    public required IReadOnlyList<RecordAnswer> Records { get; init; }

    internal static Outcome<AgencyReply> Read(RecordElement at)
    {
        var records = new List<RecordAnswer>();
        foreach (var line in at.All("RespuestaLinea"))
        {
            if (Line(new RecordElement(line)) is not { } record)
            {
                return FiscalFaults.NotAnAnswer.With("RespuestaLinea");
            }

            records.Add(record);
        }

        SubmissionState? state = at.Text("EstadoEnvio") switch
        {
            "Correcto" => SubmissionState.Accepted,
            "ParcialmenteCorrecto" => SubmissionState.Partly,
            "Incorrecto" => SubmissionState.Rejected,
            _ => null,
        };
        if (state is null)
        {
            return FiscalFaults.NotAnAnswer.With("EstadoEnvio");
        }

        var presented = at["DatosPresentacion"];
        return new SubmissionAnswer
        {
            State = state.Value,
            Csv = at.Maybe("CSV"),
            PresenterNif = presented.Maybe("NIFPresentador"),
            PresentedAt = Instant(presented.Text("TimestampPresentacion")),
            // Where it says none, the wait that the law begins with.
            Wait = TimeSpan.FromSeconds(
                ushort.TryParse(at.Text("TiempoEsperaEnvio"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? seconds
                    : 60
            ),
            Header = SubmissionHeader.Read(at["Cabecera"]),
            Records = records,
        };
    }

    private static RecordAnswer? Line(RecordElement line)
    {
        var (operation, duplicate) = (line["Operacion"], line["RegistroDuplicado"]);
        var duplicated = StateOf(duplicate.Text("EstadoRegistroDuplicado"));
        if (
            Invoice(line["IDFactura"]) is not { } invoice
            || StateOf(line.Text("EstadoRegistro")) is not { } state
            || operation.Text("TipoOperacion") is not ("Alta" or "Anulacion")
            || (duplicate.Exists && duplicated is null)
        )
        {
            return null;
        }

        return new RecordAnswer
        {
            Invoice = invoice,
            IsCancellation = operation.Text("TipoOperacion") == "Anulacion",
            Amends = operation.Text("Subsanacion") == "S",
            PriorRejection = operation.Maybe("RechazoPrevio"),
            WithoutPriorRecord = operation.Text("SinRegistroPrevio") == "S",
            State = state,
            ErrorCode = line.Maybe("CodigoErrorRegistro"),
            ErrorText = line.Maybe("DescripcionErrorRegistro"),
            Duplicate = duplicated is { } known
                ? new DuplicateRecord(
                    duplicate.Text("IdPeticionRegistroDuplicado"),
                    known,
                    duplicate.Maybe("CodigoErrorRegistro"),
                    duplicate.Maybe("DescripcionErrorRegistro")
                )
                : null,
        };
    }
}
