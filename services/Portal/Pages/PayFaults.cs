using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What paying refuses beside <see cref="PortalFaults"/>, in the same form: the first sentence is the page's heading.</summary>
public static class PayFaults
{
    /// <summary>A payment link that the seller has revoked.</summary>
    public static readonly FaultCode RevokedPayLink = new(
        "POR-PAY-06",
        FaultKind.NotFound,
        "The shop has revoked this payment link. Nothing has been charged. Sign in with your e-mail to pay from your invoices, or ask the shop for a new link.",
        "La tienda ha anulado este enlace de pago. No se ha cobrado nada. Entra con tu correo para pagar desde tus facturas o pide otro enlace a la tienda."
    );
}
