using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>The doors about a seller, and what the office's settings want to know besides its data: keys, series, staff that leaves.</summary>
internal static class SellerOfficeDoors
{
    /// <summary>What they need.</summary>
    public static void AddSellerOffice(this IServiceCollection services) =>
        services.AddSingleton<ListApiKeys>().AddSingleton<ListSeries>().AddSingleton<RemoveStaff>();

    /// <summary>
    /// Every door about a seller. The admin key registers; the seller's owner looks after its own seller through the office, an auditor looks.
    /// </summary>
    public static void MapSellers(this WebApplication app)
    {
        var seller = app.MapGroup("/v1/sellers/{sellerId}");
        seller.MapPut("", SellerDoors.Register).RequireAdminOrOwner();
        seller.MapGet("", SellerDoors.Get).RequireAdminOrOwnerOrAuditor();
        seller.MapGet("/keys", Keys).RequireAdminOrOwnerOrAuditor();
        seller.MapPost("/keys", SellerDoors.GiveKey).RequireAdminOrOwner();
        seller.MapDelete("/keys/{keyId}", SellerDoors.TakeKeyBack).RequireAdminOrOwner();
        seller.MapGet("/series", Series).RequireAdminOrOwnerOrAuditor();
        seller.MapPut("/staff/{email}", SellerDoors.RegisterStaff).RequireAdminOrOwner();
        seller.MapDelete("/staff/{email}", RemoveStaff).RequireAdminOrOwner();
        seller.MapPut("/certificate", CertificateDoors.Keep).RequireAdminOrScope(Scopes.InvoicesWrite);
        seller.MapGet("/certificate", CertificateDoors.Get).RequireAdminOrScope(Scopes.InvoicesRead, Scopes.InvoicesWrite);
    }

    /// <summary>The keys that were given, never the keys themselves.</summary>
    public static async Task<IResult> Keys(string sellerId, GetSeller sellers, ListApiKeys list, CancellationToken cancellationToken) =>
        SellerId.TryParse(sellerId, out var id) && await sellers.GetAsync(id, cancellationToken) is not null
            ? Results.Json(await list.ListAsync(id, cancellationToken), Wire.Tolerant)
            : InvoicingFaults.NoSeller.With().ToResult();

    /// <summary>The number series in use.</summary>
    public static async Task<IResult> Series(string sellerId, GetSeller sellers, ListSeries list, CancellationToken cancellationToken) =>
        SellerId.TryParse(sellerId, out var id) && await sellers.GetAsync(id, cancellationToken) is not null
            ? Results.Json(await list.ListAsync(id, cancellationToken), Wire.Tolerant)
            : InvoicingFaults.NoSeller.With().ToResult();

    /// <summary>204: the person opens no office of the seller any more.</summary>
    public static async Task<IResult> RemoveStaff(string sellerId, string email, RemoveStaff remove, CancellationToken cancellationToken) =>
        SellerId.TryParse(sellerId, out var id)
            ? (await remove.RemoveAsync(id, email, cancellationToken))?.ToResult() ?? Results.NoContent()
            : InvoicingFaults.NoSeller.With().ToResult();
}
