using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Invoices;

/// <summary>
/// What the law lets be done about an invoice, said before anybody asks: the same rules as Invoicing's, which decides.
/// </summary>
public sealed record InvoiceGuards
{
    /// <summary>Why it cannot be corrected; nothing where it can.</summary>
    public string? NotCorrected { get; private init; }

    /// <summary>Why no full invoice can be given for it; nothing where one can.</summary>
    public string? NotExchanged { get; private init; }

    /// <summary>Why it cannot be cancelled; nothing where it can.</summary>
    public string? NotCancelled { get; private init; }

    /// <summary>Of an invoice as it stands.</summary>
    public static InvoiceGuards Of(AskOffice office, InvoiceBody invoice) =>
        new()
        {
            NotCorrected = Correcting(office, invoice),
            NotExchanged = Exchanging(office, invoice),
            NotCancelled = Cancelling(office, invoice),
        };

    /// <summary>Why not, for all that is not.</summary>
    public IEnumerable<string> Refusals => new[] { NotCorrected, NotExchanged, NotCancelled }.OfType<string>().Distinct();

    private static string? Correcting(AskOffice office, InvoiceBody invoice) =>
        invoice.Status == InvoiceStatus.Cancelled ? office.Say("No se rectifica: está anulada.", "It is not corrected: it is cancelled.")
        : invoice.ReplacedBy is { } other
            ? office.Say(
                $"No se rectifica: se canjeó por {other.Number}. Rectifica esa.",
                $"It is not corrected: it was exchanged for {other.Number}. Correct that one."
            )
        : invoice is { Kind: InvoiceKind.Corrective, Correction.Method: not CorrectionMethod.Substitution }
            ? office.Say(
                $"No se rectifica: solo recoge diferencias de {Corrected(invoice)}. Rectifica esa otra vez.",
                $"It is not corrected: it states differences of {Corrected(invoice)} only. Correct that one again."
            )
        : null;

    private static string? Exchanging(AskOffice office, InvoiceBody invoice) =>
        invoice.Kind != InvoiceKind.Simplified || invoice.Buyer is not null
            ? invoice.Kind == InvoiceKind.Simplified
                ? office.Say("No se canjea: ya lleva los datos del cliente.", "It is not exchanged: it has the customer's data already.")
                : null
            : invoice.Status == InvoiceStatus.Cancelled
                ? office.Say("No se canjea: está anulada.", "It is not exchanged: it is cancelled.")
                : invoice.ReplacedBy is { } other
                    ? office.Say($"Ya se canjeó por {other.Number}.", $"It was exchanged for {other.Number} already.")
                    : null;

    private static string? Cancelling(AskOffice office, InvoiceBody invoice) =>
        invoice.Status == InvoiceStatus.Cancelled ? office.Say("Ya está anulada.", "It is cancelled already.")
        : invoice.CorrectedBy is [var correction, ..]
            ? office.Say(
                $"No se anula: se rectificó con {correction.Number}. Lo rectificado no se anula.",
                $"It is not cancelled: it was corrected by {correction.Number}. What was corrected is not cancelled."
            )
        : invoice.ReplacedBy is { } other
            ? office.Say(
                $"No se anula: se canjeó por {other.Number}. Anula antes esa.",
                $"It is not cancelled: it was exchanged for {other.Number}. Cancel that one first."
            )
        : null;

    private static string Corrected(InvoiceBody invoice) => invoice.Corrects is [var first, ..] ? first.Number : "—";
}
