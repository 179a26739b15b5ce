using MimeKit;

namespace RetailInvoicing.Delivery;

/// <summary>How messages leave; section Delivery of the configuration, with the mail server's address from Smtp:Url.</summary>
public sealed record DeliveryOptions
{
    /// <summary>smtp://[user:password@]host:port, smtps://…, or file:///dir, which writes .eml files.</summary>
    public required Uri Smtp { get; init; }

    /// <summary>Sender of mails whose seller has no address.</summary>
    public string DefaultFrom { get; init; } = "facturas@localhost";

    /// <summary>The envelope's sender of every mail, to which reports of mails that were not delivered come; none asks for no reports.</summary>
    public string? BounceAddress { get; init; }

    /// <summary>
    /// Mails handed over at the same time by this instance, each over a connection of its own. As many may reach their recipients twice
    /// where the process is killed: more than one only where the mail server takes its time to accept.
    /// </summary>
    public int HandOversAtOnce { get; init; } = 1;

    /// <summary>Mails that are written at the same time beside each hand-over.</summary>
    public int WritersAtOnce { get; init; } = 16;

    /// <summary>Short messages handed to gateways at the same time by this instance.</summary>
    public int GatewaysAtOnce { get; init; } = 8;

    /// <summary>Mails a minute to one mail host (what follows the @), over all instances; 0 for no limit.</summary>
    public int HostsPerMinute { get; init; }

    /// <summary>After so many mails in a row that a mail host put off, it rests.</summary>
    public int HostFailures { get; init; } = 5;

    /// <summary>A mail host's first rest; each further one doubles it up to <see cref="HostRestCap"/>, with jitter.</summary>
    public TimeSpan HostRestBase { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A mail host's longest rest.</summary>
    public TimeSpan HostRestCap { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the server may take to answer; must stay well under <see cref="Hold"/>.</summary>
    public TimeSpan SmtpTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a sender holds a transmission that it hands over; after that another one may take it over.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a sender holds one that is only being written, and longer while it lives: so long do those of a killed one wait.</summary>
    public TimeSpan HoldToWrite { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long the database must have been there before a transmission that was being handed over is taken from another sender: whoever
    /// knows how it ended records that first.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause after a failure; doubles up to <see cref="RetryCap"/>, with jitter.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause while the mail server or a neighbour is away.</summary>
    public TimeSpan RetryCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause of a mail that its server puts off (RFC 5321 4.5.4.1).</summary>
    public TimeSpan PutOffCap { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After this a message that the server keeps putting off is given up (RFC 5321 4.5.4.1 says four to five days).</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>A message whose hand-over ended unknown so often is given up: its server takes it and dies.</summary>
    public int MostUnknown { get; init; } = 3;

    /// <summary>How often to look although nothing was told.</summary>
    public TimeSpan LookAnyway { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads them.</summary>
    public static DeliveryOptions From(IConfiguration configuration)
    {
        var url =
            configuration["Smtp:Url"]
            ?? throw new InvalidOperationException("Smtp:Url is not set: smtp://host:port, or file:///dir to write .eml files");
        var options = new DeliveryOptions { Smtp = new Uri(url) };
        var section = configuration.GetSection("Delivery");
        var bounce = section["BounceAddress"] is { Length: > 0 } address ? address : null;
        if (bounce is not null && !MailboxAddress.TryParse(bounce, out _))
        {
            throw new InvalidOperationException($"Delivery:BounceAddress is '{bounce}', which is no e-mail address");
        }

        return options with
        {
            DefaultFrom = section["DefaultFrom"] ?? options.DefaultFrom,
            BounceAddress = bounce,
            HandOversAtOnce = Math.Max(1, section.GetValue("HandOversAtOnce", options.HandOversAtOnce)),
            WritersAtOnce = Math.Max(1, section.GetValue("WritersAtOnce", options.WritersAtOnce)),
            GatewaysAtOnce = Math.Max(1, section.GetValue("GatewaysAtOnce", options.GatewaysAtOnce)),
            HostsPerMinute = section.GetValue("HostsPerMinute", options.HostsPerMinute),
            HostFailures = section.GetValue("HostFailures", options.HostFailures),
            HostRestBase = section.GetValue("HostRestBase", options.HostRestBase),
            HostRestCap = section.GetValue("HostRestCap", options.HostRestCap),
            SmtpTimeout = section.GetValue("SmtpTimeout", options.SmtpTimeout),
            Hold = section.GetValue("Hold", options.Hold),
            HoldToWrite = section.GetValue("HoldToWrite", options.HoldToWrite),
            Grace = section.GetValue("Grace", options.Grace),
            RetryBase = section.GetValue("RetryBase", options.RetryBase),
            RetryCap = section.GetValue("RetryCap", options.RetryCap),
            PutOffCap = section.GetValue("PutOffCap", options.PutOffCap),
            GiveUpAfter = section.GetValue("GiveUpAfter", options.GiveUpAfter),
            MostUnknown = section.GetValue("MostUnknown", options.MostUnknown),
            LookAnyway = section.GetValue("LookAnyway", options.LookAnyway),
        };
    }
}
