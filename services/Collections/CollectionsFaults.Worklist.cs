using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>What is refused about the worklist.</summary>
public static partial class CollectionsFaults
{
    /// <summary>A ranking that there is not.</summary>
    public static readonly FaultCode UnknownStrategy = new(
        "COL-WORKLIST-01",
        FaultKind.Rule,
        "There is no strategy '{0}'. There are: expected, largest-oldest.",
        "No existe la estrategia '{0}'. Existen: expected, largest-oldest."
    );

    /// <summary>A currency that there is not.</summary>
    public static readonly FaultCode UnknownCurrency = new(
        "COL-WORKLIST-02",
        FaultKind.Rule,
        "'{0}' is no currency: three capital letters of ISO 4217 are wanted, such as EUR.",
        "'{0}' no es una moneda: se esperan tres mayúsculas de ISO 4217, como EUR."
    );
}
