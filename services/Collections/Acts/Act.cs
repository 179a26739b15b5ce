using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Acts;

/// <summary>Something that was done about a receivable or a customer: who, when and why, for good.</summary>
public sealed record Act
{
    /// <summary>A reason has at most so many characters.</summary>
    public const int LongestReason = 500;

    /// <summary>What staff does outside of this system and says so here.</summary>
    public static readonly IReadOnlyList<string> Said = ["call", "email", "sms", "letter", "visit", "note"];

    /// <summary>The act.</summary>
    public Guid ActId { get; init; } = Guid.CreateVersion7();

    /// <summary>Who.</summary>
    public required Actor By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What, such as hold-placed.</summary>
    public required string Kind { get; init; }

    /// <summary>Of which invoice.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Of which customer.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>Why.</summary>
    public string? Why { get; init; }

    /// <summary>What else there is to say of it.</summary>
    public object? Body { get; init; }

    /// <summary>A reason as it is kept, or why it is none: empty, too long, or with a character that no text has.</summary>
    public static Outcome<string> Reason(string given, FaultCode fault, string path)
    {
        var reason = given.Trim();
        // PostgreSQL's text holds no NUL, and a reason has no use for one.
        return reason.Length is 0 or > LongestReason || reason.Contains('\0') ? fault.At(path, LongestReason) : reason;
    }
}
