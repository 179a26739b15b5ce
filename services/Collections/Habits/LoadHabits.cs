using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Habits;

/// <summary>Reads what was learned of sellers and their customers.</summary>
public static class LoadHabits
{
    private const string OfSellers = "select * from seller_habit where seller_id = any (@sellers)";
    private const string OfCustomers = """
        select * from customer_habit where (seller_id, customer_key) in (select * from unnest(@sellers::text[], @customers::text[]))
        """;
    private const string OfSeller = "select * from customer_habit where seller_id = @seller";
    private const string ActsOnCustomers = """
        select seller_id, customer_key, kind, at
        from act
        where (seller_id, customer_key) in (select * from unnest(@sellers::text[], @customers::text[])) and kind = any (@kinds)
        order by at
        """;

    /// <summary>What is said of each of these sellers' customers.</summary>
    public static async Task<IReadOnlyDictionary<SellerId, SellerChances>> ChancesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<SellerId> sellers,
        CancellationToken cancellationToken
    )
    {
        var rows = (
            await connection.QueryAsync<HabitRow>(
                new CommandDefinition(
                    OfSellers,
                    new { sellers = sellers.Select(each => each.Value).Distinct().ToArray() },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToLookup(row => row.SellerId);
        return sellers
            .Distinct()
            .ToDictionary(
                seller => seller,
                seller =>
                {
                    var (businesses, consumers) = (
                        rows[seller.Value].FirstOrDefault(row => row.Business),
                        rows[seller.Value].FirstOrDefault(row => !row.Business)
                    );
                    return SellerChances.Of(
                        businesses?.Habit() ?? Habit.None,
                        consumers?.Habit() ?? Habit.None,
                        businesses?.Open(),
                        consumers?.Open(),
                        businesses?.CustomerWeight,
                        consumers?.CustomerWeight
                    );
                }
            );
    }

    /// <summary>The habits of these customers, of those that have any.</summary>
    public static async Task<IReadOnlyDictionary<(SellerId Seller, string CustomerKey), Habit>> CustomersAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.QueryAsync<HabitRow>(
            new CommandDefinition(OfCustomers, Keys(customers), transaction, cancellationToken: cancellationToken)
        );
        return rows.ToDictionary(row => (SellerId.Of(row.SellerId), row.CustomerKey), row => row.Habit());
    }

    /// <summary>The habits of all customers of a seller, as they are read.</summary>
    public static async IAsyncEnumerable<(string CustomerKey, Habit Habit)> AllOfAsync(
        NpgsqlConnection connection,
        SellerId seller,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var rows = connection.QueryUnbufferedAsync<HabitRow>(OfSeller, new { seller = seller.Value });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return (row.CustomerKey, row.Habit());
        }
    }

    /// <summary>What people did about these customers, the oldest first.</summary>
    public static async Task<ILookup<(SellerId Seller, string CustomerKey), PersonsAct>> ActsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers,
        CancellationToken cancellationToken
    )
    {
        var (sellers, keys) = (customers.Select(each => each.Seller.Value).ToArray(), customers.Select(each => each.CustomerKey).ToArray());
        var rows = await connection.QueryAsync<ActRow>(
            new CommandDefinition(
                ActsOnCustomers,
                new
                {
                    sellers,
                    customers = keys,
                    kinds = ActKinds.Words.ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.ToLookup(row => (row.SellerId, row.CustomerKey), row => new PersonsAct(ActKinds.Of(row.Kind)!.Value, row.At));
    }

    private static object Keys(IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers) =>
        new
        {
            sellers = customers.Select(each => each.Seller.Value).ToArray(),
            customers = customers.Select(each => each.CustomerKey).ToArray(),
        };

    private sealed record ActRow
    {
        public SellerId SellerId { get; init; }

        public string CustomerKey { get; init; } = "";

        public string Kind { get; init; } = "";

        public DateTimeOffset At { get; init; }
    }
}
