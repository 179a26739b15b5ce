using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What asking for a full invoice is refused with, in words for people: the first sentence is the page's heading.</summary>
public static class ClaimFaults
{
    /// <summary>Too many tickets that are none.</summary>
    public static readonly FaultCode TooManyTries = new(
        "POR-CLAIM-01",
        FaultKind.TooMany,
        "Too many tickets have not been found. Nothing has been asked for. Try again in an hour with the ticket at hand, or ask the shop.",
        "Demasiados tickets no se han encontrado. No se ha pedido nada. Inténtalo dentro de una hora con el ticket a mano o pídelo en la tienda."
    );
}
