using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>What a seller asks for: a key of ours, or one of its own.</summary>
public sealed record DkimRequest
{
    /// <summary>The name under which the domain publishes it; a new one for a new key.</summary>
    public required string Selector { get; init; }

    /// <summary>A private RSA key in PEM, of 2048 to 4096 bits; absent, one is made.</summary>
    public string? PrivateKey { get; init; }
}

/// <summary>A record that the domain's owner puts into the DNS.</summary>
public sealed record DnsRecord
{
    /// <summary>Where it stands.</summary>
    public required string Name { get; init; }

    /// <summary>TXT.</summary>
    public required string Type { get; init; }

    /// <summary>What it says; some editors want it in parts of at most 255 characters.</summary>
    public required string Value { get; init; }
}

/// <summary>A key that mails from a domain are signed with, without its private half.</summary>
public sealed record DkimKey
{
    /// <summary>The domain of the sender's address.</summary>
    public required string Domain { get; init; }

    /// <summary>The name under which the domain publishes it.</summary>
    public required string Selector { get; init; }

    /// <summary>What the domain has to publish.</summary>
    public required DnsRecord Record { get; init; }

    /// <summary>Whether mails are signed with it.</summary>
    public required bool Active { get; init; }

    /// <summary>When it was put.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when mails are signed with it.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }
}

/// <summary>A seller's keys.</summary>
public sealed record DkimKeys
{
    /// <summary>By domain, the newest first.</summary>
    public required IReadOnlyList<DkimKey> Keys { get; init; }
}

/// <summary>A key as it is kept.</summary>
internal sealed record KeptDkimKey
{
    internal const string Columns = "domain, selector, public_key, sealed_key, seal, active, created_at, activated_at";

    public string Domain { get; init; } = "";
    public string Selector { get; init; } = "";
    public string PublicKey { get; init; } = "";
    public byte[] SealedKey { get; init; } = [];
    public string Seal { get; init; } = "";
    public bool Active { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>The seal of this installation; null where it was handed none.</summary>
    internal static Seal? SealOf(IConfiguration configuration) => ServiceDefaults.Seal.Of(configuration["Keys:DkimKey"], "dkim");

    /// <summary>What a private key is bound to: moved to another seller, domain or selector it does not open.</summary>
    internal static byte[] BoundTo(SellerId seller, string domain, string selector) =>
        Encoding.UTF8.GetBytes($"{seller.Value}\n{domain}\n{selector}");

    internal DkimKey Shown() =>
        new()
        {
            Domain = Domain,
            Selector = Selector,
            Record = new DnsRecord
            {
                Name = $"{Selector}._domainkey.{Domain}",
                Type = "TXT",
                Value = $"v=DKIM1; k=rsa; p={PublicKey}",
            },
            Active = Active,
            CreatedAt = CreatedAt,
            ActivatedAt = ActivatedAt,
        };
}
