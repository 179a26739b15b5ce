using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Sellers and people for our own services.</summary>
[Authorize(ServiceCredentials.Policy)]
internal sealed class SellersRpc(GetSeller sellers, LookUpPerson people) : Rpc.Sellers.SellersBase
{
    public override async Task<Rpc.Seller> Get(Rpc.GetSeller request, ServerCallContext context)
    {
        var behalf = RpcCaller.Of(context).Behalf;
        // Who asks for one seller learns of no other; the system itself may ask for any.
        var mayKnow = behalf.SellerId is null || behalf.SellerId.Value.Value == request.SellerId;
        if (
            !mayKnow
            || !SellerId.TryParse(request.SellerId, out var id)
            || await sellers.GetAsync(id, context.CancellationToken) is not { } seller
        )
        {
            throw InvoicingFaults.NoSeller.With().ToRpc();
        }

        return new Rpc.Seller { Body = ByteString.CopyFrom(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(seller, Wire.Tolerant)) };
    }

    public override async Task<Rpc.Person> LookUp(Rpc.LookUpPerson request, ServerCallContext context)
    {
        var person = await people.LookUpAsync(request.Email, context.CancellationToken);
        var answer = new Rpc.Person();
        foreach (var each in person.CustomerOf)
        {
            var customer = new Rpc.CustomerOf { SellerId = each.SellerId, SellerName = each.SellerName };
            if (each.Language is { } language)
            {
                customer.Language = language;
            }

            answer.CustomerOf.Add(customer);
        }

        foreach (var each in person.StaffOf)
        {
            answer.StaffOf.Add(
                new Rpc.StaffOf
                {
                    SellerId = each.SellerId,
                    SellerName = each.SellerName,
                    Role = each.Role.ToLowerInvariant(),
                    Stores = { each.Stores },
                }
            );
        }

        return answer;
    }
}
