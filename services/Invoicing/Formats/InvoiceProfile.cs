using System.Globalization;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A field that a profile needs and the standard leaves open, and when it is given.</summary>
public sealed record Need(string Field, string English, string Spanish, Func<Invoice, bool> IsMet);

/// <summary>A usage of EN 16931 that receivers agree on: how documents name it (BT-24, BT-23), and what it needs beyond the standard.</summary>
public sealed record InvoiceProfile
{
    private const string Billing = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

    /// <summary>Payment means that cards and mandates stand with.</summary>
    private static readonly string[] Detailed = ["48", "49", "54", "55", "59"];

    private static readonly Need SellerAddress = new(
        "BT-34",
        "Seller electronic address",
        "dirección electrónica del vendedor",
        invoice => invoice.Seller.ElectronicAddress is not null
    );

    private static readonly Need BuyerAddress = new(
        "BT-49",
        "Buyer electronic address",
        "dirección electrónica del comprador",
        invoice => invoice.Buyer.ElectronicAddress is not null
    );

    /// <summary>The standard alone.</summary>
    public static readonly InvoiceProfile Core = new() { Name = "EN 16931", Specification = SemanticForm.Core };

    /// <summary>Peppol BIS Billing 3.0.</summary>
    public static readonly InvoiceProfile Peppol = new()
    {
        Name = "Peppol BIS Billing 3.0",
        Specification = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        Process = Billing,
        HasOneNote = true,
        DetailsAreNeeded = true,
        Needs =
        [
            new(
                "BT-3",
                "Invoice type code other than 384, which Peppol leaves to German parties",
                "tipo de factura distinto de 384, que Peppol reserva a partes alemanas",
                invoice => invoice.TypeCode != "384"
            ),
            new(
                "BT-10",
                "Buyer reference, or BT-13, Purchase order reference",
                "referencia del comprador, o BT-13, referencia del pedido",
                invoice => Has(invoice.BuyerReference) || Has(invoice.PurchaseOrderReference)
            ),
            SellerAddress with
            {
                IsMet = invoice => ElectronicAddress.IsOfPeppol(invoice.Seller.ElectronicAddress),
            },
            BuyerAddress with
            {
                IsMet = invoice => ElectronicAddress.IsOfPeppol(invoice.Buyer.ElectronicAddress),
            },
        ],
    };

    /// <summary>XRechnung 3.0.</summary>
    public static readonly InvoiceProfile XRechnung = new()
    {
        Name = "XRechnung 3.0",
        Specification = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        Process = Billing,
        PaymentIsNeeded = true,
        DetailsAreNeeded = true,
        RateIsNeeded = true,
        Needs =
        [
            new("BT-10", "Buyer reference", "referencia del comprador", invoice => Has(invoice.BuyerReference)),
            SellerAddress,
            new("BT-37", "Seller city", "localidad del vendedor", invoice => Has(invoice.Seller.Address?.City)),
            new("BT-38", "Seller post code", "código postal del vendedor", invoice => Has(invoice.Seller.Address?.PostalCode)),
            new("BT-41", "Seller contact point", "contacto del vendedor", invoice => Has(invoice.Seller.Contact?.Name)),
            new(
                "BT-42",
                "Seller contact telephone number",
                "teléfono de contacto del vendedor",
                invoice => Has(invoice.Seller.Contact?.Telephone)
            ),
            new(
                "BT-43",
                "Seller contact email address",
                "correo electrónico de contacto del vendedor",
                invoice => Has(invoice.Seller.Contact?.Email)
            ),
            BuyerAddress,
            new("BT-52", "Buyer city", "localidad del comprador", invoice => Has(invoice.Buyer.Address?.City)),
            new("BT-53", "Buyer post code", "código postal del comprador", invoice => Has(invoice.Buyer.Address?.PostalCode)),
            new(
                "BT-77",
                "Deliver to city",
                "localidad de entrega",
                invoice => invoice.Delivery?.Address is not { } address || Has(address.City)
            ),
            new(
                "BT-78",
                "Deliver to post code",
                "código postal de entrega",
                invoice => invoice.Delivery?.Address is not { } address || Has(address.PostalCode)
            ),
        ],
    };

    /// <summary>Factur-X and ZUGFeRD, profile EN 16931, which is the standard in CII.</summary>
    public static readonly InvoiceProfile FacturX = Core with { Name = "Factur-X EN 16931" };

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>BT-24.</summary>
    public required string Specification { get; init; }

    /// <summary>BT-23; none where the profile asks for none.</summary>
    public string? Process { get; init; }

    /// <summary>Whether notes (BG-1) are to be one.</summary>
    private bool HasOneNote { get; init; }

    /// <summary>Whether it asks for payment instructions (BG-16) also where nothing is to be paid.</summary>
    private bool PaymentIsNeeded { get; init; }

    /// <summary>Whether a card (BG-18) or a mandate (BG-19) is to stand with the means that are paid by one.</summary>
    private bool DetailsAreNeeded { get; init; }

    /// <summary>Whether it asks for a rate (BT-119) also of what is not subject to VAT.</summary>
    private bool RateIsNeeded { get; init; }

    private IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>The invoice as the profile says the same.</summary>
    public Invoice Fit(Invoice invoice) =>
        invoice with
        {
            ProcessControl = new ProcessControl { Specification = Specification, Process = Process ?? invoice.ProcessControl.Process },
            Notes =
                HasOneNote && invoice.Notes.Count > 1
                    ? [new Note { Text = string.Join('\n', invoice.Notes.Select(note => note.Text)) }]
                    : invoice.Notes,
            Payment = Payment(invoice.Payment),
            VatBreakdown = RateIsNeeded
                ? [.. invoice.VatBreakdown.Select(part => part.Rate is null ? part with { Rate = 0m } : part)]
                : invoice.VatBreakdown,
        };

    /// <summary>What of the profile's needs an invoice does not meet, by its fields; null where it meets all.</summary>
    public Fault? Lacking(Invoice invoice)
    {
        var lacking = Needs.Where(need => !need.IsMet(invoice)).ToList();
        if (lacking.Count == 0)
        {
            return null;
        }

        return Said(lacking) with
        {
            Parts = [.. lacking.Select(need => Said([need]) with { Path = need.Field })],
        };
    }

    /// <summary>A means that asks for details which nobody kept is told in words (BT-82) under the code for that.</summary>
    private PaymentInstructions? Payment(PaymentInstructions? payment) =>
        payment is null ? (PaymentIsNeeded ? new PaymentInstructions { MeansCode = "1" } : null)
        : DetailsAreNeeded
        && Detailed.Contains(payment.MeansCode, StringComparer.Ordinal)
        && payment.Card is null
        && payment.DirectDebit is null
            ? payment with
            {
                MeansCode = "ZZZ",
            }
        : payment;

    private static bool Has(string? text) => !string.IsNullOrWhiteSpace(text);

    private Fault Said(IReadOnlyList<Need> needs)
    {
        string Named(Func<Need, string> name) =>
            string.Join(", ", needs.Select(need => string.Create(CultureInfo.InvariantCulture, $"{need.Field} ({name(need)})")));
        var code = InvoicingFaults.ProfileLacks;
        return (
            code with
            {
                English = string.Format(CultureInfo.InvariantCulture, code.English, Name, Named(need => need.English)),
                Spanish = string.Format(CultureInfo.InvariantCulture, code.Spanish, Name, Named(need => need.Spanish)),
            }
        ).With();
    }
}
