using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>Refusals that Collections knows.</summary>
public static partial class CollectionsFaults
{
    /// <summary>No receivable of that invoice, or another seller's.</summary>
    public static readonly FaultCode NoReceivable = new(
        "COL-RECEIVABLE-01",
        FaultKind.NotFound,
        "Nothing was ever owed for this invoice, or there is no such invoice.",
        "Por esta factura nunca se debió nada, o no existe."
    );

    /// <summary>A status that there is not.</summary>
    public static readonly FaultCode UnknownStatus = new(
        "COL-LIST-01",
        FaultKind.Rule,
        "There is no status '{0}'. There are: open, overdue, settled.",
        "No existe el estado '{0}'. Existen: open, overdue, settled."
    );

    /// <summary>A bucket that there is not.</summary>
    public static readonly FaultCode UnknownBucket = new(
        "COL-LIST-02",
        FaultKind.Rule,
        "There is no bucket '{0}'. There are: current, 1-30, 31-60, 61-90, 90+.",
        "No existe el tramo '{0}'. Existen: current, 1-30, 31-60, 61-90, 90+."
    );

    /// <summary>A hold without a reason.</summary>
    public static readonly FaultCode HoldWithoutReason = new(
        "COL-HOLD-01",
        FaultKind.Rule,
        "A hold says why, in at most {0} characters.",
        "Una retención dice por qué, en {0} caracteres como máximo."
    );

    /// <summary>A hold on what is settled.</summary>
    public static readonly FaultCode HoldOnSettled = new(
        "COL-HOLD-02",
        FaultKind.Conflict,
        "Nothing is owed for this invoice any more: there is nothing to hold.",
        "Por esta factura ya no se debe nada: no hay nada que retener."
    );
}
