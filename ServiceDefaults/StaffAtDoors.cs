using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Staff at the REST doors: the web front asks there with its service credential, which names the seller, the member and the role. The door
/// opens as far as the role's scopes do; an auditor reads every door of its seller and writes at none.
/// </summary>
public static class StaffAtDoors
{
    /// <summary>The service that staff comes through.</summary>
    public const string Front = "portal";

    internal const string Scheme = "staff";
    internal const string StaffClaim = "staff";
    internal const string RoleClaim = "role";
    internal const string OperatorClaim = "operator";

    /// <summary>What a role may do, in the scopes that keys carry.</summary>
    public static IReadOnlyList<string> ScopesOf(StaffRole role) =>
        role switch
        {
            StaffRole.Owner => Scopes.All,
            StaffRole.Accountant =>
            [
                Scopes.InvoicesRead,
                Scopes.InvoicesWrite,
                Scopes.PaymentsWrite,
                Scopes.ReportsRead,
                Scopes.CollectionsWrite,
            ],
            StaffRole.Shop => [Scopes.InvoicesRead, Scopes.InvoicesWrite],
            StaffRole.Collector => [Scopes.InvoicesRead, Scopes.CollectionsWrite, Scopes.ReportsRead],
            _ => [Scopes.InvoicesRead, Scopes.ReportsRead],
        };

    /// <summary>
    /// The door wants the admin key, or the owner of the seller that the address names; what of the seller an owner may change, the door
    /// looks at itself.
    /// </summary>
    public static TBuilder RequireAdminOrOwner<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(
            new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                .RequireAuthenticatedUser()
                .RequireAssertion(context =>
                    StoresAtDoors.MayPass(context.User, context.Resource)
                    && (context.User.HasClaim(ApiKeys.AdminClaim, "true") || IsOwnerOf(context.User, SellerOf(context.Resource)))
                )
                .Build()
        );

    /// <summary>Likewise; an auditor of that seller may look too.</summary>
    public static TBuilder RequireAdminOrOwnerOrAuditor<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(
            new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                .RequireAuthenticatedUser()
                .RequireAssertion(context =>
                    StoresAtDoors.MayPass(context.User, context.Resource)
                    && (
                        context.User.HasClaim(ApiKeys.AdminClaim, "true")
                        || IsOwnerOf(context.User, SellerOf(context.Resource))
                        || (MayLook(context) && context.User.HasClaim(ApiKeys.SellerClaim, SellerOf(context.Resource) ?? ""))
                    )
                )
                .Build()
        );

    /// <summary>
    /// Whether someone with one of the scopes asks, or an auditor that only looks. A door that does something and wants no more than a key
    /// that reads, such as printing, stays shut to an auditor.
    /// </summary>
    internal static bool MayPass(AuthorizationHandlerContext context, string[] scopes) =>
        StoresAtDoors.MayPass(context.User, context.Resource)
        && (IsAuditor(context.User) ? MayLook(context) : scopes.Any(scope => context.User.HasClaim(ApiKeys.ScopeClaim, scope)));

    /// <summary>Whether a request carries the web front's credential instead of a key.</summary>
    internal static string? SchemeOf(HttpContext http)
    {
        var given = http.Request.Headers.Authorization.ToString();
        if (!given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Who signed it is checked after this; here it only says by which keys to check.
        try
        {
            return new JsonWebToken(given[7..].Trim()).Issuer == Front ? Scheme : null;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or SecurityTokenException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The member behind a checked credential, with the scopes of its role; null where it names none.</summary>
    internal static ClaimsPrincipal? Member(ClaimsPrincipal credential)
    {
        if (Operator(credential) is { } itself)
        {
            return itself;
        }

        if (
            credential.FindFirstValue(ApiKeys.SellerClaim) is not { Length: > 0 } seller
            || credential.FindFirstValue(StaffClaim) is not { Length: > 0 } email
            || !Enum.TryParse<StaffRole>(credential.FindFirstValue(RoleClaim), out var role)
            || !Enum.IsDefined(role)
        )
        {
            return null;
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ApiKeys.SellerClaim, seller),
                new Claim(ApiKeys.KeyClaim, KeyOf(seller, email).ToString()),
                new Claim(StaffClaim, email),
                new Claim(RoleClaim, role.ToString()),
                .. ScopesOf(role).Select(scope => new Claim(ApiKeys.ScopeClaim, scope)),
                .. credential.FindAll(StoresAtDoors.StoreClaim).Select(store => new Claim(StoresAtDoors.StoreClaim, store.Value)),
            ],
            ApiKeys.Scheme
        );
        return new ClaimsPrincipal(identity);
    }

    /// <summary>
    /// One of those who operate the system: the doors that want the admin key open, and no seller's do. Another service's word for it
    /// counts for nothing.
    /// </summary>
    private static ClaimsPrincipal? Operator(ClaimsPrincipal credential) =>
        credential.HasClaim(OperatorClaim, "true")
        && credential.HasClaim("iss", Front)
        && !credential.HasClaim(claim => claim.Type is ApiKeys.SellerClaim or RoleClaim)
        && credential.FindFirstValue(StaffClaim) is { Length: > 0 } email
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(OperatorClaim, "true"), new Claim(StaffClaim, email)], ApiKeys.Scheme))
            : null;

    private static bool IsOwnerOf(ClaimsPrincipal user, string? seller) =>
        seller is not null && user.HasClaim(RoleClaim, nameof(StaffRole.Owner)) && user.HasClaim(ApiKeys.SellerClaim, seller);

    private static bool IsAuditor(ClaimsPrincipal user) => user.HasClaim(RoleClaim, nameof(StaffRole.Auditor));

    private static bool MayLook(AuthorizationHandlerContext context) =>
        IsAuditor(context.User)
        && context.Resource is HttpContext http
        && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));

    private static string? SellerOf(object? resource) => (resource as HttpContext)?.GetRouteValue("sellerId") as string;

    /// <summary>Rows that name who by a key name a member by this: the same for the same person of the same seller.</summary>
    private static KeyId KeyOf(string seller, string email) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"staff\n{seller}\n{email}")).AsSpan(0, 16)));
}
