using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.Payments.Ledger;

namespace RetailInvoicing.Payments.Bank;

/// <summary>Whoever made direct debits hears of those that came back.</summary>
public interface IReturnedDebits
{
    /// <summary>
    /// Books it in the transaction, whose end is the caller's, where the debit is one of the seller's: true then, and also where it was
    /// booked before.
    /// </summary>
    Task<bool> ReturnAsync(NpgsqlTransaction transaction, SellerId seller, ReturnedDebit returned, CancellationToken cancellationToken);
}

/// <summary>
/// The bank's lines that no customer paid: what our direct debits collected, what was taken back from us, and what we paid. Each is booked
/// by itself, once; what is no business of these books is noted.
/// </summary>
public sealed class SettleOthers(
    NpgsqlDataSource database,
    KeepBooks books,
    CollectDebits collect,
    IEnumerable<IReturnedDebits> returns,
    TimeProvider clock
)
{
    private const string NobodyCollects = """
        update bank_entry set kind = 'payment'
        where seller_id = @SellerId and state = 'waiting' and kind = 'collection'
          and not exists (select from debit where seller_id = @SellerId)
        """;
    private const string TakeCollection = $"""
        select {KeptEntry.Told}, {KeptEntry.Come} from bank_entry
        where seller_id = @SellerId and state = 'waiting' and kind = 'collection'
        order by booked_on, entry_id limit 1 for update skip locked
        """;
    private const string IsOurBatch = """
        select exists (
            select from debit
            where seller_id = @SellerId and (payment_information_id = @Batch or batch_id = @File)
        )
        """;
    private const string IsAPayment = "update bank_entry set kind = 'payment' where seller_id = @SellerId and entry_id = @EntryId";
    private const string TakeOther = $"""
        select {KeptEntry.Told}, {KeptEntry.Come} from bank_entry
        where seller_id = @SellerId and state = 'waiting' and kind in ('takenback', 'debit', 'charge')
        order by booked_on, entry_id limit 1 for update skip locked
        """;

    // The other payments of a movement come before what the bank kept of it.
    private const string IsOfOurs = """
        select exists (
            select from bank_entry
            where seller_id = @SellerId and movement = @Movement and state = 'matched' and kind <> 'charge'
        )
        """;

    // By what both lines name: an id, or else the reference that the payer had cited, which is all that some banks say of what came back. A
    // reversal that names nothing is of the only payment of that amount from that account in those days. What came back with a reason is
    // of a payment that it names, or of none of ours.
    private const string PaidBefore = """
        select payment_id, 1 as nearness from bank_entry
        where seller_id = @SellerId and payment_id is not null and is_credit and account = @Account and currency = @Currency
          and amount >= @Amount and booked_on <= @BookedOn
          and (end_to_end_id = @EndToEndId or bank_reference = @BankReference or transaction_id = @TransactionId)
        union
        select payment_id, 2 from bank_entry
        where seller_id = @SellerId and payment_id is not null and is_credit and account = @Account and currency = @Currency
          and amount = @Amount and booked_on <= @BookedOn and cited && @Cited and @IsTransfer
        union
        select payment_id, 3 from bank_entry
        where seller_id = @SellerId and payment_id is not null and is_credit and account = @Account and currency = @Currency
          and amount = @Amount and booked_on between @BookedOn::date - 20 and @BookedOn and party_account = @PartyAccount and @IsTransfer
          and @ReturnReason is null
        """;

    /// <summary>Looks at one line that may be a collection; false where none waits.</summary>
    public async Task<bool> CollectAsync(SellerId seller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(NobodyCollects, new { SellerId = seller });
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await connection.QuerySingleOrDefaultAsync<KeptEntry>(TakeCollection, new { SellerId = seller }, transaction) is not { } entry)
        {
            return false;
        }

        var banked = new BankedCollection
        {
            Batch = entry.BatchId,
            EndToEndId = entry.EndToEndId,
            Amount = entry.Amount,
            Currency = entry.Currency,
            BookedOn = entry.BookedOn,
        };
        if (
            entry is { PaymentId: null, ByHand: false }
            && await IsLikelyAsync(transaction, seller, entry)
            && await collect.CollectAsync(transaction, seller, banked, token)
        )
        {
            await FinishAsync(transaction, seller, entry, Decided.AsCollected, null, banked, token);
        }
        else
        {
            await connection.ExecuteAsync(IsAPayment, new { SellerId = seller, entry.EntryId }, transaction);
            await transaction.CommitAsync(token);
        }

        return true;
    }

    /// <summary>Looks at one line that took something from the account; false where none waits.</summary>
    public async Task<bool> TakeAsync(SellerId seller, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await connection.QuerySingleOrDefaultAsync<KeptEntry>(TakeOther, new { SellerId = seller }, transaction) is not { } entry)
        {
            return false;
        }

        await (
            entry.Kind switch
            {
                EntryKind.TakenBack => TakeBackAsync(transaction, seller, entry, token),
                EntryKind.Charge => ChargeAsync(transaction, seller, entry, token),
                _ => LeaveAsync(transaction, seller, entry, token),
            }
        );
        return true;
    }

    private async Task TakeBackAsync(NpgsqlTransaction transaction, SellerId seller, KeptEntry entry, CancellationToken token)
    {
        if (entry.EndToEndId is { } endToEnd)
        {
            var returned = new ReturnedDebit
            {
                EntryId = entry.EntryId,
                Account = entry.Account,
                EndToEndId = endToEnd,
                MandateId = entry.MandateId,
                BatchId = entry.BatchId,
                Amount = Book.Coins(entry.Amount, entry.Currency),
                Currency = entry.Currency,
                BookedOn = entry.BookedOn,
                ReasonCode = entry.ReturnReason,
                ReasonText = entry.ReturnText,
            };
            foreach (var each in returns)
            {
                if (await each.ReturnAsync(transaction, seller, returned, token))
                {
                    await FinishAsync(transaction, seller, entry, Decided.AsReturned, null, returned, token);
                    return;
                }
            }
        }

        if (await PaidBeforeAsync(transaction, seller, entry) is { } payment)
        {
            var (book, taken) = await books.OpenAtPaymentAsync(transaction, seller, payment, [], token);
            if (book.Holds(payment) && entry.Amount <= book.Of(payment).Refundable)
            {
                book.Reverse(payment, Book.Coins(entry.Amount, entry.Currency), entry.ReturnReason ?? entry.BankCode, taken);
                await books.TakeWaitingCreditAsync(transaction, book, payment, token);
                await CloseAsync(transaction, book, Known(entry, Decided.AsReversed, payment, new { payment }), token);
                return;
            }
        }

        // Somebody has to look at it: money is gone, and nobody knows whose.
        await RecordDecision.WriteAsync(transaction, seller, [new Decided { Entry = entry, State = EntryState.Open }], clock.GetUtcNow());
        await transaction.CommitAsync(token);
    }

    private async Task LeaveAsync(NpgsqlTransaction transaction, SellerId seller, KeptEntry entry, CancellationToken token)
    {
        var payouts = Payouts.Of(entry, await SettlePayouts.AnnouncedAsync(transaction, seller, [entry]));
        if (payouts.Automatic is { } payout && !entry.ByHand)
        {
            var book = await books.OpenAsync(transaction, seller, [], token);
            if (await SettlePayouts.ArriveAsync(transaction, book, entry, payout))
            {
                await CloseAsync(transaction, book, Known(entry, Decided.AsPayout, null, payout), token);
                return;
            }
        }

        var refunds = await SettleRefunds.OfAsync(transaction, seller, entry);
        if (refunds.Automatic is { } refund && !entry.ByHand)
        {
            var book = await books.OpenAsync(transaction, seller, [], token);
            if (await SettleRefunds.LeaveAsync(transaction, book, entry, refund))
            {
                await CloseAsync(transaction, book, Known(entry, Decided.AsRefund, null, refund), token);
                return;
            }
        }

        var both = new Verdict([.. payouts.Proposals.Concat(refunds.Proposals).Take(Match.MostProposals)]);
        var decided = Decided.Proposed(entry, null, null, both);
        // What we pay to others is no business of these books.
        decided = decided.State == EntryState.Open ? decided with { State = EntryState.Noted } : decided;
        await RecordDecision.WriteAsync(transaction, seller, [decided], clock.GetUtcNow());
        await transaction.CommitAsync(token);
    }

    /// <summary>
    /// What the bank kept of a movement: of money that came it is a fee of ours, and of what it took back where that was of our business.
    /// </summary>
    private async Task ChargeAsync(NpgsqlTransaction transaction, SellerId seller, KeptEntry entry, CancellationToken token)
    {
        var isOurs =
            entry.MovementIsCredit
            || await transaction.Connection!.QuerySingleAsync<bool>(IsOfOurs, new { SellerId = seller, entry.Movement }, transaction);
        if (!isOurs)
        {
            var noted = new Decided { Entry = entry, State = EntryState.Noted };
            await RecordDecision.WriteAsync(transaction, seller, [noted], clock.GetUtcNow());
            await transaction.CommitAsync(token);
            return;
        }

        var book = await books.OpenAsync(transaction, seller, [], token);
        book.ChargeByBank(entry.Currency, Book.Coins(entry.Amount, entry.Currency));
        await CloseAsync(transaction, book, Known(entry, Decided.AsCharge, null, new { charge = entry.Amount }), token);
    }

    private async Task CloseAsync(NpgsqlTransaction transaction, Book book, Decided decided, CancellationToken token)
    {
        await RecordDecision.WriteAsync(transaction, book.Seller, [decided], book.At);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
    }

    /// <summary>A line with a payer is a collection only where the bank calls it one, or where it names a batch of ours.</summary>
    private static async Task<bool> IsLikelyAsync(NpgsqlTransaction transaction, SellerId seller, KeptEntry entry) =>
        entry.MandateId is not null
        || IsOfDirectDebits(entry)
        || StatementEntries.IsNameless(entry)
        || await transaction.Connection!.QuerySingleAsync<bool>(
            IsOurBatch,
            new
            {
                SellerId = seller,
                Batch = entry.BatchId,
                File = Guid.TryParseExact(entry.BatchId, "N", out var file) ? file : Guid.Empty,
            },
            transaction
        );

    private static bool IsOfDirectDebits(KeptEntry entry) => entry.BankCode?.Contains("/IDDT", StringComparison.Ordinal) == true;

    private static async Task<PaymentId?> PaidBeforeAsync(NpgsqlTransaction transaction, SellerId seller, KeptEntry entry)
    {
        var paid = (
            await transaction.Connection!.QueryAsync<Paid>(
                PaidBefore,
                new
                {
                    SellerId = seller,
                    entry.Account,
                    entry.Currency,
                    entry.Amount,
                    entry.BookedOn,
                    entry.EndToEndId,
                    entry.BankReference,
                    entry.TransactionId,
                    entry.PartyAccount,
                    entry.Cited,
                    entry.ReturnReason,
                    IsTransfer = entry.MandateId is null && !IsOfDirectDebits(entry),
                },
                transaction
            )
        ).ToList();
        var nearest = paid.FindAll(each => each.Nearness == paid.Min(one => one.Nearness));
        return nearest is [var one] ? one.PaymentId : null;
    }

    private async Task FinishAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        KeptEntry entry,
        string matchedAs,
        PaymentId? payment,
        object grounds,
        CancellationToken token
    )
    {
        await RecordDecision.WriteAsync(transaction, seller, [Known(entry, matchedAs, payment, grounds)], clock.GetUtcNow());
        await books.CommitAsync(transaction, token);
    }

    private static Decided Known(KeptEntry entry, string matchedAs, PaymentId? payment, object grounds) =>
        new()
        {
            Entry = entry,
            State = EntryState.Matched,
            MatchedAs = matchedAs,
            PaymentId = payment,
            CustomerId = entry.CustomerId,
            Decision = Decided.Matched,
            Grounds = grounds,
        };

    private sealed record Paid
    {
        public PaymentId PaymentId { get; init; }

        public int Nearness { get; init; }
    }
}
