using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>A link as it is stored: nothing of it opens anything by itself.</summary>
public sealed record Link
{
    /// <summary>Its name, under which Delivery mails it once.</summary>
    public Guid LinkId { get; init; }

    /// <summary>The browser that asked.</summary>
    public byte[] BrowserHash { get; init; } = [];

    /// <summary>Whom it signs in.</summary>
    public string Email { get; init; } = "";

    /// <summary>Where it leads.</summary>
    public string NextPath { get; init; } = "/";

    /// <summary>When it ends.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Whether that browser asked for it.</summary>
    public bool IsFrom(string? browser) => browser is not null && BrowserHash.AsSpan().SequenceEqual(Secrets.HashOf(browser));

    /// <summary>Why a link does not sign in that browser at that instant, in the order that helps most; null where it does.</summary>
    public static Fault? WhyNot(Link? link, string? browser, DateTimeOffset now, TimeSpan lifetime) =>
        link is null ? PortalFaults.UnknownLink.With()
        : link.UsedAt is not null ? PortalFaults.UsedLink.With()
        : link.ExpiresAt <= now ? PortalFaults.LateLink.With((int)lifetime.TotalMinutes)
        : link.IsFrom(browser) ? null
        : PortalFaults.OtherBrowser.With();
}
