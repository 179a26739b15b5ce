using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What an API key may be allowed to do.</summary>
public static class Scopes
{
    /// <summary>Post sales.</summary>
    public const string SalesWrite = "sales:write";

    /// <summary>Read invoices and what became of them.</summary>
    public const string InvoicesRead = "invoices:read";

    /// <summary>Correct, exchange and cancel invoices.</summary>
    public const string InvoicesWrite = "invoices:write";

    /// <summary>Record, refund and allocate payments.</summary>
    public const string PaymentsWrite = "payments:write";

    /// <summary>Hold, dispute, promise, write off.</summary>
    public const string CollectionsWrite = "collections:write";

    /// <summary>Read reports.</summary>
    public const string ReportsRead = "reports:read";

    /// <summary>Webhooks, campaigns, consent, resending.</summary>
    public const string DeliveryWrite = "delivery:write";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        SalesWrite,
        InvoicesRead,
        InvoicesWrite,
        PaymentsWrite,
        CollectionsWrite,
        ReportsRead,
        DeliveryWrite,
    ];
}

/// <summary>Whoever called with a seller's API key; every query of a slice is held to its seller.</summary>
public sealed record Caller(SellerId SellerId, KeyId KeyId) : IBindableFromHttpContext<Caller>
{
    /// <summary>The member of staff who asks through the web front; none where a program asks with a key.</summary>
    public string? Staff { get; init; }

    /// <summary>That member's role.</summary>
    public StaffRole? Role { get; init; }

    /// <summary>The stores that the seller's staff list holds that member to; none where it sees all.</summary>
    public IReadOnlyList<StoreId> Stores { get; init; } = [];

    /// <summary>Whether what belongs to a store is the caller's to see; what is known to belong to none is not, to whoever is held to some.</summary>
    public bool MaySee(string? store) => Stores.Count == 0 || Stores.Any(each => each.Value == store);

    /// <summary>The stores as SQL takes them; null where the caller sees all.</summary>
    public string[]? StoresOrAll => Stores.Count == 0 ? null : [.. Stores.Select(store => store.Value)];

    /// <summary>Who it was, for what is kept about acts: the member's address, or the key.</summary>
    public string Who => Staff ?? KeyId.ToString();

    /// <summary>The caller of an authorised request.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) => new(Of(context.User));

    /// <summary>The caller a principal stands for, where it stands for a seller.</summary>
    public static Caller? Of(ClaimsPrincipal user) =>
        user.FindFirstValue(ApiKeys.SellerClaim) is { } seller && KeyId.TryParse(user.FindFirstValue(ApiKeys.KeyClaim), out var key)
            ? new Caller(SellerId.Of(seller), key)
            {
                Staff = user.FindFirstValue(StaffAtDoors.StaffClaim),
                Role = Enum.TryParse<StaffRole>(user.FindFirstValue(StaffAtDoors.RoleClaim), out var role) ? role : null,
                Stores = StoresAtDoors.Of(user),
            }
            : null;
}

/// <summary>
/// API keys are signed tokens (seller, scopes, key id): every service checks them by itself, without a call.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>The authentication scheme of sellers' keys and the admin key.</summary>
    public const string Scheme = "api-key";

    internal const string SellerClaim = "seller";
    internal const string KeyClaim = "jti";
    internal const string ScopeClaim = "scope";
    internal const string AdminClaim = "admin";
    private const string Issuer = "retailinvoicing";

    private readonly SigningCredentials _signing;
    private readonly TokenValidationParameters _validation;
    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly RevokedKeys _revoked;

    /// <summary>Keys signed with the secret that AppHost hands to every service.</summary>
    public ApiKeys(IConfiguration configuration, RevokedKeys revoked)
    {
        var secret = new SymmetricSecurityKey(
            Encoding.UTF8.GetBytes(
                configuration["Keys:ApiKeySecret"] ?? throw new InvalidOperationException("Keys:ApiKeySecret is not set")
            )
        );
        _signing = new SigningCredentials(secret, SecurityAlgorithms.HmacSha256);
        _validation = Validation(secret);
        _revoked = revoked;
    }

    /// <summary>A new key; it is shown once and never stored.</summary>
    public string Sign(SellerId seller, KeyId key, IReadOnlyList<string> scopes) =>
        _tokens.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Claims = new Dictionary<string, object>
                {
                    [SellerClaim] = seller.Value,
                    [KeyClaim] = key.ToString(),
                    [ScopeClaim] = scopes,
                },
                SigningCredentials = _signing,
            }
        );

    /// <summary>Checks a key that came by another way than HTTP, such as an AMQP header ("Bearer KEY" or the key alone).</summary>
    public async Task<Outcome<Caller>> CheckAsync(string? authorization, string scope)
    {
        if (string.IsNullOrWhiteSpace(authorization))
        {
            return DoorFaults.NoKey.With();
        }

        var key = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? authorization[7..].Trim()
            : authorization.Trim();
        var result = await _tokens.ValidateTokenAsync(key, _validation);
        if (!result.IsValid || Caller.Of(new ClaimsPrincipal(result.ClaimsIdentity)) is not { } caller || _revoked.Contains(caller.KeyId))
        {
            return DoorFaults.BadKey.With();
        }

        return result.ClaimsIdentity.HasClaim(ScopeClaim, scope) ? caller : DoorFaults.NoScope.With();
    }

    internal static TokenValidationParameters Validation(SecurityKey secret) =>
        new()
        {
            ValidIssuer = Issuer,
            ValidateAudience = false,
            ValidateLifetime = false,
            IssuerSigningKey = secret,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        };
}

/// <summary>The scopes of which a seller's key needs one at an endpoint.</summary>
public sealed record ScopesNeeded(IReadOnlyList<string> AnyOf);

/// <summary>Keys at the doors.</summary>
public static class ApiKeyDoors
{
    /// <summary>The endpoint wants a seller's key with one of the scopes.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(
                new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                    .RequireAuthenticatedUser()
                    .RequireAssertion(context => StaffAtDoors.MayPass(context, scopes))
                    .Build()
            )
            .WithMetadata(new ScopesNeeded(scopes));

    /// <summary>The endpoint wants the admin key, or one of those who operate the system, who come through the web front.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(
            new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                .RequireAuthenticatedUser()
                .RequireAssertion(context =>
                    context.User.HasClaim(ApiKeys.AdminClaim, "true") || context.User.HasClaim(StaffAtDoors.OperatorClaim, "true")
                )
                .Build()
        );

    /// <summary>The endpoint wants the admin key, or a seller's key with one of the scopes; whose it is, the endpoint looks at itself.</summary>
    public static TBuilder RequireAdminOrScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(
            new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.HasClaim(ApiKeys.AdminClaim, "true") || StaffAtDoors.MayPass(context, scopes))
                .Build()
        );

    internal static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RevokedKeys>();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddAuthorization();
        builder
            .Services.AddAuthentication()
            .AddJwtBearer(
                ApiKeys.Scheme,
                bearer =>
                {
                    bearer.MapInboundClaims = false;
                    bearer.ForwardDefaultSelector = StaffAtDoors.SchemeOf;
                    bearer.TokenValidationParameters = ApiKeys.Validation(
                        new SymmetricSecurityKey(Encoding.UTF8.GetBytes(builder.Configuration["Keys:ApiKeySecret"] ?? new string('-', 32)))
                    );
                    bearer.Events = new JwtBearerEvents
                    {
                        OnMessageReceived = TakeAdminKey,
                        OnTokenValidated = RefuseRevoked,
                        OnChallenge = Challenge,
                        OnForbidden = context => StoresAtDoors.WhyShut(context.HttpContext).ToResult().ExecuteAsync(context.HttpContext),
                    };
                }
            );
    }

    private static Task TakeAdminKey(MessageReceivedContext context)
    {
        var admin = context.HttpContext.RequestServices.GetRequiredService<IConfiguration>()["Keys:AdminKey"];
        var given = context.Request.Headers.Authorization.ToString();
        if (
            admin is { Length: >= 16 }
            && given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[7..].Trim()), Encoding.UTF8.GetBytes(admin))
        )
        {
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ApiKeys.AdminClaim, "true")], ApiKeys.Scheme));
            context.Success();
        }

        return Task.CompletedTask;
    }

    private static Task RefuseRevoked(TokenValidatedContext context)
    {
        var revoked = context.HttpContext.RequestServices.GetRequiredService<RevokedKeys>();
        if (Caller.Of(context.Principal!) is not { } caller || revoked.Contains(caller.KeyId))
        {
            context.Fail("revoked");
        }

        return Task.CompletedTask;
    }

    internal static Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.WWWAuthenticate = "Bearer";
        var fault = context.Request.Headers.Authorization.Count == 0 ? DoorFaults.NoKey : DoorFaults.BadKey;
        return fault.With().ToResult().ExecuteAsync(context.HttpContext);
    }
}
