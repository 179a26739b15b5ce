using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>What each of the seller's accounts stands at; the accounts of a currency always sum to zero.</summary>
public sealed class ReadTrialBalance(NpgsqlDataSource database)
{
    private const string Accounts = """
        select account, currency, sum(amount) as balance from journal_line
        where seller_id = @SellerId group by account, currency order by currency, account
        """;

    /// <summary>The accounts and their sum in each currency.</summary>
    public async Task<Answer> HandleAsync(Caller caller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = (await connection.QueryAsync<Row>(Accounts, new { caller.SellerId }))
            .Select(row => row with { Balance = Book.Coins(row.Balance, row.Currency) })
            .ToArray();
        return new Answer
        {
            Accounts = rows,
            Sums = rows.GroupBy(row => row.Currency.Code).ToDictionary(each => each.Key, each => each.Sum(row => row.Balance)),
        };
    }

    /// <summary>The trial balance.</summary>
    public sealed record Answer
    {
        /// <summary>One row an account and currency.</summary>
        public required IReadOnlyList<Row> Accounts { get; init; }

        /// <summary>Zero in every currency.</summary>
        public required IReadOnlyDictionary<string, decimal> Sums { get; init; }
    }

    /// <summary>An account's balance.</summary>
    public sealed record Row
    {
        /// <summary>The account.</summary>
        public string Account { get; init; } = "";

        /// <summary>Currency of the balance.</summary>
        public Currency Currency { get; init; }

        /// <summary>Debits less credits.</summary>
        public decimal Balance { get; init; }
    }
}
