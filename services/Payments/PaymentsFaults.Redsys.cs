using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused of Redsys' notices, and of accounts there.</summary>
public static partial class PaymentsFaults
{
    /// <summary>Something that is no notice of Redsys.</summary>
    public static readonly FaultCode RedsysUnreadable = new(
        "PAY-REDSYS-01",
        FaultKind.Malformed,
        "This is no notice of Redsys: {0} is missing or cannot be read.",
        "Esto no es una notificación de Redsys: {0} falta o no se puede leer."
    );

    /// <summary>A notice that was not signed with the terminal's key.</summary>
    public static readonly FaultCode RedsysForged = new(
        "PAY-REDSYS-02",
        FaultKind.Unauthenticated,
        "Ds_Signature is not that of this terminal.",
        "Ds_Signature no es la de este terminal."
    );

    /// <summary>A way of signing that nobody knows.</summary>
    public static readonly FaultCode RedsysVersion = new(
        "PAY-REDSYS-03",
        FaultKind.Malformed,
        "Ds_SignatureVersion is HMAC_SHA256_V1 or HMAC_SHA512_V2, not {0}.",
        "Ds_SignatureVersion es HMAC_SHA256_V1 o HMAC_SHA512_V2, no {0}."
    );

    /// <summary>A notice of another merchant or terminal.</summary>
    public static readonly FaultCode RedsysForeign = new(
        "PAY-REDSYS-04",
        FaultKind.Unauthenticated,
        "The notice is of another merchant or terminal.",
        "La notificación es de otro comercio o terminal."
    );

    /// <summary>A notice of long ago, or of a time to come.</summary>
    public static readonly FaultCode RedsysTime = new(
        "PAY-REDSYS-05",
        FaultKind.Unauthenticated,
        "The notice's Ds_Date and Ds_Hour are more than {0} days past or {1} minutes ahead.",
        "La Ds_Date y la Ds_Hour de la notificación tienen más de {0} días o van más de {1} minutos por delante."
    );

    /// <summary>No merchant code.</summary>
    public static readonly FaultCode RedsysMerchant = new(
        "PAY-REDSYS-06",
        FaultKind.Rule,
        "merchantCode is the FUC that the bank gave: up to nine digits.",
        "merchantCode es el FUC que dio el banco: hasta nueve cifras."
    );

    /// <summary>No terminal.</summary>
    public static readonly FaultCode RedsysTerminal = new(
        "PAY-REDSYS-07",
        FaultKind.Rule,
        "terminal is a number of up to three digits, such as 1.",
        "terminal es un número de hasta tres cifras, como 1."
    );

    /// <summary>No key that can sign.</summary>
    public static readonly FaultCode RedsysKey = new(
        "PAY-REDSYS-08",
        FaultKind.Rule,
        "key is the terminal's signing key as Canales shows it: 32 characters of base64.",
        "key es la clave de firma del terminal tal como la muestra Canales: 32 caracteres en base64."
    );

    /// <summary>A setting or secret that an account there has not.</summary>
    public static readonly FaultCode RedsysSetting = new(
        "PAY-REDSYS-09",
        FaultKind.Rule,
        "An account of Redsys has no {0}: its settings are merchantCode, terminal, signature and currency, its secret is key.",
        "Una cuenta de Redsys no tiene {0}: sus ajustes son merchantCode, terminal, signature y currency, y su secreto es key."
    );

    /// <summary>A way of signing that cannot be chosen.</summary>
    public static readonly FaultCode RedsysSigning = new(
        "PAY-REDSYS-10",
        FaultKind.Rule,
        "signature is HMAC_SHA512_V2 or, where the terminal is not set up for it, HMAC_SHA256_V1.",
        "signature es HMAC_SHA512_V2 o, si el terminal no está configurado para ella, HMAC_SHA256_V1."
    );

    /// <summary>A currency that no terminal takes.</summary>
    public static readonly FaultCode RedsysCurrency = new(
        "PAY-REDSYS-11",
        FaultKind.Rule,
        "currency is the terminal's, by its three letters, such as EUR.",
        "currency es la del terminal, con sus tres letras, como EUR."
    );

    /// <summary>Neither test nor live.</summary>
    public static readonly FaultCode RedsysEnvironment = new(
        "PAY-REDSYS-12",
        FaultKind.Rule,
        "environment is test or live.",
        "environment es test o live."
    );
}
