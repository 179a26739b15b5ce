using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Links;

/// <summary>An invoice of which something is open, as far as paying it goes.</summary>
public sealed record OpenItem
{
    /// <summary>The most that one payment is for: what a customer can look over, and one transaction can hold.</summary>
    public const int MostTogether = 100;

    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; init; }

    /// <summary>BT-1.</summary>
    public string Number { get; init; } = "";

    /// <summary>BT-5.</summary>
    public Currency Currency { get; init; }

    /// <summary>BT-112.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>What is open, as far as the payer was asked for it.</summary>
    public decimal AmountDue { get; init; }

    /// <summary>What is open beside it and was not asked for.</summary>
    public decimal LeftOut { get; init; }

    /// <summary>What of it is under way.</summary>
    public decimal InFlight { get; init; }

    /// <summary>BT-9.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>BT-83.</summary>
    public string PaymentReference { get; init; } = "";

    /// <summary>
    /// Whether it is offered to be paid with others: one that is under way alone, such as by direct debit, is left alone; what is under way
    /// together is offered together again, so that a payer who came back finds the same payment.
    /// </summary>
    public bool IsFree { get; init; }

    /// <summary>
    /// What can be paid in one go: the invoice that is shown, or where none is the one that is due first, and what else is open in its
    /// currency.
    /// </summary>
    public static IReadOnlyList<OpenItem> Together(IReadOnlyList<OpenItem> open, InvoiceId? shown)
    {
        var first = open.FirstOrDefault(item => shown is { } invoice ? item.InvoiceId == invoice : item.IsFree);
        if (first is null)
        {
            return [];
        }

        var others = open.Where(item => item.InvoiceId != first.InvoiceId && item.IsFree && item.Currency == first.Currency);
        return [first, .. others.Take(MostTogether - 1)];
    }

    /// <summary>
    /// The same for the same amounts of the same invoices on the same way, and for no others: what a page's key is good for.
    /// </summary>
    public static string DigestOf(IEnumerable<(InvoiceId Invoice, decimal Amount)> parts, string way = "") =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        ';',
                        parts
                            .OrderBy(part => part.Invoice.Value)
                            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Invoice}={part.Amount:0.0000}"))
                            .Append(way)
                    )
                )
            )
        )[..16];
}
