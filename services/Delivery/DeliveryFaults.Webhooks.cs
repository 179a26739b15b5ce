using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What is refused about webhooks, and about addresses that we are to call.</summary>
public static partial class DeliveryFaults
{
    /// <summary>An address that we do not call.</summary>
    public static readonly FaultCode BadUrl = new(
        "DEL-URL-01",
        FaultKind.Rule,
        "The address '{0}' cannot be called: {1}.",
        "No se puede llamar a la dirección «{0}»: {1}."
    );

    /// <summary>No such webhook, or another seller's.</summary>
    public static readonly FaultCode NoWebhook = new(
        "DEL-HOOK-01",
        FaultKind.NotFound,
        "There is no webhook {0} that this key may see.",
        "No hay ningún webhook {0} que esta clave pueda ver."
    );

    /// <summary>A name that no webhook can have.</summary>
    public static readonly FaultCode BadWebhookId = new(
        "DEL-HOOK-02",
        FaultKind.Rule,
        "'{0}' cannot name a webhook: 1 to 64 letters, digits, dots, dashes and underscores can.",
        "«{0}» no puede ser el nombre de un webhook: se admiten de 1 a 64 letras, cifras, puntos, guiones y guiones bajos."
    );

    /// <summary>An event that nobody tells.</summary>
    public static readonly FaultCode NoSuchEvent = new(
        "DEL-HOOK-03",
        FaultKind.Rule,
        "'{0}' is no event that can be subscribed: see docs/events.md, or * for all.",
        "«{0}» no es un evento al que suscribirse: véase docs/events.md, o * para todos."
    );

    /// <summary>A secret that cannot sign.</summary>
    public static readonly FaultCode BadSecret = new(
        "DEL-HOOK-04",
        FaultKind.Rule,
        "A secret is whsec_ and 24 to 64 bytes in base64.",
        "Un secreto es whsec_ y de 24 a 64 bytes en base64."
    );

    /// <summary>More than a seller may have.</summary>
    public static readonly FaultCode TooManyWebhooks = new(
        "DEL-HOOK-05",
        FaultKind.Rule,
        "A seller has at most {0} webhooks.",
        "Un vendedor puede tener como máximo {0} webhooks."
    );

    /// <summary>Nothing that could be delivered again by that name.</summary>
    public static readonly FaultCode NoWebhookDelivery = new(
        "DEL-HOOK-06",
        FaultKind.NotFound,
        "There is no delivery {0} of this webhook.",
        "Este webhook no tiene ninguna entrega {0}."
    );

    /// <summary>A redelivery that does not say of what.</summary>
    public static readonly FaultCode RedeliveryOfWhat = new(
        "DEL-HOOK-07",
        FaultKind.Rule,
        "Say what to deliver again: deliveryId alone, or from, to and status (delivered or failed).",
        "Indica qué volver a entregar: solo deliveryId, o bien from, to y status (delivered o failed)."
    );

    /// <summary>A disabled webhook, to which nothing is delivered.</summary>
    public static readonly FaultCode WebhookDisabled = new(
        "DEL-HOOK-08",
        FaultKind.Conflict,
        "The webhook {0} is disabled: enable it first.",
        "El webhook {0} está desactivado: actívalo antes."
    );

    /// <summary>Nothing to seal secrets with.</summary>
    public static readonly FaultCode NoWebhookSeal = new(
        "DEL-HOOK-09",
        FaultKind.Unavailable,
        "Secrets cannot be kept here: the operator has not set Keys:DkimKey.",
        "Aquí no se pueden guardar secretos: el operador no ha fijado Keys:DkimKey."
    );
}
