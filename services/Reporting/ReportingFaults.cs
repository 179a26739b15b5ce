using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Refusals that Reporting knows.</summary>
public static class ReportingFaults
{
    /// <summary>A report without a period.</summary>
    public static readonly FaultCode NoPeriod = new(
        "REP-SALES-01",
        FaultKind.Rule,
        "A report wants a period: {0} is missing. Both days are included, as in from=2026-11-01&to=2026-11-30.",
        "Un informe necesita un periodo: falta {0}. Ambos días se incluyen, como en from=2026-11-01&to=2026-11-30."
    );

    /// <summary>A period that ends before it starts.</summary>
    public static readonly FaultCode EndsBeforeItStarts = new(
        "REP-SALES-02",
        FaultKind.Rule,
        "The period ends ({1}) before it starts ({0}).",
        "El periodo termina ({1}) antes de empezar ({0})."
    );

    /// <summary>A period over ten years.</summary>
    public static readonly FaultCode TooLong = new(
        "REP-SALES-03",
        FaultKind.Rule,
        "The period is over {0} years: ask for a shorter one.",
        "El periodo supera los {0} años: pide uno más corto."
    );

    /// <summary>A grouping that there is not.</summary>
    public static readonly FaultCode UnknownGrouping = new(
        "REP-SALES-04",
        FaultKind.Rule,
        "There is no grouping '{0}'. There are: {1}.",
        "No existe la agrupación '{0}'. Existen: {1}."
    );

    /// <summary>A format that there is not.</summary>
    public static readonly FaultCode UnknownFormat = new(
        "REP-SALES-05",
        FaultKind.Rule,
        "This report has no format '{0}'. It has: {1}.",
        "Este informe no tiene el formato '{0}'. Tiene: {1}."
    );

    /// <summary>A report of an earlier state.</summary>
    public static readonly FaultCode OnlyNow = new(
        "REP-SALES-06",
        FaultKind.Rule,
        "This report speaks of now; leave asOf out.",
        "Este informe habla de ahora; omite asOf."
    );
}
