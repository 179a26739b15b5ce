using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Portal.Pages;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Doors;

/// <summary>
/// The payment page, by one of its two doors: the signed-in customer's of an invoice (/invoices/…/pay), or the payment link's (/pay/…) of
/// an invoice or of everything open, which needs no sign-in and shows no more than is needed to pay.
/// </summary>
public sealed class PayDoor : IBindableFromHttpContext<PayDoor>
{
    private PayDoor() { }

    /// <summary>What Payments opened, or why it did not.</summary>
    public required Outcome<PaymentPage> Opened { get; init; }

    /// <summary>The payment page's address.</summary>
    public required string Href { get; init; }

    /// <summary>The invoice's page; none for the holder of a link.</summary>
    public string? InvoiceHref { get; private init; }

    /// <summary>The link's token, where it came by one.</summary>
    public string? Token { get; private init; }

    /// <summary>On whose behalf is paid.</summary>
    public OnBehalfOf Behalf { get; private init; } = OnBehalfOf.System;

    /// <summary>Why it stays shut, in words; a link that is over is gone (410), and asking again will not help.</summary>
    public IResult Refuse(PageContext page) =>
        Opened.Fault is { } fault && fault.Code == PayFaults.RevokedPayLink
            ? page.Show<ProblemPage, Fault>(fault, StatusCodes.Status410Gone)
            : page.Show(Opened.Fault ?? PortalFaults.NotFound.With());

    /// <summary>What shows behind the same door now.</summary>
    public Task<Outcome<PaymentPage>> OpenAgainAsync(AskPayments payments, CancellationToken cancellationToken) =>
        Token is { } token
            ? payments.OpenLinkAsync(token, cancellationToken)
            : payments.OpenAsync(InvoiceId.Of(Guid.Parse(Opened.Value.InvoiceId)), Behalf, cancellationToken);

    /// <summary>Opens the door that the address names.</summary>
    public static async ValueTask<PayDoor?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
    {
        var payments = context.RequestServices.GetRequiredService<AskPayments>();
        if (context.Request.RouteValues["token"] is string token)
        {
            var byLink =
                token.Length <= 1000 && token.All(character => character is > ' ' and <= '~')
                    ? await payments.OpenLinkAsync(token, context.RequestAborted)
                    : PortalFaults.UnknownPayLink.With();
            return new PayDoor
            {
                Opened = byLink,
                Href = $"/pay/{Uri.EscapeDataString(token)}",
                Token = token,
                Behalf = byLink.Fault is null ? OnBehalfOf.Seller(SellerId.Of(byLink.Value.SellerId)) : OnBehalfOf.System,
            };
        }

        if (
            !InvoiceId.TryParse(context.Request.RouteValues["invoiceId"] as string, out var invoiceId)
            || Visitor.Of(context) is not { } visitor
        )
        {
            return new PayDoor { Opened = PortalFaults.NotFound.With(), Href = "/invoices" };
        }

        var opened = await payments.OpenAsync(invoiceId, visitor.AsCustomer, context.RequestAborted);
        return new PayDoor
        {
            Opened = opened,
            Href = $"/invoices/{invoiceId}/pay",
            InvoiceHref = $"/invoices/{invoiceId}",
            Behalf = opened.Fault is null ? OnBehalfOf.Customer(visitor.Email, SellerId.Of(opened.Value.SellerId)) : visitor.AsCustomer,
        };
    }
}
