using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>Offers and consent on a customer's own pages: of the address that it proved, at the seller that is asked for.</summary>
[Authorize(ServiceCredentials.Policy)]
public sealed class PersonalRpc(ComposeOffers compose, GetConsent get, KeepConsent keep, Neighbours neighbours) : Personal.PersonalBase
{
    /// <inheritdoc />
    public override async Task<OffersReply> Offers(GetOffers request, ServerCallContext context)
    {
        var (caller, email) = Customer(context);
        if (!InvoiceId.TryParse(request.InvoiceId, out var id))
        {
            throw DeliveryFaults.NoInvoice.With(request.InvoiceId).ToRpc();
        }

        var invoice = (await neighbours.InvoiceAsync(id, caller.Behalf, context.CancellationToken)).OrRpcFault();
        var answer = new OffersReply();
        if (await compose.RunAsync(invoice, email, request.Language, context.CancellationToken) is not { } block)
        {
            return answer;
        }

        answer.Label = block.Label;
        answer.Heading = block.Heading;
        answer.Offers.Add(block.Offers.Select(Told));
        return answer;
    }

    /// <inheritdoc />
    public override async Task<ConsentReply> Consent(GetConsentOf request, ServerCallContext context)
    {
        var (caller, email) = Customer(context);
        return Told(
            await get.OfAddressAsync(caller.SellerId, Id(request.HasCustomerId, request.CustomerId), email, context.CancellationToken)
        );
    }

    /// <inheritdoc />
    public override async Task<ConsentReply> SayConsent(ConsentSaid request, ServerCallContext context)
    {
        var (caller, email) = Customer(context);
        var customer = Id(request.HasCustomerId, request.CustomerId);
        if (await keep.SayAsync(caller.SellerId, customer, email, request.Granted, context.CancellationToken) is { } fault)
        {
            throw fault.ToRpc();
        }

        return Told(await get.OfAddressAsync(caller.SellerId, customer, email, context.CancellationToken));
    }

    /// <summary>Only a customer asks here: neither staff nor a seller.</summary>
    private static (RpcCaller Caller, string Email) Customer(ServerCallContext context) =>
        RpcCaller.Of(context) is { Behalf: { CustomerEmail: { Length: > 0 } email, StaffEmail: null } } caller
            ? (caller, email)
            : throw DoorFaults.NoScope.With().ToRpc();

    /// <summary>The portal has it from the customer's own invoices.</summary>
    private static CustomerId? Id(bool isThere, string text) => isThere && KeepConsent.IsCustomer(text) ? CustomerId.Of(text) : null;

    private static OfferShown Told(Offer offer)
    {
        var told = new OfferShown
        {
            Title = offer.Title,
            Text = offer.Text,
            Because = offer.Because,
        };
        if (offer.Code is { } code)
        {
            told.Code = code;
        }

        if (offer.Until is { } until)
        {
            told.Until = until;
        }

        if (offer.Url is { } url)
        {
            told.Url = url;
        }

        return told;
    }

    private static ConsentReply Told(ConsentOfAddress consent) =>
        new()
        {
            Granted = consent.Granted,
            Words =
            {
                consent.Words.Select(each => new ConsentWordSaid
                {
                    Granted = each.Granted,
                    Source = each.Source,
                    At = each.At.ToString("O", CultureInfo.InvariantCulture),
                }),
            },
        };
}
