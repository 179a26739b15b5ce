using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A place in a chain: where the record came from, and the record; none where it could not be read.</summary>
public sealed record ChainPlace(string Source, WrittenRecord? Record);

/// <summary>What is known of a chain besides its records.</summary>
/// <param name="BeginsWithFirst">Nothing may come before the first place.</param>
/// <param name="IsOrdered">The places stand in the order of the chain.</param>
public sealed record ChainExpectation(bool BeginsWithFirst, bool IsOrdered);

/// <summary>Something wrong: in which file, at which place (from 1), with which record, and what it is and means.</summary>
public sealed record FiscalFinding(string Source, int? Position, RecordName? Record, Fault Fault);

/// <summary>
/// Where a chain of records is broken: fingerprints that do not fit their fields, links that do not fit their records, records removed,
/// inserted, reordered or duplicated, and times that go back (Orden HAC/1177/2024, 6 and 7). That records are missing at the end no chain
/// can tell of itself.
/// </summary>
public static class VerifyChain
{
    /// <summary>What is wrong, in the order of the places; nothing where the chain is sound.</summary>
    public static IReadOnlyList<FiscalFinding> Of(IReadOnlyList<ChainPlace> places, ChainExpectation expected)
    {
        var findings = new List<FiscalFinding>();
        var order = new ChainOrder([.. places.Select(place => place.Record)]);
        // One record that was changed is not to make strangers of all others.
        var chain = places.Where(place => place.Record is not null).GroupBy(place => place.Record!.Chain).MaxBy(each => each.Count())?.Key;
        for (var index = 0; index < places.Count; index++)
        {
            if (places[index].Record is not { } record)
            {
                continue;
            }

            var broken = Alone(record);
            if (record.Chain != chain)
            {
                broken = broken.Append(FiscalFaults.OtherChain.With(record.Chain, chain));
            }

            broken = broken.Concat(Linked(places, order, index, expected)).Concat(Timed(places, order, index));
            findings.AddRange(broken.Select(fault => new FiscalFinding(places[index].Source, index + 1, record.Name, fault)));
        }

        return findings;
    }

    /// <summary>What is wrong with a record by itself.</summary>
    public static IEnumerable<Fault> Alone(WrittenRecord record)
    {
        if (record.Algorithm != "01")
        {
            yield return FiscalFaults.OtherAlgorithm.With(Short(record.Algorithm));
        }

        if (!record.Fits)
        {
            yield return FiscalFaults.FingerprintWrong.With(Short(record.Fingerprint), record.Computed);
        }

        if (record.Instant is null)
        {
            yield return FiscalFaults.TimeUnreadable.With(Short(record.RecordedAt));
        }
    }

    private static IEnumerable<Fault> Linked(IReadOnlyList<ChainPlace> places, ChainOrder order, int index, ChainExpectation expected)
    {
        var record = places[index].Record!;
        if (order.Doubled.TryGetValue(index, out var again))
        {
            yield return FiscalFaults.RecordDoubled.With(again + 1);
            yield break;
        }

        if (order.Inserted.TryGetValue(index, out var instead))
        {
            var other = places[instead].Record!.Name;
            yield return FiscalFaults.RecordInserted.With(Short(other.Number), Short(other.Day));
            yield break;
        }

        var preceding = order.Preceding[index] is var found and >= 0 ? places[found].Record! : null;
        var isMoved = order.Moved.Contains(index) && expected.IsOrdered;
        if (isMoved)
        {
            yield return order.Links[index] == LinkState.First
                ? FiscalFaults.FirstMoved.With()
                : FiscalFaults.RecordMoved.With(Short(preceding?.Name.Number), Short(preceding?.Name.Day));
        }

        var link = record.Preceding;
        switch (order.Links[index])
        {
            case LinkState.First when index > 0 && !isMoved && (expected.IsOrdered || order.Roots[0] != index):
                yield return FiscalFaults.SecondFirst.With();
                break;
            // Where the record before is the one that was changed, that is said of it.
            case LinkState.OtherName when preceding!.Fits:
                yield return FiscalFaults.PrecedingName.With(
                    Short(preceding.Name.Number),
                    Short(preceding.Name.Day),
                    Short(link!.Name.Number),
                    Short(link.Name.Day)
                );
                break;
            case LinkState.OtherFingerprint:
                yield return FiscalFaults.PrecedingFingerprint.With(
                    Short(link!.Name.Number),
                    Short(link.Name.Day),
                    Short(link.Fingerprint),
                    Short(preceding!.Fingerprint)
                );
                break;
            case LinkState.Lost when index == 0 || (!expected.IsOrdered && order.Roots[0] == index):
                if (expected.BeginsWithFirst || link is null)
                {
                    yield return FiscalFaults.FirstMissing.With(Short(link?.Name.Number), Short(link?.Name.Day));
                }

                break;
            // What follows a file that cannot be read may well follow its record.
            case LinkState.Lost when places[index - 1].Record is not null:
                yield return FiscalFaults.RecordMissing.With(Short(link?.Name.Number), Short(link?.Name.Day), Short(link?.Fingerprint));
                break;
        }
    }

    /// <summary>Times of records that say what they were made with; of changed ones they prove nothing.</summary>
    private static IEnumerable<Fault> Timed(IReadOnlyList<ChainPlace> places, ChainOrder order, int index)
    {
        if (
            places[index].Record is { Fits: true, Instant: { } made } record
            && order.Preceding[index] is var found and >= 0
            && places[found].Record is { Fits: true, Instant: { } before } preceding
            && made < before
        )
        {
            yield return FiscalFaults.TimeGoesBack.With(record.RecordedAt, preceding.RecordedAt);
        }
    }

    /// <summary>Texts of a file may be of any length.</summary>
    private static string Short(string? text) =>
        text is null ? "?"
        : text.Length <= 120 ? text
        : text[..120];
}
