using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>The door, or the rpc, holds its answer to the stores of a member of staff who is held to some; no other opens to such a member.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class HeldToStoresAttribute : Attribute;

/// <summary>
/// Staff that the seller's list holds to stores: a door opens to it only where it says that it holds its answer to them, so that a new door is
/// shut until somebody has thought of it. One thing of another store is not there; what cannot be told apart by store is refused.
/// </summary>
public static class StoresAtDoors
{
    internal const string StoreClaim = "store";

    /// <summary>The door holds its answer to the caller's stores itself.</summary>
    public static TBuilder HeldToStores<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new HeldToStoresAttribute());

    /// <summary>
    /// The door is about the invoice that its address names: to a caller held to stores there is none of another store. The query gives the
    /// store of an invoice (@seller, @invoice); an invoice whose store is not known is nobody's of a store.
    /// </summary>
    public static TBuilder HeldByInvoice<TBuilder>(this TBuilder endpoint, string storeOf, FaultCode none)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .HeldToStores()
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    if (Caller.Of(http.User) is not { Stores.Count: > 0 } caller)
                    {
                        return await next(context);
                    }

                    var named = http.GetRouteValue("invoiceId") as string;
                    return
                        InvoiceId.TryParse(named, out var invoice)
                        && caller.MaySee(await StoreOfAsync(http, storeOf, caller.SellerId, invoice, http.RequestAborted))
                        ? await next(context)
                        : none.With(named).ToResult();
                }
            );

    /// <summary>The store of an invoice, where it is known.</summary>
    public static async Task<string?> StoreOfAsync(
        HttpContext http,
        string storeOf,
        SellerId seller,
        InvoiceId invoice,
        CancellationToken cancellationToken
    )
    {
        await using var command = http.RequestServices.GetRequiredService<NpgsqlDataSource>().CreateCommand(storeOf);
        command.Parameters.Add(new("seller", seller.Value));
        command.Parameters.Add(new("invoice", invoice.Value));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Whether the caller is held to no stores, or the door holds its answer to them.</summary>
    internal static bool MayPass(ClaimsPrincipal user, object? resource) =>
        !IsHeld(user) || (resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<HeldToStoresAttribute>() is not null;

    /// <summary>Why a door stays shut: it cannot be held to the caller's stores, or its role does not open it.</summary>
    internal static Fault WhyShut(HttpContext http) => MayPass(http.User, http) ? DoorFaults.NoScope.With() : DoorFaults.NotByStore.With();

    /// <summary>Refuses an rpc that does not hold its answer to stores to whoever is held to some.</summary>
    internal static void Check(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!MayPass(http.User, http))
        {
            throw DoorFaults.NotByStore.With().ToRpc();
        }
    }

    internal static IReadOnlyList<StoreId> Of(ClaimsPrincipal user) =>
        [.. user.FindAll(StoreClaim).Select(claim => StoreId.Of(claim.Value))];

    private static bool IsHeld(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == StoreClaim);
}
