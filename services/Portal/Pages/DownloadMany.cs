using System.IO.Compression;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Portal.Asking;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.SignIn;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Pages;

/// <summary>A file within a ZIP.</summary>
public sealed record ZipFile(string Name, byte[] Content);

/// <summary>Puts files into one.</summary>
public static class Zip
{
    /// <summary>The ZIP.</summary>
    public static byte[] Of(IEnumerable<ZipFile> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var file in files)
            {
                // Two shops may give the same number.
                var name = file.Name;
                for (var again = 2; !taken.Add(name); again++)
                {
                    name = $"{Path.GetFileNameWithoutExtension(file.Name)}-{again}{Path.GetExtension(file.Name)}";
                }

                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(file.Content);
            }
        }

        return buffer.ToArray();
    }
}

/// <summary>Gives a customer the invoices that a filter finds as one ZIP, each as PDF and XML; what cannot be had is named in it.</summary>
public sealed class DownloadMany(FindStanding standing, AskDelivery delivery, AskInvoicing invoicing)
{
    /// <summary>More are taken filter by filter.</summary>
    public const int Most = 50;

    private const int AtOnce = 4;

    /// <summary>The file.</summary>
    public async Task<IResult> HandleAsync(PageContext page, Visitor visitor, ListFilter filter, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(nameof(DownloadMany));
        var found = await standing.FindAsync(filter with { Cursor = null }, Most, visitor, cancellationToken);
        if (found.Fault is { } fault)
        {
            return page.Show(fault);
        }

        if (found.Value.Rows.Count == 0)
        {
            return page.Show(PortalFaults.NotFound.With());
        }

        using var turn = new SemaphoreSlim(AtOnce);
        var taken = await Task.WhenAll(found.Value.Rows.Select(row => OneAsync(row.Invoice, visitor.AsCustomer, turn, cancellationToken)));
        var missing = found.Value.Rows.Where((_, i) => taken[i].Count == 0).Select(row => row.Invoice.Number).ToList();
        var files = taken.SelectMany(each => each);
        if (missing.Count > 0)
        {
            var note = $"{page.Words.ZipMissing}\r\n{string.Join("\r\n", missing)}\r\n";
            files = files.Append(new ZipFile("LEEME.txt", Encoding.UTF8.GetBytes(note)));
        }

        return Results.Bytes(Zip.Of(files), "application/zip", $"{page.Words.Invoices}.zip");
    }

    private async Task<IReadOnlyList<ZipFile>> OneAsync(
        InvoiceBody invoice,
        OnBehalfOf behalf,
        SemaphoreSlim turn,
        CancellationToken cancellationToken
    )
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await DownloadZip.FilesAsync(invoice.InvoiceId, behalf, delivery, invoicing, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
