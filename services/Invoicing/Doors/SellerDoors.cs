using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>What the admin's requests about sellers are answered.</summary>
internal static class SellerDoors
{
    /// <summary>201 where the seller is new, 200 where it was changed or is the same.</summary>
    public static async Task<IResult> Register(
        string sellerId,
        Body<SellerBody> body,
        Caller? caller,
        RegisterSeller register,
        GetSeller sellers,
        CancellationToken cancellationToken
    )
    {
        if (!SellerId.TryParse(sellerId, out var id))
        {
            return DoorFaults.BadParameter.With("sellerId", "A-Z a-z 0-9 . - _, 1–64").ToResult();
        }

        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        // What the law and the tax agency hold a seller to is the operator's: an owner changes the rest.
        if (
            caller is not null
            && (
                await sellers.GetAsync(id, cancellationToken) is not { } kept
                || kept.TaxId != body.Content.Value.TaxId
                || kept.Environment != body.Content.Value.Environment
                || kept.Regime != body.Content.Value.Regime
                || kept.Territory != body.Content.Value.Territory
            )
        )
        {
            return InvoicingFaults.OperatorsOnly.With().ToResult();
        }

        var outcome = await register.RegisterAsync(id, body.Content.Value, cancellationToken);
        return outcome.ToResult(answer =>
            Results.Json(
                SellerAnswer.Of(answer.Seller),
                Wire.Tolerant,
                statusCode: answer.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK
            )
        );
    }

    /// <summary>The seller with its staff.</summary>
    public static async Task<IResult> Get(string sellerId, GetSeller sellers, CancellationToken cancellationToken) =>
        SellerId.TryParse(sellerId, out var id) && await sellers.GetAsync(id, cancellationToken) is { } seller
            ? Results.Json(SellerAnswer.Of(seller), Wire.Tolerant)
            : InvoicingFaults.NoSeller.With().ToResult();

    /// <summary>201 with the key, this once.</summary>
    public static async Task<IResult> GiveKey(string sellerId, Body<KeyRequest> body, GiveApiKey give, CancellationToken cancellationToken)
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        if (!SellerId.TryParse(sellerId, out var id))
        {
            return InvoicingFaults.NoSeller.With().ToResult();
        }

        var outcome = await give.GiveAsync(id, body.Content.Value, cancellationToken);
        return outcome.ToResult(key => Results.Json(key, Wire.Tolerant, statusCode: StatusCodes.Status201Created));
    }

    /// <summary>204: the key opens nothing any more.</summary>
    public static async Task<IResult> TakeKeyBack(
        string sellerId,
        string keyId,
        TakeApiKeyBack take,
        CancellationToken cancellationToken
    ) =>
        SellerId.TryParse(sellerId, out var id) && KeyId.TryParse(keyId, out var key)
            ? (await take.TakeBackAsync(id, key, cancellationToken))?.ToResult() ?? Results.NoContent()
            : InvoicingFaults.NoSuchKey.With().ToResult();

    /// <summary>200 with the member as enrolled.</summary>
    public static async Task<IResult> RegisterStaff(
        string sellerId,
        string email,
        Body<StaffRequest> body,
        RegisterStaff staff,
        CancellationToken cancellationToken
    )
    {
        if (body.Content.Refused(out var fault))
        {
            return fault.ToResult();
        }

        if (!SellerId.TryParse(sellerId, out var id))
        {
            return InvoicingFaults.NoSeller.With().ToResult();
        }

        var outcome = await staff.RegisterAsync(id, email, body.Content.Value, cancellationToken);
        return outcome.ToResult(member => Results.Json(member, Wire.Tolerant));
    }
}

/// <summary>A seller as its registration is answered.</summary>
internal sealed record SellerAnswer : SellerBody
{
    /// <summary>The seller's name for itself.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>Counts up with every change.</summary>
    public required long Version { get; init; }

    /// <summary>Who works there.</summary>
    public IReadOnlyList<StaffMember> Staff { get; init; } = [];

    /// <summary>The answer for a seller as told.</summary>
    public static SellerAnswer Of(SellerRegistered told) =>
        System.Text.Json.JsonSerializer.SerializeToNode(told, Wire.Tolerant) is { } node
            ? System.Text.Json.JsonSerializer.Deserialize<SellerAnswer>(node, Wire.Tolerant)!
            : throw new InvalidOperationException("a seller is an object");
}
