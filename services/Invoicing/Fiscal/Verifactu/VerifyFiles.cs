namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A record that was read from a file: whether another of the files hangs on it or it on another, and its signature.</summary>
public sealed record VerifiedRecord(string Source, WrittenRecord Record, bool IsLinked, RecordSignature Signature);

/// <summary>What is found of files of records: each record, and everything that is wrong.</summary>
public sealed record FilesVerdict(IReadOnlyList<VerifiedRecord> Records, IReadOnlyList<FiscalFinding> Findings)
{
    /// <summary>There are records, and nothing is wrong with them.</summary>
    public bool IsSound => Findings.Count == 0 && Records.Count > 0;
}

/// <summary>
/// Checks files of records of any system, bare or as submissions: each by its own fingerprint and signature, and those that hang on one another
/// as a chain. Files have no order: their records are taken in that of their times.
/// </summary>
public static class VerifyFiles
{
    /// <summary>The verdict over named files.</summary>
    public static FilesVerdict Of(IEnumerable<(string Name, byte[] Content)> files)
    {
        var (records, findings) = (new List<(string Source, WrittenRecord Record, RecordSignature Signature)>(), new List<FiscalFinding>());
        foreach (var (name, content) in files)
        {
            var read = RecordReader.Read(content);
            if (read.Refused(out var fault))
            {
                findings.Add(new FiscalFinding(name, null, null, fault));
                continue;
            }

            var (isBare, found) = (read.Value.Header is null, read.Value.Records);
            for (var at = 0; at < found.Count; at++)
            {
                var written = found[at].Written;
                // Inside a submission a signature covers other bytes than the file's.
                var signature = isBare ? RecordSignature.Of(content, written) : new RecordSignature(false, null, null);
                records.Add((found.Count == 1 ? name : $"{name} #{at + 1}", written, signature));
            }
        }

        findings.AddRange(
            from each in records
            where each.Signature.Fault is not null
            select new FiscalFinding(each.Source, null, each.Record.Name, each.Signature.Fault!)
        );
        var verified = new List<VerifiedRecord>();
        foreach (var chain in records.GroupBy(each => each.Record.Chain, StringComparer.Ordinal))
        {
            var ordered = chain.OrderBy(each => each.Record.Instant).ToList();
            var isLinked = Linked([.. ordered.Select(each => each.Record)]);
            verified.AddRange(ordered.Select(each => new VerifiedRecord(each.Source, each.Record, isLinked, each.Signature)));
            findings.AddRange(
                isLinked
                    ? VerifyChain.Of(
                        [.. ordered.Select(each => new ChainPlace(each.Source, each.Record))],
                        new ChainExpectation(BeginsWithFirst: false, IsOrdered: false)
                    )
                    : ordered.SelectMany(each =>
                        VerifyChain.Alone(each.Record).Select(fault => new FiscalFinding(each.Source, null, each.Record.Name, fault))
                    )
            );
        }

        return new FilesVerdict(verified, findings);
    }

    /// <summary>Whether one of the records cites another by name or fingerprint, or stands there twice.</summary>
    private static bool Linked(IReadOnlyList<WrittenRecord> records)
    {
        var (names, fingerprints) = (records.Select(each => each.Name).ToHashSet(), new HashSet<string>(StringComparer.Ordinal));
        var isDoubled = records.Count(each => !fingerprints.Add(each.Fingerprint)) > 0;
        // A cancellation may directly follow the record of its own invoice: its own name says nothing.
        return isDoubled
            || records.Any(each =>
                each.Preceding is { } link
                && (fingerprints.Contains(link.Fingerprint) || (link.Name != each.Name && names.Contains(link.Name)))
            );
    }
}
