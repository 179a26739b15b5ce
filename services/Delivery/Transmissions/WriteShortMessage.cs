using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// A held message for a gateway becomes a text: who, which invoice, how much, and a link that shows it; a reminder's link is where it is
/// paid.
/// </summary>
public sealed class WriteShortMessage(Neighbours neighbours, GiveInvoiceLink links, PublicAddress publicAddress, TimeProvider clock)
{
    /// <summary>How long a buyer may follow the link.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(90);

    /// <summary>The text, or why it will never be one.</summary>
    public async Task<Outcome<WrittenMessage>> RunAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        if (held is { Purpose: Purpose.Reminder, InvoiceId: not null, Body: not null })
        {
            return await ReminderAsync(held, cancellationToken);
        }

        if (held is not { Purpose: Purpose.Invoice, InvoiceId: { } id })
        {
            return DeliveryFaults.NotByChannel.With(held.Purpose, held.Channel);
        }

        InvoiceBody invoice;
        if (held.Body is { } body)
        {
            invoice = JsonSerializer.Deserialize<InvoiceBody>(body, Wire.Tolerant)!;
        }
        else
        {
            var found = await neighbours.InvoiceAsync(id, OnBehalfOf.Seller(held.SellerId), cancellationToken);
            if (found.Refused(out var fault))
            {
                return fault;
            }

            invoice = found.Value;
        }

        var words = RenderInvoice.WordsOf(invoice, await neighbours.SellerAsync(held.SellerId, cancellationToken));
        var link = await links.RunAsync(held.SellerId, id, InvoiceLinkKind.Page, held.TransmissionId, LinkLife, cancellationToken);
        var message = ShortMessage.OfInvoice(
            invoice.Seller.TradeName is { Length: > 0 } trade ? trade : invoice.Seller.Name,
            invoice.Number,
            words.Amounts.Of(invoice.Totals.TotalWithVat, invoice.Currency),
            link.Url,
            words.Language
        );
        return new WrittenShort(held.Channel, held.Recipient, message.Text, held.TransmissionId.ToString());
    }

    private async Task<Outcome<WrittenMessage>> ReminderAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        var reminder = JsonSerializer.Deserialize<ReminderContent>(held.Body!, Wire.Tolerant)!;
        if (reminder.TooLateAt(clock.GetUtcNow()) is { } tooLate)
        {
            return tooLate;
        }

        var seller =
            await neighbours.SellerAsync(held.SellerId, cancellationToken)
            ?? throw new InvalidOperationException("a reminder of a seller whom nobody knows");
        var words = Words.For(reminder.Language is { Length: > 0 } language ? language : seller.Language);
        var link = await neighbours.PayLinkAsync(
            held.SellerId,
            held.TransmissionId,
            held.InvoiceId!.Value,
            reminder,
            publicAddress.Portal,
            cancellationToken
        );
        var name = seller.TradeName is { Length: > 0 } trade ? trade : seller.Name;
        var message = ShortMessage.OfReminder(reminder, name, link, words);
        return new WrittenShort(held.Channel, held.Recipient, message.Text, held.TransmissionId.ToString());
    }
}
