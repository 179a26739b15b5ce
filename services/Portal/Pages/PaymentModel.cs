using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What someone sees who is about to pay, or has just paid.</summary>
public sealed record PaymentModel
{
    /// <summary>What Payments says can be done.</summary>
    public required PaymentPage Payment { get; init; }

    /// <summary>The page's own address.</summary>
    public required string Href { get; init; }

    /// <summary>Where the invoice itself can be seen; none for who came by a payment link.</summary>
    public string? InvoiceHref { get; init; }

    /// <summary>Whether it had been paid before the button was pressed.</summary>
    public bool HadBeenPaid { get; init; }

    /// <summary>What is open.</summary>
    public decimal AmountDue => Standing.DecimalOf(Payment.AmountDue);

    /// <summary>What is on its way.</summary>
    public decimal InFlight => Standing.DecimalOf(Payment.InFlight);

    /// <summary>Its currency.</summary>
    public Currency Currency => Currency.TryParse(Payment.Currency, out var currency) ? currency : Currency.Eur;

    /// <summary>When it is due.</summary>
    public DateOnly? DueDate =>
        Payment.HasDueDate && DateOnly.TryParseExact(Payment.DueDate, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)
            ? due
            : null;

    /// <summary>
    /// The reference a transfer cites: it stands in the tenth line of the QR's payload (EPC069-12), and the page gets it only there.
    /// </summary>
    public string? Reference =>
        Payment.Transfer is { HasEpcPayload: true } transfer
        && transfer.EpcPayload.Split('\n') is { Length: >= 10 } lines
        && lines[9].Trim() is { Length: > 0 } reference
            ? reference
            : null;

    /// <summary>Letters and digits in fours, as IBANs and references are printed.</summary>
    public static string InFours(string text) =>
        string.Join(' ', text.Where(char.IsAsciiLetterOrDigit).Chunk(4).Select(four => new string(four)));
}
