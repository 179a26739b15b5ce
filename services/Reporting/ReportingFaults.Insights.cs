using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Refusals of the reports on products, customers and anomalies.</summary>
public static partial class ReportingFaults
{
    /// <summary>A period too long to be held against what came before it.</summary>
    public static readonly FaultCode TooLongToCompare = new(
        "REP-INSIGHT-01",
        FaultKind.Rule,
        "This report holds a period against what came before it: {0} days at most. Ask for a shorter one.",
        "Este informe compara un periodo con el anterior: {0} días como máximo. Pide uno más corto."
    );

    /// <summary>More rows than there are.</summary>
    public static readonly FaultCode BadLimit = new("REP-INSIGHT-02", FaultKind.Rule, "limit is 1 to {0}.", "limit va de 1 a {0}.");
}
