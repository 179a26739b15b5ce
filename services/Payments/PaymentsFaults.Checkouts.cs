using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused about checkouts.</summary>
public static partial class PaymentsFaults
{
    /// <summary>Nobody takes that means for this seller.</summary>
    public static readonly FaultCode NoProviderFor = new(
        "PAY-CHECKOUT-01",
        FaultKind.Rule,
        "Paying with {0} is not possible here. Choose another way to pay.",
        "Aquí no se puede pagar con {0}. Elige otra forma de pago."
    );

    /// <summary>No provider answers.</summary>
    public static readonly FaultCode ProvidersAway = new(
        "PAY-CHECKOUT-02",
        FaultKind.Unavailable,
        "The payment provider does not answer. Nothing was charged: try again in a moment, or pay by transfer.",
        "El proveedor de pagos no responde. No se ha cobrado nada: inténtalo de nuevo en un momento o paga por transferencia."
    );

    /// <summary>No such checkout.</summary>
    public static readonly FaultCode NoCheckout = new(
        "PAY-CHECKOUT-03",
        FaultKind.NotFound,
        "There is no checkout {0}.",
        "No hay ningún pago en curso {0}."
    );

    /// <summary>A way back that leads elsewhere.</summary>
    public static readonly FaultCode BadReturnPath = new(
        "PAY-CHECKOUT-04",
        FaultKind.Malformed,
        "The way back must be a path of the portal, such as /pay/TOKEN/back.",
        "La vuelta debe ser una ruta del portal, como /pay/TOKEN/back."
    );

    /// <summary>Invoices in two currencies.</summary>
    public static readonly FaultCode MixedCurrencies = new(
        "PAY-CHECKOUT-05",
        FaultKind.Rule,
        "The invoices are in different currencies: pay those of each currency apart.",
        "Las facturas están en monedas distintas: paga las de cada moneda por separado."
    );

    /// <summary>None, or too many at once.</summary>
    public static readonly FaultCode BadInvoiceCount = new(
        "PAY-CHECKOUT-06",
        FaultKind.Malformed,
        "From 1 to {0} invoices can be paid at once.",
        "Se pueden pagar de 1 a {0} facturas a la vez."
    );

    /// <summary>A debit of these invoices is under way, and cannot be taken back.</summary>
    public static readonly FaultCode SignedDebit = new(
        "PAY-CHECKOUT-07",
        FaultKind.Conflict,
        "A direct debit is under way for this. The bank says within days whether it is paid: paying again is not needed.",
        "Hay un adeudo domiciliado en curso para esto. El banco dirá en unos días si se ha pagado: no hace falta pagar otra vez."
    );

    /// <summary>Too many ways were begun for the same invoices.</summary>
    public static readonly FaultCode TooManyCheckouts = new(
        "PAY-CHECKOUT-08",
        FaultKind.TooMany,
        "Paying this was begun too many times. Finish one, or try again in a minute.",
        "Se ha empezado a pagar esto demasiadas veces. Termina uno de los pagos o inténtalo dentro de un minuto."
    );
}
