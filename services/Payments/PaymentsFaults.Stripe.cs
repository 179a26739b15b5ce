using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused of Stripe's notices, and of accounts there.</summary>
public static partial class PaymentsFaults
{
    /// <summary>A notice that was not signed with the endpoint's secret.</summary>
    public static readonly FaultCode StripeForged = new(
        "PAY-STRIPE-01",
        FaultKind.Unauthenticated,
        "Stripe-Signature is missing or is not that of this account's endpoint.",
        "Stripe-Signature falta o no es la del destino de esta cuenta."
    );

    /// <summary>A notice that was signed too long ago, or in a time to come.</summary>
    public static readonly FaultCode StripeLate = new(
        "PAY-STRIPE-02",
        FaultKind.Unauthenticated,
        "The notice was signed more than {0} seconds away from now: it may be an old one that is sent again.",
        "La notificación se firmó a más de {0} segundos de ahora: puede ser una antigua que alguien repite."
    );

    /// <summary>Something that is no notice of Stripe, though it is signed.</summary>
    public static readonly FaultCode StripeUnreadable = new(
        "PAY-STRIPE-03",
        FaultKind.Malformed,
        "This is no event of Stripe that can be read.",
        "Esto no es un evento de Stripe que se pueda leer."
    );

    /// <summary>A notice of another account, or of the other environment.</summary>
    public static readonly FaultCode StripeForeign = new(
        "PAY-STRIPE-04",
        FaultKind.Unauthenticated,
        "The event is of another account, or of the other environment: test or live.",
        "El evento es de otra cuenta o del otro entorno: test o live."
    );

    /// <summary>A notice while nothing is known that it could be signed with.</summary>
    public static readonly FaultCode StripeUnsigned = new(
        "PAY-STRIPE-05",
        FaultKind.Unauthenticated,
        "The account has no webhookSecret here and no notice of it can be believed: put the one that Stripe shows for its endpoint.",
        "La cuenta no tiene aquí webhookSecret y no se puede creer ninguna notificación suya: indica el que Stripe muestra para su destino."
    );

    /// <summary>No name of an account.</summary>
    public static readonly FaultCode StripeAccountId = new(
        "PAY-STRIPE-06",
        FaultKind.Rule,
        "accountId is what Stripe calls the account, such as acct_1032D82eZvKYlo2C.",
        "accountId es el nombre de la cuenta en Stripe, como acct_1032D82eZvKYlo2C."
    );

    /// <summary>No key that can ask, or one of the other environment.</summary>
    public static readonly FaultCode StripeKey = new(
        "PAY-STRIPE-07",
        FaultKind.Rule,
        "secretKey is a secret or restricted key of the environment: sk_{0}_… or rk_{0}_….",
        "secretKey es una clave secreta o restringida del entorno: sk_{0}_… o rk_{0}_…."
    );

    /// <summary>No secret that signs notices.</summary>
    public static readonly FaultCode StripeWebhookSecret = new(
        "PAY-STRIPE-08",
        FaultKind.Rule,
        "webhookSecret is the signing secret of the endpoint, whsec_….",
        "webhookSecret es el secreto de firma del destino, whsec_…."
    );

    /// <summary>A setting or secret that an account there has not.</summary>
    public static readonly FaultCode StripeSetting = new(
        "PAY-STRIPE-09",
        FaultKind.Rule,
        "An account of Stripe has no {0}: its setting is accountId, its secrets are secretKey and webhookSecret.",
        "Una cuenta de Stripe no tiene {0}: su ajuste es accountId y sus secretos son secretKey y webhookSecret."
    );
}
