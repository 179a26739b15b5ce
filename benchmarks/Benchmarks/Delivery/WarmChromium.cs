using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>A headless Chromium that stays, with one page open, and prints it when told (DevTools protocol).</summary>
internal sealed class WarmChromium : IAsyncDisposable
{
    /// <summary>Where Debian puts it.</summary>
    public const string Program = "/usr/bin/chromium";

    private static readonly string[] Quietly =
    [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-breakpad",
        "--no-first-run",
        "--no-default-browser-check",
    ];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ClientWebSocket _line;
    private string? _session;
    private string _frame = "";
    private int _calls;

    private WarmChromium(Process process, ClientWebSocket line) => (_process, _line) = (process, line);

    /// <summary>Whether there is one here.</summary>
    public static bool IsThere => File.Exists(Program);

    /// <summary>Starts one with a profile of its own.</summary>
    public static async Task<WarmChromium> StartAsync(string profile, CancellationToken cancellation)
    {
        var port = Path.Combine(profile, "DevToolsActivePort");
        File.Delete(port);
        var process = Launch(profile, "--remote-debugging-port=0", "about:blank");
        try
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            string[] place;
            for (var began = Stopwatch.GetTimestamp(); ; await tick.WaitForNextTickAsync(cancellation))
            {
                // The port and, below it, the path.
                place = File.Exists(port) ? await File.ReadAllLinesAsync(port, cancellation) : [];
                if (place.Length >= 2)
                {
                    break;
                }

                if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                {
                    throw new InvalidOperationException("chromium does not say where it can be talked to");
                }
            }

            var line = new ClientWebSocket();
            line.Options.Proxy = null;
            var chromium = new WarmChromium(process, line);
            await line.ConnectAsync(new Uri($"ws://127.0.0.1:{place[0]}{place[1]}"), cancellation);
            await chromium.OpenPageAsync(cancellation);
            return chromium;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts one to print a file and end; how long that took.</summary>
    public static async Task<TimeSpan> PrintOnceAsync(string profile, string html, string pdf, CancellationToken cancellation)
    {
        File.Delete(pdf);
        var began = Stopwatch.GetTimestamp();
        using var process = Launch(profile, "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(html).AbsoluteUri);
        await process.WaitForExitAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(began);
        return File.Exists(pdf) ? took : throw new InvalidOperationException($"chromium printed nothing (exit code {process.ExitCode})");
    }

    /// <summary>Sets the page's HTML and prints it.</summary>
    public async Task<byte[]> PrintAsync(string html, CancellationToken cancellation)
    {
        await AskAsync("Page.setDocumentContent", new { frameId = _frame, html }, cancellation);
        var printed = await AskAsync("Page.printToPDF", new { printBackground = true, preferCSSPageSize = true }, cancellation);
        return printed.GetProperty("data").GetBytesFromBase64();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Process Launch(string profile, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh");
        // What it complains of goes nowhere, and the process stays the one that is waited for.
        string[] all = ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", Program, .. Quietly, $"--user-data-dir={profile}", .. arguments];
        Array.ForEach(all, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    private async Task OpenPageAsync(CancellationToken cancellation)
    {
        var page = await AskAsync("Target.createTarget", new { url = "about:blank" }, cancellation);
        var targetId = page.GetProperty("targetId").GetString();
        var attached = await AskAsync("Target.attachToTarget", new { targetId, flatten = true }, cancellation);
        _session = attached.GetProperty("sessionId").GetString();
        var tree = await AskAsync("Page.getFrameTree", new { }, cancellation);
        _frame = tree.GetProperty("frameTree").GetProperty("frame").GetProperty("id").GetString()!;
    }

    /// <summary>The result of a call; events that come meanwhile are passed over.</summary>
    private async Task<JsonElement> AskAsync(string method, object parameters, CancellationToken cancellation)
    {
        var id = ++_calls;
        var call = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _line.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(call).AsMemory(),
            WebSocketMessageType.Text,
            endOfMessage: true,
            cancellation
        );
        while (true)
        {
            var answer = await ReceiveAsync(cancellation);
            if (answer.TryGetProperty("id", out var of) && of.GetInt32() == id)
            {
                return answer.TryGetProperty("result", out var result)
                    ? result
                    : throw new InvalidOperationException($"chromium refuses {method}: {answer}");
            }
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellation)
    {
        var message = new ArrayBufferWriter<byte>(64 * 1024);
        while (true)
        {
            var part = await _line.ReceiveAsync(message.GetMemory(64 * 1024), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException("chromium has hung up");
            }

            message.Advance(part.Count);
            if (part.EndOfMessage)
            {
                return JsonSerializer.Deserialize<JsonElement>(message.WrittenSpan);
            }
        }
    }
}
