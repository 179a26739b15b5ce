using MimeKit;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>One way out for mails; each sender has one of its own.</summary>
public abstract class MailChannel : IAsyncDisposable
{
    /// <summary>The way out that the address names.</summary>
    public static MailChannel Of(DeliveryOptions options, TimeProvider clock) =>
        options.Smtp.Scheme switch
        {
            "smtp" or "smtps" => new SmtpChannel(options, clock),
            "file" => new FolderChannel(options.Smtp.LocalPath),
            var other => throw new InvalidOperationException($"Smtp:Url has the scheme '{other}': smtp, smtps or file is wanted"),
        };

    /// <summary>Makes sure that the other side is there; throws where it is not.</summary>
    public abstract Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Hands a message over.</summary>
    public abstract Task<HandOver> SendAsync(MimeMessage message, CancellationToken cancellationToken);

    /// <summary>Lets the other side go while there is nothing to do.</summary>
    public abstract Task RestAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await RestAsync();
        GC.SuppressFinalize(this);
    }
}
