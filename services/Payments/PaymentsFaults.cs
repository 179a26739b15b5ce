using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>Refusals of Payments.</summary>
public static partial class PaymentsFaults
{
    /// <summary>No such invoice, or one of another seller, or one just issued that has not arrived here yet.</summary>
    public static readonly FaultCode NoInvoice = new(
        "PAY-INVOICE-01",
        FaultKind.NotFound,
        "There is no invoice {0} here. One that was issued a moment ago arrives within a second: try again.",
        "Aquí no hay ninguna factura {0}. Si se acaba de emitir, llega en un segundo: inténtalo de nuevo."
    );

    /// <summary>Zero, negative, too large or with too many decimals.</summary>
    public static readonly FaultCode BadAmount = new(
        "PAY-AMOUNT-01",
        FaultKind.Rule,
        "The amount must be more than zero, below a billion and with at most {0} decimals.",
        "El importe debe ser mayor que cero, menor de mil millones y con un máximo de {0} decimales."
    );

    /// <summary>A reference that is missing, too long or not printable.</summary>
    public static readonly FaultCode BadReference = new(
        "PAY-REFERENCE-01",
        FaultKind.Rule,
        "The reference must have 1 to 200 printable characters.",
        "La referencia debe tener de 1 a 200 caracteres imprimibles."
    );

    /// <summary>The reference was used for something else.</summary>
    public static readonly FaultCode OtherContent = new(
        "PAY-REFERENCE-02",
        FaultKind.Conflict,
        "The reference {0} was used before with other content.",
        "La referencia {0} ya se usó con otro contenido."
    );

    /// <summary>Customer's credit is allocated, not recorded as a payment.</summary>
    public static readonly FaultCode CreditIsAllocated = new(
        "PAY-MEANS-01",
        FaultKind.Rule,
        "Credit is not money received: allocate it with POST /v1/unallocated/ID/allocations.",
        "Un saldo a favor no es un cobro: asígnalo con POST /v1/unallocated/ID/allocations."
    );

    /// <summary>No such payment.</summary>
    public static readonly FaultCode NoPayment = new(
        "PAY-PAYMENT-01",
        FaultKind.NotFound,
        "There is no payment {0}.",
        "No hay ningún cobro {0}."
    );

    /// <summary>More than was received.</summary>
    public static readonly FaultCode TooMuchRefund = new(
        "PAY-REFUND-01",
        FaultKind.Rule,
        "At most {0} of this payment can be given back.",
        "De este cobro se puede devolver como máximo {0}."
    );

    /// <summary>No such unallocated money.</summary>
    public static readonly FaultCode NoUnallocated = new(
        "PAY-UNALLOCATED-01",
        FaultKind.NotFound,
        "There is no unallocated money {0}.",
        "No hay ningún importe sin asignar {0}."
    );

    /// <summary>More than is left or open.</summary>
    public static readonly FaultCode TooMuchAllocation = new(
        "PAY-UNALLOCATED-02",
        FaultKind.Rule,
        "At most {0} can be allocated: {1} are left unallocated and {2} are open on the invoice.",
        "Se pueden asignar como máximo {0}: quedan {1} sin asignar y {2} pendientes en la factura."
    );

    /// <summary>Two currencies.</summary>
    public static readonly FaultCode OtherCurrency = new(
        "PAY-UNALLOCATED-03",
        FaultKind.Rule,
        "The money is in {0} and the invoice in {1}.",
        "El importe está en {0} y la factura en {1}."
    );

    /// <summary>A forged link.</summary>
    public static readonly FaultCode ForgedLink = new(
        "PAY-LINK-01",
        FaultKind.NotFound,
        "This payment link is not one of ours.",
        "Este enlace de pago no es nuestro."
    );

    /// <summary>A link past its end.</summary>
    public static readonly FaultCode EndedLink = new(
        "PAY-LINK-02",
        FaultKind.Rule,
        "This payment link has ended. Ask the shop for a new one.",
        "Este enlace de pago ha caducado. Pide uno nuevo a la tienda."
    );

    /// <summary>The seller or invoice has not arrived here yet.</summary>
    public static readonly FaultCode NotYet = new(
        "PAY-LINK-03",
        FaultKind.Unavailable,
        "This is not here yet; the same request will do in a moment.",
        "Esto aún no ha llegado; la misma petición servirá en un momento."
    );

    /// <summary>An rpc's identifier or amount that cannot be read.</summary>
    public static readonly FaultCode Unreadable = new("PAY-RPC-01", FaultKind.Malformed, "{0} cannot be read.", "{0} no se puede leer.");

    /// <summary>An rpc on behalf of somebody whose it is not.</summary>
    public static readonly FaultCode NotYours = new(
        "PAY-RPC-02",
        FaultKind.Forbidden,
        "Not on behalf of this seller or customer.",
        "No en nombre de este vendedor o cliente."
    );

    /// <summary>The sandbox outside development.</summary>
    public static readonly FaultCode NoSandbox = new(
        "PAY-SANDBOX-01",
        FaultKind.Forbidden,
        "The sandbox takes no payments here: it is there in development only, for sellers without an account with a provider in use.",
        "La zona de pruebas no cobra aquí: solo funciona en desarrollo y para vendedores sin ninguna cuenta de proveedor en uso."
    );

    /// <summary>A payment means that the sandbox does not play.</summary>
    public static readonly FaultCode SandboxMeans = new(
        "PAY-SANDBOX-02",
        FaultKind.Malformed,
        "The sandbox takes card, bizum or wallet.",
        "La zona de pruebas admite card, bizum o wallet."
    );
}
