using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What providers announced to pay out is looked for among the lines of the bank, and is in transit no longer where it is found.
/// </summary>
public static class SettlePayouts
{
    // One that failed, and what came back of it, may be on the bank's statement all the same: there and back.
    private const string Announced = """
        select provider, reference, currency, amount, arrives_on, statement, state = 'failed' as is_failed from payout
        where seller_id = @SellerId and state in ('announced', 'failed') and (currency, amount) in (select * from unnest(@Currencies, @Amounts))
        order by announced_at, provider, reference
        """;
    private const string Arrive = """
        update payout set state = 'arrived', bank_entry = @EntryId, arrived_at = @At
        where seller_id = @SellerId and provider = @Provider and reference = @Reference and state in ('announced', 'failed')
        returning amount
        """;
    private const string AnnounceAndArrive = """
        insert into payout (seller_id, provider, reference, currency, amount, fees, arrives_on, state, bank_entry, announced_at, arrived_at)
        values (@SellerId, @Provider, @Reference, @Currency, @Amount, @Fees, @Day, 'arrived', @EntryId, @At, @At)
        on conflict do nothing
        """;

    /// <summary>What is announced and comes to what one of the lines moves.</summary>
    public static async Task<IReadOnlyList<AnnouncedPayout>> AnnouncedAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyCollection<BankEntry> entries
    ) =>
        [
            .. await transaction.Connection!.QueryAsync<AnnouncedPayout>(
                Announced,
                new
                {
                    SellerId = seller,
                    Currencies = entries.Select(each => each.Currency.Code).ToArray(),
                    Amounts = entries.Select(each => each.Signed).ToArray(),
                },
                transaction
            ),
        ];

    /// <summary>The line is that payout: it is on the account. False where it was another line's meanwhile.</summary>
    public static async Task<bool> ArriveAsync(NpgsqlTransaction transaction, Book book, BankEntry entry, Proposal payout)
    {
        var amount = await transaction.Connection!.QuerySingleOrDefaultAsync<decimal?>(
            Arrive,
            new
            {
                SellerId = book.Seller,
                entry.EntryId,
                payout.Provider,
                payout.Reference,
                book.At,
            },
            transaction
        );
        if (amount is not { } arrived)
        {
            return false;
        }

        book.ArrivePayout(entry.Currency, Book.Coins(arrived, entry.Currency));
        return true;
    }

    /// <summary>
    /// The seller says which provider's settlement the line is, where the provider announces none: what was taken by it has left it, less
    /// its fees.
    /// </summary>
    public static async Task<bool> SettleAsync(NpgsqlTransaction transaction, Book book, BankEntry entry, string provider, decimal fees)
    {
        var isFirst =
            await transaction.Connection!.ExecuteAsync(
                AnnounceAndArrive,
                new
                {
                    SellerId = book.Seller,
                    Provider = provider,
                    Reference = $"bank:{entry.EntryId}",
                    entry.Currency,
                    Amount = entry.Signed,
                    Fees = fees,
                    Day = entry.BookedOn,
                    entry.EntryId,
                    book.At,
                },
                transaction
            ) > 0;
        if (isFirst)
        {
            book.PayOut(provider, entry.Currency, entry.Signed, fees);
            book.ArrivePayout(entry.Currency, entry.Signed);
        }

        return isFirst;
    }
}
