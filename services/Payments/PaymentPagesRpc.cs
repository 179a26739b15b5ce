using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Providers.Sandbox;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>How an invoice can be paid, for Delivery's documents and the Portal's pages.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class PaymentPagesRpc(
    Instruct instruct,
    MakeCustomerLink customerLink,
    MakeAskedLink askedLink,
    OpenPaymentPage openPage,
    OpenPaymentLink openLink,
    VerifyPayer verifyPayer,
    StartPaying startPaying,
    LookAtCheckout lookAtCheckout,
    PayInSandbox sandbox
) : PaymentPages.PaymentPagesBase
{
    // More than a reminder tells of.
    private const int MostAsked = 2000;

    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <inheritdoc />
    public override async Task<InstructionsReply> Instructions(GetInstructions request, ServerCallContext context)
    {
        var seller = RpcCaller.Of(context).SellerId;
        if (seller.Value != request.SellerId)
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        if (!Currency.TryParse(request.Currency, out var currency))
        {
            throw PaymentsFaults.Unreadable.With("currency").ToRpc();
        }

        if (!decimal.TryParse(request.AmountDue, Plain, CultureInfo.InvariantCulture, out var due))
        {
            throw PaymentsFaults.Unreadable.With("amount_due").ToRpc();
        }

        var reply = await instruct.HandleAsync(
            seller,
            Invoice(request.InvoiceId),
            Money.Of(due, currency),
            request.PaymentReference,
            context.CancellationToken
        );
        return reply.OrRpcFault();
    }

    /// <inheritdoc />
    public override async Task<CustomerLinkReply> CustomerLink(GetCustomerLink request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        var seller = caller.SellerId;
        // A seller's link to all that any of its customers owes is nothing for a customer.
        if (seller.Value != request.SellerId || caller.Behalf.CustomerEmail is not null)
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        var link = (await customerLink.HandleAsync(seller, CustomerId.Of(request.CustomerId), context.CancellationToken)).OrRpcFault();
        return new CustomerLinkReply { PayUrl = link.Url, ExpiresAt = link.ExpiresAt.ToString("O", CultureInfo.InvariantCulture) };
    }

    /// <inheritdoc />
    public override async Task<CustomerLinkReply> AskedLink(GetAskedLink request, ServerCallContext context)
    {
        var caller = RpcCaller.Of(context);
        if (caller.SellerId.Value != request.SellerId || caller.Behalf.CustomerEmail is not null)
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        var asked = request.Invoices.Select(each => (Invoice(each.InvoiceId), Positive(each.Amount))).ToArray();
        if (asked.Length is 0 or > MostAsked || asked.DistinctBy(each => each.Item1).Count() < asked.Length)
        {
            throw PaymentsFaults.Unreadable.With("invoices").ToRpc();
        }

        var link = (await askedLink.HandleAsync(caller.SellerId, request.MessageId, asked, context.CancellationToken)).OrRpcFault();
        return new CustomerLinkReply { PayUrl = link.Url, ExpiresAt = link.ExpiresAt.ToString("O", CultureInfo.InvariantCulture) };
    }

    /// <inheritdoc />
    public override async Task<PaymentPage> OpenLink(LinkToken request, ServerCallContext context)
    {
        var payer = (await openLink.HandleAsync(request.Token, context.CancellationToken)).OrRpcFault();
        var page = payer.InvoiceId is { } invoice
            ? await openPage.HandleAsync(invoice, payer.SellerId, null, context.CancellationToken)
            : await openPage.HandleAsync(payer, context.CancellationToken);
        // The link is ours, so the invoice is; it has not arrived yet.
        return page.Fault?.Code == PaymentsFaults.NoInvoice ? throw PaymentsFaults.NotYet.With().ToRpc() : page.OrRpcFault();
    }

    /// <inheritdoc />
    public override async Task<PaymentPage> Open(OpenPage request, ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        if (behalf is { SellerId: null, CustomerEmail: null })
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }

        var page = await openPage.HandleAsync(Invoice(request.InvoiceId), behalf.SellerId, behalf.CustomerEmail, context.CancellationToken);
        return page.OrRpcFault();
    }

    /// <inheritdoc />
    public override async Task<PaymentResult> PayInSandbox(SandboxPayment request, ServerCallContext context)
    {
        var (invoice, seller) = (Invoice(request.InvoiceId), Seller(request.SellerId));
        var payer = await PayerAsync(seller, request.HasToken ? request.Token : null, context);
        if (await verifyPayer.RefuseAsync(payer, [invoice], context.CancellationToken) is { } refused)
        {
            throw refused.ToRpc();
        }

        var result = (await sandbox.HandleAsync(seller, invoice, request.Key, request.Means, context.CancellationToken)).OrRpcFault();
        return new PaymentResult
        {
            PaymentId = result.PaymentId?.ToString() ?? "",
            Status = result.AlreadyPaid ? "already-paid" : "received",
            Amount = Book.Coins(result.Amount, result.Currency).ToString(CultureInfo.InvariantCulture),
            Currency = result.Currency.Code,
        };
    }

    /// <inheritdoc />
    public override async Task<CheckoutReply> StartCheckout(CheckoutRequest request, ServerCallContext context)
    {
        var seller = Seller(request.SellerId);
        var invoices = request.InvoiceIds.Select(Invoice).ToArray();
        if (!StartPaying.IsPageKey(request.Key))
        {
            throw PaymentsFaults.Unreadable.With("key").ToRpc();
        }

        var means = Means(request.Means);
        var payer = await PayerAsync(seller, request.HasToken ? request.Token : null, context);
        // Who signed in comes back to the page of an invoice, so one is named.
        if (invoices.Length > OpenItem.MostTogether || (invoices.Length == 0 && (payer.Email is not null || !request.AllOpen)))
        {
            throw PaymentsFaults.Unreadable.With("invoice_ids").ToRpc();
        }

        var reply = await startPaying.HandleAsync(
            payer,
            new StartPaying.Request
            {
                Invoices = invoices,
                AllOpen = request.AllOpen,
                Key = request.Key,
                Means = means,
                Language = request.Language is { Length: 2 } code && code.All(char.IsAsciiLetterLower) ? code : "es",
                ReturnPath = request.HasToken ? $"/pay/{request.Token}/back" : $"/invoices/{invoices[0]}/pay/back",
            },
            context.CancellationToken
        );
        return reply.OrRpcFault();
    }

    /// <inheritdoc />
    public override async Task<CheckoutStanding> SeeCheckout(CheckoutLook request, ServerCallContext context)
    {
        var seller = Seller(request.SellerId);
        if (!Guid.TryParseExact(request.CheckoutId, "D", out var checkout))
        {
            throw PaymentsFaults.Unreadable.With("checkout_id").ToRpc();
        }

        var payer = await PayerAsync(seller, request.HasToken ? request.Token : null, context);
        return (await lookAtCheckout.HandleAsync(payer, checkout, context.CancellationToken)).OrRpcFault();
    }

    /// <summary>Whoever pays holds a link, or proved the address that invoices were sent to.</summary>
    private async Task<Payer> PayerAsync(SellerId seller, string? linkToken, ServerCallContext context) =>
        (await verifyPayer.OfAsync(seller, linkToken, RpcCaller.Of(context).Behalf, context.CancellationToken)).OrRpcFault();

    private static InvoiceId Invoice(string text) =>
        InvoiceId.TryParse(text, out var invoice) ? invoice : throw PaymentsFaults.Unreadable.With("invoice_id").ToRpc();

    private static decimal Positive(string text) =>
        decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var amount) && amount > 0m
            ? amount
            : throw PaymentsFaults.Unreadable.With("amount").ToRpc();

    private static SellerId Seller(string text) =>
        SellerId.TryParse(text, out var seller) ? seller : throw PaymentsFaults.Unreadable.With("seller_id").ToRpc();

    private static PaymentMeans Means(string text) =>
        Enum.GetValues<PaymentMeans>().Select(each => (PaymentMeans?)each).FirstOrDefault(each => Account.NameOf(each!.Value) == text)
        ?? throw PaymentsFaults.Unreadable.With("means").ToRpc();
}
