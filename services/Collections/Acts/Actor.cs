using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Acts;

/// <summary>What kind of someone acts.</summary>
public enum ActorKind
{
    /// <summary>A program with an API key of the seller; nobody of the staff is known behind it.</summary>
    Key,

    /// <summary>A member of the seller's staff.</summary>
    Staff,

    /// <summary>The customer, by a proved address.</summary>
    Customer,

    /// <summary>Collections itself.</summary>
    System,
}

/// <summary>Who does something about a receivable.</summary>
public sealed record Actor
{
    /// <summary>Whose receivable.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>What kind of someone.</summary>
    public required ActorKind Kind { get; init; }

    /// <summary>The key's id, or the address.</summary>
    public required string Name { get; init; }

    /// <summary>The key, where it was one.</summary>
    public KeyId? Key { get; init; }

    /// <summary>A member of staff's role.</summary>
    public StaffRole? Role { get; init; }

    /// <summary>Whether it may act on receivables: a key with the scope, an owner, an accountant, a collector.</summary>
    public bool MayCollect =>
        Kind is ActorKind.Key || (Kind == ActorKind.Staff && Role is StaffRole.Owner or StaffRole.Accountant or StaffRole.Collector);

    /// <summary>Whether nobody need look over its shoulder: an owner, or a key with no staff behind it.</summary>
    public bool DecidesAlone => Kind == ActorKind.Key || (Kind == ActorKind.Staff && Role == StaffRole.Owner);

    /// <summary>Whoever calls with an API key, or the member of staff who asks through the web front.</summary>
    public static Actor Of(Caller caller) =>
        new()
        {
            SellerId = caller.SellerId,
            Kind = caller.Staff is null ? ActorKind.Key : ActorKind.Staff,
            Name = caller.Who,
            Key = caller.Staff is null ? caller.KeyId : null,
            Role = caller.Role,
        };

    /// <summary>The customer or member of staff on whose behalf another service asks.</summary>
    public static Actor Of(RpcCaller caller) =>
        new()
        {
            SellerId = caller.SellerId,
            Kind =
                caller.Behalf.CustomerEmail is not null ? ActorKind.Customer
                : caller.Behalf.StaffEmail is not null ? ActorKind.Staff
                : ActorKind.System,
            Name = caller.Behalf.CustomerEmail ?? caller.Behalf.StaffEmail ?? caller.Service,
            Role = caller.Behalf.CustomerEmail is null ? caller.Behalf.Role : null,
        };

    /// <summary>Collections itself.</summary>
    public static Actor System(SellerId seller) =>
        new()
        {
            SellerId = seller,
            Kind = ActorKind.System,
            Name = "collections",
        };
}
