using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Why a message is sent.</summary>
public static class Purpose
{
    /// <summary>An invoice, on issue or again.</summary>
    public const string Invoice = "invoice";

    /// <summary>A reminder of what is open.</summary>
    public const string Reminder = "reminder";

    /// <summary>A link that signs a person in: nobody's business but that person's, so no list shows it.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Something that the seller's staff should know of.</summary>
    public const string Notice = "notice";
}

/// <summary>The ways out that a message can take.</summary>
public static class ChannelNames
{
    /// <summary>The mail server.</summary>
    public const string Email = "email";
}

/// <summary>One message to one recipient for one purpose, as lists show it.</summary>
public record Transmission
{
    /// <summary>The transmission; its mail's Message-ID begins with it.</summary>
    public required TransmissionId TransmissionId { get; init; }

    /// <summary>The invoice it is about.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>invoice or reminder.</summary>
    public required string Purpose { get; init; }

    /// <summary>email, sms, whatsapp or webhook.</summary>
    public required string Channel { get; init; }

    /// <summary>Who receives it.</summary>
    public required string Recipient { get; init; }

    /// <summary>queued, sent (the channel has it), delivered, bounced, complained (reports said so), or failed (given up).</summary>
    public required string Status { get; init; }

    /// <summary>Hand-overs to the mail server.</summary>
    public required int Attempts { get; init; }

    /// <summary>Whether the recipient may have it twice, with one Message-ID: a sender died between acceptance and its record.</summary>
    public required bool PossibleDuplicate { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the server accepted it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>What last went wrong.</summary>
    public string? LastError { get; init; }
}

/// <summary>A page of transmissions.</summary>
public sealed record TransmissionPage
{
    /// <summary>The newest first.</summary>
    public required IReadOnlyList<Transmission> Transmissions { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A message that a sender holds.</summary>
public sealed record HeldMessage
{
    public SellerId SellerId { get; init; }
    public TransmissionId TransmissionId { get; init; }
    public InvoiceId? InvoiceId { get; init; }
    public string Purpose { get; init; } = "";
    public string Channel { get; init; } = "";
    public string Recipient { get; init; } = "";
    public int Urgency { get; init; }
    public int PutOff { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public string? Body { get; init; }

    /// <summary>How many of its hand-overs ended unknown.</summary>
    public long Unknown { get; init; }

    /// <summary>Why its address gets nothing more, where that is so.</summary>
    public string? Unreachable { get; init; }

    /// <summary>Whether its last sender died while handing it over.</summary>
    public bool FoundHandedOver { get; init; }

    /// <summary>The sender's hold.</summary>
    public Guid Hold { get; init; }
}
