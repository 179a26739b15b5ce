using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Collecting;

/// <summary>What collecting's pages call things, and the ways between them.</summary>
public static class CollectingWords
{
    /// <summary>The office's section.</summary>
    public const string Section = "collecting";

    /// <summary>What is advised.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Acts = new Dictionary<string, (string, string)>
    {
        ["call"] = ("Llamar", "Call"),
        ["email"] = ("Escribir un correo", "Write a mail"),
        ["sms"] = ("Enviar un SMS", "Send a text message"),
        ["letter"] = ("Carta", "Letter"),
        ["visit"] = ("Visita", "Visit"),
        ["note"] = ("Nota", "Note"),
        ["plan"] = ("Ofrecer un plan de pagos", "Offer a payment plan"),
        ["legal"] = ("Pasar a reclamación legal", "Go to law"),
        ["write-off"] = ("Dar por perdido", "Write off"),
        ["hold"] = ("Espera", "Hold"),
        ["release"] = ("Fin de la espera", "End of the hold"),
        ["promise"] = ("Promesa", "Promise"),
        ["dispute"] = ("Disputa", "Dispute"),
    };

    /// <summary>Ageing's buckets.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Buckets = new Dictionary<string, (string, string)>
    {
        ["current"] = ("Sin vencer", "Not yet due"),
        ["1-30"] = ("1 a 30 días", "1 to 30 days"),
        ["31-60"] = ("31 a 60 días", "31 to 60 days"),
        ["61-90"] = ("61 a 90 días", "61 to 90 days"),
        ["90+"] = ("Más de 90 días", "Over 90 days"),
    };

    /// <summary>States of what is owed, promised, disputed, written off and sent.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> States = new Dictionary<string, (string, string)>
    {
        ["open"] = ("Pendiente", "Open"),
        ["overdue"] = ("Vencida", "Overdue"),
        ["settled"] = ("Saldada", "Settled"),
        ["kept"] = ("Cumplida", "Kept"),
        ["partial"] = ("Cumplida en parte", "Kept in part"),
        ["broken"] = ("Incumplida", "Broken"),
        ["accepted"] = ("Aceptada", "Accepted"),
        ["rejected"] = ("Rechazada", "Rejected"),
        ["withdrawn"] = ("Retirada", "Withdrawn"),
        ["asked"] = ("Espera aprobación", "Waits for approval"),
        ["approved"] = ("Aprobado", "Approved"),
        ["refused"] = ("Rechazado", "Refused"),
        ["booked"] = ("En los libros", "In the books"),
        ["draft"] = ("Borrador", "Draft"),
        ["active"] = ("En vigor", "In force"),
        ["retired"] = ("Retirada", "Retired"),
        ["planned"] = ("Previsto", "Planned"),
        ["sent"] = ("Enviado", "Sent"),
        ["skipped"] = ("Saltado", "Skipped"),
        ["failed"] = ("Fallido", "Failed"),
        ["waits"] = ("Espera", "Waits"),
    };

    /// <summary>The kind of chip of a state.</summary>
    public static string Chip(string? state) =>
        state switch
        {
            "settled" or "kept" or "active" or "booked" or "approved" or "sent" => "paid",
            "overdue" or "asked" or "partial" => "overdue",
            "broken" or "failed" or "refused" => "failed",
            _ => "plain",
        };

    /// <summary>The pages of collecting.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("A quién llamar", "Whom to call"), office.Link("/collecting"), current == ""),
            new(office.Say("Facturas por cobrar", "Receivables"), office.Link("/collecting/receivables"), current == "receivables"),
            new(office.Say("Antigüedad", "Ageing"), office.Link("/collecting/ageing"), current == "ageing"),
            new(office.Say("Incobrables", "Write-offs"), office.Link("/collecting/write-offs"), current == "write-offs"),
            new(office.Say("Avisos", "Reminders"), office.Link("/collecting/policies"), current == "policies"),
        ];
}
