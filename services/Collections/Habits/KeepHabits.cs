using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// Changes what is known of customers and segments in a transaction of somebody else's: their rows are made where there are none, locked in
/// one order so that two instances never wait for each other in a circle, and written back.
/// </summary>
public sealed class KeepHabits
{
    private const string Zeros = """
        array_fill(0::real, array[@ages]), array_fill(0::real, array[@ages]), array_fill(0::real, array[@parts]),
        array_fill(0::real, array[@parts]), array_fill(0::real, array[@kinds]), array_fill(0::real, array[@kinds]),
        array_fill(0::real, array[@kinds])
        """;
    private const string Sums = "paid_by_age, days_by_age, paid_by_month_part, expected_by_month_part, acts, act_unpaid, act_unmoved";
    private const string MakeCustomers = $"""
        insert into customer_habit (seller_id, customer_key, {Sums})
        select seller_id, customer_key, {Zeros}
        from unnest(@sellers::text[], @customers::text[]) as told (seller_id, customer_key) order by 1, 2
        on conflict do nothing
        """;
    private const string LockCustomers = """
        select * from customer_habit where (seller_id, customer_key) in (select * from unnest(@sellers::text[], @customers::text[]))
        order by seller_id, customer_key for update
        """;
    private const string MakeSegments = $"""
        insert into seller_habit (seller_id, business, {Sums})
        select seller_id, business, {Zeros}
        from unnest(@sellers::text[], @businesses::boolean[]) as told (seller_id, business) order by 1, 2
        on conflict do nothing
        """;
    private const string LockSegments = """
        select * from seller_habit where seller_id = any (@sellers) order by seller_id, business for update
        """;
    private const string Set = """
        set paid = $3, paid_late = $4, days_late = $5, last_paid_on = $6, paid_by_age = $7, days_by_age = $8, paid_by_month_part = $9,
            expected_by_month_part = $10, acts = $11, act_unpaid = $12, act_unmoved = $13
        where seller_id = $1 and
        """;
    private const string WriteCustomer = $"update customer_habit {Set} customer_key = $2";
    private const string WriteSegment = $"update seller_habit {Set} business = $2";

    private readonly NpgsqlTransaction _transaction;
    private readonly Dictionary<(SellerId, string), Habit> _customers;
    private readonly Dictionary<(SellerId, bool), HabitRow> _segments;
    private readonly Dictionary<(SellerId, bool), Habit> _segmentSums;
    private readonly HashSet<(SellerId, string)> _changedCustomers = [];
    private readonly HashSet<(SellerId, bool)> _changedSegments = [];

    private KeepHabits(
        NpgsqlTransaction transaction,
        Dictionary<(SellerId, string), Habit> customers,
        Dictionary<(SellerId, bool), HabitRow> segments
    )
    {
        (_transaction, _customers, _segments) = (transaction, customers, segments);
        _segmentSums = segments.ToDictionary(each => each.Key, each => each.Value.Habit());
    }

    /// <summary>Locks the habits of these customers, those that can come again, and of their segments.</summary>
    public static async Task<KeepHabits> LockAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey, bool Business)> customers,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var known = customers.Where(each => Comes(each.CustomerKey)).Select(each => (each.Seller, each.CustomerKey)).Distinct().ToArray();
        var segments = customers.Select(each => (each.Seller, each.Business)).Distinct().ToArray();
        var parameters = new
        {
            sellers = known.Select(each => each.Seller.Value).ToArray(),
            customers = known.Select(each => each.CustomerKey).ToArray(),
            ages = AgeBand.Count,
            parts = MonthPart.Count,
            kinds = ActKinds.Count,
        };
        var ofCustomers = new List<HabitRow>();
        if (known.Length > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(MakeCustomers, parameters, transaction, cancellationToken: cancellationToken)
            );
            ofCustomers = (
                await connection.QueryAsync<HabitRow>(
                    new CommandDefinition(LockCustomers, parameters, transaction, cancellationToken: cancellationToken)
                )
            ).AsList();
        }

        var ofSegments = new
        {
            sellers = segments.Select(each => each.Seller.Value).ToArray(),
            businesses = segments.Select(each => each.Business).ToArray(),
            ages = AgeBand.Count,
            parts = MonthPart.Count,
            kinds = ActKinds.Count,
        };
        await connection.ExecuteAsync(new CommandDefinition(MakeSegments, ofSegments, transaction, cancellationToken: cancellationToken));
        var segmentRows = await connection.QueryAsync<HabitRow>(
            new CommandDefinition(LockSegments, ofSegments, transaction, cancellationToken: cancellationToken)
        );
        return new KeepHabits(
            transaction,
            ofCustomers.ToDictionary(row => (SellerId.Of(row.SellerId), row.CustomerKey), row => row.Habit()),
            segmentRows.ToDictionary(row => (SellerId.Of(row.SellerId), row.Business))
        );
    }

    /// <summary>What is said of the seller's customers, with what was learned here so far.</summary>
    public SellerChances Chances(SellerId seller) =>
        SellerChances.Of(
            _segmentSums.GetValueOrDefault((seller, true)) ?? Habit.None,
            _segmentSums.GetValueOrDefault((seller, false)) ?? Habit.None,
            _segments.GetValueOrDefault((seller, true))?.Open(),
            _segments.GetValueOrDefault((seller, false))?.Open(),
            _segments.GetValueOrDefault((seller, true))?.CustomerWeight,
            _segments.GetValueOrDefault((seller, false))?.CustomerWeight
        );

    /// <summary>What is known of a customer; nothing of one that cannot come again.</summary>
    public Habit Customer(SellerId seller, string customerKey) => _customers.GetValueOrDefault((seller, customerKey)) ?? Habit.None;

    /// <summary>Changes what is known of a customer, where it can come again, and of its segment.</summary>
    public void Learn(SellerId seller, string customerKey, bool business, Func<Habit, Habit> ofCustomer, Func<Habit, Habit> ofSegment)
    {
        if (_customers.TryGetValue((seller, customerKey), out var customer))
        {
            _customers[(seller, customerKey)] = ofCustomer(customer);
            _changedCustomers.Add((seller, customerKey));
        }

        _segmentSums[(seller, business)] = ofSegment(_segmentSums[(seller, business)]);
        _changedSegments.Add((seller, business));
    }

    /// <summary>Writes what was changed, in one round trip.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_changedSegments.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(_transaction.Connection, _transaction);
        foreach (var key in _changedCustomers)
        {
            batch.BatchCommands.Add(Command(WriteCustomer, key.Item1, key.Item2, _customers[key]));
        }

        foreach (var key in _changedSegments)
        {
            batch.BatchCommands.Add(Command(WriteSegment, key.Item1, key.Item2, _segmentSums[key]));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whoever left neither name nor address has one invoice and no habit.</summary>
    private static bool Comes(string customerKey) => !customerKey.StartsWith("invoice:", StringComparison.Ordinal);

    private static NpgsqlBatchCommand Command(string sql, SellerId seller, object whose, Habit habit) =>
        new(sql)
        {
            Parameters =
            {
                new() { Value = seller.Value },
                new() { Value = whose },
                new() { Value = habit.Paid },
                new() { Value = habit.PaidLate },
                new() { Value = habit.DaysLate },
                new() { Value = habit.LastPaidOn is { } last ? last : DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Date },
                new() { Value = habit.PaidByAge },
                new() { Value = habit.DaysByAge },
                new() { Value = habit.PaidByMonthPart },
                new() { Value = habit.ExpectedByMonthPart },
                new() { Value = habit.Acts },
                new() { Value = habit.ActUnpaid },
                new() { Value = habit.ActUnmoved },
            },
        };
}
