using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused about payment providers, their accounts and their notices.</summary>
public static partial class PaymentsFaults
{
    /// <summary>A provider that nobody here speaks to.</summary>
    public static readonly FaultCode NoSuchProvider = new(
        "PAY-PROVIDER-01",
        FaultKind.NotFound,
        "There is no payment provider '{0}' here; there are {1}.",
        "Aquí no hay ningún proveedor de pagos «{0}»; hay {1}."
    );

    /// <summary>Neither test nor live.</summary>
    public static readonly FaultCode BadEnvironment = new(
        "PAY-PROVIDER-02",
        FaultKind.Rule,
        "The environment is test or live.",
        "El entorno es test o live."
    );

    /// <summary>A payment means that the provider does not take, or none at all.</summary>
    public static readonly FaultCode BadProviderMeans = new(
        "PAY-PROVIDER-03",
        FaultKind.Rule,
        "With {0} one or more of these can be paid with: {1}.",
        "Con {0} se puede pagar con uno o varios de estos medios: {1}."
    );

    /// <summary>A place that is none.</summary>
    public static readonly FaultCode BadPlace = new(
        "PAY-PROVIDER-04",
        FaultKind.Rule,
        "The place is a number from 1 to {0}.",
        "El puesto es un número de 1 a {0}."
    );

    /// <summary>Settings or secrets that cannot be kept.</summary>
    public static readonly FaultCode BadSetting = new(
        "PAY-PROVIDER-05",
        FaultKind.Rule,
        "At most {0} names of {1} characters with texts of {2} characters can be kept.",
        "Se pueden guardar como máximo {0} nombres de {1} caracteres con textos de {2} caracteres."
    );

    /// <summary>Nothing to seal secrets with.</summary>
    public static readonly FaultCode NoProviderSeal = new(
        "PAY-PROVIDER-06",
        FaultKind.Unavailable,
        "Secrets cannot be kept here: the operator has not set Keys:ProviderKey.",
        "Aquí no se pueden guardar secretos: el operador no ha fijado Keys:ProviderKey."
    );

    /// <summary>The seller has no account with it.</summary>
    public static readonly FaultCode ProviderNotKept = new(
        "PAY-PROVIDER-07",
        FaultKind.NotFound,
        "There is no account with {0}: put one first.",
        "No hay ninguna cuenta con {0}: dala de alta antes."
    );

    /// <summary>Another seller's account.</summary>
    public static readonly FaultCode AccountTaken = new(
        "PAY-PROVIDER-08",
        FaultKind.Conflict,
        "The account {0} belongs to another seller here.",
        "La cuenta {0} ya es de otro vendedor."
    );

    /// <summary>Payments or refunds under way with the account before.</summary>
    public static readonly FaultCode AccountInUse = new(
        "PAY-PROVIDER-09",
        FaultKind.Conflict,
        "{0} payments or refunds are under way with the account {1}: disable it, and change it when they have ended.",
        "Hay {0} cobros o devoluciones en curso con la cuenta {1}: desactívala y cámbiala cuando hayan terminado."
    );

    /// <summary>Secrets that were sealed with another key.</summary>
    public static readonly FaultCode SecretsDoNotOpen = new(
        "PAY-PROVIDER-10",
        FaultKind.Conflict,
        "The secrets that are kept for {0} were sealed with another key: give all of them anew.",
        "Los secretos guardados para {0} se sellaron con otra clave: indícalos todos de nuevo."
    );

    /// <summary>A key that opens nothing.</summary>
    public static readonly FaultCode AccountUnproven = new(
        "PAY-PROVIDER-11",
        FaultKind.Rule,
        "{0} does not say which account the key opens ({1}): it is wrong or revoked, or, being restricted, may not read its account. Nothing was kept.",
        "{0} no dice qué cuenta abre la clave ({1}): es incorrecta o está revocada o, siendo restringida, no puede leer su cuenta. No se ha guardado nada."
    );

    /// <summary>A key that opens another account.</summary>
    public static readonly FaultCode AccountOfAnotherKey = new(
        "PAY-PROVIDER-12",
        FaultKind.Rule,
        "{0} says that the key opens another account than {1}. Nothing was kept.",
        "{0} dice que la clave abre otra cuenta que {1}. No se ha guardado nada."
    );

    /// <summary>Nobody can say just now whose the account is.</summary>
    public static readonly FaultCode AccountNotAsked = new(
        "PAY-PROVIDER-13",
        FaultKind.Unavailable,
        "{0} does not answer, so nobody knows whose the account is. Nothing was kept: try again.",
        "{0} no responde y no se sabe de quién es la cuenta. No se ha guardado nada: inténtalo de nuevo."
    );

    /// <summary>A notice for an account that nobody has here, or for none.</summary>
    public static readonly FaultCode UnknownAccount = new(
        "PAY-NOTICE-01",
        FaultKind.Unauthenticated,
        "The notice is for no account that is known here.",
        "La notificación no es para ninguna cuenta conocida aquí."
    );

    /// <summary>A notice that cannot be read.</summary>
    public static readonly FaultCode UnreadableNotice = new(
        "PAY-NOTICE-02",
        FaultKind.Malformed,
        "The notice cannot be read.",
        "La notificación no se puede leer."
    );
}
