using System.Net;
using System.Text.Json;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A held message becomes a mail: from the seller, in the reader's language, an invoice with its PDF and UBL attached.</summary>
public sealed class WriteMail(Neighbours neighbours, PublicAddress publicAddress, DeliveryOptions options, TimeProvider clock)
{
    /// <summary>The mail, or why it will never be one.</summary>
    public async Task<Outcome<MimeMessage>> RunAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(held.Recipient, out var recipient))
        {
            return DeliveryFaults.BadAddress.With(held.Recipient);
        }

        return held.Purpose switch
        {
            Purpose.Invoice => await InvoiceAsync(held, recipient, cancellationToken),
            Purpose.Reminder => await ReminderAsync(held, recipient, cancellationToken),
            Purpose.SignIn => await SignInAsync(held, recipient, cancellationToken),
            _ => throw new InvalidOperationException($"nobody writes mails for the purpose '{held.Purpose}'"),
        };
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
        var due = new Money(invoice.Totals.AmountDue, invoice.Currency);
        var instructions =
            due.Amount > 0 ? await neighbours.InstructionsAsync(held.SellerId, id, due, invoice.PaymentReference, cancellationToken) : null;
        var behalf = OnBehalfOf.Seller(held.SellerId);
        var ubl = await neighbours.DocumentAsync(id, "ubl", behalf, cancellationToken);
        var cii = await neighbours.DocumentAsync(id, "cii", behalf, cancellationToken);
        var sheet = InvoiceSheet.Of(invoice, seller, instructions, RenderInvoice.WordsOf(invoice, seller));
        var mail = MailSheet.OfInvoice(sheet, invoice, invoice.Links?.Portal ?? $"{publicAddress.Portal}/invoices/{id}", ubl is not null);
        var builder = new BodyBuilder { TextBody = mail.ToText(), HtmlBody = Templates.Html(mail) };
        builder.Attachments.Add(
            RenderInvoice.FileName(invoice.Number, "pdf"),
            PdfFlow.Of(sheet, cii),
            new ContentType("application", "pdf")
        );
        if (ubl is not null)
        {
            builder.Attachments.Add(RenderInvoice.FileName(invoice.Number, "xml"), ubl, new ContentType("application", "xml"));
        }

        recipient.Name = invoice.Contact?.Name ?? invoice.Buyer?.Name;
        return Addressed(held, recipient, sheet.SellerName, invoice.Seller.Email ?? seller?.Email, mail.Subject, builder.ToMessageBody());
    }

    private async Task<Outcome<MimeMessage>> ReminderAsync(HeldMessage held, MailboxAddress recipient, CancellationToken cancellationToken)
    {
        var reminder = JsonSerializer.Deserialize<ReminderContent>(held.Body!, Wire.Tolerant)!;
        var seller =
            await neighbours.SellerAsync(held.SellerId, cancellationToken)
            ?? throw new InvalidOperationException("a reminder of a seller whom nobody knows");
        var instructions = await neighbours.InstructionsAsync(
            held.SellerId,
            held.InvoiceId!.Value,
            new Money(reminder.AmountDue, reminder.Currency),
            reminder.PaymentReference,
            cancellationToken
        );
        var words = Words.For(reminder.Language is { Length: > 0 } language ? language : seller.Language);
        var payUrl = instructions.PayUrl ?? $"{publicAddress.Portal}/invoices/{held.InvoiceId}";
        var mail = MailSheet.OfReminder(reminder, seller, payUrl, words);
        recipient.Name = reminder.Name;
        return Addressed(held, recipient, mail, seller.Email);
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
        return Addressed(held, recipient, MailSheet.OfSignIn(signIn, seller, words), seller?.Email);
    }

    private MimeMessage Addressed(HeldMessage held, MailboxAddress recipient, MailSheet mail, string? from) =>
        Addressed(
            held,
            recipient,
            mail.SellerName,
            from,
            mail.Subject,
            new BodyBuilder { TextBody = mail.ToText(), HtmlBody = Templates.Html(mail) }.ToMessageBody()
        );

    private MimeMessage Addressed(
        HeldMessage held,
        MailboxAddress recipient,
        string senderName,
        string? from,
        string subject,
        MimeEntity body
    )
    {
        var sender = from is not null && Mailbox.TryParse(from, out var sellers) ? sellers : MailboxAddress.Parse(options.DefaultFrom);
        sender.Name = senderName;
        return new MimeMessage([sender], [recipient], subject, body)
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
