using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>A seller says of which accounts, besides the one it is registered with, it hands in statements.</summary>
public sealed class KeepBankAccount(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Keep = """
        insert into bank_account as a (seller_id, account, name, added_at) values (@SellerId, @Account, @Name, @At)
        on conflict (seller_id, account) do update set name = excluded.name
        returning a.account, a.name, a.added_at, a.xmax = 0 as is_new
        """;
    private const string Take = "delete from bank_account where seller_id = @SellerId and account = @Account";
    private const string All = """
        select account, name, added_at, false as is_registered from bank_account where seller_id = @SellerId
        union all
        select upper(replace(iban, ' ', '')), name, null, true from seller where seller_id = @SellerId and coalesce(iban, '') <> ''
        order by is_registered desc, account
        """;

    /// <summary>What is put.</summary>
    public sealed record Request
    {
        /// <summary>What the seller calls it.</summary>
        public string? Name { get; init; }
    }

    /// <summary>An account of the seller.</summary>
    public sealed record Answer
    {
        /// <summary>Its IBAN, without spaces.</summary>
        public string Account { get; init; } = "";

        /// <summary>What the seller calls it; of the registered one, who owns it.</summary>
        public string? Name { get; init; }

        /// <summary>When it was added; absent for the registered one.</summary>
        public DateTimeOffset? AddedAt { get; init; }

        /// <summary>Whether it is the one that invoices ask to be paid to.</summary>
        public bool IsRegistered { get; init; }

        /// <summary>Whether it was not there before.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsNew { get; init; }
    }

    /// <summary>Adds it, or names it anew.</summary>
    public async Task<Outcome<Answer>> PutAsync(Caller caller, string iban, Request request, CancellationToken token)
    {
        var account = Iban.Compact(iban);
        if (!Iban.IsSound(account))
        {
            return PaymentsFaults.BadAccount.With(iban.Length <= 40 ? iban : iban[..40]);
        }

        if (request.Name is { } name && (name.Length is 0 or > 70 || string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)))
        {
            return PaymentsFaults.BadAccountName.At("name");
        }

        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleAsync<Answer>(
            Keep,
            new
            {
                caller.SellerId,
                Account = account,
                request.Name,
                At = clock.GetUtcNow(),
            }
        );
    }

    /// <summary>Takes it away: what its statements told stays, and no more of them are taken.</summary>
    public async Task<Outcome<bool>> TakeAsync(Caller caller, string iban, CancellationToken token)
    {
        var account = Iban.Compact(iban);
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.ExecuteAsync(Take, new { caller.SellerId, Account = account }) > 0
            ? true
            : PaymentsFaults.NoAccount.With(iban.Length <= 40 ? iban : iban[..40]);
    }

    /// <summary>All of them, the registered one first.</summary>
    public async Task<IReadOnlyList<Answer>> ListAsync(Caller caller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return [.. await connection.QueryAsync<Answer>(All, new { caller.SellerId })];
    }
}
