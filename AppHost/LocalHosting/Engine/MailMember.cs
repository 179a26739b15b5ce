using System.Globalization;

namespace RetailInvoicing.AppHost.LocalHosting;

/// <summary>The development inbox: maildev stands in for the container; without it mails are written as files.</summary>
internal sealed class MailMember(LocalRun run, ContainerResource mail) : Member(run, mail)
{
    public const string Image = "axllent/mailpit:latest";

    // Asked to stop it waits for browsers that look at it; every mail is a file before it is accepted, and nobody sends any more by then.
    protected override int StopSignal => Spawner.Kill;

    /// <summary>Where ./run installs maildev once for all checkouts.</summary>
    private static string Cache =>
        System.Environment.GetEnvironmentVariable("RETAIL_CACHE")
        ?? Path.Combine(
            System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                ?? Path.Combine(System.Environment.GetEnvironmentVariable("HOME") ?? "/root", ".cache"),
            "retailinvoicing"
        );

    private static string Program => Path.Combine(Cache, "maildev-3.0.0", "node_modules", "maildev", "dist", "bin", "maildev.js");

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Without an inbox, what would be its SMTP address names the folder where Delivery puts the mails.</summary>
    public static void WriteToFiles(ContainerResource mail, DataDirectory data)
    {
        Directory.CreateDirectory(data.FileNamed("mail"));
        mail.Endpoints.RemoveAll(e => e.Name == "http");
        mail.Endpoint("smtp").Address = new UriBuilder("file", "") { Path = data.FileNamed("mail") }
            .Uri
            .AbsoluteUri;
    }

    protected override Task<Launch> LaunchAsync(CancellationToken stop)
    {
        var folder = Run.Data.FileNamed("mail");
        Directory.CreateDirectory(folder);
        return Task.FromResult(
            new Launch(
                "node",
                "--max-old-space-size=256",
                Program,
                "--ip",
                "127.0.0.1",
                "--web-ip",
                "127.0.0.1",
                "--smtp",
                PortOf("smtp"),
                "--web",
                PortOf("http"),
                "--mail-directory",
                folder,
                // It keeps them in memory besides: what a replay of a year sends would end it again and again.
                "--max-emails",
                "2000"
            )
            {
                Directory = folder,
                Log = Log,
            }
        );
    }

    protected override async Task<bool> IsReadyAsync(CancellationToken stop) =>
        await RabbitMember.AcceptsAsync(Resource.Endpoint("smtp").Port!.Value, stop)
        && await RabbitMember.AcceptsAsync(Resource.Endpoint("http").Port!.Value, stop);

    private string PortOf(string endpoint) => Resource.Endpoint(endpoint).Port!.Value.ToString(CultureInfo.InvariantCulture);
}
