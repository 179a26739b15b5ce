using System.Collections.Concurrent;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Contracts.Grpc.Reporting;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>What the other services know, as far as the web front asks; the simulators answer from it.</summary>
public sealed class Surroundings
{
    public List<SellerRegistered> Sellers { get; } = [];

    /// <summary>Each invoice with the address it was sent to.</summary>
    public List<(string Email, InvoiceBody Invoice)> Invoices { get; } = [];

    /// <summary>Payments made besides those taken with the sale.</summary>
    public ConcurrentDictionary<InvoiceId, List<PaymentFact>> Payments { get; } = new();

    public ConcurrentDictionary<string, PaymentResult> SandboxKeys { get; } = new();

    /// <summary>Tokens of payment links and what they open; null for one past its end.</summary>
    public ConcurrentDictionary<string, InvoiceId?> PayLinks { get; } = new();

    public bool Sandbox { get; set; } = true;

    /// <summary>Sign-in links that were mailed, by key.</summary>
    public ConcurrentDictionary<string, SignInLink> Mailed { get; } = new();

    public Dictionary<(string Day, string GroupBy), List<SalesRow>> Sales { get; } = [];

    public List<CurrencySummary> Owed { get; } = [];

    public List<Receivable> Overdue { get; } = [];

    /// <summary>Services that do not answer.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = new();

    /// <summary>Services that break.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = new();

    /// <summary>Which rpc was asked on whose behalf.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public decimal DueOf(InvoiceBody invoice) =>
        invoice.Totals.AmountDue
        - (
            Payments.TryGetValue(invoice.InvoiceId, out var facts)
                ? facts.Sum(fact => decimal.Parse(fact.Amount, System.Globalization.CultureInfo.InvariantCulture))
                : 0m
        );

    public InvoiceBody? Find(string invoiceId) =>
        Invoices.Select(each => each.Invoice).FirstOrDefault(invoice => invoice.InvoiceId.ToString() == invoiceId);
}
