using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>Why a notice can never go by a channel; whoever asked tries the next one.</summary>
public static partial class DeliveryFaults
{
    /// <summary>A channel that the seller has not set up or has switched off.</summary>
    public static readonly FaultCode NoticeChannelOff = new(
        "DEL-NOTICE-01",
        FaultKind.NotFound,
        "The seller has no channel {0} that is switched on.",
        "El vendedor no tiene ningún canal {0} activado."
    );

    /// <summary>A telephone that short messages do not reach.</summary>
    public static readonly FaultCode NoticePhone = new(
        "DEL-NOTICE-02",
        FaultKind.Rule,
        "Short messages do not reach '{0}'.",
        "Los mensajes cortos no llegan a «{0}»."
    );

    /// <summary>A notice that was taken back before it was queued.</summary>
    public static readonly FaultCode NoticeWithdrawn = new(
        "DEL-NOTICE-03",
        FaultKind.Conflict,
        "Notice {0} was withdrawn and is not sent any more.",
        "El aviso {0} se retiró y ya no se envía."
    );
}
