using System.Diagnostics;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Retail.Demo;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>
/// An invoice of ten lines as PDF/A-3 with its CII inside, set by the code that mails run, in this process on one thread; beside it the
/// invoice's page, printed by headless Chromium, which is neither PDF/A nor carries the XML.
/// </summary>
internal sealed class PrintedInvoice(InvoiceBody invoice, byte[] cii)
{
    private const int PrintsToWarmUp = 500;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Adds the medians of both.</summary>
    public async Task MeasureAsync(
        Dictionary<string, double> ratios,
        Dictionary<string, double> raw,
        bool quick,
        CancellationToken cancellation
    )
    {
        var ours = Ours(quick ? 500 : 3000, raw);
        if (!WarmChromium.IsThere)
        {
            await Console.Error.WriteLineAsync($"There is no {WarmChromium.Program}: what it takes is left out. apt-get install chromium");
            return;
        }

        var place = Directory.CreateTempSubdirectory("retail-bench-chromium-");
        try
        {
            var html = Templates.Html(Sheet());
            var warm = await WarmAsync(place, html, quick ? 40 : 200, raw, cancellation);
            var cold = await ColdAsync(place, html, quick ? 5 : 15, cancellation);
            raw["chromium.warmP50Ms"] = warm;
            raw["chromium.coldP50Ms"] = cold;
            ratios["pdfVsChromiumWarm"] = ours / warm;
            ratios["pdfVsChromiumCold"] = ours / cold;
        }
        finally
        {
            TakeAway(place);
        }
    }

    private static void TakeAway(DirectoryInfo place)
    {
        try
        {
            place.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of Chromium's that is just ending still writes: temporary files, where temporary files go.
        }
    }

    private double Ours(int times, Dictionary<string, double> raw)
    {
        var bytes = 0;
        var warmedUp = Stopwatch.GetTimestamp();
        // Some hundreds, and time for the compiler to do better behind our back.
        for (var i = 0; i < PrintsToWarmUp || Stopwatch.GetElapsedTime(warmedUp) < WarmUp; i++)
        {
            bytes = Print().Length;
        }

        var took = new List<double>(times);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            _ = Print();
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        raw["pdf.allocatedBytes"] = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / times;
        raw["pdf.p50Ms"] = took.Percentile(0.5);
        raw["pdf.p99Ms"] = took.Percentile(0.99);
        raw["pdf.bytes"] = bytes;
        raw["pdf.ciiBytes"] = cii.Length;
        return took.Percentile(0.5);
    }

    // As for each mail: from the invoice to the file. What the seller and Invoicing say is there already.
    private byte[] Print() => PdfFlow.Of(Sheet(), cii);

    private InvoiceSheet Sheet() => InvoiceSheet.Of(invoice, DemoShop.Seller, null, Words.For("es"));

    private static async Task<double> WarmAsync(
        DirectoryInfo place,
        string html,
        int times,
        Dictionary<string, double> raw,
        CancellationToken cancellation
    )
    {
        await using var chromium = await WarmChromium.StartAsync(place.CreateSubdirectory("warm").FullName, cancellation);
        var took = new List<double>(times);
        // The first ones warm up.
        for (var i = -20; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var pdf = await chromium.PrintAsync(html, cancellation);
            if (i >= 0)
            {
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            raw["chromium.bytes"] = pdf.Length;
        }

        return took.Percentile(0.5);
    }

    private static async Task<double> ColdAsync(DirectoryInfo place, string html, int times, CancellationToken cancellation)
    {
        var page = Path.Combine(place.FullName, "invoice.html");
        await File.WriteAllTextAsync(page, html, cancellation);
        var profile = place.CreateSubdirectory("cold").FullName;
        var took = new List<double>(times);
        // The first makes its profile.
        for (var i = -1; i < times; i++)
        {
            var time = await WarmChromium.PrintOnceAsync(profile, page, Path.Combine(place.FullName, "invoice.pdf"), cancellation);
            if (i >= 0)
            {
                took.Add(time.TotalMilliseconds);
            }
        }

        return took.Percentile(0.5);
    }
}
