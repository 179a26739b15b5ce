using System.IO.Compression;
using System.Security.Cryptography;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What is found of an export: whose it says it is, how many records it holds, and everything that is wrong with it.</summary>
public sealed record ExportVerdict(string Head, long Records, IReadOnlyList<FiscalFinding> Findings)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsSound => Findings.Count == 0;
}

/// <summary>
/// Checks an export to the last byte: every file against the list huellas.sha256, the list against its own total, the zip around them
/// against the one that these files make, and the records as the agency would, by their fingerprints and links. Whoever makes list and
/// records anew leaves no trace here; the agency has the records.
/// </summary>
public static class VerifyExport
{
    private const int Longest = 4 * 1024 * 1024;
    private const int LongestList = 64 * Longest;
    private const string WholeZip = "";

    /// <summary>The verdict over a zip in a stream that can be read anywhere.</summary>
    public static ExportVerdict Of(Stream zip)
    {
        var findings = new List<FiscalFinding>();
        var layout = ExportLayout.Of(zip, out var brokenAt);
        if (layout is null)
        {
            findings.Add(new FiscalFinding(WholeZip, null, null, FiscalFaults.ContainerBroken.With(brokenAt)));
        }

        byte[]? list = null;
        var entries = new List<Entry>();
        foreach (var (names, isIntact, content) in layout is null ? Unpacked(zip) : LaidOut(zip, layout))
        {
            var isList = names.Contains(FiscalExport.ListName);
            list = isList ? content : list;
            entries.Add(isList ? new Entry(names, isIntact, "", null, []) : Judged(names, isIntact, content));
        }

        var found = list is null ? null : FoundList.Of(list);
        var named = entries.Select((each, at) => Name(each, at, found)).ToList();
        if (layout is not null)
        {
            findings.AddRange(Container(zip, layout, named));
        }

        findings.AddRange(Listed(entries, named, found, list));
        findings.AddRange(Chain(entries, named));
        return new ExportVerdict(found?.Head ?? "", entries.Count(each => each.Record is not null), findings);
    }

    /// <summary>What is kept of a file once it was read; its CRC is null where nothing says what it should be.</summary>
    private sealed record Entry(string[] Names, bool? IsIntact, string Sha256, WrittenRecord? Record, IReadOnlyList<Fault> Faults);

    private static IEnumerable<(string[] Names, bool? IsIntact, byte[]? Content)> LaidOut(Stream zip, ExportLayout layout)
    {
        foreach (var laid in layout.Files)
        {
            // The list grows with the export; a record does not.
            var isRead = laid.Length <= (laid == layout.Files[^1] ? LongestList : Longest);
            var content = isRead ? ExportLayout.Content(zip, laid) : null;
            var crc = content is null ? 0 : Crc32.Of(content);
            yield return ([laid.HeaderName, laid.ListingName], crc == laid.HeaderCrc || crc == laid.ListingCrc, content);
        }
    }

    private static IEnumerable<(string[] Names, bool? IsIntact, byte[]? Content)> Unpacked(Stream zip)
    {
        var files = new List<(string[], bool?, byte[]?)>();
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var file in archive.Entries)
            {
                files.Add(([file.FullName], null, Unpacked(file)));
            }
        }
        catch (InvalidDataException)
        {
            // No zip at all: that its bytes are broken is said already.
        }

        return files;
    }

    private static byte[]? Unpacked(ZipArchiveEntry file)
    {
        var most = file.FullName == FiscalExport.ListName ? LongestList : Longest;
        try
        {
            using var packed = file.Open();
            using var content = new MemoryStream();
            var part = new byte[64 * 1024];
            for (int read; (read = packed.Read(part)) > 0; )
            {
                // What a zip says of a file's length need not be so.
                if (content.Length + read > most)
                {
                    return null;
                }

                content.Write(part, 0, read);
            }

            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static Entry Judged(string[] names, bool? isIntact, byte[]? content)
    {
        if (content is null)
        {
            return new Entry(names, isIntact, "", null, [FiscalFaults.TooLong.With(Longest)]);
        }

        var sha256 = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
        var read = RecordReader.Read(content);
        if (read.Refused(out var fault))
        {
            return new Entry(names, isIntact, sha256, null, [fault]);
        }

        if (read.Value is not { Header: null, Records: [var only] })
        {
            return new Entry(names, isIntact, sha256, null, [FiscalFaults.NotOneRecord.With(read.Value.Records.Count)]);
        }

        var signature = RecordSignature.Of(content, only.Written);
        return new Entry(names, isIntact, sha256, only.Written, signature.Fault is { } broken ? [broken] : []);
    }

    /// <summary>The name that header, list of the zip and list of the export agree in, two of three.</summary>
    private static string Name(Entry entry, int at, FoundList? found)
    {
        var listed = found is not null && at < found.Lines.Count ? FoundList.Parts(found.Lines[at]).Name : null;
        return entry.Names.Contains(FiscalExport.ListName) ? FiscalExport.ListName
            : listed is not null && entry.Names.Contains(listed) ? listed
            : entry.Names[^1];
    }

    private static IEnumerable<FiscalFinding> Container(Stream zip, ExportLayout layout, List<string> named)
    {
        for (var at = 0; at < layout.Files.Count; at++)
        {
            var laid = layout.Files[at];
            var crc = laid.HeaderCrc;
            if (crc != laid.ListingCrc && laid.Length <= Longest)
            {
                // One of the two was changed: the content says which.
                crc = Crc32.Of(ExportLayout.Content(zip, laid));
            }

            if (laid.Difference(named[at], crc, layout.Listings[at]) is { } difference)
            {
                yield return new FiscalFinding(named[at], at + 1, null, FiscalFaults.ContainerAltered.With(difference));
            }
        }

        if (layout.EndDifference is { } end)
        {
            yield return new FiscalFinding(WholeZip, null, null, FiscalFaults.ContainerEndAltered.With(end));
        }
    }

    private static IEnumerable<FiscalFinding> Listed(List<Entry> entries, List<string> named, FoundList? found, byte[]? list)
    {
        var files = Enumerable.Range(0, entries.Count).Where(at => named[at] != FiscalExport.ListName).ToList();
        FiscalFinding Finding(int at, Fault fault) => new(named[at], at + 1, entries[at].Record?.Name, fault);
        if (found is null || list is null)
        {
            yield return new FiscalFinding(FiscalExport.ListName, null, null, FiscalFaults.ListMissing.With());
        }

        var lines = files.Select(at => ExportList.Line(named[at], entries[at].Sha256));
        var isOwn = found is not null && !entries.Exists(each => each is { IsIntact: false } && each.Names.Contains(FiscalExport.ListName));
        // The list counts where its total is over its own lines; where it is over the files as they are, a line was changed.
        var counts = isOwn && (found!.Totals(found.Lines) || !found.Totals(lines));
        if (found is not null && !(isOwn && found.Totals(found.Lines)) && found.Difference(list!, lines) is { } line)
        {
            yield return new FiscalFinding(FiscalExport.ListName, null, null, FiscalFaults.ListAltered.With(line));
        }

        if (!counts)
        {
            foreach (var at in files.Where(at => entries[at].IsIntact == false))
            {
                yield return Finding(at, FiscalFaults.EntryAltered.With(entries[at].Sha256));
            }

            yield break;
        }

        var listed = new Dictionary<string, (int Line, string Sha256)>(StringComparer.Ordinal);
        for (var each = 0; each < found!.Lines.Count; each++)
        {
            var (name, sha256) = FoundList.Parts(found.Lines[each]);
            listed.TryAdd(name, (each, sha256));
        }

        var last = -1;
        foreach (var at in files)
        {
            if (!listed.TryGetValue(named[at], out var told))
            {
                yield return Finding(at, FiscalFaults.EntryUnlisted.With());
                continue;
            }

            if (told.Line <= last)
            {
                yield return Finding(at, FiscalFaults.EntryTwice.With());
            }

            last = Math.Max(last, told.Line);
            if (told.Sha256 != entries[at].Sha256)
            {
                yield return Finding(at, FiscalFaults.EntryAltered.With(entries[at].Sha256));
            }
        }

        var there = files.Select(at => named[at]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in listed.Keys.Where(name => !there.Contains(name)))
        {
            yield return new FiscalFinding(name, null, null, FiscalFaults.EntryMissing.With());
        }
    }

    private static IEnumerable<FiscalFinding> Chain(List<Entry> entries, List<string> named)
    {
        var places = new List<ChainPlace>();
        for (var at = 0; at < entries.Count; at++)
        {
            if (named[at] == FiscalExport.ListName)
            {
                continue;
            }

            places.Add(new ChainPlace(named[at], entries[at].Record));
            foreach (var fault in entries[at].Faults)
            {
                yield return new FiscalFinding(named[at], places.Count, entries[at].Record?.Name, fault);
            }
        }

        var isWhole = places.Count > 0 && FiscalExport.PositionOf(places[0].Source) == 1;
        foreach (var finding in VerifyChain.Of(places, new ChainExpectation(isWhole, IsOrdered: true)))
        {
            yield return finding;
        }
    }
}
