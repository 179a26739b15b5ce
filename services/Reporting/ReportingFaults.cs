using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Refusals that every report knows.</summary>
public static partial class ReportingFaults
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

    /// <summary>A report of a state to come.</summary>
    public static readonly FaultCode AsOfToCome = new(
        "REP-SALES-07",
        FaultKind.Rule,
        "{0} has not come yet: what will be known then nobody knows. Leave asOf out for what is known now.",
        "{0} aún no ha llegado: nadie sabe qué se sabrá entonces. Omite asOf para lo que se sabe ahora."
    );

    /// <summary>A report that would read too much.</summary>
    public static readonly FaultCode TooMuch = new(
        "REP-SALES-08",
        FaultKind.Rule,
        "This would read some {0} rows, and {1} are the most: ask for a shorter period, or group by {2}.",
        "Esto leería unas {0} filas y el máximo es {1}: pide un periodo más corto o agrupa por {2}."
    );

    /// <summary>A comparison that there is not.</summary>
    public static readonly FaultCode UnknownComparison = new(
        "REP-SALES-09",
        FaultKind.Rule,
        "There is no comparison '{0}'. There are: {1}.",
        "No existe la comparación '{0}'. Existen: {1}."
    );

    /// <summary>A drill-down without the group it goes into.</summary>
    public static readonly FaultCode NoKey = new(
        "REP-SALES-10",
        FaultKind.Rule,
        "Say which row: key is the row's key, as the report grouped by {0} writes it.",
        "Di qué fila: key es la clave de la fila, como la escribe el informe agrupado por {0}."
    );

    /// <summary>A key that no row of the grouping has.</summary>
    public static readonly FaultCode BadRowKey = new(
        "REP-SALES-11",
        FaultKind.Rule,
        "'{0}' is no key of the report grouped by {1}, whose keys are like {2}.",
        "'{0}' no es una clave del informe agrupado por {1}, cuyas claves son como {2}."
    );

    /// <summary>Changes since when.</summary>
    public static readonly FaultCode NoSince = new(
        "REP-SALES-12",
        FaultKind.Rule,
        "Say since when: since is the asOf of the earlier report, and lies before asOf.",
        "Di desde cuándo: since es el asOf del informe anterior y es anterior a asOf."
    );

    /// <summary>A rebuild while one is under way.</summary>
    public static readonly FaultCode RebuildUnderWay = new(
        "REP-REBUILD-01",
        FaultKind.Conflict,
        "The reports are being rebuilt already: ask GET /v1/reports/rebuild how far it is.",
        "Los informes ya se están reconstruyendo: consulta GET /v1/reports/rebuild."
    );
}
