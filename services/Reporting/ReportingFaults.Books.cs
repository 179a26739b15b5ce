using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting;

/// <summary>Refusals of the VAT book, of form 303 and of reports that are mailed.</summary>
public static partial class ReportingFaults
{
    /// <summary>A period that form 303 does not have.</summary>
    public static readonly FaultCode NoFormPeriod = new(
        "REP-BOOK-01",
        FaultKind.Rule,
        "Form 303 is of a quarter (1T to 4T) or a month (01 to 12) of a year, as in year=2026&period=4T.",
        "El modelo 303 es de un trimestre (1T a 4T) o de un mes (01 a 12) de un año, como en year=2026&period=4T."
    );

    /// <summary>An activity that the layout does not have.</summary>
    public static readonly FaultCode BadActivity = new(
        "REP-BOOK-02",
        FaultKind.Rule,
        "'{0}' is no activity of the layout: code, kind and group of the IAE, as in A036533.",
        "'{0}' no es una actividad del diseño: código, tipo y grupo o epígrafe del IAE, como en A036533."
    );

    /// <summary>A name that a schedule cannot have.</summary>
    public static readonly FaultCode BadScheduleId = new(
        "REP-SCHEDULE-01",
        FaultKind.Rule,
        "'{0}' is no name for a schedule: letters, digits, dot, dash and underscore, at most 64.",
        "'{0}' no sirve como nombre: letras, cifras, punto, guion y guion bajo, 64 como máximo."
    );

    /// <summary>A report that there is not.</summary>
    public static readonly FaultCode UnknownReport = new(
        "REP-SCHEDULE-02",
        FaultKind.Rule,
        "There is no report '{0}'. There are: {1}.",
        "No existe el informe '{0}'. Existen: {1}."
    );

    /// <summary>A report that refuses the question of its schedule.</summary>
    public static readonly FaultCode ReportRefuses = new(
        "REP-SCHEDULE-03",
        FaultKind.Rule,
        "The report would not be made: {0}",
        "El informe no se podría hacer: {0}"
    );

    /// <summary>Nobody, or too many, to mail to.</summary>
    public static readonly FaultCode BadRecipients = new(
        "REP-SCHEDULE-04",
        FaultKind.Rule,
        "A schedule mails to one to {0} recipients.",
        "Un envío programado tiene de uno a {0} destinatarios."
    );

    /// <summary>No address.</summary>
    public static readonly FaultCode NoMailbox = new(
        "REP-SCHEDULE-05",
        FaultKind.Rule,
        "'{0}' is no e-mail address.",
        "'{0}' no es una dirección de correo."
    );

    /// <summary>An hour that there is not.</summary>
    public static readonly FaultCode BadHour = new(
        "REP-SCHEDULE-06",
        FaultKind.Rule,
        "{0} is no hour of a day: 0 to 23.",
        "{0} no es una hora del día: de 0 a 23."
    );

    /// <summary>A language that reports are not in.</summary>
    public static readonly FaultCode BadLanguage = new(
        "REP-SCHEDULE-07",
        FaultKind.Rule,
        "Reports are in es or en, not in '{0}'.",
        "Los informes están en es o en, no en '{0}'."
    );

    /// <summary>A parameter that the schedule itself decides.</summary>
    public static readonly FaultCode NotAParameter = new(
        "REP-SCHEDULE-08",
        FaultKind.Rule,
        "The schedule decides {0}: leave it out of the parameters.",
        "El envío programado decide {0}: omítelo en los parámetros."
    );

    /// <summary>A cadence that form 303 does not have.</summary>
    public static readonly FaultCode FormCadence = new(
        "REP-SCHEDULE-09",
        FaultKind.Rule,
        "Form 303 is monthly or quarterly.",
        "El modelo 303 es mensual o trimestral."
    );

    /// <summary>More schedules than a seller may have.</summary>
    public static readonly FaultCode TooManySchedules = new(
        "REP-SCHEDULE-10",
        FaultKind.Conflict,
        "A seller has {0} schedules at most: remove one first.",
        "Un vendedor tiene {0} envíos programados como máximo: elimina uno antes."
    );

    /// <summary>No such schedule.</summary>
    public static readonly FaultCode NoSchedule = new(
        "REP-SCHEDULE-11",
        FaultKind.NotFound,
        "There is no schedule '{0}'.",
        "No existe el envío programado '{0}'."
    );

    /// <summary>Nothing to mail by.</summary>
    public static readonly FaultCode NoMailServer = new(
        "REP-SCHEDULE-12",
        FaultKind.Unavailable,
        "This installation has no mail server for reports: set Smtp:Url of the service.",
        "Esta instalación no tiene servidor de correo para informes: configura Smtp:Url del servicio."
    );
}
