using System.Security.Claims;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>On whose behalf one service asks another; the called service checks it and holds its answer to it.</summary>
public sealed record OnBehalfOf
{
    /// <summary>The seller whose data it is about; none where a customer's data of all sellers is, or the system itself asks.</summary>
    public SellerId? SellerId { get; init; }

    /// <summary>The customer, by proved e-mail address: nothing but what was sent to that address may be shown.</summary>
    public string? CustomerEmail { get; init; }

    /// <summary>The member of staff.</summary>
    public string? StaffEmail { get; init; }

    /// <summary>That member's role.</summary>
    public StaffRole? Role { get; init; }

    /// <summary>The stores that whoever asks is held to; none where it is held to none.</summary>
    public IReadOnlyList<StoreId> Stores { get; init; } = [];

    /// <summary>Whether it is one of those who operate the system, staff of no seller; only the web front says so.</summary>
    public bool Operator { get; init; }

    /// <summary>A service for a seller, such as Delivery fetching a document to mail.</summary>
    public static OnBehalfOf Seller(SellerId seller) => new() { SellerId = seller };

    /// <summary>A customer who proved an address.</summary>
    public static OnBehalfOf Customer(string email, SellerId? seller = null) => new() { CustomerEmail = email, SellerId = seller };

    /// <summary>A member of staff, held to the stores that the seller's list names.</summary>
    public static OnBehalfOf Staff(string email, StaffRole role, SellerId seller, params IReadOnlyList<StoreId> stores) =>
        new()
        {
            StaffEmail = email,
            Role = role,
            SellerId = seller,
            Stores = stores,
        };

    /// <summary>One of those who operate the system, whose address the web front is told.</summary>
    public static OnBehalfOf Operating(string email) => new() { StaffEmail = email, Operator = true };

    /// <summary>Whether what belongs to a store may be shown.</summary>
    public bool MaySee(string? store) => Stores.Count == 0 || Stores.Any(each => each.Value == store);

    /// <summary>The stores as SQL takes them; null where all may be shown.</summary>
    public string[]? StoresOrAll => Stores.Count == 0 ? null : [.. Stores.Select(store => store.Value)];

    /// <summary>The system itself: replays, sign-in look-ups.</summary>
    public static readonly OnBehalfOf System = new();
}

/// <summary>The other service that calls, and on whose behalf.</summary>
public sealed record RpcCaller(string Service, OnBehalfOf Behalf)
{
    /// <summary>The caller of a checked rpc.</summary>
    public static RpcCaller Of(ServerCallContext context)
    {
        var user = context.GetHttpContext().User;
        return new(
            user.FindFirstValue("iss") ?? throw new InvalidOperationException("an rpc without [Authorize(ServiceCredentials.Policy)]"),
            new OnBehalfOf
            {
                SellerId = user.FindFirstValue("seller") is { } seller ? Contracts.SellerId.Of(seller) : null,
                CustomerEmail = user.FindFirstValue("customer"),
                StaffEmail = user.FindFirstValue("staff"),
                Role = Enum.TryParse<StaffRole>(user.FindFirstValue("role"), out var role) ? role : null,
                Stores = StoresAtDoors.Of(user),
            }
        );
    }

    /// <summary>The seller it is about; refused where the caller names none.</summary>
    public SellerId SellerId =>
        Behalf.SellerId ?? throw new RpcException(new Status(StatusCode.PermissionDenied, "on behalf of no seller"));
}

/// <summary>
/// Each service signs its calls with a key of its own, for one called service and a minute; the called one knows the keys of those
/// who may call it, and so the topology in AppHost is who may ask whom.
/// </summary>
public sealed class ServiceCredentials(ServiceName self, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>The policy of rpcs for our own services: [Authorize(ServiceCredentials.Policy)].</summary>
    public const string Policy = "service";

    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Headers of a call to a service.</summary>
    public Metadata For(string service, OnBehalfOf behalf)
    {
        var key = configuration["Keys:Service"] ?? throw new InvalidOperationException("Keys:Service is not set");
        var claims = new Dictionary<string, object>();
        Add("seller", behalf.SellerId?.Value);
        Add("customer", behalf.CustomerEmail);
        Add("staff", behalf.StaffEmail);
        Add("role", behalf.Role?.ToString());
        if (behalf.Operator)
        {
            claims[StaffAtDoors.OperatorClaim] =
                self.Value == StaffAtDoors.Front
                    ? "true"
                    : throw new InvalidOperationException($"{self.Value} asks as an operator: only the web front knows who is one");
        }

        if (behalf.StoresOrAll is { } stores)
        {
            claims[StoresAtDoors.StoreClaim] = stores;
        }

        Add("trace", System.Diagnostics.Activity.Current?.TraceId.ToString());
        var now = clock.GetUtcNow().UtcDateTime;
        var token = _tokens.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = self.Value,
                Audience = service,
                NotBefore = now.AddMinutes(-1),
                Expires = now.AddMinutes(2),
                Claims = claims,
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)),
                    SecurityAlgorithms.HmacSha256
                ),
            }
        );
        return new Metadata { { "authorization", $"Bearer {token}" } };

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                claims[name] = value;
            }
        }
    }
}

/// <summary>Service credentials at the doors.</summary>
public static class ServiceCredentialDoors
{
    /// <summary>
    /// A client of another service's rpcs, found by service discovery; idempotent calls are retried while it is away. Who asks several
    /// services by the same client gives each a name.
    /// </summary>
    public static void AddRpcClient<TClient>(this WebApplicationBuilder builder, string service, string? name = null)
        where TClient : class =>
        builder
            .Services.AddGrpcClient<TClient>(name ?? typeof(TClient).Name, client => client.Address = new Uri($"http://_grpc.{service}"))
            .ConfigureChannel(channel =>
                channel.ServiceConfig = new Grpc.Net.Client.Configuration.ServiceConfig
                {
                    MethodConfigs =
                    {
                        new Grpc.Net.Client.Configuration.MethodConfig
                        {
                            Names = { Grpc.Net.Client.Configuration.MethodName.Default },
                            RetryPolicy = new Grpc.Net.Client.Configuration.RetryPolicy
                            {
                                MaxAttempts = 5,
                                InitialBackoff = TimeSpan.FromMilliseconds(100),
                                MaxBackoff = TimeSpan.FromSeconds(1),
                                BackoffMultiplier = 2,
                                RetryableStatusCodes = { StatusCode.Unavailable },
                            },
                        },
                    },
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false })
            .AddInterceptor(() => new RpcDeadline())
            .AddServiceDiscovery();

    internal static void AddServiceCredentials(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton<ServiceCredentials>();
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(
                ServiceCredentials.Policy,
                policy => policy.AddAuthenticationSchemes(ServiceCredentials.Policy).RequireAuthenticatedUser()
            );
        builder
            .Services.AddAuthentication()
            .AddJwtBearer(
                ServiceCredentials.Policy,
                bearer =>
                {
                    bearer.MapInboundClaims = false;
                    bearer.TokenValidationParameters = Validation(builder.Configuration, service);
                }
            )
            // Staff at the REST doors comes with the same credential; what a key is refused in words, it is too.
            .AddJwtBearer(
                StaffAtDoors.Scheme,
                bearer =>
                {
                    bearer.MapInboundClaims = false;
                    bearer.TokenValidationParameters = Validation(builder.Configuration, service);
                    bearer.Events = new JwtBearerEvents
                    {
                        OnTokenValidated = context =>
                        {
                            if (StaffAtDoors.Member(context.Principal!) is { } member)
                            {
                                context.Principal = member;
                            }
                            else
                            {
                                context.Fail("names no member of staff");
                            }

                            return Task.CompletedTask;
                        },
                        OnChallenge = ApiKeyDoors.Challenge,
                        OnForbidden = context => StoresAtDoors.WhyShut(context.HttpContext).ToResult().ExecuteAsync(context.HttpContext),
                    };
                }
            );
    }

    private static TokenValidationParameters Validation(IConfiguration configuration, string service) =>
        new()
        {
            ValidAudience = service,
            IssuerValidator = (issuer, _, _) =>
                KeyOf(configuration, issuer) is null ? throw new SecurityTokenInvalidIssuerException(issuer) : issuer,
            IssuerSigningKeyResolver = (_, token, _, _) =>
                KeyOf(configuration, token.Issuer) is { } key ? [new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key))] : [],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ClockSkew = TimeSpan.FromSeconds(30),
        };

    private static string? KeyOf(IConfiguration configuration, string caller) => configuration[$"Keys:Callers:{caller}"];
}
