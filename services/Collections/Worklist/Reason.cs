using System.Globalization;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>Something that speaks for or against turning to a customer, with its stable code and its words in both languages.</summary>
public sealed record ReasonCode
{
    private ReasonCode(string code, string english, string spanish) => (Code, English, Spanish) = (code, english, spanish);

    /// <summary>Its stable code.</summary>
    public string Code { get; }

    /// <summary>In English; {0} … are filled in.</summary>
    public string English { get; }

    /// <summary>In Spanish.</summary>
    public string Spanish { get; }

    /// <summary>How long the oldest has been due.</summary>
    public static readonly ReasonCode Overdue = new("overdue", "Days overdue: {0}.", "Días de retraso: {0}.");

    /// <summary>A step of the policy says that somebody is to see to it.</summary>
    public static readonly ReasonCode Escalated = new(
        "escalated",
        "Reminders are through: a step of your policy asks your staff to see to it.",
        "Los recordatorios se agotaron: un paso de su política pide que intervenga su personal."
    );

    /// <summary>It pays late by habit.</summary>
    public static readonly ReasonCode UsuallyLate = new(
        "usually-late",
        "Usually pays about {0} days after the due date ({1} invoices).",
        "Suele pagar unos {0} días después del vencimiento ({1} facturas)."
    );

    /// <summary>It pays on time by habit, and has not.</summary>
    public static readonly ReasonCode UsuallyOnTime = new(
        "usually-on-time",
        "Usually pays on time ({0} invoices): something is different this time.",
        "Suele pagar a tiempo ({0} facturas): esta vez pasa algo distinto."
    );

    /// <summary>It has waited longer than it usually does.</summary>
    public static readonly ReasonCode LaterThanUsual = new(
        "later-than-usual",
        "{0} days later than is usual for this customer.",
        "{0} días más tarde de lo habitual en este cliente."
    );

    /// <summary>It pays at a time of the month.</summary>
    public static readonly ReasonCode PaysOnDays = new(
        "pays-on-days",
        "Mostly pays between day {0} and day {1} of the month.",
        "Suele pagar entre los días {0} y {1} del mes."
    );

    /// <summary>It will probably pay without being asked.</summary>
    public static readonly ReasonCode LikelyAnyway = new(
        "likely-anyway",
        "Will pay within 60 days by itself with a chance of {0}%.",
        "Pagará por sí mismo en 60 días con una probabilidad del {0}%."
    );

    /// <summary>It will hardly pay without being asked.</summary>
    public static readonly ReasonCode UnlikelyAnyway = new(
        "unlikely-anyway",
        "Will pay within 60 days by itself with a chance of {0}% only.",
        "Solo hay un {0}% de probabilidad de que pague por sí mismo en 60 días."
    );

    /// <summary>Acts have moved it before.</summary>
    public static readonly ReasonCode ActsWork = new(
        "acts-work",
        "Paid within 14 days after {0} of {1} earlier contacts.",
        "Pagó en 14 días tras {0} de {1} contactos anteriores."
    );

    /// <summary>Acts have not moved it.</summary>
    public static readonly ReasonCode ActsFail = new(
        "acts-fail",
        "{1} earlier contacts, payment within 14 days after {0} of them.",
        "{1} contactos anteriores, pago en 14 días tras {0} de ellos."
    );

    /// <summary>It has broken promises.</summary>
    public static readonly ReasonCode BrokenPromises = new(
        "broken-promises",
        "Kept {0} of {1} promises to pay.",
        "Cumplió {0} de {1} promesas de pago."
    );

    /// <summary>It has kept promises.</summary>
    public static readonly ReasonCode KeptPromises = new(
        "kept-promises",
        "Kept {0} of {1} promises to pay.",
        "Cumplió {0} de {1} promesas de pago."
    );

    /// <summary>Somebody turned to it lately.</summary>
    public static readonly ReasonCode LatelyContacted = new(
        "lately-contacted",
        "Contacts within 30 days: {0}; days since the last: {1}.",
        "Contactos en 30 días: {0}; días desde el último: {1}."
    );

    /// <summary>Nothing is known of it.</summary>
    public static readonly ReasonCode LittleKnown = new(
        "little-known",
        "Hardly any history: judged like your other customers.",
        "Apenas hay historial: se valora como sus demás clientes."
    );

    /// <summary>Part of it is disputed.</summary>
    public static readonly ReasonCode PartlyDisputed = new(
        "partly-disputed",
        "Part of it is disputed and not asked for.",
        "Una parte está en disputa y no se reclama."
    );

    /// <summary>No number is known.</summary>
    public static readonly ReasonCode NoPhone = new("no-phone", "No telephone number is known here.", "Aquí no consta ningún teléfono.");

    /// <summary>It promised to pay.</summary>
    public static readonly ReasonCode Promised = new(
        "promised",
        "Promised to pay by {0}: wait for that day.",
        "Prometió pagar el {0}: espere a ese día."
    );

    /// <summary>Money is on its way.</summary>
    public static readonly ReasonCode InFlight = new("in-flight", "A payment is on its way.", "Hay un pago en camino.");

    /// <summary>All of it is disputed.</summary>
    public static readonly ReasonCode Disputed = new(
        "disputed",
        "Disputed: resolve the dispute first.",
        "En disputa: resuelva primero la disputa."
    );

    /// <summary>It is on hold.</summary>
    public static readonly ReasonCode Held = new("held", "On hold: {0}", "Retenido: {0}");

    /// <summary>Nothing has moved it for long.</summary>
    public static readonly ReasonCode NothingMoves = new(
        "nothing-moves",
        "Due for {0} days and {1} contacts have not moved it.",
        "Vencido desde hace {0} días y {1} contactos no han servido."
    );

    /// <summary>Asking costs more than it brings.</summary>
    public static readonly ReasonCode NotWorthIt = new(
        "not-worth-it",
        "Asking for it costs more than it is expected to bring.",
        "Reclamarlo cuesta más de lo que se espera cobrar."
    );

    /// <summary>All of them, so that the guide and tests leave none out.</summary>
    public static readonly IReadOnlyList<ReasonCode> All =
    [
        Overdue,
        Escalated,
        UsuallyLate,
        UsuallyOnTime,
        LaterThanUsual,
        PaysOnDays,
        LikelyAnyway,
        UnlikelyAnyway,
        ActsWork,
        ActsFail,
        BrokenPromises,
        KeptPromises,
        LatelyContacted,
        LittleKnown,
        PartlyDisputed,
        NoPhone,
        Promised,
        InFlight,
        Disputed,
        Held,
        NothingMoves,
        NotWorthIt,
    ];

    /// <summary>The reason with what its words leave open: whole numbers, dates as text, words.</summary>
    public Reason With(params object[] values) => new(this, values);
}

/// <summary>A reason as it holds for a customer.</summary>
public sealed record Reason(ReasonCode Code, IReadOnlyList<object> Values)
{
    /// <summary>In words; English unless Spanish is asked for.</summary>
    public string In(string? language) =>
        string.Format(
            CultureInfo.InvariantCulture,
            language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Code.Spanish : Code.English,
            [.. Values]
        );
}
