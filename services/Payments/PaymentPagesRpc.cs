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
public sealed class PaymentPagesRpc(Instruct instruct, OpenPaymentPage openPage, SignPaymentLinks links, PayInSandbox sandbox)
    : PaymentPages.PaymentPagesBase
{
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
    public override async Task<PaymentPage> OpenLink(LinkToken request, ServerCallContext context)
    {
        var link = links.Open(request.Token).OrRpcFault();
        var page = await openPage.HandleAsync(link.InvoiceId, link.SellerId, null, context.CancellationToken);
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
        var (invoice, seller) = (Invoice(request.InvoiceId), SellerId.Of(request.SellerId));
        await HoldToPayerAsync(request, RpcCaller.Of(context).Behalf, invoice, seller, context.CancellationToken);
        var result = (await sandbox.HandleAsync(seller, invoice, request.Key, request.Means, context.CancellationToken)).OrRpcFault();
        return new PaymentResult
        {
            PaymentId = result.PaymentId?.ToString() ?? "",
            Status = result.AlreadyPaid ? "already-paid" : "received",
            Amount = Book.Coins(result.Amount, result.Currency).ToString(CultureInfo.InvariantCulture),
            Currency = result.Currency.Code,
        };
    }

    /// <summary>Whoever pays holds a link to this very invoice, or proved the address it was sent to.</summary>
    private async Task HoldToPayerAsync(
        SandboxPayment request,
        OnBehalfOf behalf,
        InvoiceId invoice,
        SellerId seller,
        CancellationToken token
    )
    {
        if (request.HasToken)
        {
            var link = links.Open(request.Token).OrRpcFault();
            if (link.InvoiceId != invoice || link.SellerId != seller)
            {
                throw PaymentsFaults.NotYours.With().ToRpc();
            }
        }
        else if (behalf.CustomerEmail is { } email && (behalf.SellerId ?? seller) == seller)
        {
            (await openPage.HandleAsync(invoice, seller, email, token)).OrRpcFault();
        }
        else
        {
            throw PaymentsFaults.NotYours.With().ToRpc();
        }
    }

    private static InvoiceId Invoice(string text) =>
        InvoiceId.TryParse(text, out var invoice) ? invoice : throw PaymentsFaults.Unreadable.With("invoice_id").ToRpc();
}
