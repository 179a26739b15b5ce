namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>What people and programs did about a receivable, in words.</summary>
public static class ActWords
{
    /// <summary>By the name that Collections keeps.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> All = new Dictionary<string, (string, string)>(
        CollectingWords.Acts
    )
    {
        ["hold-placed"] = ("En espera", "Put on hold"),
        ["hold-released"] = ("Fin de la espera", "Hold ended"),
        ["promise-made"] = ("Promesa de pago", "Promise to pay"),
        ["plan-made"] = ("Plan de pagos", "Payment plan"),
        ["promise-cancelled"] = ("Promesa retirada", "Promise taken back"),
        ["promise-judged"] = ("Promesa juzgada", "Promise judged"),
        ["dispute-raised"] = ("Disputa", "Dispute raised"),
        ["dispute-resolved"] = ("Disputa resuelta", "Dispute resolved"),
        ["write-off-asked"] = ("Pidió darlo por perdido", "Write-off asked for"),
        ["write-off-approved"] = ("Aprobó darlo por perdido", "Write-off approved"),
        ["write-off-refused"] = ("Rechazó darlo por perdido", "Write-off refused"),
        ["write-off-booked"] = ("Dado por perdido", "Written off"),
    };
}
