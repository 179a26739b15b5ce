using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>What is refused about a seller's policy of payments.</summary>
public static partial class PaymentsFaults
{
    /// <summary>A tolerance that is negative, too large or has parts of a cent.</summary>
    public static readonly FaultCode BadTolerance = new(
        "PAY-POLICY-01",
        FaultKind.Rule,
        "The tolerance must be 0.00 to {0}, with at most two decimals.",
        "La tolerancia debe estar entre 0.00 y {0}, con un máximo de dos decimales."
    );

    /// <summary>An order of payment means that is empty, repeats one, or names one that no page can offer.</summary>
    public static readonly FaultCode BadMeansOrder = new(
        "PAY-POLICY-02",
        FaultKind.Rule,
        "The means must be one or more of card, bizum, wallet, direct-debit and transfer, each once.",
        "Los medios de pago deben ser uno o varios de card, bizum, wallet, direct-debit y transfer, sin repetir ninguno."
    );
}
