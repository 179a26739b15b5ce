using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// A match teaches from which account, and under which name, a customer pays; one that is undone teaches it no longer. Each seller learns
/// for itself.
/// </summary>
public static class LearnPayers
{
    private const string LearnAccounts = """
        insert into payer_account as a (seller_id, account, customer_id, payments, learned_at)
        select @SellerId, account, customer_id, count(*), @At from unnest(@Accounts, @Customers) as t (account, customer_id)
        group by account, customer_id order by account, customer_id
        on conflict (seller_id, account, customer_id) do update
        set payments = a.payments + excluded.payments, learned_at = excluded.learned_at
        """;
    private const string LearnName = """
        insert into payer_name (seller_id, customer_id, name_key, learned, learned_at)
        values (@SellerId, @Customer, @Name, true, @At)
        on conflict do nothing
        """;
    private const string LearnWords = """
        insert into payer_word (seller_id, word, customer_id)
        select @SellerId, word, @Customer from unnest(@Words) as t (word) order by word
        on conflict do nothing
        """;
    private const string ForgetAccount = """
        with less as (
            update payer_account set payments = payments - 1
            where seller_id = @SellerId and account = @Account and customer_id = @Customer and payments > 1
            returning 1
        )
        delete from payer_account
        where seller_id = @SellerId and account = @Account and customer_id = @Customer and payments <= 1 and not exists (select from less)
        """;

    // Its words stay: they lead to names, and to none that is gone.
    private const string ForgetName = """
        delete from payer_name where seller_id = @SellerId and customer_id = @Customer and name_key = @Name and learned
        """;

    /// <summary>The rules matched these: their accounts are their customers'.</summary>
    public static async Task AccountsAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyCollection<(string Account, CustomerId Customer)> taught,
        DateTimeOffset at
    )
    {
        if (taught.Count > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                LearnAccounts,
                new
                {
                    SellerId = seller,
                    Accounts = taught.Select(each => each.Account).ToArray(),
                    Customers = taught.Select(each => each.Customer.Value).ToArray(),
                    At = at,
                },
                transaction
            );
        }
    }

    /// <summary>A person matched it: account and name are the customer's.</summary>
    public static async Task AcceptedAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        BankEntry entry,
        CustomerId customer,
        DateTimeOffset at
    )
    {
        if (entry.PartyAccount is { } account)
        {
            await AccountsAsync(transaction, seller, [(account, customer)], at);
        }

        if (entry.PartyKey is not { } name)
        {
            return;
        }

        var taught = new
        {
            SellerId = seller,
            Customer = customer.Value,
            Name = name,
            Words = name.Split(' '),
            At = at,
        };
        await transaction.Connection!.ExecuteAsync(LearnName, taught, transaction);
        await transaction.Connection!.ExecuteAsync(LearnWords, taught, transaction);
    }

    /// <summary>It was undone.</summary>
    public static async Task UndoneAsync(NpgsqlTransaction transaction, SellerId seller, BankEntry entry, CustomerId customer)
    {
        var taught = new
        {
            SellerId = seller,
            Customer = customer.Value,
            Account = entry.PartyAccount,
            Name = entry.PartyKey,
        };
        await transaction.Connection!.ExecuteAsync(ForgetAccount, taught, transaction);
        await transaction.Connection!.ExecuteAsync(ForgetName, taught, transaction);
    }
}
