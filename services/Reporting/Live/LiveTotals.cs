using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Live;

/// <summary>What a seller's day has come to so far, whole: whoever has the latest has missed nothing.</summary>
public sealed record LiveTotals
{
    /// <summary>The seller's day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>One entry for each currency that anything was sold, came or is owed in.</summary>
    public required IReadOnlyList<LiveTotal> Totals { get; init; }
}

/// <summary>The day's totals in one currency.</summary>
public sealed record LiveTotal
{
    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How many invoices of sales of the day, corrective ones too.</summary>
    public required long Invoices { get; init; }

    /// <summary>BT-109, net of returns.</summary>
    public required decimal TotalWithoutVat { get; init; }

    /// <summary>BT-110, net of returns.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>BT-112, net of returns.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>What came back, with VAT, positive.</summary>
    public required decimal Returns { get; init; }

    /// <summary>Money that came today, less what left again.</summary>
    public required decimal Collected { get; init; }

    /// <summary>What customers owe now, whenever they bought.</summary>
    public required decimal Outstanding { get; init; }

    /// <summary>The same with its currency's decimals.</summary>
    public LiveTotal Rounded()
    {
        return this with
        {
            TotalWithoutVat = Coins(TotalWithoutVat),
            VatTotal = Coins(VatTotal),
            TotalWithVat = Coins(TotalWithVat),
            Returns = Coins(Returns),
            Collected = Coins(Collected),
            Outstanding = Coins(Outstanding),
        };

        decimal Coins(decimal amount) => Money.Of(amount, Currency).Amount;
    }
}

/// <summary>
/// The totals as they go over the wire. The id follows from what they say: whoever comes back with the id of what is still so, at this
/// instance or another, is sent nothing until it changes.
/// </summary>
public sealed class LiveMessage
{
    /// <summary>The message of a day's totals, written as JSON.</summary>
    public LiveMessage(DateOnly day, string json)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(json));
        Id = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(hash, 0, 8);
        Bytes = Encoding.UTF8.GetBytes($"id: {Id}\nevent: totals\ndata: {json}\n\n");
    }

    /// <summary>Its id, which a watcher sends back as Last-Event-ID.</summary>
    public string Id { get; }

    /// <summary>The event as server-sent events write it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }
}
