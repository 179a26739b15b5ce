using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused about giving up on a debt.</summary>
public static partial class PaymentsFaults
{
    /// <summary>Somebody is paying it.</summary>
    public static readonly FaultCode WriteOffInFlight = new(
        "PAY-WRITEOFF-01",
        FaultKind.Conflict,
        "{0} of this invoice is being paid at this moment: it is written off once the outcome is known.",
        "En este momento se están pagando {0} de esta factura: se dará por perdida cuando se conozca el resultado."
    );

    /// <summary>Nothing is due.</summary>
    public static readonly FaultCode NothingToWriteOff = new(
        "PAY-WRITEOFF-02",
        FaultKind.Rule,
        "Nothing is due of invoice {0}: there is nothing to write off.",
        "De la factura {0} no se debe nada: no hay nada que dar por perdido."
    );
}
