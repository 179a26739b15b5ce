using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A notice as it was asked for, made out: what it says, by what it goes and where.</summary>
public sealed record AskedNotice
{
    public required SellerId SellerId { get; init; }

    /// <summary>The notice's id: once it goes.</summary>
    public required string Key { get; init; }
    public required string Channel { get; init; }
    public required string Recipient { get; init; }
    public required ReminderContent Content { get; init; }
}

/// <summary>Reads an asked notice; what cannot be read is refused by its field.</summary>
public static class ReadNotice
{
    private const int MostItems = 2000;
    private const int LongestStep = 100;

    /// <summary>The notice, for the seller that the caller acts for; for no seller and for a customer there is none.</summary>
    public static Outcome<AskedNotice> Of(Notice request, OnBehalfOf behalf)
    {
        if (request.NoticeId.Length == 0)
        {
            return Bad("notice_id", "");
        }

        if (!SellerId.TryParse(request.SellerId, out var seller) || behalf.SellerId != seller || behalf.CustomerEmail is not null)
        {
            return Bad("seller_id", request.SellerId);
        }

        if (!Currency.TryParse(request.Currency, out var currency))
        {
            return Bad("currency", request.Currency);
        }

        if (request.Template is not ("" or "before-due" or "reminder" or "firm" or "final"))
        {
            return Bad("template", request.Template);
        }

        if (request.Tone is not ("" or "friendly" or "neutral" or "firm"))
        {
            return Bad("tone", request.Tone);
        }

        if (
            request.PayUrl.Length > 0
            && (!Uri.TryCreate(request.PayUrl, UriKind.Absolute, out var pay) || pay.Scheme is not ("http" or "https"))
        )
        {
            return Bad("pay_url", "no address of http or https");
        }

        if (
            request.HasSendBefore
            && !DateTimeOffset.TryParseExact(request.SendBefore, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        )
        {
            return Bad("send_before", request.SendBefore);
        }

        var items = ItemsOf(request);
        if (items.Refused(out var bad))
        {
            return bad;
        }

        var whereto = WhereTo(request);
        if (whereto.Refused(out bad))
        {
            return bad;
        }

        var first = items.Value[0];
        return new AskedNotice
        {
            SellerId = seller,
            Key = request.NoticeId,
            Channel = whereto.Value.Channel,
            Recipient = whereto.Value.Recipient,
            Content = new ReminderContent
            {
                Number = first.Number,
                Name = request.HasName ? request.Name : null,
                Language = request.Language,
                Currency = currency,
                AmountDue = items.Value.Sum(item => item.AmountDue),
                DueDate = items.Value.Min(item => item.DueDate),
                PaymentReference = first.PaymentReference,
                Template = request.Template.Length == 0 ? "reminder" : request.Template,
                Tone = request.Tone.Length == 0 ? "neutral" : request.Tone,
                Items = items.Value,
                CustomerId = request.CustomerId.Length > 0 ? CustomerId.Of(request.CustomerId) : null,
                PayUrl = request.PayUrl.Length > 0 ? request.PayUrl : null,
                SendBefore = request.HasSendBefore
                    ? DateTimeOffset.ParseExact(request.SendBefore, "O", CultureInfo.InvariantCulture)
                    : null,
            },
        };
    }

    private static Outcome<(string Channel, string Recipient)> WhereTo(Notice request)
    {
        switch (request.Channel)
        {
            case "" or ChannelNames.Email:
                return Mailbox.TryParse(request.Email, out _)
                    ? (ChannelNames.Email, request.Email.Trim())
                    : DeliveryFaults.BadAddress.With(request.Email);
            case "sms" or "whatsapp":
                return PhoneNumber.TryParse(request.Phone, null, out var number) && number.TakesShortMessages
                    ? (request.Channel, number.Text)
                    : DeliveryFaults.NoticePhone.With(request.Phone);
            default:
                return Bad("channel", request.Channel);
        }
    }

    /// <summary>The invoices; the one of the fields where none are listed, as it was asked for before there were several.</summary>
    private static Outcome<ReminderItem[]> ItemsOf(Notice request)
    {
        if (request.Items.Count > MostItems)
        {
            return Bad("items", $"{request.Items.Count}");
        }

        if (request.Items.Count == 0)
        {
            var only = ItemOf(
                new NoticeItem
                {
                    InvoiceId = request.InvoiceId,
                    Number = request.Number,
                    AmountDue = request.AmountDue,
                    DueDate = request.DueDate,
                    PaymentReference = request.PaymentReference,
                    Step = request.Step,
                }
            );
            return only.Refused(out var unreadable) ? unreadable : new[] { only.Value };
        }

        var items = new List<ReminderItem>(request.Items.Count);
        foreach (var asked in request.Items)
        {
            var item = ItemOf(asked);
            if (item.Refused(out var unreadable))
            {
                return unreadable;
            }

            items.Add(item.Value);
        }

        return items.DistinctBy(item => item.InvoiceId).Count() == items.Count ? items.ToArray() : Bad("items", "an invoice twice");
    }

    private static Outcome<ReminderItem> ItemOf(NoticeItem item)
    {
        if (!InvoiceId.TryParse(item.InvoiceId, out var invoice))
        {
            return Bad("invoice_id", item.InvoiceId);
        }

        if (Amount(item.AmountDue) is not { } due)
        {
            return Bad("amount_due", item.AmountDue);
        }

        if (!DateOnly.TryParseExact(item.DueDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Bad("due_date", item.DueDate);
        }

        var claimed = item.HasClaimAmount ? Amount(item.ClaimAmount) : null;
        if (item.HasClaimAmount && claimed is null)
        {
            return Bad("claim_amount", item.ClaimAmount);
        }

        if (item.Step.Length > LongestStep || item.Step.Contains('\0', StringComparison.Ordinal))
        {
            return Bad("step", $"{item.Step.Length} characters");
        }

        return new ReminderItem
        {
            InvoiceId = invoice,
            Number = item.Number,
            AmountDue = due,
            DueDate = date,
            PaymentReference = item.PaymentReference,
            ClaimAmount = claimed,
            Step = item.Step,
        };
    }

    private static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private static Fault Bad(string field, string why) => DeliveryFaults.BadMessage.With(field, why);
}
