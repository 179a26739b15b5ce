namespace RetailInvoicing.Portal;

/// <summary>How long links and sessions live, how often a link may be asked for, how long a page waits for another service.</summary>
public sealed record PortalOptions
{
    /// <summary>A mailed link opens for so long.</summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Someone who signed in stays so for so long.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>The same browser may send the confirmation again within this, as a double click does; it gets the same session.</summary>
    public TimeSpan DoubleClick { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The stretch over which asked links are counted.</summary>
    public TimeSpan AskWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Links one address may be asked for within the stretch.</summary>
    public int AsksPerAddress { get; init; } = 5;

    /// <summary>Links that may be asked for from one place on the net within the stretch; a shop's customers share one.</summary>
    public int AsksPerSource { get; init; } = 40;

    /// <summary>The addresses of those who operate the system; they are staff of no seller, and sign in by a mailed link as everyone.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Where traces and logs are looked at: the address of the dashboard, as a browser reaches it.</summary>
    public Uri? Dashboard { get; init; }

    /// <summary>Whether an address is one of those who operate the system.</summary>
    public bool IsOperator(string email) => Operators.Contains(email, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is configured; the operators as a list, or in one line with commas.</summary>
    public static PortalOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Portal");
        var options = section.Get<PortalOptions>() ?? new PortalOptions();
        return section["Operators"] is { Length: > 0 } line
            ? options with
            {
                Operators = line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            }
            : options;
    }

    /// <summary>A part of a page that takes longer than this is shown as away.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(6);
}
