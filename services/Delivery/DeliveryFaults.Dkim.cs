using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

public static partial class DeliveryFaults
{
    /// <summary>A domain that cannot be one.</summary>
    public static readonly FaultCode BadDomain = new(
        "DEL-DKIM-01",
        FaultKind.Rule,
        "'{0}' is no name of a domain.",
        "«{0}» no es un nombre de dominio."
    );

    /// <summary>A selector that cannot be one.</summary>
    public static readonly FaultCode BadSelector = new(
        "DEL-DKIM-02",
        FaultKind.Rule,
        "'{0}' is no selector: letters, digits, hyphens and dots, at most 63.",
        "«{0}» no es un selector: letras, cifras, guiones y puntos, 63 como máximo."
    );

    /// <summary>An installation without a secret to seal keys with.</summary>
    public static readonly FaultCode NoDkimSeal = new(
        "DEL-DKIM-03",
        FaultKind.Unavailable,
        "This installation was handed no key to keep keys with (Keys:DkimKey).",
        "Esta instalación no tiene clave con que guardar claves (Keys:DkimKey)."
    );

    /// <summary>A private key that mails cannot be signed with.</summary>
    public static readonly FaultCode BadDkimKey = new(
        "DEL-DKIM-04",
        FaultKind.Rule,
        "This is no private RSA key of 2048 to 4096 bits in PEM without a password.",
        "Esto no es una clave privada RSA de 2048 a 4096 bits en PEM sin contraseña."
    );

    /// <summary>A key that mails are being signed with under that name.</summary>
    public static readonly FaultCode DkimKeyInUse = new(
        "DEL-DKIM-05",
        FaultKind.Conflict,
        "Mails are being signed with another key under the selector {0}: put the new one under another selector.",
        "Los correos se firman con otra clave bajo el selector {0}: pon la nueva bajo otro selector."
    );

    /// <summary>More keys than a seller has domains.</summary>
    public static readonly FaultCode TooManyDkimKeys = new(
        "DEL-DKIM-06",
        FaultKind.Rule,
        "A seller keeps at most {0} keys: remove those of a domain that is no longer used.",
        "Un vendedor guarda {0} claves como máximo: borra las de un dominio que ya no se use."
    );

    /// <summary>No key for that domain.</summary>
    public static readonly FaultCode NoDkimKey = new(
        "DEL-DKIM-07",
        FaultKind.NotFound,
        "There is no key for mails from {0}.",
        "No hay ninguna clave para correos de {0}."
    );
}
