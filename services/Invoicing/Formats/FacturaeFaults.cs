using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>What Facturae cannot hold, and what is wrong with a Facturae that came from outside.</summary>
public static class FacturaeFaults
{
    private static FaultCode Rule(string number, string english, string spanish) =>
        new($"INV-FACTURAE-{number}", FaultKind.Rule, english, spanish);

    public static readonly FaultCode NoBuyer = Rule(
        "01",
        "Facturae names the buyer with its tax identifier; this invoice has no buyer. Ask for ubl or json.",
        "Facturae identifica al destinatario con su NIF; esta factura no lo lleva. Pide ubl o json."
    );
    public static readonly FaultCode NoAddress = Rule(
        "02",
        "Facturae wants the address of {0}: street, town and postal code (five digits in Spain).",
        "Facturae exige el domicilio de {0}: calle, población y código postal (cinco dígitos en España)."
    );
    public static readonly FaultCode NoSurname = Rule(
        "03",
        "Facturae wants a person's name and surname; {0} is but one word.",
        "Facturae exige nombre y apellido de una persona física; {0} es una sola palabra."
    );
    public static readonly FaultCode TooLong = Rule(
        "04",
        "{0} is longer than the {1} characters that Facturae has room for.",
        "{0} supera los {1} caracteres que admite Facturae."
    );
    public static readonly FaultCode NoOriginal = Rule(
        "05",
        "A corrective Facturae names the number and date of the invoice that it corrects; this one corrects none that is known.",
        "Una Facturae rectificativa cita número y fecha de la factura que rectifica; esta no cita ninguna."
    );
    public static readonly FaultCode NoRate = Rule(
        "06",
        "An invoice in {0} needs its exchange rate to the euro in Facturae.",
        "Una factura en {0} necesita su tipo de cambio al euro en Facturae."
    );
    public static readonly FaultCode NotListed = Rule(
        "07",
        "{0} is not on the lists of Facturae 3.2.2.",
        "{0} no figura en las listas de Facturae 3.2.2."
    );
    public static readonly FaultCode NotFacturae = new(
        "INV-FACTURAE-08",
        FaultKind.Malformed,
        "The document is no Facturae 3.2.1 or 3.2.2: its root is {0}.",
        "El documento no es Facturae 3.2.1 ni 3.2.2: su raíz es {0}."
    );
    public static readonly FaultCode Batch = Rule(
        "09",
        "The file holds {0} invoices; one is read at a time.",
        "El fichero contiene {0} facturas; se lee de una en una."
    );
}
