using System.Net;
using System.Text.Json;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// A held message becomes a mail: from the seller, in the reader's language and the seller's look, an invoice with its PDF and UBL attached
/// and, apart from it and for those alone who want them, offers.
/// </summary>
public sealed class WriteMail(
    Neighbours neighbours,
    FindLook looks,
    ComposeOffers offers,
    SignMails sign,
    PublicAddress publicAddress,
    DeliveryOptions options,
    TimeProvider clock
) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>The mail, or why it will never be one.</summary>
    public async Task<Outcome<WrittenMessage>> RunAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(held.Recipient, out var recipient))
        {
            return DeliveryFaults.BadAddress.With(held.Recipient);
        }

        var mail = held.Purpose switch
        {
            Purpose.Invoice => await InvoiceAsync(held, recipient, cancellationToken),
            Purpose.Reminder => await ReminderAsync(held, recipient, cancellationToken),
            Purpose.SignIn => await SignInAsync(held, recipient, cancellationToken),
            Purpose.Notice => await NoticeAsync(held, recipient, cancellationToken),
            _ => throw new InvalidOperationException($"nobody writes mails for the purpose '{held.Purpose}'"),
        };
        if (mail.Refused(out var fault))
        {
            return fault;
        }

        await sign.RunAsync(held.SellerId, mail.Value, cancellationToken);
        return new WrittenMail(mail.Value);
    }

    private async Task<Outcome<MimeMessage>> InvoiceAsync(HeldMessage held, MailboxAddress recipient, CancellationToken cancellationToken)
    {
        var id = held.InvoiceId ?? throw new InvalidOperationException("an invoice's mail without an invoice");
        InvoiceBody invoice;
        if (held.Body is { } body)
        {
            invoice = JsonSerializer.Deserialize<InvoiceBody>(body, Wire.Tolerant)!;
        }
        else
        {
            // Sent again: what it said was kept only until it was sent.
            var found = await neighbours.InvoiceAsync(id, OnBehalfOf.Seller(held.SellerId), cancellationToken);
            if (found.Refused(out var fault))
            {
                return fault;
            }

            invoice = found.Value;
        }

        var seller = await neighbours.SellerAsync(held.SellerId, cancellationToken);
        var words = RenderInvoice.WordsOf(invoice, seller);
        var behalf = OnBehalfOf.Seller(held.SellerId);
        // None of these waits for another: the slowest is how long it takes.
        var looking = looks.RunAsync(held.SellerId, cancellationToken);
        var paying = PayingAsync(held.SellerId, id, invoice, cancellationToken);
        var reading = neighbours.DocumentsAsync(id, ["ubl", "cii"], behalf, cancellationToken);
        var offering = offers.RunAsync(invoice, recipient.Address, words.Language, cancellationToken);
        await Task.WhenAll(looking, paying, reading, offering);

        // One at a time is set: that takes a core for milliseconds, and whoever hands over what is written, in many short steps, would wait
        // behind all of them.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var sheet = InvoiceSheet.Of(invoice, seller, await paying, words);
            return await SetAsync(held, recipient, invoice, sheet, seller, await looking, await reading, await offering, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<MimeMessage> SetAsync(
        HeldMessage held,
        MailboxAddress recipient,
        InvoiceBody invoice,
        InvoiceSheet sheet,
        SellerBody? seller,
        Look look,
        IReadOnlyDictionary<string, byte[]> documents,
        OfferBlock? block,
        CancellationToken cancellationToken
    )
    {
        sheet = sheet with { Logo = look.Logo };
        var ubl = documents.GetValueOrDefault("ubl");
        var portal = invoice.Links?.Portal ?? $"{publicAddress.Portal}/invoices/{invoice.InvoiceId}";
        var mail = MailSheet.OfInvoice(sheet, invoice, portal, ubl is not null, block);
        var builder = await BodyAsync(held.SellerId, look, mail, cancellationToken);
        builder.Attachments.Add(
            Attached(RenderInvoice.FileName(invoice.Number, "pdf"), PdfFlow.Of(sheet, documents.GetValueOrDefault("cii")), "pdf")
        );
        if (ubl is not null)
        {
            builder.Attachments.Add(Attached(RenderInvoice.FileName(invoice.Number, "xml"), ubl, "xml"));
        }

        recipient.Name = invoice.Contact?.Name ?? invoice.Buyer?.Name;
        var message = Addressed(held, recipient, sheet.SellerName, invoice.Seller.Email ?? seller?.Email, mail.Subject, builder);
        if (block is not null)
        {
            // One click in the mail program itself stops the offers (RFC 8058).
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{block.OneClickUrl}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }

        return message;
    }

    private async Task<PaymentInstructions?> PayingAsync(
        SellerId seller,
        InvoiceId id,
        InvoiceBody invoice,
        CancellationToken cancellationToken
    ) =>
        invoice is { Status: InvoiceStatus.Issued, Totals.AmountDue: > 0 }
            ? await neighbours.InstructionsAsync(
                seller,
                id,
                new Money(invoice.Totals.AmountDue, invoice.Currency),
                invoice.PaymentReference,
                cancellationToken
            )
            : null;

    private async Task<Outcome<MimeMessage>> ReminderAsync(HeldMessage held, MailboxAddress recipient, CancellationToken cancellationToken)
    {
        var reminder = JsonSerializer.Deserialize<ReminderContent>(held.Body!, Wire.Tolerant)!;
        if (reminder.TooLateAt(clock.GetUtcNow()) is { } tooLate)
        {
            return tooLate;
        }

        var seller =
            await neighbours.SellerAsync(held.SellerId, cancellationToken)
            ?? throw new InvalidOperationException("a reminder of a seller whom nobody knows");
        var looking = looks.RunAsync(held.SellerId, cancellationToken);
        var paying = neighbours.PayLinkAsync(
            held.SellerId,
            held.TransmissionId,
            held.InvoiceId!.Value,
            reminder,
            publicAddress.Portal,
            cancellationToken
        );
        await Task.WhenAll(looking, paying);
        var look = await looking;
        var words = Words.For(reminder.Language is { Length: > 0 } language ? language : seller.Language);
        var mail = MailSheet.OfReminder(reminder, seller, await paying, words, look.Logo);
        recipient.Name = reminder.Name;
        var builder = await BodyAsync(held.SellerId, look, mail, cancellationToken);
        return Addressed(held, recipient, mail.SellerName, seller.Email, mail.Subject, builder);
    }

    private async Task<Outcome<MimeMessage>> SignInAsync(HeldMessage held, MailboxAddress recipient, CancellationToken cancellationToken)
    {
        var signIn = JsonSerializer.Deserialize<SignInContent>(held.Body!, Wire.Tolerant)!;
        if (signIn.ExpiresAt <= clock.GetUtcNow())
        {
            return DeliveryFaults.Expired.With();
        }

        var seller = held.SellerId.Value.Length > 0 ? await neighbours.SellerAsync(held.SellerId, cancellationToken) : null;
        var words = Words.For(signIn.Language is { Length: > 0 } language ? language : seller?.Language);
        var mail = MailSheet.OfSignIn(signIn, seller, words);
        // No template of the seller's: nobody but us says where a person signs in.
        var builder = await BodyAsync(held.SellerId, Look.Plain, mail, cancellationToken);
        return Addressed(held, recipient, mail.SellerName, seller?.Email, mail.Subject, builder);
    }

    private async Task<Outcome<MimeMessage>> NoticeAsync(HeldMessage held, MailboxAddress recipient, CancellationToken cancellationToken)
    {
        var notice = JsonSerializer.Deserialize<WebhookNoticeContent>(held.Body!, Wire.Tolerant)!;
        var seller = await neighbours.SellerAsync(held.SellerId, cancellationToken);
        var mail = MailSheet.OfNotice(notice, seller, $"{publicAddress.Portal}/office", Words.For(seller?.Language));
        var builder = await BodyAsync(held.SellerId, Look.Plain, mail, cancellationToken);
        return Addressed(held, recipient, "RetailInvoicing", null, mail.Subject, builder);
    }

    /// <summary>Text and HTML that say the same, with the pictures that the HTML shows inside.</summary>
    private async Task<BodyBuilder> BodyAsync(SellerId seller, Look look, MailSheet mail, CancellationToken cancellationToken)
    {
        var html = await looks.HtmlAsync(seller, look, mail, cancellationToken);
        var builder = new BodyBuilder { TextBody = mail.ToText(), HtmlBody = html };
        foreach (var picture in mail.Pictures.Where(each => html.Contains(each.Uri, StringComparison.Ordinal)))
        {
            var part = builder.LinkedResources.Add(picture.Name, picture.Content, ContentType.Parse(picture.ContentType));
            part.ContentId = picture.Uri["cid:".Length..];
        }

        return builder;
    }

    // In the lines that it will be sent in: the library would make them letter by letter.
    private static MimePart Attached(string name, byte[] content, string type) =>
        new("application", type)
        {
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            FileName = name,
            ContentTransferEncoding = ContentEncoding.Base64,
            Content = new MimeContent(new MemoryStream(Base64Lines.Of(content)), ContentEncoding.Base64),
        };

    private MimeMessage Addressed(
        HeldMessage held,
        MailboxAddress recipient,
        string senderName,
        string? from,
        string subject,
        BodyBuilder body
    )
    {
        var sender = from is not null && Mailbox.TryParse(from, out var sellers) ? sellers : MailboxAddress.Parse(options.DefaultFrom);
        sender.Name = senderName;
        return new MimeMessage([sender], [recipient], subject, body.ToMessageBody())
        {
            // The same for every hand-over of a transmission, so that a mail that came twice is known as one.
            MessageId = $"{held.TransmissionId}@{HostOf(publicAddress.Portal)}",
            Date = held.CreatedAt,
            Headers = { { SmtpChannel.TransmissionHeader, held.TransmissionId.ToString() }, { "Auto-Submitted", "auto-generated" } },
        };
    }

    private static string HostOf(string address)
    {
        var host = new Uri(address).Host;
        return IPAddress.TryParse(host.Trim('[', ']'), out _) ? "localhost" : host;
    }
}
