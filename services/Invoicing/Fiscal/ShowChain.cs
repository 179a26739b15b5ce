using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Whether a taxpayer's records are as they were made and hang on one another, from one day to another (Orden HAC/1177/2024 arts. 6.b,
/// 6.e, 7.h).
/// </summary>
public sealed class ShowChain(ReadChain chains)
{
    private const int MostTold = 1000;

    /// <summary>The verdict over the records made on those days, in the seller's zone.</summary>
    public async Task<Outcome<ChainVerdict>> ShowAsync(
        SellerId seller,
        DateOnly? from,
        DateOnly? to,
        string? language,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("ShowChain");
        if (await chains.OfSellerAsync(seller, cancellationToken) is not { } own)
        {
            return InvoicingFaults.NoSeller.With();
        }

        var state = await chains.StateAsync(own.Key, cancellationToken);
        var (first, last) = await chains.PlacesAsync(state, own.Days(from, to), cancellationToken);
        var (records, count) = (0L, 0L);
        ChainRow? begin = null;
        ChainRow? end = null;
        var broken = new List<BrokenRecord>();
        await chains.WalkAsync(
            state,
            first,
            last,
            own.Viewer,
            finding =>
            {
                // Someone who changed every record is not answered with all of them.
                if (count++ < MostTold)
                {
                    broken.Add(BrokenRecord.Of(finding, language));
                }
            },
            row =>
            {
                (begin, end) = (begin ?? row, row);
                records++;
            },
            cancellationToken
        );
        return new ChainVerdict
        {
            Records = records,
            First = begin is null ? null : ChainEnd.Of(begin, own.Viewer),
            Last = end is null ? null : ChainEnd.Of(end, own.Viewer),
            Valid = count == 0,
            Broken = broken,
            BrokenCount = count,
            Adopted =
            [
                .. state
                    .Adopted.Values.Where(each => each.Position >= first && each.Position <= last)
                    .OrderBy(each => each.Position)
                    .Select(each => new AdoptedPlace(each.Position, each.Fingerprint, each.IsAgencys)),
            ],
        };
    }
}

/// <summary>What was found of a chain.</summary>
public sealed record ChainVerdict
{
    /// <summary>How many records were looked at.</summary>
    public required long Records { get; init; }

    /// <summary>The first of them.</summary>
    public ChainEnd? First { get; init; }

    /// <summary>The last of them.</summary>
    public ChainEnd? Last { get; init; }

    /// <summary>Nothing is wrong.</summary>
    public required bool Valid { get; init; }

    /// <summary>What is wrong, in the order of the chain; the first thousand findings.</summary>
    public required IReadOnlyList<BrokenRecord> Broken { get; init; }

    /// <summary>How many findings there are.</summary>
    public required long BrokenCount { get; init; }

    /// <summary>Places that an operator let the chain go on from after a loss or a damage: known, and so no finding.</summary>
    public required IReadOnlyList<AdoptedPlace> Adopted { get; init; }
}

/// <summary>A record at an end of what was looked at; number and day are absent where the invoice is another seller's.</summary>
public sealed record ChainEnd(long Position, string? Number, string? IssueDate, string Fingerprint, string RecordedAt)
{
    internal static ChainEnd Of(ChainRow row, ChainViewer viewer)
    {
        var isOwn = row.SellerId == viewer.SellerId;
        return new ChainEnd(row.Position, isOwn ? row.Number : null, isOwn ? row.IssueDate : null, row.Fingerprint, row.RecordedAt);
    }
}

/// <summary>Something wrong with a record; its number is absent where the invoice is another seller's.</summary>
public sealed record BrokenRecord(long Position, string? Number, string Code, string Detail)
{
    internal static BrokenRecord Of(ChainFinding finding, string? language) =>
        new(finding.Position, finding.Number, finding.Fault.Code.Code, finding.Fault.In(language));
}

/// <summary>A place of a chain that an operator let it go on from.</summary>
public sealed record AdoptedPlace(long Position, string Fingerprint, bool IsAgencys);
