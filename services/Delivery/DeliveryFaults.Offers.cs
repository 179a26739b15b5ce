using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What is refused about consent, campaigns and coupons.</summary>
public static partial class DeliveryFaults
{
    /// <summary>A word of consent that lacks something.</summary>
    public static readonly FaultCode BadConsent = new(
        "DEL-CONSENT-01",
        FaultKind.Rule,
        "{0} cannot be taken: {1}",
        "{0} no se puede aceptar: {1}"
    );

    /// <summary>A link to stop offers that we did not make.</summary>
    public static readonly FaultCode ForgedWithdrawal = new(
        "DEL-CONSENT-02",
        FaultKind.NotFound,
        "This link is not one of ours, or it is cut short. Use the one in the mail, or answer the mail.",
        "Este enlace no es nuestro o está incompleto. Usa el del correo o responde al correo."
    );

    /// <summary>No such campaign.</summary>
    public static readonly FaultCode NoCampaign = new(
        "DEL-CAMPAIGN-01",
        FaultKind.NotFound,
        "There is no campaign {0}.",
        "No hay ninguna campaña {0}."
    );

    /// <summary>A rule of a campaign that cannot hold.</summary>
    public static readonly FaultCode BadCampaign = new(
        "DEL-CAMPAIGN-02",
        FaultKind.Rule,
        "{0} of the campaign cannot be taken: {1}",
        "{0} de la campaña no se puede aceptar: {1}"
    );

    /// <summary>More campaigns than are looked at for a mail.</summary>
    public static readonly FaultCode TooManyCampaigns = new(
        "DEL-CAMPAIGN-03",
        FaultKind.Rule,
        "At most {0} campaigns can run or wait at a time: end one first.",
        "Puede haber como máximo {0} campañas en curso o por empezar: termina antes alguna."
    );

    /// <summary>No such coupon, or another seller's.</summary>
    public static readonly FaultCode NoCoupon = new(
        "DEL-COUPON-01",
        FaultKind.NotFound,
        "There is no coupon {0}.",
        "No hay ningún cupón {0}."
    );

    /// <summary>Another sale has it in hand.</summary>
    public static readonly FaultCode CouponReserved = new(
        "DEL-COUPON-02",
        FaultKind.Conflict,
        "The coupon {0} is reserved by another sale until {1}.",
        "El cupón {0} está reservado por otra venta hasta {1}."
    );

    /// <summary>A sale has used it.</summary>
    public static readonly FaultCode CouponUsed = new(
        "DEL-COUPON-03",
        FaultKind.Conflict,
        "The coupon {0} has been used.",
        "El cupón {0} ya se ha usado."
    );

    /// <summary>Its days are over.</summary>
    public static readonly FaultCode CouponExpired = new(
        "DEL-COUPON-04",
        FaultKind.Rule,
        "The coupon {0} ended on {1}.",
        "El cupón {0} caducó el {1}."
    );

    /// <summary>The sale is too small for it.</summary>
    public static readonly FaultCode CouponMinimum = new(
        "DEL-COUPON-05",
        FaultKind.Rule,
        "The coupon {0} is for sales of {1} or more.",
        "El cupón {0} es para ventas de {1} o más."
    );

    /// <summary>What the seller would give is given.</summary>
    public static readonly FaultCode CouponBudget = new(
        "DEL-COUPON-06",
        FaultKind.Rule,
        "The coupon {0} cannot be used: what its campaign gives is spent.",
        "El cupón {0} no se puede usar: su campaña ha agotado el presupuesto."
    );

    /// <summary>A share of an unknown total cannot be kept within a budget.</summary>
    public static readonly FaultCode CouponTotal = new(
        "DEL-COUPON-07",
        FaultKind.Rule,
        "The reservation of the coupon {0} needs the sale's total.",
        "Para reservar el cupón {0} hace falta el total de la venta."
    );

    /// <summary>A reservation that cannot be read.</summary>
    public static readonly FaultCode BadReservation = new(
        "DEL-COUPON-08",
        FaultKind.Rule,
        "{0} of the reservation cannot be taken: {1}",
        "{0} de la reserva no se puede aceptar: {1}"
    );
}
