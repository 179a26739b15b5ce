using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>
/// Sends the payer on to a provider's page to pay what is open, once: the key of the page goes with every press of its buttons. In
/// development, where no provider is kept, the sandbox pays, and the browser is sent on so that reloading and going back press nothing.
/// </summary>
public sealed class PayInvoice(AskPayments payments, AskInvoicing invoicing)
{
    private static readonly string[] Means = ["card", "bizum", "wallet", "direct-debit"];

    /// <summary>Takes the payment page's form.</summary>
    public async Task<IResult> HandleAsync(PageContext page, PayDoor door, Form form, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(PayInvoice));
        if (form.Fault is { } fault)
        {
            return page.Show(fault);
        }

        if (door.Opened.Fault is not null)
        {
            return door.Refuse(page);
        }

        if (
            form["means"] is not { } means
            || !Means.Contains(means, StringComparer.Ordinal)
            || form["key"] is not { Length: > 0 and <= 500 } key
        )
        {
            return page.Show(PortalFaults.BadPayment.With());
        }

        return door.Opened.Value.Options.Any(option => option.Means != PaymentModel.Transfer)
            ? await StartAsync(page, door, form, key, means, cancellationToken)
            : await PlayAsync(page, door, key, means, cancellationToken);
    }

    private async Task<IResult> StartAsync(
        PageContext page,
        PayDoor door,
        Form form,
        string key,
        string means,
        CancellationToken cancellationToken
    )
    {
        // The invoices and their seller are those that the address opens, never those that a form could name.
        var payment = door.Opened.Value;
        // Pressed again, it finds what this press began.
        payment.Key = key;
        var (branded, zone) = await ShowPayPage.BrandedAsync(invoicing, page, payment, cancellationToken);
        var model = PaymentModel.Of(door, payment, zone);
        if (model.AmountDue <= 0m)
        {
            return PageContext.GoTo(model.InFlight > 0m ? door.Href : $"{door.Href}/done?before=yes");
        }

        if (!model.Ways.Contains(means, StringComparer.Ordinal))
        {
            return page.Show(PortalFaults.BadPayment.With());
        }

        var all = payment.AllOpen || form["all"] is not null;
        var due = all ? model.TogetherDue : model.AmountDue;
        if (form["sum"] is { } shown && Standing.DecimalOf(shown) != due)
        {
            return branded.Show<PayPage, PaymentModel>(model with { HasChanged = true }, StatusCodes.Status409Conflict);
        }

        var started = await payments.StartCheckoutAsync(Wanted(page, door, key, means, all), door.Behalf, cancellationToken);
        if (started.Fault is null && started.Value.AlreadyPaid)
        {
            return PageContext.GoTo($"{door.Href}/done?before=yes");
        }

        if (started.Fault is null && Onward.AddressOf(started.Value.Address) is { } address)
        {
            return new Onward
            {
                Address = address,
                Fields = started.Value.Fields,
                Amount = due,
                Currency = model.Currency,
                SellerName = payment.SellerName,
                Back = door.Href,
            }.Show(branded);
        }

        // Nobody has been asked to pay yet, so whatever went wrong, another way is safe.
        return branded.Show<PayPage, PaymentModel>(
            model with
            {
                NotOpened = means,
            },
            started.Fault?.Code == PortalFaults.Away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict
        );
    }

    private static CheckoutRequest Wanted(PageContext page, PayDoor door, string key, string means, bool all)
    {
        var payment = door.Opened.Value;
        var wanted = new CheckoutRequest
        {
            SellerId = payment.SellerId,
            AllOpen = all,
            Key = key,
            Means = means,
            Language = page.Words.Code,
        };
        if (!payment.AllOpen)
        {
            wanted.InvoiceIds.Add(payment.InvoiceId);
        }

        if (door.Token is { } token)
        {
            wanted.Token = token;
        }

        return wanted;
    }

    private async Task<IResult> PlayAsync(PageContext page, PayDoor door, string key, string means, CancellationToken cancellationToken)
    {
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
