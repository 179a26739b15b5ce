using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.Portal.Pages;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>What the invoice pages call things, and the ways between them.</summary>
public static class InvoiceWords
{
    /// <summary>The office's section.</summary>
    public const string Section = "invoices";

    /// <summary>What of the list is shown.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Shown = new Dictionary<string, (string, string)>
    {
        ["all"] = ("Todas", "All"),
        ["full"] = ("Completas", "Full"),
        ["simplified"] = ("Tickets", "Tickets"),
        ["corrective"] = ("Rectificativas", "Corrective"),
        ["exchange"] = ("Canjes", "Exchanges"),
        ["cancelled"] = ("Anuladas", "Cancelled"),
        ["open"] = ("Por cobrar", "Open"),
        ["overdue"] = ("Vencidas", "Overdue"),
    };

    /// <summary>How a message stands.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Sent = new Dictionary<string, (string, string)>
    {
        ["sent"] = ("Enviada", "Sent"),
        ["delivered"] = ("Entregada", "Delivered"),
        ["failed"] = ("No llegó", "Failed"),
        ["bounced"] = ("Devuelta", "Came back"),
        ["pending"] = ("En cola", "Queued"),
        ["queued"] = ("En cola", "Queued"),
        ["skipped"] = ("No se envía", "Not sent"),
    };

    /// <summary>Why an invoice is corrected, by the law's codes.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Reasons = new Dictionary<string, (string, string)>
    {
        ["R1"] = ("R1 · Devolución, descuento o error fundado en derecho", "R1 · Return, discount or error founded in law"),
        ["R4"] = ("R4 · Cualquier otro motivo", "R4 · Any other reason"),
        ["R2"] = ("R2 · El cliente está en concurso de acreedores", "R2 · The customer is insolvent"),
        ["R3"] = ("R3 · La deuda es incobrable", "R3 · The debt is bad"),
    };

    /// <summary>Money that went back, by how.</summary>
    public static readonly IReadOnlyDictionary<string, (string, string)> Back = new Dictionary<string, (string, string)>
    {
        [""] = ("Nada: queda a favor del cliente", "Nothing: it is to the customer's credit"),
        ["cash"] = ("En efectivo", "In cash"),
        ["card"] = ("A su tarjeta", "To its card"),
        ["transfer"] = ("Por transferencia", "By transfer"),
        ["bizum"] = ("Por Bizum", "By Bizum"),
    };

    /// <summary>The pages of invoices.</summary>
    public static IReadOnlyList<SheetLink> Tabs(AskOffice office, string current) =>
        [
            new(office.Say("Facturas", "Invoices"), office.Link("/invoices"), current == ""),
            .. office.May("invoices:write")
                ? new SheetLink[]
                {
                    new(office.Say("Canjear tickets", "Exchange tickets"), office.Link("/invoices/exchange"), current == "exchange"),
                }
                : [],
        ];

    /// <summary>Who bought, in a word.</summary>
    public static string Who(AskOffice office, InvoiceBody invoice) =>
        invoice.Buyer?.Name ?? invoice.Contact?.Name ?? office.Words.AnonymousBuyer;

    /// <summary>The page of an invoice.</summary>
    public static string To(AskOffice office, InvoiceId invoice, string tail = "") => office.Link($"/invoices/{invoice}{tail}");

    /// <summary>A chip of how an invoice stands, in a word.</summary>
    public static SheetCell StandingCell(AskOffice office, Standing standing) =>
        new(office.Words.StandingShort(standing)) { Chip = standing.Style, Raw = standing.Kind.ToString().ToLowerInvariant() };

    /// <summary>An amount that programs read too.</summary>
    public static SheetCell AmountCell(AskOffice office, decimal amount, Currency currency) =>
        new(office.Words.Amount(amount, currency)) { Raw = amount.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    /// <summary>A day that programs read too.</summary>
    public static SheetCell DayCell(AskOffice office, DateOnly? day) =>
        new(office.Day(day)) { Raw = day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) };
}
