using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What Delivery refuses, by stable code.</summary>
public static partial class DeliveryFaults
{
    /// <summary>No such invoice, or another seller's.</summary>
    public static readonly FaultCode NoInvoice = new(
        "DEL-DOC-01",
        FaultKind.NotFound,
        "There is no invoice {0} that this key may see.",
        "No hay ninguna factura {0} que esta clave pueda ver."
    );

    /// <summary>No such transmission, or another seller's.</summary>
    public static readonly FaultCode NoTransmission = new(
        "DEL-SEND-01",
        FaultKind.NotFound,
        "There is no transmission {0} that this key may see.",
        "No hay ningún envío {0} que esta clave pueda ver."
    );

    /// <summary>An address that no mail can reach.</summary>
    public static readonly FaultCode BadAddress = new(
        "DEL-SEND-02",
        FaultKind.Rule,
        "'{0}' is no e-mail address.",
        "«{0}» no es una dirección de correo."
    );

    /// <summary>An rpc that lacks what it needs.</summary>
    public static readonly FaultCode BadMessage = new(
        "DEL-SEND-03",
        FaultKind.Malformed,
        "{0} cannot be read: {1}",
        "{0} no se puede leer: {1}"
    );

    /// <summary>A message of a kind that is not sent twice.</summary>
    public static readonly FaultCode NotAgain = new(
        "DEL-SEND-04",
        FaultKind.Rule,
        "Only invoices can be sent again; a {0} cannot.",
        "Solo se pueden reenviar facturas; un envío de tipo {0}, no."
    );

    /// <summary>A sign-in link that ran out before the mail server could be reached.</summary>
    public static readonly FaultCode Expired = new(
        "DEL-SEND-05",
        FaultKind.Rule,
        "The sign-in link ran out before it could be sent.",
        "El enlace para entrar caducó antes de poder enviarse."
    );

    /// <summary>A reminder that could not be handed over while its customer may be written to.</summary>
    public static readonly FaultCode TooLate = new(
        "DEL-SEND-08",
        FaultKind.Rule,
        "It could not be handed over by {0} and does not go any more.",
        "No se pudo entregar antes de {0} y ya no se envía."
    );

    /// <summary>A mail server that breaks the line after each hand-over: whether anything arrived is not known.</summary>
    public static readonly FaultCode TakenAndDropped = new(
        "DEL-SEND-06",
        FaultKind.Rule,
        "The other side broke the line {0} times after the message had gone out; it is not sent again.",
        "El otro lado cortó la línea {0} veces después de salir el mensaje; no se envía más."
    );

    /// <summary>An address that was reported as gone, full for good, or as not wanting our mails.</summary>
    public static readonly FaultCode Unreachable = new(
        "DEL-SEND-07",
        FaultKind.Rule,
        "Nothing more is sent to this address: {0}",
        "A esta dirección no se envía nada más: {0}"
    );
}
