using System.Globalization;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>The console: one line a resource, then the addresses, then only what is worth reading.</summary>
internal sealed class Board
{
    private readonly Lock gate = new();
    private readonly bool live = !Console.IsOutputRedirected;
    private bool transient;

    public void Say(string line)
    {
        lock (gate)
        {
            Clear();
            Console.Out.WriteLine(line);
        }
    }

    public void Say(string resource, string state) => Say($"  {resource, -12} {state}");

    public void Complain(string line)
    {
        lock (gate)
        {
            Clear();
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>On a terminal: what is still awaited, on a line that the next one replaces.</summary>
    public void Awaiting(IEnumerable<string> resources, TimeSpan since)
    {
        if (!live)
            return;
        lock (gate)
        {
            Clear();
            Console.Out.Write($"  … {string.Join(", ", resources)} ({since.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s)");
            transient = true;
        }
    }

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    private void Clear()
    {
        if (transient)
            Console.Out.Write("\r\u001b[K");
        transient = false;
    }
}
