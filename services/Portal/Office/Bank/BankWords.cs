using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Bank;

/// <summary>What the bank's pages call things, and the ways between them.</summary>
public static class BankWords
{
    /// <summary>The office's section.</summary>
    public const string Section = "bank";

    /// <summary>States of a bank line and of a direct debit.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> States = new Dictionary<string, (string, string)>
    {
        ["proposed"] = ("Con propuesta", "With a proposal"),
        ["open"] = ("Sin casar", "Unmatched"),
        ["matched"] = ("Casado", "Matched"),
        ["pending"] = ("Por venir", "To come"),
        ["waiting"] = ("En estudio", "Being looked at"),
        ["noted"] = ("Anotado", "Noted"),
        ["superseded"] = ("Sustituido", "Superseded"),
        ["unbooked"] = ("No llegó", "Never came"),
        ["submitted"] = ("Entregado", "Handed in"),
        ["unanswered"] = ("Sin respuesta", "Unanswered"),
        ["collected"] = ("Cobrado", "Collected"),
        ["returned"] = ("Devuelto", "Returned"),
        ["cancelled"] = ("Anulado", "Cancelled"),
        ["active"] = ("Activo", "Active"),
        ["lapsed"] = ("Caducado", "Lapsed"),
    };

    /// <summary>How sure a proposal is.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Confidence = new Dictionary<string, (string, string)>
    {
        ["certain"] = ("Seguro", "Certain"),
        ["likely"] = ("Probable", "Likely"),
        ["possible"] = ("Posible", "Possible"),
    };

    /// <summary>What a bank line is.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Kinds = new Dictionary<string, (string, string)>
    {
        ["payment"] = ("Cobro", "Payment in"),
        ["collection"] = ("Remesa cobrada", "Collected direct debits"),
        ["came-back"] = ("Devolución nuestra", "Our refund"),
        ["taken-back"] = ("Recibo devuelto", "Returned debit"),
        ["debit"] = ("Pago nuestro", "Payment out"),
        ["charge"] = ("Comisión", "Charge"),
    };

    /// <summary>The kind of chip of a state.</summary>
    public static string Chip(string? state) =>
        state switch
        {
            "matched" or "collected" or "certain" or "active" => "paid",
            "proposed" or "likely" or "unanswered" => "overdue",
            "returned" or "unbooked" => "failed",
            _ => "plain",
        };

    /// <summary>The pages of the bank.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("Conciliar", "Reconcile"), office.Link("/bank"), current == ""),
            new(office.Say("Sin asignar", "Unallocated"), office.Link("/bank/unallocated"), current == "unallocated"),
            new(office.Say("Recibos", "Direct debits"), office.Link("/bank/direct-debits"), current == "direct-debits"),
            new(office.Say("Liquidaciones", "Payouts"), office.Link("/bank/payouts"), current == "payouts"),
            new(office.Say("Cuentas", "Accounts"), office.Link("/bank/accounts"), current == "accounts"),
        ];
}
