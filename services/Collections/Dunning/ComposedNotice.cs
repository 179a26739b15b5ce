using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What Payments answered, or why it did not.</summary>
public sealed record PaymentsAnswer(Dictionary<string, Balance> Balances, Wait? Wait);

/// <summary>A draft after Payments was asked: its lines, or why it waits; neither where all of it is over.</summary>
public sealed record ComposedNotice(NoticeDraft Draft, IReadOnlyList<AskedLine> Lines, Wait? Wait, IReadOnlyCollection<InvoiceId> Invoices)
{
    /// <summary>What of the draft goes by Payments' word, or why all of it waits.</summary>
    public static ComposedNotice Of(
        PlannedNotice notice,
        NoticeDraft draft,
        PaymentsAnswer payments,
        IReadOnlyList<DateTimeOffset> messages,
        DateTimeOffset now
    )
    {
        var (lines, waits) = (new List<AskedLine>(), new List<Wait>());
        foreach (var line in draft.Lines)
        {
            var balance = payments.Balances.GetValueOrDefault(line.Item.InvoiceId.ToString());
            if ((payments.Wait ?? Reminder.WaitsFor(balance, notice.Attempts)) is { } wait)
            {
                waits.Add(wait);
            }
            else if (Reminder.AskedOf(balance!, line.Item.DisputedAmount + line.Item.PromisedPart) is > 0m and var amount)
            {
                lines.Add(new AskedLine(line, amount));
            }
            else
            {
                waits.Add(new Wait(StepReason.Disputed, TimeSpan.FromHours(1), false));
            }
        }

        if (lines.Count > 0)
        {
            var kept = draft with { Lines = [.. lines.Select(each => each.Line)] };
            var (at, because) = kept.GoesAt(notice.Channel, messages, now);
            return because is null
                ? new ComposedNotice(kept, lines, null, draft.Invoices)
                : new ComposedNotice(kept, [], new Wait(because, at - now, false), draft.Invoices);
        }

        waits.AddRange(draft.Blocked.Select(each => new Wait(each.Reason, each.Until - now, false)));
        return new ComposedNotice(draft, [], waits.MinBy(wait => wait.Pause), draft.Invoices);
    }
}
