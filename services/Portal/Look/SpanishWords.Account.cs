namespace RetailInvoicing.Portal.Look;

public partial class SpanishWords
{
    public override string AccountTitle => "Estado de cuenta";
    public override string AccountEmpty => "Con esta tienda no has tenido nada pendiente en este tiempo.";
    public override string AccountWhat => "Concepto";
    public override string AccountBalance => "Saldo";

    public override string AccountPeriod(DateOnly from, DateOnly to) => $"Del {Date(from)} al {Date(to)}";

    public override string AccountIn(string currency) => $"Cuenta en {currency}";

    public override string AccountOpening(DateOnly day) => $"Saldo antes del {ShortDate(day)}";

    public override string AccountClosing(DateOnly day) => $"Saldo a {Date(day)}";

    public override string AccountKind(string kind) =>
        kind switch
        {
            "invoice" => "Factura",
            "payment" => "Pago de",
            "correction" => "Rectificación de",
            "refund" => "Reembolso de",
            "reversal" => "Pago devuelto de",
            "write-off" => "Importe perdonado de",
            "undone" => "Pago reasignado de",
            "cancellation" => "Anulación de",
            _ => "Movimiento de",
        };

    public override string AccountClaims => "Aparte de la cuenta";
    public override string AccountClaimsText =>
        "Intereses y compensación por pago tardío entre empresas (Ley 3/2004). No son parte de ninguna factura ni llevan IVA.";

    public override string ClaimKind(string kind) => kind == "interest" ? "Intereses de demora de" : "Compensación por cobro de";

    public override string ClaimState(string state) =>
        state switch
        {
            "paid" => "pagado",
            "waived" => "no se reclama",
            _ => "pendiente",
        };

    public override string DisputeTitle => "Hay algo mal en esta factura";
    public override string DisputeLead =>
        "Cuéntaselo a la tienda. Mientras lo mira no te recordará que pagues lo que dices que está mal; el resto se paga como siempre.";
    public override string DisputeWhat => "¿Qué está mal?";
    public override string DisputeAll => "Toda la factura";
    public override string DisputeReason => "¿Qué ha pasado?";
    public override string DisputeSend => "Enviar a la tienda";

    public override string DisputeNoReason(int longest) => $"Escribe qué ha pasado, en {longest} caracteres como mucho.";

    public override string DisputeNothingLeft => "Ya se lo habías contado a la tienda, o no queda nada por pagar. No se ha enviado nada.";
    public override string DisputeSent => "La tienda ya lo sabe";
    public override string DisputeSentText => "Lo mirará y te contestará. Mientras tanto no te recordará que pagues esa parte.";
}
