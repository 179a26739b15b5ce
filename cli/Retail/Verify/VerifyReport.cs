using System.Text.Json.Serialization;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Retail.Verify;

/// <summary>Something that is wrong, in both languages: where, with which record, what it is and what it means.</summary>
public sealed record VerifyFinding(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("position")] int? Position,
    [property: JsonPropertyName("number")] string? Number,
    [property: JsonPropertyName("issueDate")] string? IssueDate,
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("en")] string English,
    [property: JsonPropertyName("es")] string Spanish
)
{
    /// <summary>A finding of a file; in an export, of the file inside it.</summary>
    public static VerifyFinding Of(FiscalFinding finding, string? export)
    {
        // A zip may hold any name, and a terminal obeys some characters.
        var source = string.Concat(finding.Source.Select(each => char.IsControl(each) ? '\uFFFD' : each));
        var inside = source.Length == 0 ? null : source;
        return new VerifyFinding(
            export is null ? source
                : inside is null ? export
                : $"{export}/{inside}",
            finding.Position,
            finding.Record?.Number,
            finding.Record?.Day,
            finding.Fault.Code.Code,
            finding.Fault.In("en"),
            finding.Fault.In("es")
        );
    }
}

/// <summary>An export that was looked at.</summary>
public sealed record VerifiedExport(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("head")] string Head,
    [property: JsonPropertyName("records")] long Records,
    [property: JsonPropertyName("sound")] bool IsSound
);

/// <summary>A bare record that was looked at.</summary>
public sealed record VerifiedFile(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("number")] string Number,
    [property: JsonPropertyName("issueDate")] string IssueDate,
    [property: JsonPropertyName("fingerprint")] string Fingerprint,
    [property: JsonPropertyName("fits")] bool Fits,
    [property: JsonPropertyName("linked")] bool IsLinked,
    [property: JsonPropertyName("signature")] string Signature
)
{
    /// <summary>A record that was read.</summary>
    public static VerifiedFile Of(VerifiedRecord verified)
    {
        var (record, signature) = (verified.Record, verified.Signature);
        return new VerifiedFile(
            verified.Source,
            record.Kind.ToString().ToLowerInvariant(),
            record.Name.Number,
            record.Name.Day,
            record.Fingerprint,
            record.Fits,
            verified.IsLinked,
            !record.IsSigned ? "none"
                : !signature.IsChecked ? "not checked"
                : signature.Signer ?? "does not hold"
        );
    }
}

/// <summary>Everything that ./retail verify found.</summary>
public sealed record VerifyReport(
    [property: JsonPropertyName("sound")] bool IsSound,
    [property: JsonPropertyName("exports")] IReadOnlyList<VerifiedExport> Exports,
    [property: JsonPropertyName("records")] IReadOnlyList<VerifiedFile> Records,
    [property: JsonPropertyName("findings")] IReadOnlyList<VerifyFinding> Findings
)
{
    /// <summary>The report over files: exports one by one, all others together, since they may make a chain.</summary>
    public static VerifyReport Of(IEnumerable<FileInfo> files)
    {
        var (exports, bare, findings) = (new List<VerifiedExport>(), new List<FileInfo>(), new List<VerifyFinding>());
        foreach (var file in files)
        {
            using var content = file.OpenRead();
            if (!IsZip(file, content))
            {
                bare.Add(file);
                continue;
            }

            var export = VerifyExport.Of(content);
            exports.Add(new VerifiedExport(file.Name, export.Head, export.Records, export.IsSound));
            findings.AddRange(export.Findings.Select(each => VerifyFinding.Of(each, file.Name)));
        }

        var verdict = VerifyFiles.Of(bare.Select(file => (file.Name, File.ReadAllBytes(file.FullName))));
        findings.AddRange(verdict.Findings.Select(each => VerifyFinding.Of(each, null)));
        return new VerifyReport(findings.Count == 0, exports, [.. verdict.Records.Select(VerifiedFile.Of)], findings);
    }

    /// <summary>By its name too: the first byte may be the one that was changed.</summary>
    private static bool IsZip(FileInfo file, Stream content)
    {
        Span<byte> mark = stackalloc byte[2];
        var isMarked = content.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark.SequenceEqual("PK"u8);
        return isMarked || file.Extension.Equals(".zip", StringComparison.OrdinalIgnoreCase);
    }
}
