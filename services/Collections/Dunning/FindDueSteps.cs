using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Looks at the customers whose time has come, decides which steps of their invoices are due, and plans their messages; nothing is sent
/// here. A customer's row is held while it is decided, and what another instance holds is passed by. Only what is due to be looked at is
/// read, some hundred customers at a time, so a run's memory does not grow with what is open.
/// </summary>
public sealed class FindDueSteps(NpgsqlDataSource database, TimeProvider clock)
{
    private const int CustomersAtOnce = 300;
    private const int WantedAtOnce = 5000;

    private const string TakeWanted = """
        select w.look_id, w.seller_id, w.invoice_id, w.at, r.customer_key
        from look_wanted w
        left join receivable r on r.seller_id = w.seller_id and r.invoice_id = w.invoice_id
        order by w.look_id
        limit @atOnce
        for update of w skip locked
        """;

    // A customer that is held is moved later: until then the wish stays.
    private const string MoveUp = """
        with wanted as (
            select seller_id, customer_key, min(at) as at
            from unnest(@sellers::text[], @customers::text[], @instants::timestamptz[]) as told (seller_id, customer_key, at)
            group by seller_id, customer_key
        ), added as (
            insert into dunning_customer (seller_id, customer_key, look_at)
            select seller_id, customer_key, at from wanted order by seller_id, customer_key
            on conflict do nothing
            returning seller_id, customer_key
        ), free as (
            select c.seller_id, c.customer_key, w.at from dunning_customer c join wanted w using (seller_id, customer_key)
            for update of c skip locked
        ), moved as (
            update dunning_customer c set look_at = least(coalesce(c.look_at, f.at), f.at)
            from free f where c.seller_id = f.seller_id and c.customer_key = f.customer_key
            returning c.seller_id, c.customer_key
        )
        select seller_id, customer_key from added union all select seller_id, customer_key from moved
        """;

    // What a notice waits for may have been told.
    private const string WakeNotices = """
        update notice set next_attempt_at = @now
        where notice_id in (
            select n.notice_id from notice n
            join dunning_step s on s.notice_id = n.notice_id and s.state = 'planned'
            join unnest(@sellers::text[], @invoices::uuid[]) as told (seller_id, invoice_id)
                on told.seller_id = s.seller_id and told.invoice_id = s.invoice_id
            where n.issued_at is null and n.failed_at is null and n.waits_because is not null and n.next_attempt_at > @now
            for update of n skip locked
        )
        """;
    private const string Forget = "delete from look_wanted where look_id = any(@ids)";
    private const string TakeCustomers = """
        select seller_id, customer_key from dunning_customer where look_at <= @now
        order by look_at
        limit @atOnce
        for update skip locked
        """;
    private const string PlanNotices = """
        insert into notice (notice_id, seller_id, customer_key, channel, recipient, template, tone, planned_at, next_attempt_at)
        select told.notice_id, told.seller_id, told.customer_key, told.channel, told.recipient, told.template, told.tone, @now, goes.at
        from unnest(@notices::uuid[], @sellers::text[], @customers::text[], @channels::text[], @recipients::text[], @templates::text[],
            @tones::text[]) with ordinality as told (notice_id, seller_id, customer_key, channel, recipient, template, tone, place)
        join unnest(@goes::timestamptz[]) with ordinality as goes (at, place) using (place)
        """;
    private const string LookNext = """
        update dunning_customer c set look_at = told.at
        from unnest(@sellers::text[], @customers::text[], @looks::timestamptz[]) as told (seller_id, customer_key, at)
        where c.seller_id = told.seller_id and c.customer_key = told.customer_key
        """;

    private static readonly Counter<long> Looked = Telemetry.Meter.CreateCounter<long>("collections.dunning.receivables_looked_at");

    /// <summary>Decides about all whose time has come; how many receivables were looked at.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("FindDueSteps");
        while (await MoveUpAsync(cancellationToken)) { }

        var looked = 0;
        while (await DecideBatchAsync(cancellationToken) is { } items)
        {
            looked += items;
        }

        Looked.Add(looked);
        return looked;
    }

    /// <summary>Moves up customers of whom something was told; true where there may be more.</summary>
    private async Task<bool> MoveUpAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wanted = (
            await connection.QueryAsync<Wanted>(
                new CommandDefinition(TakeWanted, new { atOnce = WantedAtOnce }, transaction, cancellationToken: cancellationToken)
            )
        ).AsList();
        if (wanted.Count == 0)
        {
            return false;
        }

        var known = wanted.Where(each => each.CustomerKey is not null).ToArray();
        var moved = (
            await connection.QueryAsync<(string Seller, string Customer)>(
                new CommandDefinition(
                    MoveUp,
                    new
                    {
                        sellers = known.Select(each => each.SellerId.Value).ToArray(),
                        customers = known.Select(each => each.CustomerKey).ToArray(),
                        instants = known.Select(each => each.At.ToUniversalTime()).ToArray(),
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToHashSet();
        var done = wanted.Where(each => each.CustomerKey is null || moved.Contains((each.SellerId.Value, each.CustomerKey))).ToArray();
        await connection.ExecuteAsync(
            new CommandDefinition(
                WakeNotices,
                new
                {
                    sellers = done.Select(each => each.SellerId.Value).ToArray(),
                    invoices = done.Select(each => each.InvoiceId.Value).ToArray(),
                    now = clock.GetUtcNow(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await connection.ExecuteAsync(
            new CommandDefinition(
                Forget,
                new { ids = done.Select(each => each.LookId).ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return done.Length == WantedAtOnce;
    }

    /// <summary>Decides about some customers; how many receivables they had open, nothing where no customer's time has come.</summary>
    private async Task<int?> DecideBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        (SellerId Seller, string CustomerKey)[] customers =
        [
            .. (
                await connection.QueryAsync<(string Seller, string CustomerKey)>(
                    new CommandDefinition(
                        TakeCustomers,
                        new { now, atOnce = CustomersAtOnce },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                )
            ).Select(row => (SellerId.Of(row.Seller), row.CustomerKey)),
        ];
        if (customers.Length == 0)
        {
            return null;
        }

        var items = await LoadOpenItems.OfCustomersAsync(connection, transaction, customers, now, cancellationToken);
        var policies = await LoadPolicies.InForceAsync(connection, transaction, customers.Select(each => each.Seller), cancellationToken);
        var states = await StatesAsync(transaction, items, policies, now, cancellationToken);
        var plans = states.Select(state => (State: state, Plan: CustomerPlan.Of(state, now))).ToArray();
        await KeepAsync(transaction, plans, now, cancellationToken);
        var looks = plans.ToDictionary(each => KeyOf(each.State.Items[0]), each => each.Plan.NextLook);
        await connection.ExecuteAsync(
            new CommandDefinition(
                LookNext,
                new
                {
                    sellers = customers.Select(each => each.Seller.Value).ToArray(),
                    customers = customers.Select(each => each.CustomerKey).ToArray(),
                    looks = customers.Select(each => After(looks.GetValueOrDefault(each), now)).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return items.Count;
    }

    private static async Task<IReadOnlyList<CustomerState>> StatesAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<OpenItem> items,
        ILookup<SellerId, Policy> policies,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var known = await LoadSteps.OfInvoicesAsync(
            connection,
            transaction,
            [.. items.Select(item => (item.SellerId, item.InvoiceId))],
            cancellationToken
        );
        var messages = await LoadSteps.MessagesAsync(
            connection,
            transaction,
            [.. items.Select(KeyOf).Distinct()],
            underWayToo: true,
            now,
            cancellationToken
        );
        var closed = await LoadSteps.ClosedAsync(
            connection,
            transaction,
            [
                .. items.SelectMany(item =>
                    new[] { item.Email, item.Phone }.OfType<string>().Select(address => (item.SellerId, address.Trim()))
                ),
            ],
            cancellationToken
        );
        return
        [
            .. items
                .GroupBy(KeyOf)
                .Select(customer => new CustomerState
                {
                    Items = [.. customer],
                    Known = customer
                        .Where(item => known.ContainsKey((item.SellerId, item.InvoiceId)))
                        .ToDictionary(item => item.InvoiceId, item => known[(item.SellerId, item.InvoiceId)]),
                    Messages = [.. messages[customer.Key]],
                    Closed = closed[customer.Key.Seller].ToHashSet(),
                    Policies = [.. policies[customer.Key.Seller]],
                }),
        ];
    }

    private static async Task KeepAsync(
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

    /// <summary>What is decided for now is decided: the next look is later.</summary>
    private static DateTimeOffset? After(DateTimeOffset? look, DateTimeOffset now) =>
        look is { } at && at <= now ? (now + TimeSpan.FromSeconds(1)).ToUniversalTime() : look?.ToUniversalTime();

    private static (SellerId Seller, string CustomerKey) KeyOf(OpenItem item) => (item.SellerId, item.CustomerKey);

    private sealed record Wanted
    {
        public long LookId { get; init; }

        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public DateTimeOffset At { get; init; }

        public string? CustomerKey { get; init; }
    }
}
