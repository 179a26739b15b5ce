using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

public static partial class DeliveryFaults
{
    /// <summary>Bytes that are no mail.</summary>
    public static readonly FaultCode NoMail = new(
        "DEL-REPORT-01",
        FaultKind.Malformed,
        "The body is no mail: {0}",
        "El cuerpo no es un correo: {0}"
    );

    /// <summary>An address that nothing stands against.</summary>
    public static readonly FaultCode NotUnreachable = new(
        "DEL-REPORT-02",
        FaultKind.NotFound,
        "Nothing stands against that address.",
        "No hay nada en contra de esa dirección."
    );
}
