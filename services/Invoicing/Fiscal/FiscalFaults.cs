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
        "The chain takes no records: {0}",
        "La cadena no admite registros: {0}"
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

    private static FaultCode Rule(string code, string english, string spanish) => new(code, FaultKind.Rule, english, spanish);

    // Not the sale's fault: the same one will do when it is mended, so a till keeps it and the bus delivers it again.
    private static FaultCode Unavailable(string code, string english, string spanish) => new(code, FaultKind.Unavailable, english, spanish);

    private static FaultCode Conflict(string code, string english, string spanish) => new(code, FaultKind.Conflict, english, spanish);
}
