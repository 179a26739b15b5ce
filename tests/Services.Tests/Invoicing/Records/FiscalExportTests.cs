using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>An export is a plain zip of official records, and no byte of it changes unseen.</summary>
public sealed class FiscalExportTests
{
    [Fact]
    public async Task An_export_is_a_zip_that_anyone_can_open()
    {
        var chain = RecordSamples.Chain(30);

        await using var zip = new ZipArchive(new MemoryStream(await RecordSamples.ExportAsync(chain)));

        var names = zip.Entries.Select(each => each.FullName).ToList();
        Assert.Equal(31, names.Count);
        Assert.Equal(names[..30].Order(StringComparer.Ordinal), names[..30]);
        Assert.Equal(30, names.Count(each => each.EndsWith(".xml", StringComparison.Ordinal)));
        Assert.Equal(FiscalExport.ListName, names[^1]);
        var list = Text(zip.Entries[^1]).Split('\n');
        for (var at = 0; at < 30; at++)
        {
            var text = Text(zip.Entries[at]);
            Assert.Equal(chain[at], text);
            Assert.Empty(OfficialSchemas.Breaches(text));
            Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}  {names[at]}", list[3 + at]);
        }
    }

    [Fact]
    public async Task The_same_records_make_the_same_bytes()
    {
        var chain = RecordSamples.Chain(30);

        Assert.Equal(await RecordSamples.ExportAsync(chain), await RecordSamples.ExportAsync(chain));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(200, 1)]
    [InlineData(200, 5_000_000_000)]
    public async Task An_export_as_it_was_made_is_sound(int records, long first)
    {
        var chain = RecordSamples.Chain(records + 1).Skip(first == 1 ? 0 : 1).Take(records).ToList();

        var verdict = VerifyExport.Of(new MemoryStream(await RecordSamples.ExportAsync(chain, first)));

        Assert.True(verdict.IsSound, Told(verdict));
        Assert.Equal(records, verdict.Records);
        Assert.Contains("Ñandú & Cía, S.L. (B12345674)", verdict.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_records_than_a_zip_could_once_count_are_exported_and_checked()
    {
        var zip = await RecordSamples.ExportAsync([.. Enumerable.Repeat($"<RegistroAlta xmlns=\"{RecordNames.Information}\"/>", 66_000)]);

        await using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.Equal(66_001, archive.Entries.Count);

        var verdict = VerifyExport.Of(new MemoryStream(zip));
        // The records say nothing; the zip and its list are sound.
        Assert.Equal(66_000, verdict.Records);
        Assert.DoesNotContain(verdict.Findings, each => string.CompareOrdinal(each.Fault.Code.Code, "INV-FISCAL-50") >= 0);
    }

    [Fact]
    public async Task A_thousand_random_bytes_changed_are_each_found_at_the_very_file()
    {
        var zip = await RecordSamples.ExportAsync(RecordSamples.Chain(40));
        var places = Places(zip);
        var random = new Random(20261127);
        for (var round = 0; round < 1000; round++)
        {
            // Every other change hits what stands around the files, which is a twentieth of the bytes only.
            var at = random.Next(zip.Length);
            while (round % 2 == 1 && places[at].IsContent && places[at].Name != FiscalExport.ListName)
            {
                at = random.Next(zip.Length);
            }

            AssertFound(zip, at, (byte)(zip[at] ^ random.Next(1, 256)), places[at].Name);
        }
    }

    [Fact]
    public async Task Every_byte_of_a_small_export_changed_is_found_at_the_very_file()
    {
        var zip = await RecordSamples.ExportAsync(RecordSamples.Chain(3));
        var places = Places(zip);
        for (var at = 0; at < zip.Length; at++)
        {
            AssertFound(zip, at, (byte)(zip[at] ^ 0x20), places[at].Name);
            AssertFound(zip, at, (byte)(zip[at] + 1), places[at].Name);
        }
    }

    [Theory]
    [InlineData("removed", "INV-FISCAL-51 0000000005.xml", "INV-FISCAL-33 0000000006.xml")]
    [InlineData("removed at the end", "INV-FISCAL-51 0000000010.xml")]
    [InlineData("inserted", "INV-FISCAL-52 0000000011.xml")]
    [InlineData("reordered", "INV-FISCAL-50 0000000005.xml", "INV-FISCAL-50 0000000006.xml", "INV-FISCAL-35 0000000005.xml")]
    [InlineData("duplicated", "INV-FISCAL-52 0000000011.xml", "INV-FISCAL-36 0000000011.xml")]
    [InlineData("without its list", "INV-FISCAL-55 huellas.sha256")]
    public async Task Files_of_an_export_packed_anew_are_each_named(string what, params string[] findings)
    {
        var chain = RecordSamples.Chain(11).ToList();
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await using (var zip = new ZipArchive(new MemoryStream(await RecordSamples.ExportAsync(chain[..10]))))
        {
            foreach (var entry in zip.Entries)
            {
                files[entry.FullName] = Encoding.UTF8.GetBytes(Text(entry));
            }
        }

        var (fifth, sixth) = (FiscalExport.NameOf(5), FiscalExport.NameOf(6));
        switch (what)
        {
            case "removed":
                files.Remove(fifth);
                break;
            case "removed at the end":
                files.Remove(FiscalExport.NameOf(10));
                break;
            case "inserted":
                files[FiscalExport.NameOf(11)] = Encoding.UTF8.GetBytes(chain[10]);
                break;
            case "reordered":
                (files[fifth], files[sixth]) = (files[sixth], files[fifth]);
                break;
            case "duplicated":
                files[FiscalExport.NameOf(11)] = files[fifth];
                break;
            default:
                files.Remove(FiscalExport.ListName);
                break;
        }

        using var anew = new MemoryStream();
        await using (var zip = new ZipArchive(anew, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                await using var entry = await zip.CreateEntry(name).OpenAsync(TestContext.Current.CancellationToken);
                await entry.WriteAsync(content, TestContext.Current.CancellationToken);
            }
        }

        var found = VerifyExport.Of(anew).Findings.Select(each => $"{each.Fault.Code.Code} {each.Source}").ToList();

        Assert.Equal("INV-FISCAL-58 ", found[0]);
        Assert.Equal(findings.Order(StringComparer.Ordinal), found.Skip(1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_made_anew_over_a_changed_record_leaves_the_official_fingerprint()
    {
        var chain = RecordSamples.Chain(10).ToList();
        chain[4] = chain[4].Replace("<ImporteTotal>", "<ImporteTotal>9", StringComparison.Ordinal);

        var finding = Assert.Single(VerifyExport.Of(new MemoryStream(await RecordSamples.ExportAsync(chain))).Findings);

        Assert.Equal(("INV-FISCAL-30", "0000000005.xml", 5), (finding.Fault.Code.Code, finding.Source, finding.Position));
        Assert.Contains("La huella no corresponde", finding.Fault.In("es"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_cut_anywhere_or_with_something_after_it_is_found()
    {
        var zip = await RecordSamples.ExportAsync(RecordSamples.Chain(5));
        for (var length = 0; length < zip.Length; length += 101)
        {
            Assert.False(VerifyExport.Of(new MemoryStream(zip[..length])).IsSound);
        }

        var longer = VerifyExport.Of(new MemoryStream([.. zip, 0]));
        Assert.Equal("INV-FISCAL-57", Assert.Single(longer.Findings).Fault.Code.Code);
    }

    [Fact]
    public void Places_beyond_four_gigabytes_are_told_as_zip64()
    {
        var near = StoredZip.Listing(new ZipPart("0000000001.xml", 1, 2, uint.MaxValue - 1L));
        var far = StoredZip.Listing(new ZipPart("0000000001.xml", 1, 2, uint.MaxValue));

        Assert.Equal((60, 72), (near.Length, far.Length));
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], far[42..46]);
        Assert.Equal([1, 0, 8, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], far[60..]);
        Assert.Equal((22, 98), (StoredZip.End(3, 10, 10).Length, StoredZip.End(3, uint.MaxValue, 10).Length));
    }

    private static void AssertFound(byte[] zip, int at, byte value, string name)
    {
        var changed = zip.ToArray();
        changed[at] = value;

        var verdict = VerifyExport.Of(new MemoryStream(changed));

        Assert.False(verdict.IsSound, $"byte {at} of {name}");
        Assert.All(verdict.Findings, each => Assert.True(each.Source == name, $"byte {at} of {name}: {Told(verdict)}"));
    }

    /// <summary>To which file each byte belongs; the end to none.</summary>
    private static (string Name, bool IsContent)[] Places(byte[] zip)
    {
        var places = new (string Name, bool IsContent)[zip.Length];
        Array.Fill(places, ("", false));
        var at = 0;
        while (BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == 0x04034b50)
        {
            var (name, length) = (Encoding.ASCII.GetString(zip, at + 30, 14), BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(at + 18)));
            Array.Fill(places, (name, false), at, 44);
            Array.Fill(places, (name, true), at + 44, length);
            at += 44 + length;
        }

        for (; BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == 0x02014b50; at += 60)
        {
            Array.Fill(places, (Encoding.ASCII.GetString(zip, at + 46, 14), false), at, 60);
        }

        Assert.Equal(22, zip.Length - at);
        return places;
    }

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open(), new UTF8Encoding(false));
        return reader.ReadToEnd();
    }

    private static string Told(ExportVerdict verdict) =>
        string.Join("; ", verdict.Findings.Select(each => $"{each.Source}: {each.Fault.Code.Code} {each.Fault.In(null)}"));
}
