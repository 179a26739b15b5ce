using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Looks at the customers whose time has come, decides which steps of their invoices are due, and plans their messages; nothing is sent
/// here. A customer's row is held while it is decided, and what another instance holds is passed by. Only what is due to be looked at is
/// read, some hundred customers at a time, so a run's memory does not grow with what is open.
/// </summary>
public sealed partial class FindDueSteps(
    NpgsqlDataSource database,
    MoveCustomersUp moveCustomersUp,
    TimeProvider clock,
    ILogger<FindDueSteps> log
)
{
    private const int CustomersAtOnce = 300;

    // While one batch waits for the database the other decides; what one holds the other passes by.
    private const int BatchesAtOnce = 2;

    private const string TakeCustomers = """
        select seller_id, customer_key from dunning_customer where look_at <= @now
        order by look_at
        limit @atOnce
        for update skip locked
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
        await moveCustomersUp.RunAsync(cancellationToken);
        var looked = (await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(_ => DecideAsync(cancellationToken)))).Sum();
        Looked.Add(looked);
        return looked;
    }

    private async Task<int> DecideAsync(CancellationToken cancellationToken)
    {
        var looked = 0;
        while (await DecideBatchAsync(cancellationToken) is { } items)
        {
            looked += items;
        }

        return looked;
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
        var plans = states.Select(state => (State: state, Plan: PlanOf(state, now))).ToArray();
        await MakeNotices.OfAsync(transaction, plans, now, cancellationToken);
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

    /// <summary>A customer of whom nothing can be decided stops no other, and waits for somebody to mend it.</summary>
    private CustomerPlan PlanOf(CustomerState state, DateTimeOffset now)
    {
        try
        {
            return CustomerPlan.Of(state, now);
        }
        catch (Exception surprise)
        {
            LogUndecided(surprise, state.Items[0].SellerId, state.Items[0].InvoiceId);
            return new CustomerPlan
            {
                Messages = [],
                Others = [],
                NextLook = now + Reminder.ForSomeoneToMend,
            };
        }
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
                    Messages = [.. messages[customer.Key].Select(message => message.At)],
                    Closed = closed[customer.Key.Seller].ToHashSet(),
                    Policies = [.. policies[customer.Key.Seller]],
                }),
        ];
    }

    /// <summary>What is decided for now is decided: the next look is later.</summary>
    private static DateTimeOffset? After(DateTimeOffset? look, DateTimeOffset now) =>
        look is { } at && at <= now ? (now + TimeSpan.FromSeconds(1)).ToUniversalTime() : look?.ToUniversalTime();

    private static (SellerId Seller, string CustomerKey) KeyOf(OpenItem item) => (item.SellerId, item.CustomerKey);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "What to ask of the customer of seller {Seller} who owes {InvoiceId} could not be decided"
    )]
    private partial void LogUndecided(Exception exception, SellerId seller, InvoiceId invoiceId);
}
