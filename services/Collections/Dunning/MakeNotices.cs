using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What was decided about customers is kept: each step once, and a notice for each message that is to go.</summary>
public static class MakeNotices
{
    private const string PlanNotices = """
        insert into notice (notice_id, seller_id, customer_key, channel, recipient, template, tone, planned_at, next_attempt_at)
        select told.notice_id, told.seller_id, told.customer_key, told.channel, told.recipient, told.template, told.tone, @now, goes.at
        from unnest(@notices::uuid[], @sellers::text[], @customers::text[], @channels::text[], @recipients::text[], @templates::text[],
            @tones::text[]) with ordinality as told (notice_id, seller_id, customer_key, channel, recipient, template, tone, place)
        join unnest(@goes::timestamptz[]) with ordinality as goes (at, place) using (place)
        """;

    /// <summary>Keeps the decisions, and plans the notices whose steps nobody else has in hand.</summary>
    public static async Task OfAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(CustomerState State, CustomerPlan Plan)> plans,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var planned = plans.SelectMany(each => each.Plan.Messages).Select(message => (Notice: NoticeId.New(), Message: message)).ToArray();
        var kept = await KeepSteps.DecideAsync(
            transaction,
            [
                .. plans.SelectMany(each => each.Plan.Others).Select(step => Kept(step, null)),
                .. planned.SelectMany(each => each.Message.Steps.Select(step => Kept(step, each.Notice))),
            ],
            now,
            cancellationToken
        );
        // A step that somebody else had in hand meanwhile is not in this message.
        var notices = planned
            .Where(each =>
                each.Message.Steps.Any(step =>
                    kept.Contains((step.Item.SellerId.Value, step.Item.InvoiceId.Value, step.Decision.Step.Step))
                )
            )
            .ToArray();
        if (notices.Length == 0)
        {
            return;
        }

        var ways = await ChooseAsync(transaction, notices, now, cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                PlanNotices,
                new
                {
                    notices = notices.Select(each => each.Notice.Value).ToArray(),
                    sellers = notices.Select(each => each.Message.Steps[0].Item.SellerId.Value).ToArray(),
                    customers = notices.Select(each => each.Message.Steps[0].Item.CustomerKey).ToArray(),
                    channels = ways.Select(way => way.Channel).ToArray(),
                    recipients = ways.Select(way => way.Recipient).ToArray(),
                    templates = notices.Select(each => each.Message.Words.Template).ToArray(),
                    tones = notices.Select(each => each.Message.Words.Tone).ToArray(),
                    goes = ways.Select(way => way.At.ToUniversalTime()).ToArray(),
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>How each goes: as its policy says, or at the hour and by the channel that the customer answers best.</summary>
    private static async Task<IReadOnlyList<(string Channel, string Recipient, DateTimeOffset At)>> ChooseAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(NoticeId Notice, PlannedMessage Message)> notices,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var learned = notices.Where(each => each.Message.Steps.All(step => step.Policy.Learned)).ToArray();
        var habits =
            learned.Length == 0
                ? null
                : await LoadAnswers.OfAsync(
                    transaction.Connection!,
                    transaction,
                    [.. learned.Select(each => KeyOf(each.Message.Steps[0].Item))],
                    cancellationToken
                );
        var ways = new List<(string, string, DateTimeOffset)>(notices.Count);
        foreach (var (notice, message) in notices)
        {
            var first = message.Steps[0];
            var way = (message.Channel, message.Recipient, now);
            if (
                habits?.GetValueOrDefault(KeyOf(first.Item)) is { } habit
                && first.Policy.PlaceOf(first.Item) is { } place
                && message.Steps.All(step => step.Policy.Learned)
            )
            {
                var (day, time) = (place.DayAt(now), TimeOnly.FromDateTime(place.LocalAt(now)));
                var windows = WindowsOf(message, place, day, time).ToArray();
                if (windows.Length > 0)
                {
                    var own = message.Words.At < windows[0].From ? windows[0].From : message.Words.At;
                    var choice = SendTime.Choose(habit, windows, own, first.Item.SellerId, first.Item.CustomerKey, day, notice);
                    await KeepSendChoice.AddAsync(
                        transaction,
                        first.Item.SellerId,
                        notice,
                        first.Item.CustomerKey,
                        choice,
                        now,
                        cancellationToken
                    );
                    var at = choice.At <= time ? now : place.InstantOf(day, choice.At, now);
                    way = (choice.Channel, Due.AddressOf(first.Item, choice.Channel) ?? message.Recipient, at);
                }
            }

            ways.Add(way);
        }

        return ways;
    }

    /// <summary>The channel of the message and those after it that all its steps may go by, each with what is left of the day's hours.</summary>
    private static IEnumerable<SendWindow> WindowsOf(PlannedMessage message, CustomerPlace place, DateOnly day, TimeOnly time)
    {
        var first = message.Steps[0];
        foreach (var channel in first.Decision.Step.Channels.SkipWhile(each => each != message.Channel))
        {
            var address = Due.AddressOf(first.Item, channel);
            if (
                address is not null
                && message.Steps.All(step => step.Decision.Step.Channels.Contains(channel) && Due.AddressOf(step.Item, channel) == address)
                && AllowedTime.Within(day, time, place, first.Policy.HoursOf(channel)) is { } open
            )
            {
                yield return new SendWindow(channel, open.From, open.To);
            }
        }
    }

    private static KeptStep Kept(DecidedStep step, NoticeId? notice) =>
        new(
            step.Item.SellerId,
            step.Item.InvoiceId,
            step.Policy,
            step.Decision.Step,
            step.Decision.Verdict == StepVerdict.Skip ? StepState.Skipped : StepState.Planned,
            step.Decision.DueAt,
            notice,
            notice is null ? step.Decision.Reason : null
        );

    private static (SellerId Seller, string CustomerKey) KeyOf(OpenItem item) => (item.SellerId, item.CustomerKey);
}
