using System.Globalization;
using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>An invoice and what is asked for of it.</summary>
public sealed record AskedLine(NoticeLine Line, decimal Amount);

/// <summary>A notice as Delivery is asked to send it.</summary>
public static class NoticeRequest
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>
    /// All of it by invoice; the fields of the time when a notice was of one invoice carry the first one's, the sum and the earliest day.
    /// What is claimed is told apart and never added to an invoice. Where Delivery cannot hand it over within the hour, nor before quiet
    /// hours begin, it does not go: what was true may not be any more.
    /// </summary>
    public static Notice Of(
        NoticeId notice,
        string channel,
        string recipient,
        PolicyStep words,
        IReadOnlyList<AskedLine> lines,
        ILookup<InvoiceId, decimal> newClaims,
        DateTimeOffset now
    )
    {
        var first = lines[0].Line.Item;
        var told = new Notice
        {
            NoticeId = notice.ToString(),
            SellerId = first.SellerId.Value,
            InvoiceId = first.InvoiceId.ToString(),
            Number = first.Number,
            Step = words.Step,
            Email = channel == "email" ? recipient : "",
            Language = first.Language,
            Currency = first.Currency.Code,
            AmountDue = Text(lines.Sum(line => line.Amount)),
            DueDate = Day(lines.Min(line => line.Line.Item.DueDate)),
            PaymentReference = first.PaymentReference,
            Template = words.Template,
            Tone = words.Tone,
            Channel = channel,
            SendBefore = lines
                .Min(line => AllowedTime.Until(now, line.Line.Place, line.Line.Policy.HoursOf(channel), Fresh))
                .ToString("O", CultureInfo.InvariantCulture),
        };
        if (channel != "email")
        {
            told.Phone = recipient;
        }

        if (first.CustomerName is { } name)
        {
            told.Name = name;
        }

        if (first.CustomerId is { } customer)
        {
            told.CustomerId = customer.Value;
        }

        told.Items.Add(lines.Select(line => ItemOf(line, newClaims[line.Line.Item.InvoiceId].Sum())));
        return told;
    }

    private static NoticeItem ItemOf(AskedLine asked, decimal newlyClaimed)
    {
        var item = asked.Line.Item;
        var told = new NoticeItem
        {
            InvoiceId = item.InvoiceId.ToString(),
            Number = item.Number,
            AmountDue = Text(asked.Amount),
            DueDate = Day(item.DueDate),
            PaymentReference = item.PaymentReference,
            Step = asked.Line.Step.Step,
        };
        if (item.Claims.Sum(claim => claim.Amount) + newlyClaimed is > 0m and var claimed)
        {
            told.ClaimAmount = Text(Money.Of(claimed, item.Currency).Amount);
        }

        return told;
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
