using Microsoft.AspNetCore.Builder;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Something that somebody did, or data of persons that a member of staff looked at.</summary>
public sealed record AuditEntry
{
    /// <summary>Of version 7: it begins with the instant.</summary>
    public required Guid AuditId { get; init; }

    /// <summary>Whose data it was about; none for what is of no seller.</summary>
    public string? SellerId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The member's address, the id of the key, or admin.</summary>
    public required string Who { get; init; }

    /// <summary>owner, accountant, shop, collector, auditor, key, admin or operator.</summary>
    public required string Role { get; init; }

    /// <summary>The method and the pattern of the door's address.</summary>
    public required string Act { get; init; }

    /// <summary>The ids that the address named, and what was made.</summary>
    public required string Subject { get; init; }

    /// <summary>How it was answered.</summary>
    public required int Status { get; init; }

    /// <summary>The trace that it belongs to.</summary>
    public string? TraceId { get; init; }
}

/// <summary>A page of the audit, the latest first.</summary>
public sealed record AuditPage
{
    /// <summary>What was done and looked at.</summary>
    public required IReadOnlyList<AuditEntry> Items { get; init; }

    /// <summary>Where the next page begins; absent on the last.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>The door shows data of persons: always, or where one of these parameters is asked for.</summary>
internal sealed record ShowsPersons(IReadOnlyList<string> Asked);

/// <summary>What is done here with a key is a fact that is kept for ever by itself.</summary>
internal sealed record FactByItself;

/// <summary>What doors say of themselves to the audit.</summary>
public static class AuditedDoors
{
    /// <summary>
    /// The door shows data of persons, so that a member of staff who looks is written down; where parameters are named, only if one of them
    /// is asked for, as a search by words is.
    /// </summary>
    public static TBuilder ShowsPersons<TBuilder>(this TBuilder endpoint, params string[] asked)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ShowsPersons(asked));

    /// <summary>What is done here with a key is a fact that is kept for ever by itself, as a posted sale: the audit need not say it again.</summary>
    public static TBuilder FactByItself<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new FactByItself());
}
