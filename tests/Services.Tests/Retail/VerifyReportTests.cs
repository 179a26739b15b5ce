using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Retail.Verify;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.Records;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>./retail verify, as a program of its own: what it prints, and its exit code.</summary>
public sealed class VerifyReportTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("verify");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_export_that_is_sound_ends_with_0_and_a_changed_one_with_1()
    {
        var zip = await RecordSamples.ExportAsync(RecordSamples.Chain(10));
        var sound = await VerifyAsync(("export.zip", zip));
        zip[500] ^= 1;
        var changed = await VerifyAsync(("export.zip", zip));

        Assert.Equal((0, true, 10), (sound.Code, (bool)sound.Json["sound"]!, (int)sound.Json["exports"]![0]!["records"]!));
        Assert.Equal((1, false), (changed.Code, (bool)changed.Json["sound"]!));
        var finding = changed.Json["findings"]![0]!;
        Assert.Equal("export.zip/0000000001.xml", (string)finding["file"]!);
        Assert.NotEmpty((string)finding["es"]!);
        Assert.NotEqual((string)finding["es"]!, (string)finding["en"]!);
    }

    [Fact]
    public async Task Bare_records_submissions_events_and_signed_records_of_any_system_are_checked()
    {
        var records = RecordSamples.Chain(4);
        var submission = SubmissionXml
            .Of(new SubmissionHeader { Seller = new HeaderPerson("x", RecordSamples.Nif) }, [.. records.Skip(1)])
            .Value;
        var signed = await File.ReadAllBytesAsync(
            Repository.Shared("compliance/verifactu/aeat-xades-sample/ejemploRegistro-firmado-epes-xades4j.xml"),
            TestContext.Current.CancellationToken
        );

        var (code, json, _) = await VerifyAsync(
            ("1.xml", Encoding.UTF8.GetBytes(records[0])),
            ("2.xml", submission),
            ("signed.xml", signed)
        );

        Assert.Equal(0, code);
        var told = json["records"]!.AsArray();
        Assert.Equal(["1.xml", "2.xml #1", "2.xml #2", "2.xml #3", "signed.xml"], told.Select(each => (string)each!["file"]!));
        Assert.Equal([true, true, true, true, false], told.Select(each => (bool)each!["linked"]!));
        Assert.Contains("89890001K", (string)told[4]!["signature"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_the_language_asked_for()
    {
        var broken = RecordSamples.Chain(1)[0].Replace("<TipoFactura>F2", "<TipoFactura>F1", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "1.xml"), broken, TestContext.Current.CancellationToken);

        var (code, text, _) = await RunAsync("verify", "--language", "es", Path.Combine(folder.FullName, "1.xml"));

        Assert.Equal(1, code);
        Assert.Contains("INV-FISCAL-30", text, StringComparison.Ordinal);
        Assert.Contains("La huella no corresponde", text, StringComparison.Ordinal);
    }

    private async Task<(int Code, JsonNode Json, string Error)> VerifyAsync(params (string Name, byte[] Content)[] files)
    {
        foreach (var (name, content) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), content, TestContext.Current.CancellationToken);
        }

        var (code, text, error) = await RunAsync(["verify", "--json", .. files.Select(each => Path.Combine(folder.FullName, each.Name))]);
        return (code, JsonNode.Parse(text)!, error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [typeof(VerifyReport).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }
}
