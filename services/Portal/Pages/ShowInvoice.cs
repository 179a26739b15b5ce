using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>A payment of an invoice, as a person knows it.</summary>
public sealed record PaymentRow(string Means, decimal Amount, DateOnly? On);

/// <summary>An invoice in full.</summary>
public sealed record InvoiceModel
{
    /// <summary>The invoice.</summary>
    public required InvoiceBody Invoice { get; init; }

    /// <summary>How it stands.</summary>
    public required Standing Standing { get; init; }

    /// <summary>What was paid, the first first.</summary>
    public required IReadOnlyList<PaymentRow> Payments { get; init; }

    /// <summary>Whether Payments did not answer.</summary>
    public bool PaymentsAway { get; init; }

    /// <summary>Where the invoice's pages are: the customer's or the office's.</summary>
    public required string Href { get; init; }

    /// <summary>Whether staff looks, who cannot pay for the customer.</summary>
    public bool ForStaff { get; init; }

    /// <summary>What stands behind the addresses of the office's pages.</summary>
    public string Query { get; init; } = "";

    /// <summary>How every cent came about, where that is asked for.</summary>
    public JsonNode? Explanation { get; init; }

    /// <summary>What the shop offers beside it; none where the customer wants none.</summary>
    public OffersReply? Offers { get; init; }

    /// <summary>Where the shop is asked something.</summary>
    public string? ShopEmail { get; init; }

    /// <summary>Whether a full invoice can be asked for in place of this ticket.</summary>
    public bool CanBeClaimed =>
        Invoice is { Kind: InvoiceKind.Simplified, Buyer: null, ReplacedBy: null, Status: InvoiceStatus.Issued, Totals.TotalWithVat: > 0m };

    /// <summary>Whether the customer may put its own data right on it.</summary>
    public bool CanBePutRight =>
        Invoice
            is { Buyer: not null, Kind: not InvoiceKind.Corrective, Status: InvoiceStatus.Issued, ReplacedBy: null, CorrectedBy.Count: 0 };
}

/// <summary>
/// Shows an invoice in full to whom it was sent: what was bought, its VAT, what proves it, what was paid, what corrects it, and apart from
/// all of it what the shop offers.
/// </summary>
public sealed class ShowInvoice(
    AskInvoicing invoicing,
    AskPayments payments,
    AskCustomers customers,
    AskPersonal personal,
    TimeProvider clock
)
{
    /// <summary>No invoice waits for its offers longer.</summary>
    private static readonly TimeSpan OffersPatience = TimeSpan.FromMilliseconds(400);

    /// <summary>The page.</summary>
    public async Task<IResult> HandleAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowInvoice));
        page = page with { Staff = door.HasOffice };
        if (door.Fault is { } shut)
        {
            return page.Show(shut);
        }

        var id = door.InvoiceId;
        var balancesAsked = payments.BalancesAsync([id], door.Behalf, cancellationToken);
        var asked = await invoicing.InvoiceAsync(id, door.Behalf, cancellationToken);
        var balances = await balancesAsked;
        if (asked.Fault is { } fault)
        {
            return page.Show(fault);
        }

        var invoice = asked.Value;
        var offersAsked = door.ForStaff ? Task.FromResult<OffersReply?>(null) : OffersAsync(page, door, invoice, cancellationToken);
        var seller = await invoicing.SellerAsync(invoice.SellerId, cancellationToken);
        var known = seller.Fault is null ? seller.Value : null;
        var zone = Zones.Of(known?.TimeZone);
        var balance = balances.Fault is null ? balances.Value.GetValueOrDefault(id) : null;
        var model = new InvoiceModel
        {
            Invoice = invoice,
            Standing = Standing.Of(invoice, balance, balances.Fault is not null, Zones.DayAt(clock.GetUtcNow(), zone), zone),
            Payments = PaymentsOf(invoice, balance, zone),
            PaymentsAway = balances.Fault is not null,
            Href = door.Href,
            Query = door.Query,
            ForStaff = door.ForStaff,
            Explanation = await ExplanationAsync(page, door, cancellationToken),
            Offers = await offersAsked,
            ShopEmail = invoice.Seller.Email ?? known?.Email,
        };
        return ListMyInvoices.Branded(page, known).Show<InvoicePage, InvoiceModel>(model);
    }

    private async Task<JsonNode?> ExplanationAsync(PageContext page, InvoiceDoor door, CancellationToken cancellationToken)
    {
        if (door.ForStaff || !door.Explained)
        {
            return null;
        }

        var told = await customers.ExplainAsync(door.InvoiceId, page.Words.FaultLanguage, door.Behalf, cancellationToken);
        return told.Fault is null ? told.Value : null;
    }

    private async Task<OffersReply?> OffersAsync(
        PageContext page,
        InvoiceDoor door,
        InvoiceBody invoice,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = personal.OffersAsync(
            invoice.InvoiceId,
            page.Words.Code,
            door.Behalf with
            {
                SellerId = invoice.SellerId,
            },
            patience.Token
        );
        try
        {
            var offers = await asked.WaitAsync(OffersPatience, clock, cancellationToken);
            return offers.Fault is null && offers.Value.Offers.Count > 0 ? offers.Value : null;
        }
        catch (TimeoutException)
        {
            await patience.CancelAsync();
            return null;
        }
    }

    /// <summary>What Payments tells, or what the sale itself brought where Payments knows nothing yet.</summary>
    private static IReadOnlyList<PaymentRow> PaymentsOf(InvoiceBody invoice, Balance? balance, TimeZoneInfo zone) =>
        balance is { Payments.Count: > 0 }
            ? balance
                .Payments.OrderBy(payment => payment.ReceivedAt, StringComparer.Ordinal)
                .Select(payment => new PaymentRow(
                    payment.Means,
                    Standing.DecimalOf(payment.Amount),
                    Standing.DayOf(payment.ReceivedAt, zone)
                ))
                .ToList()
            : invoice
                .Payments.Select(payment => new PaymentRow(
                    System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(payment.Means.ToString()),
                    payment.Amount,
                    invoice.OperationDate
                ))
                .ToList();
}
