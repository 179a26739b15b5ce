using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What a customer who asks for itself is refused: stable codes and their words.</summary>
public static class CustomerFaults
{
    public static readonly FaultCode NoTicket = new(
        "INV-CUSTOMER-01",
        FaultKind.NotFound,
        "There is no ticket with that number, date and total at a shop with that tax identifier. Copy them as printed on the ticket.",
        "No hay ningún ticket con ese número, esa fecha y ese total en una tienda con ese NIF. Cópialos tal como están impresos en el ticket."
    );
    public static readonly FaultCode TooManyTries = new(
        "INV-CUSTOMER-02",
        FaultKind.TooMany,
        "Too many tickets have not been found. Try again in an hour, or ask the shop.",
        "Demasiados tickets no se han encontrado. Inténtalo de nuevo dentro de una hora o pídelo en la tienda."
    );
    public static readonly FaultCode SeveralSellers = new(
        "INV-CUSTOMER-03",
        FaultKind.Rule,
        "The tickets are of several shops. Ask for one invoice for each shop.",
        "Los tickets son de varias tiendas. Pide una factura para cada tienda."
    );
    public static readonly FaultCode OtherPerson = new(
        "INV-CUSTOMER-04",
        FaultKind.Rule,
        "The tax identifier of {0} is another one. An invoice moves to another taxpayer only if the shop finds that it was made out to the wrong one: ask the shop.",
        "El NIF de {0} es otro. Una factura solo pasa a otro contribuyente si la tienda comprueba que se hizo a quien no era: pídeselo a la tienda."
    );
    public static readonly FaultCode NothingToCorrect = new(
        "INV-CUSTOMER-05",
        FaultKind.Rule,
        "{0} already says that.",
        "{0} ya dice eso."
    );
    public static readonly FaultCode CorrectedBefore = new(
        "INV-CUSTOMER-06",
        FaultKind.Rule,
        "{0} has been corrected before, so the shop has to draw up the correction: ask the shop.",
        "{0} ya se ha rectificado antes, así que la rectificativa tiene que hacerla la tienda: pídesela."
    );
    public static readonly FaultCode IsATicket = new(
        "INV-CUSTOMER-07",
        FaultKind.Rule,
        "{0} is a ticket and names nobody: ask for a full invoice in its place.",
        "{0} es un ticket y no nombra a nadie: pide una factura completa en su lugar."
    );
    public static readonly FaultCode WouldDiffer = new(
        "INV-CUSTOMER-08",
        FaultKind.Rule,
        "The amounts of {0} cannot be stated anew to the cent here: ask the shop for the correction.",
        "Los importes de {0} no se pueden volver a escribir aquí al céntimo: pide la rectificativa a la tienda."
    );
}
