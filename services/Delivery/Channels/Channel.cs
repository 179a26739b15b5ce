using MimeKit;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A message that is written and ready for its channel.</summary>
public abstract record WrittenMessage;

/// <summary>A mail.</summary>
public sealed record WrittenMail(MimeMessage Message) : WrittenMessage;

/// <summary>A short text for a seller's gateway.</summary>
/// <param name="Channel">sms, whatsapp or webhook.</param>
/// <param name="To">A telephone number, or what the gateway takes as a recipient.</param>
/// <param name="Text">What it says.</param>
/// <param name="Key">The transmission, by which the gateway knows a second hand-over as the same message.</param>
public sealed record WrittenShort(string Channel, string To, string Text, string Key) : WrittenMessage;

/// <summary>One way out for messages.</summary>
public abstract class Channel : IAsyncDisposable
{
    /// <summary>The way out for mails that the address names; each sender has one of its own.</summary>
    public static Channel OfMail(DeliveryOptions options, TimeProvider clock) =>
        options.Smtp.Scheme switch
        {
            "smtp" or "smtps" => new SmtpChannel(options, clock),
            "file" => new FolderChannel(options.Smtp.LocalPath),
            var other => throw new InvalidOperationException($"Smtp:Url has the scheme '{other}': smtp, smtps or file is wanted"),
        };

    /// <summary>Makes sure that the other side is there; throws <see cref="ChannelAwayException" /> where it is not.</summary>
    public abstract Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Whether the other side was there a moment ago, so that <see cref="ReadyAsync" /> would ask nothing.</summary>
    public virtual bool IsReady => false;

    /// <summary>Hands a message over.</summary>
    public abstract Task<HandOver> SendAsync(WrittenMessage message, CancellationToken cancellationToken);

    /// <summary>Lets the other side go while there is nothing to do.</summary>
    public abstract Task RestAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await RestAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The mail of a message; a channel for mails is given nothing else.</summary>
    protected static MimeMessage MailOf(WrittenMessage message) =>
        message is WrittenMail mail
            ? mail.Message
            : throw new InvalidOperationException($"a mail is wanted, not a {message.GetType().Name}");
}

/// <summary>The other side of a channel cannot be reached or does not let us in; every message for it waits.</summary>
public sealed class ChannelAwayException(string message, Exception? inner = null) : Exception(message, inner);
