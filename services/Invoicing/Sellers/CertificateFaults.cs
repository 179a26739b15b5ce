using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Why a certificate cannot be kept or signed with, and what is odd about one that can.</summary>
public static class CertificateFaults
{
    private static FaultCode Rule(string number, string english, string spanish) =>
        new($"INV-CERT-{number}", FaultKind.Rule, english, spanish);

    public static readonly FaultCode NoneToSign = Rule(
        "01",
        "The seller has no certificate to sign with: PUT one at /v1/sellers/{0}/certificate, or ask for format=facturae-unsigned.",
        "El vendedor no tiene certificado con que firmar: envíalo con PUT /v1/sellers/{0}/certificate o pide format=facturae-unsigned."
    );
    public static readonly FaultCode NotBase64 = Rule("02", "pkcs12 is not base64.", "pkcs12 no está en base64.");
    public static readonly FaultCode NotPkcs12 = Rule(
        "03",
        "This is no PKCS#12 file (.p12, .pfx) that can be opened here; if it is protected in an old way (RC2), export it anew with AES.",
        "No es un fichero PKCS#12 (.p12, .pfx) que se pueda abrir aquí; si está protegido a la antigua (RC2), expórtalo de nuevo con AES."
    );
    public static readonly FaultCode WrongPassword = Rule(
        "04",
        "The password does not open the PKCS#12 file.",
        "La contraseña no abre el fichero PKCS#12."
    );
    public static readonly FaultCode NoKey = Rule(
        "05",
        "The PKCS#12 file holds no certificate with its private key.",
        "El fichero PKCS#12 no contiene ningún certificado con su clave privada."
    );
    public static readonly FaultCode BadKey = Rule(
        "06",
        "A certificate signs with RSA of at least 2048 bits or with the curve P-256, and its private key is its own.",
        "Un certificado firma con RSA de al menos 2048 bits o con la curva P-256, y su clave privada es la suya."
    );
    public static readonly FaultCode OutOfTime = Rule(
        "07",
        "The certificate is valid from {0} to {1}, and not now.",
        "El certificado vale de {0} a {1}, no ahora."
    );
    public static readonly FaultCode TooLarge = Rule(
        "08",
        "A PKCS#12 file has at most {0} bytes.",
        "Un fichero PKCS#12 tiene como máximo {0} bytes."
    );

    /// <summary>A warning: a representative signs with a certificate of their own.</summary>
    public static readonly FaultCode OtherTaxId = Rule(
        "09",
        "Warning: the certificate's subject does not name the seller's tax identifier {0}. A representative's does not; check that it is one.",
        "Aviso: el titular del certificado no lleva el NIF {0} del vendedor. El de un representante no lo lleva; comprueba que lo sea."
    );

    /// <summary>A warning: some receivers refuse what it signs.</summary>
    public static readonly FaultCode NotForSigning = Rule(
        "10",
        "Warning: the certificate's key usage names no signature.",
        "Aviso: el uso de clave del certificado no incluye la firma."
    );

    /// <summary>A warning: invoices are issued on without it, but are not signed any more.</summary>
    public static readonly FaultCode EndsSoon = Rule("11", "Warning: the certificate ends on {0}.", "Aviso: el certificado caduca el {0}.");
    public static readonly FaultCode NoSeal = new(
        "INV-CERT-12",
        FaultKind.Unavailable,
        "This installation was handed no key to keep certificates with (Keys:CertificateKey).",
        "Esta instalación no tiene clave con que guardar certificados (Keys:CertificateKey)."
    );
    public static readonly FaultCode OtherSeal = Rule(
        "13",
        "The certificate was kept under another key than this installation has now: PUT it again.",
        "El certificado se guardó con otra clave que la actual de esta instalación: envíalo de nuevo con PUT."
    );
    public static readonly FaultCode None = new(
        "INV-CERT-14",
        FaultKind.NotFound,
        "The seller has no certificate.",
        "El vendedor no tiene certificado."
    );
}
