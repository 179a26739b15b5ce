using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Why a signature does not hold.</summary>
public static class SignatureFaults
{
    private static FaultCode Rule(string number, string english, string spanish) =>
        new($"INV-SIGN-{number}", FaultKind.Rule, english, spanish);

    public static readonly FaultCode NotSigned = Rule("01", "The document is not signed.", "El documento no está firmado.");
    public static readonly FaultCode Misplaced = Rule(
        "02",
        "The document has more than one signature, or one that does not stand directly in its root.",
        "El documento lleva más de una firma, o una que no está directamente en su raíz."
    );
    public static readonly FaultCode Incomplete = Rule(
        "03",
        "The signature lacks {0}, or has it more than once.",
        "A la firma le falta {0}, o lo lleva repetido."
    );
    public static readonly FaultCode Algorithm = Rule(
        "04",
        "The algorithm {0} is too weak or not known.",
        "El algoritmo {0} es débil o desconocido."
    );
    public static readonly FaultCode Reference = Rule(
        "05",
        "The signature refers to {0}, which is not the document, its own properties or its own certificate.",
        "La firma remite a {0}, que no es el documento, ni sus propiedades, ni su certificado."
    );
    public static readonly FaultCode NotCovered = Rule("06", "The signature does not cover {0}.", "La firma no cubre {0}.");
    public static readonly FaultCode Altered = Rule(
        "07",
        "What was signed was altered afterwards: {0}.",
        "Lo firmado se alteró después: {0}."
    );
    public static readonly FaultCode WrongValue = Rule(
        "08",
        "The signature was not made with the key of its certificate.",
        "La firma no se hizo con la clave de su certificado."
    );
    public static readonly FaultCode Certificate = Rule(
        "09",
        "The signature's certificate is missing, cannot be read, or is not the one that it names.",
        "El certificado de la firma falta, no se puede leer o no es el que ella cita."
    );
    public static readonly FaultCode WeakKey = Rule(
        "10",
        "The certificate's key is too weak: RSA of 2048 bits or an elliptic curve of 256 is the least.",
        "La clave del certificado es débil: como mínimo RSA de 2048 bits o curva elíptica de 256."
    );
    public static readonly FaultCode Policy = Rule(
        "11",
        "The signature policy {0} is not known, or the digest of its document is another.",
        "La política de firma {0} es desconocida o la huella de su documento es otra."
    );
    public static readonly FaultCode Role = Rule(
        "12",
        "The signer's role {0} is none that the policy allows.",
        "El papel {0} del firmante no es de los que admite la política."
    );
    public static readonly FaultCode OutOfTime = Rule(
        "13",
        "The certificate was not valid when it signed ({0}): it is from {1} to {2}.",
        "El certificado no era válido al firmar ({0}): vale de {1} a {2}."
    );
    public static readonly FaultCode NotTrusted = Rule(
        "14",
        "The certificate does not come from an issuer that is trusted here.",
        "El certificado no procede de un emisor de confianza."
    );
}
