namespace RetailInvoicing.Delivery.Channels;

/// <summary>Writes mails as .eml files, whole, by rename; a second hand-over of a transmission replaces its file.</summary>
public sealed class FolderChannel(string folder) : Channel
{
    /// <inheritdoc />
    public override Task ReadyAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task<HandOver> SendAsync(WrittenMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var mail = MailOf(message);
            var name = mail.Headers[SmtpChannel.TransmissionHeader];
            var partial = Path.Combine(folder, $".{name}.partial");
            await mail.WriteToAsync(partial, cancellationToken);
            File.Move(partial, Path.Combine(folder, $"{name}.eml"), overwrite: true);
            return HandOver.Accepted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new HandOver(HandOverEnd.Deferred, exception.Message);
        }
    }

    /// <inheritdoc />
    public override Task RestAsync() => Task.CompletedTask;
}
