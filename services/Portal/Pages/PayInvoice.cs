using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>
/// Pays what is open on the provider the page offered, once: the key of the page goes with every press of its button, and the browser
/// is sent on so that reloading and going back press nothing.
/// </summary>
public sealed class PayInvoice(AskPayments payments)
{
    private static readonly string[] Means = ["card", "bizum", "wallet"];

    /// <summary>Takes the payment page's form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, PayDoor door, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(PayInvoice));
        if ((form.Fault ?? door.Opened.Fault) is { } fault)
        {
            return page.Show(fault);
        }

        if (
            form["means"] is not { } means
            || !Means.Contains(means, StringComparer.Ordinal)
            || form["key"] is not { Length: > 0 and <= 500 } key
        )
        {
            return page.Show(PortalFaults.BadPayment.With());
        }

        // The invoice and its seller are those that the address opens, never those that a form could name.
        var payment = new SandboxPayment
        {
            SellerId = door.Opened.Value.SellerId,
            InvoiceId = door.Opened.Value.InvoiceId,
            Key = key,
            Means = means,
        };
        if (door.Token is { } token)
        {
            payment.Token = token;
        }

        var paid = await payments.PayInSandboxAsync(payment, door.Behalf, cancellationToken);
        return paid.Fault is { } refused
            ? page.Show(refused)
            : PageContext.GoTo(paid.Value.Status == "already-paid" ? $"{door.Href}/done?before=yes" : $"{door.Href}/done");
    }
}
