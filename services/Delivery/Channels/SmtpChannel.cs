using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A connection to the mail server, kept while there is work.</summary>
public sealed class SmtpChannel(DeliveryOptions options, TimeProvider clock) : Channel
{
    /// <summary>The header that names a mail's transmission.</summary>
    public const string TransmissionHeader = "X-RetailInvoicing-Transmission";

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(2);

    private readonly MailboxAddress? _reportsTo = options.BounceAddress is { } address ? MailboxAddress.Parse(address) : null;
    private Connection? _connection;
    private DateTimeOffset _lastUsed;

    /// <inheritdoc />
    public override bool IsReady => _connection is { IsConnected: true } && clock.GetUtcNow() - _lastUsed < Stale;

    /// <inheritdoc />
    public override async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (IsReady)
        {
            return;
        }

        using var limit = Limit(cancellationToken);
        try
        {
            if (_connection is { IsConnected: true })
            {
                // Servers drop a quiet line; better found out now than with a mail half said.
                await _connection.NoOpAsync(limit.Token);
                _lastUsed = clock.GetUtcNow();
                return;
            }
        }
        catch (Exception exception) when (IsLine(exception) || exception is SmtpCommandException)
        {
            // Gone: connect anew.
        }

        await RestAsync();
        var connection = new Connection(_reportsTo is not null) { Timeout = (int)options.SmtpTimeout.TotalMilliseconds };
        try
        {
            // A mail ends in a short line of its own: held back until the server has confirmed the rest, it would wait 40 ms for that.
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(options.Smtp.Host, PortOf(options.Smtp), limit.Token);
                await connection.ConnectAsync(socket, options.Smtp.Host, PortOf(options.Smtp), SecurityOf(options.Smtp), limit.Token);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            if (options.Smtp.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
            {
                await connection.AuthenticateAsync(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), limit.Token);
            }
        }
        catch (Exception exception)
        {
            connection.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ChannelAwayException(exception is OperationCanceledException ? "no answer in time" : exception.Message, exception);
        }

        _connection = connection;
        _lastUsed = clock.GetUtcNow();
    }

    /// <inheritdoc />
    public override async Task<HandOver> SendAsync(WrittenMessage message, CancellationToken cancellationToken)
    {
        var mail = MailOf(message);
        var connection = _connection ?? throw new InvalidOperationException("ask for ReadyAsync first");
        connection.DataFollows = false;
        using var limit = Limit(cancellationToken);
        try
        {
            // The envelope's sender hears of what could not be delivered: the mailbox of reports, where there is one.
            await (
                _reportsTo is { } reports
                    ? connection.SendAsync(mail, reports, [.. mail.To.Mailboxes], limit.Token)
                    : connection.SendAsync(mail, limit.Token)
            );
            return HandOver.Accepted;
        }
        catch (SmtpCommandException refusal)
        {
            return new HandOver(IsForGood(refusal) ? HandOverEnd.Refused : HandOverEnd.Deferred, Said(refusal))
            {
                // What is said of the sender, or before the line is closed (421), is about us.
                IsOfHost =
                    refusal.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted
                    && (int)refusal.StatusCode is >= 400 and < 500 and not 421,
            };
        }
        catch (NotSupportedException unsupported)
        {
            // An address beyond ASCII and a server without SMTPUTF8.
            return new HandOver(HandOverEnd.Refused, unsupported.Message);
        }
        catch (Exception exception) when (IsLine(exception) || exception is OperationCanceledException or ServiceNotAuthenticatedException)
        {
            await RestAsync();
            return new HandOver(connection.DataFollows ? HandOverEnd.Unknown : HandOverEnd.Deferred, exception.Message);
        }
        finally
        {
            _lastUsed = clock.GetUtcNow();
        }
    }

    /// <inheritdoc />
    public override async Task RestAsync()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await connection.DisconnectAsync(connection.IsConnected, limit.Token);
        }
        catch (Exception exception) when (IsLine(exception) || exception is SmtpCommandException or OperationCanceledException)
        {
            // A goodbye that nobody hears.
        }

        connection.Dispose();
    }

    private CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.SmtpTimeout);
        return limit;
    }

    private static bool IsLine(Exception exception) =>
        exception is IOException or SocketException or ProtocolException or ServiceNotConnectedException or ObjectDisposedException;

    /// <summary>5xx is for good, unless it is about us and not about the mail: sign-in (530 to 538) and the like (500 to 504).</summary>
    private static bool IsForGood(SmtpCommandException refusal) => (int)refusal.StatusCode is >= 550 and < 600;

    private static string Said(SmtpCommandException refusal) => $"{(int)refusal.StatusCode} {refusal.Message}";

    private static int PortOf(Uri url) =>
        url.Port > 0 ? url.Port
        : url.Scheme == "smtps" ? 465
        : 25;

    private static SecureSocketOptions SecurityOf(Uri url) =>
        url.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect
        : url.IsLoopback ? SecureSocketOptions.None
        : SecureSocketOptions.StartTlsWhenAvailable;

    /// <summary>A client that knows whether the message itself may have gone out.</summary>
    private sealed class Connection(bool wantsReports) : SmtpClient
    {
        public bool DataFollows { get; set; }

        protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            base.OnRecipientAccepted(message, mailbox, response);
            DataFollows = true;
        }

        /// <summary>
        /// The size that a mail is announced with (RFC 1870: an estimate will do). To know it to the byte, the mail would be written twice;
        /// where it comes near to what the server takes, it is.
        /// </summary>
        protected override async Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken)
        {
            var estimate = Headers + message.BodyParts.OfType<MimePart>().Sum(part => Headers + Encoded(part.Content));
            return MaxSize > 0 && estimate > MaxSize / 2 ? await base.GetSizeAsync(options, message, cancellationToken) : estimate;
        }

        private const long Headers = 512;

        /// <summary>In lines of base64: four letters for three bytes, and two for each line's end.</summary>
        private static long Encoded(IMimeContent? content)
        {
            var bytes = content?.Stream?.Length ?? 0;
            return content?.Encoding == ContentEncoding.Base64 ? bytes : bytes * 4 / 3 * 78 / 76;
        }

        /// <summary>Reports name the transmission (RFC 3461 4.4).</summary>
        protected override string? GetEnvelopeId(MimeMessage message) => wantsReports ? message.Headers[TransmissionHeader] : null;

        /// <summary>Where reports are read they are asked for (RFC 3461 4.1).</summary>
        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            wantsReports ? DeliveryStatusNotification.Success | DeliveryStatusNotification.Failure : null;
    }
}
