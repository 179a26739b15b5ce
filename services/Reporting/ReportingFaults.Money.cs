using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Refusals of the reports of money, and of who reads the views.</summary>
public static partial class ReportingFaults
{
    /// <summary>An ageing of a day to come.</summary>
    public static readonly FaultCode DayToCome = new(
        "REP-AGEING-01",
        FaultKind.Rule,
        "{0} has not come yet: what will be owed then nobody knows. Ask for today ({1}) or a day before.",
        "{0} aún no ha llegado: nadie sabe qué se deberá entonces. Pide hoy ({1}) o un día anterior."
    );

    /// <summary>A bucket that there is not.</summary>
    public static readonly FaultCode UnknownBucket = new(
        "REP-AGEING-02",
        FaultKind.Rule,
        "There is no bucket '{0}'. There are: {1}.",
        "No existe el tramo '{0}'. Existen: {1}."
    );

    /// <summary>A window of days that nothing sensible comes of.</summary>
    public static readonly FaultCode BadWindow = new(
        "REP-DSO-01",
        FaultKind.Rule,
        "Days of sales outstanding are counted over {0} to {1} days of sales; {2} is not between them.",
        "Los días de ventas pendientes se calculan sobre {0} a {1} días de ventas; {2} no está entre ellos."
    );

    /// <summary>No login to take away.</summary>
    public static readonly FaultCode NoBiLogin = new(
        "REP-BI-01",
        FaultKind.NotFound,
        "Seller {0} has no login to the views.",
        "El vendedor {0} no tiene acceso a las vistas."
    );

    /// <summary>The database has no logins for sellers' tools.</summary>
    public static readonly FaultCode NoBi = new(
        "REP-BI-02",
        FaultKind.Unavailable,
        "This database is not set up for sellers' own tools: its administrator runs AppHost/postgres/reporting-bi.psql in it once.",
        "Esta base de datos no está preparada para herramientas propias: su administrador ejecuta en ella AppHost/postgres/reporting-bi.psql una vez."
    );
}
