using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>Refusals about payment links.</summary>
public static partial class PaymentsFaults
{
    /// <summary>A link that the seller has revoked.</summary>
    public static readonly FaultCode RevokedLink = new(
        "PAY-LINK-04",
        FaultKind.Rule,
        "This payment link was revoked by the shop. Ask the shop for a new one.",
        "La tienda ha anulado este enlace de pago. Pide uno nuevo a la tienda."
    );

    /// <summary>No customer of that name has an invoice of this seller.</summary>
    public static readonly FaultCode NoCustomer = new(
        "PAY-LINK-05",
        FaultKind.NotFound,
        "No customer {0} has an invoice here. One whose first invoice was issued a moment ago arrives within a second: try again.",
        "Ningún cliente {0} tiene facturas aquí. Si se le acaba de emitir la primera, llega en un segundo: inténtalo de nuevo."
    );
}
