using RetailInvoicing.Contracts;
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
}

/// <summary>
/// Shows an invoice in full to whom it was sent: what was bought, its VAT, what proves it, what was paid and what corrects it.
/// </summary>
public sealed class ShowInvoice(AskInvoicing invoicing, AskPayments payments, TimeProvider clock)
{
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
        var seller = await invoicing.SellerAsync(invoice.SellerId, cancellationToken);
        var zone = Zones.Of(seller.Fault is null ? seller.Value.TimeZone : null);
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
        };
        return ListMyInvoices.Branded(page, seller.Fault is null ? seller.Value : null).Show<InvoicePage, InvoiceModel>(model);
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
