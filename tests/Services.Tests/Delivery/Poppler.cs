using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Poppler's commands: they read a document as other people's programs do.</summary>
internal static class Poppler
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>What a command says; it fails where the command does, complains of an error or does not end.</summary>
    public static async Task<string> RunAsync(string command, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var complaint = await error;
            Assert.True(process.ExitCode == 0 && !complaint.Contains("Error", StringComparison.Ordinal), $"{command}: {complaint}");
            return output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}

/// <summary>A document as a file, for as long as someone looks at it.</summary>
internal sealed class PdfOnDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retail-tests-").FullName;
    private readonly string _file;

    public PdfOnDisk(byte[] pdf)
    {
        _file = Path.Combine(_folder, "invoice.pdf");
        File.WriteAllBytes(_file, pdf);
    }

    /// <summary>Its text as it stands on the page, columns side by side.</summary>
    public async Task<string> TextAsync() =>
        (await Poppler.RunAsync("pdftotext", "-layout", "-enc", "UTF-8", _file, "-")).Replace('\u00a0', ' ');

    /// <summary>The first file inside it.</summary>
    public async Task<byte[]> AttachmentAsync()
    {
        var attachment = Path.Combine(_folder, "attachment");
        await Poppler.RunAsync("pdfdetach", "-save", "1", "-o", attachment, _file);
        return await File.ReadAllBytesAsync(attachment);
    }

    /// <summary>A page as it is seen.</summary>
    public async Task<PagePicture> PageAsync(int page, int dotsPerInch)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        var picture = Path.Combine(_folder, "page-" + number);
        var fineness = dotsPerInch.ToString(CultureInfo.InvariantCulture);
        await Poppler.RunAsync("pdftoppm", "-gray", "-r", fineness, "-f", number, "-l", number, "-singlefile", _file, picture);
        return PagePicture.OfPgm(await File.ReadAllBytesAsync(picture + ".pgm"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
