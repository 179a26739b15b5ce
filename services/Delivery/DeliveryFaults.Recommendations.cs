using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>What is refused about recommendations.</summary>
public static partial class DeliveryFaults
{
    /// <summary>More codes than a shop has that are no products.</summary>
    public static readonly FaultCode TooManyLeftOut = new(
        "DEL-RECOMMEND-01",
        FaultKind.Rule,
        "At most {0} codes can be left out; one that ends in * stands for all that begin so.",
        "Se pueden excluir {0} códigos como máximo; uno que acaba en * vale por todos los que empiezan así."
    );

    /// <summary>What no line could bear as its code.</summary>
    public static readonly FaultCode BadLeftOut = new(
        "DEL-RECOMMEND-02",
        FaultKind.Rule,
        "A code has 1 to {0} characters, none of them a control character.",
        "Un código tiene de 1 a {0} caracteres, ninguno de control."
    );
}
