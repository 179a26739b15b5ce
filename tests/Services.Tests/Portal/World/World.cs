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

    /// <summary>Ways to pay that the sellers' providers take, in the order they are offered.</summary>
    public List<string> Ways { get; } = [];

    /// <summary>Links to everything open of a customer with a seller, by token.</summary>
    public ConcurrentDictionary<string, (SellerId Seller, string Email)> CustomerLinks { get; } = new();

    /// <summary>Tokens of links that were revoked.</summary>
    public ConcurrentDictionary<string, bool> RevokedLinks { get; } = new();

    /// <summary>Where payers are sent; what is posted there, if anything.</summary>
    public string ProviderAddress { get; set; } = "https://checkout.provider.example/c/pay?id=1&lang=es";

    public List<(string Name, string Value)> ProviderFields { get; } = [];

    /// <summary>Whether no provider answers.</summary>
    public bool ProvidersDown { get; set; }

    /// <summary>Checkouts that were begun, by key.</summary>
    public ConcurrentDictionary<string, CheckoutStanding> Checkouts { get; } = new();

    /// <summary>What was asked of them, in order.</summary>
    public ConcurrentQueue<CheckoutRequest> Started { get; } = new();

    /// <summary>What of an invoice is under way, and since when.</summary>
    public ConcurrentDictionary<InvoiceId, (decimal Amount, string? Since)> UnderWay { get; } = new();

    /// <summary>Sign-in links that were mailed, by key.</summary>
    public ConcurrentDictionary<string, SignInLink> Mailed { get; } = new();

    public Dictionary<(string Day, string GroupBy), List<SalesRow>> Sales { get; } = [];

    public List<CurrencySummary> Owed { get; } = [];

    public List<Receivable> Overdue { get; } = [];

    /// <summary>What is asked for beside accounts.</summary>
    public List<StatementClaim> Claims { get; } = [];

    /// <summary>What customers said was wrong, by invoice.</summary>
    public ConcurrentDictionary<string, DisputeRequest> Disputes { get; } = new();

    /// <summary>The days that customers promised, by invoice.</summary>
    public ConcurrentDictionary<string, PromiseRequest> Promises { get; } = new();

    /// <summary>Tickets that were handed over a counter and mailed to nobody.</summary>
    public List<InvoiceBody> Tickets { get; } = [];

    /// <summary>Invoices that customers asked for, by the key of their form.</summary>
    public ConcurrentDictionary<string, InvoiceBody> Claimed { get; } = new();

    /// <summary>What customers said about offers, by seller and address; the newest last.</summary>
    public ConcurrentDictionary<(string Seller, string Email), List<bool>> Consents { get; } = new();

    /// <summary>Who was forgotten, and on which invoices not.</summary>
    public ConcurrentDictionary<string, string[]> Forgotten { get; } = new();

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
