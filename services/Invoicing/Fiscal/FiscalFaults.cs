using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Why a fiscal regime refuses, each with its stable code.</summary>
public static partial class FiscalFaults
{
    public static readonly FaultCode ClockBehind = Unavailable(
        "INV-FISCAL-01",
        "The clock is more than a minute behind the last record of the chain ({0}): set it right, then post again.",
        "El reloj va más de un minuto por detrás del último registro de la cadena ({0}): póngalo en hora y vuelva a enviarlo."
    );
    public static readonly FaultCode BrokenLink = Unavailable(
        "INV-FISCAL-02",
        "The last record of the chain ({0}) is not sound: its fingerprint does not fit. Nothing is issued until an operator has looked.",
        "El último registro de la cadena ({0}) no es íntegro: su huella no corresponde. No se expide nada hasta que lo revise un operador."
    );
    public static readonly FaultCode OnHold = Unavailable(
        "INV-FISCAL-03",
        "The chain takes no records: {0} Nothing was numbered; post again once an operator has lifted the hold.",
        "La cadena no admite registros: {0} No se ha numerado nada; vuelva a enviarlo cuando un operador la libere."
    );
    public static readonly FaultCode NotRecorded = Rule(
        "INV-FISCAL-04",
        "The invoice {0} is under no regime that keeps records.",
        "La factura {0} no está en un régimen que lleve registros."
    );
    public static readonly FaultCode StillPending = Conflict(
        "INV-FISCAL-05",
        "The record of {0} has not been answered yet; there is nothing to amend.",
        "El registro de {0} aún no tiene respuesta; no hay nada que subsanar."
    );

    public static readonly FaultCode AgencySilent = Unavailable(
        "INV-FISCAL-19",
        "The tax agency does not answer: {0}",
        "La AEAT no responde: {0}"
    );
    public static readonly FaultCode RegimeNeeded = Rule(
        "INV-FISCAL-18",
        "Since {0} a seller in production keeps records: regime verifactu.",
        "Desde el {0} un vendedor en producción lleva registros de facturación: régimen verifactu."
    );

    // A stored chain, against its own columns and its head
    public static readonly FaultCode ColumnDiffers = Rule(
        "INV-FISCAL-06",
        "The column {0} says {1}, and the record itself {2}. One of the two was changed in the database.",
        "La columna {0} dice {1}, y el propio registro {2}. Uno de los dos se cambió en la base de datos."
    );
    public static readonly FaultCode HeadDiffers = Rule(
        "INV-FISCAL-07",
        "The head of the chain says {1} ({0}), and its records come to {2}. Head or records were changed in the database.",
        "La cabecera de la cadena dice {1} ({0}), y sus registros llegan a {2}. Se cambió una u otros en la base de datos."
    );
    public static readonly FaultCode RecordsNotThere = Rule(
        "INV-FISCAL-08",
        "The records at the places {0} to {1} are not there. They were removed from the database.",
        "Faltan los registros de las posiciones {0} a {1}. Se eliminaron de la base de datos."
    );
    public static readonly FaultCode DocumentMissing = Rule(
        "INV-FISCAL-09",
        "The record itself is not there, only its columns. It was removed from the database.",
        "Falta el propio registro, solo quedan sus columnas. Se eliminó de la base de datos."
    );
    public static readonly FaultCode NothingRecorded = NotThere(
        "INV-FISCAL-10",
        "Nothing was recorded in that time.",
        "No se registró nada en ese periodo."
    );

    // Holds
    public static readonly FaultCode NoHold = NotThere("INV-FISCAL-11", "There is no such hold.", "No existe esa retención.");
    public static readonly FaultCode HoldLifted = Conflict(
        "INV-FISCAL-12",
        "The hold was lifted already ({0}).",
        "La retención ya se levantó ({0})."
    );
    public static readonly FaultCode LiftHow = Rule(
        "INV-FISCAL-13",
        "A hold is lifted by adopt (the agency's last record becomes the head) or go-on (the chain goes on as it stands here).",
        "Una retención se levanta con adopt (el último registro de la AEAT pasa a ser la cabecera) o go-on (la cadena sigue como está aquí)."
    );
    public static readonly FaultCode LiftReason = Rule(
        "INV-FISCAL-14",
        "Why the hold is lifted is written down for ever: 1 to 500 characters.",
        "El motivo por el que se levanta queda escrito para siempre: de 1 a 500 caracteres."
    );
    public static readonly FaultCode NothingToAdopt = Conflict(
        "INV-FISCAL-15",
        "The agency has nothing that this chain lacks (its last record: {0}); lift the hold by go-on.",
        "La AEAT no tiene nada que falte en esta cadena (su último registro: {0}); levante la retención con go-on."
    );
    public static readonly FaultCode AgencyAway = Unavailable(
        "INV-FISCAL-16",
        "What the tax agency has last is not known: {0} Try again, or lift the hold by go-on.",
        "No se sabe qué tiene la AEAT: {0} Inténtelo de nuevo, o levante la retención con go-on."
    );
    public static readonly FaultCode BadNumbers = Rule(
        "INV-FISCAL-17",
        "{0} is no series of this taxpayer, or its number is not 0 to 999999999999; a series is like F-S01-2026.",
        "{0} no es una serie de este contribuyente, o su número no está entre 0 y 999999999999; una serie es como F-S01-2026."
    );

    private static FaultCode NotThere(string code, string english, string spanish) => new(code, FaultKind.NotFound, english, spanish);

    private static FaultCode Rule(string code, string english, string spanish) => new(code, FaultKind.Rule, english, spanish);

    // Not the sale's fault: the same one will do when it is mended, so a till keeps it and the bus delivers it again.
    private static FaultCode Unavailable(string code, string english, string spanish) => new(code, FaultKind.Unavailable, english, spanish);

    private static FaultCode Conflict(string code, string english, string spanish) => new(code, FaultKind.Conflict, english, spanish);
}
