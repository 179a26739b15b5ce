using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What passes the REST doors and is written down, and the door at which it is asked for.</summary>
internal static class AuditDoors
{
    private const int LongestSubject = 500;

    /// <summary>Parameters that name by an id; of all others the audit says that they were asked for, and not with which words.</summary>
    private static readonly string[] Ids = ["customerId", "invoiceId", "saleId", "paymentId", "number"];

    /// <summary>
    /// A row for each act by whoever is known, and for each look of a member of staff at data of persons. What an anonymous caller does, as
    /// a payment provider that signs its notices, is kept by the door itself.
    /// </summary>
    internal static void UseAudit(this WebApplication app)
    {
        if (app.Services.GetService<KeepAudit>() is not { } keep)
        {
            return;
        }

        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(
            async (http, next) =>
            {
                if (
                    http.GetEndpoint() is not RouteEndpoint door
                    || door.RoutePattern.RawText?.TrimStart('/') is not { } pattern
                    || !pattern.StartsWith("v1/", StringComparison.Ordinal)
                )
                {
                    await next(http);
                    return;
                }

                var isKept = false;
                http.Response.OnStarting(KeepOnceAsync);
                await next(http);
                await KeepOnceAsync();

                Task KeepOnceAsync()
                {
                    if (isKept)
                    {
                        return Task.CompletedTask;
                    }

                    isKept = true;
                    var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
                    return EntryOf(http, door, $"/{pattern}", looks, clock.GetUtcNow()) is { } entry
                        ? keep.KeepAsync(entry, wait: !looks)
                        : Task.CompletedTask;
                }
            }
        );
    }

    internal static void MapAudit(this WebApplication app)
    {
        if (app.Services.GetService<KeepAudit>() is not null)
        {
            app.MapGet("/v1/audit", List)
                .RequireAuthorization(
                    new AuthorizationPolicyBuilder(ApiKeys.Scheme)
                        .RequireAuthenticatedUser()
                        .RequireAssertion(context => MayRead(context.User) && StoresAtDoors.MayPass(context.User, context.Resource))
                        .Build()
                )
                .Produces<AuditPage>();
        }
    }

    private static bool MayRead(ClaimsPrincipal user) =>
        user.HasClaim(ApiKeys.AdminClaim, "true")
        || user.HasClaim(StaffAtDoors.RoleClaim, nameof(StaffRole.Owner))
        || user.HasClaim(StaffAtDoors.RoleClaim, nameof(StaffRole.Auditor));

    private static AuditEntry? EntryOf(HttpContext http, RouteEndpoint door, string pattern, bool looks, DateTimeOffset now)
    {
        var user = http.User;
        var caller = Caller.Of(user);
        var isAdmin = user.HasClaim(ApiKeys.AdminClaim, "true");
        var isOperator = user.HasClaim(StaffAtDoors.OperatorClaim, "true");
        if (caller is null && !isAdmin && !isOperator)
        {
            return null;
        }

        var isSeen = looks && (caller?.Staff is not null || isOperator) && Shows(door, http.Request.Query);
        var isDone = !looks && (caller?.Staff is not null || caller is null || door.Metadata.GetMetadata<FactByItself>() is null);
        return isSeen || isDone
            ? new AuditEntry
            {
                AuditId = Guid.CreateVersion7(now),
                // An admin acts for the seller that the address names.
                SellerId = caller?.SellerId.Value ?? http.GetRouteValue("sellerId") as string,
                At = now,
                Who = Plain(caller?.Who ?? user.FindFirstValue(StaffAtDoors.StaffClaim) ?? "admin"),
                Role =
                    isOperator ? "operator"
                    : isAdmin ? "admin"
                    : caller?.Role is { } role ? role.ToString().ToLowerInvariant()
                    : "key",
                Act = $"{http.Request.Method} {pattern}",
                Subject = Plain(SubjectOf(http)),
                Status = http.Response.StatusCode,
                TraceId = Activity.Current?.TraceId.ToString(),
            }
            : null;
    }

    private static bool Shows(RouteEndpoint door, IQueryCollection query) =>
        door.Metadata.GetMetadata<ShowsPersons>() is { } shows
        && (shows.Asked.Count == 0 || shows.Asked.Any(name => query[name].Any(value => !string.IsNullOrWhiteSpace(value))));

    private static string SubjectOf(HttpContext http)
    {
        var named = http
            .Request.RouteValues.Where(value => value.Key != "sellerId")
            .Select(value => $"{value.Key}={value.Value}")
            .Concat(
                http.Request.Query.Where(each => each.Key is not ("cursor" or "limit"))
                    .Select(each => Ids.Contains(each.Key) ? $"{each.Key}={each.Value}" : each.Key)
            );
        var made = http.Response.Headers.Location.ToString();
        return string.Join(' ', made.Length > 0 ? named.Append($"→ {made}") : named);
    }

    /// <summary>What the database can hold: no controls, and not without end.</summary>
    private static string Plain(string text)
    {
        var plain = text.Any(char.IsControl) ? string.Concat(text.Where(each => !char.IsControl(each))) : text;
        return plain.Length <= LongestSubject ? plain : plain[..LongestSubject];
    }

    private static async Task<IResult> List(
        string? from,
        string? to,
        string? who,
        string? subject,
        string? seller,
        string? cursor,
        string? limit,
        HttpContext http,
        ListAudit list,
        CancellationToken cancellationToken
    )
    {
        var most = 50;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > 200))
        {
            return DoorFaults.BadParameter.With("limit", "1–200").ToResult();
        }

        if (!TryInstant(from, out var since))
        {
            return DoorFaults.BadParameter.With("from", "2026-11-23 | 2026-11-23T10:15:00+01:00").ToResult();
        }

        if (!TryInstant(to, out var until))
        {
            return DoorFaults.BadParameter.With("to", "2026-11-23 | 2026-11-23T10:15:00+01:00").ToResult();
        }

        var before = Guid.Empty;
        if (cursor is { Length: > 0 } && !Guid.TryParse(cursor, out before))
        {
            return DoorFaults.BadParameter.With("cursor", "nextCursor").ToResult();
        }

        // A seller sees its own; the admin key sees all of them, or one.
        var own = Caller.Of(http.User)?.SellerId.Value ?? seller;
        var page = await list.HandleAsync(
            new AuditQuestion(own, since, until, who, subject, before == Guid.Empty ? null : before, most),
            cancellationToken
        );
        return Results.Json(page, Wire.Tolerant);
    }

    /// <summary>An instant, or the beginning of a day in UTC.</summary>
    private static bool TryInstant(string? text, out DateTimeOffset? at)
    {
        at = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            || read.Year is < 1971 or > 9000
        )
        {
            return false;
        }

        at = read;
        return true;
    }
}
