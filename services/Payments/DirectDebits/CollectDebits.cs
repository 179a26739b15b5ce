using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The bank has collected: what was debited is received, allocated to its invoices and no longer in flight. The seller says it of a whole
/// batch, or a line of the bank's statement shows it; each debit is booked once, whoever says it first.
/// </summary>
public sealed partial class CollectDebits(NpgsqlDataSource database, KeepBooks books, TimeProvider clock, ILogger<CollectDebits> log)
{
    // Banks book a collection on its day, or a few days later where it lies before a weekend and holidays.
    private const int DaysUntilBooked = 5;

    // What banks write where there is no id.
    private const string NotProvided = "NOTPROVIDED";

    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    private const string Booked = """
        select d.end_to_end_id, d.invoice_id, d.amount, d.state, i.customer_id
        from debit d join invoice i using (seller_id, invoice_id)
        where d.seller_id = @SellerId and d.end_to_end_id = any(@Ids)
        order by d.batch_id, d.place
        """;
    private const string Collect = """
        update debit d
        set state = 'collected', payment_id = n.payment_id, collected_on = @On, waits_for = null, next_check_on = null
        from unnest(@Ids, @Payments) as n (end_to_end_id, payment_id)
        where d.seller_id = @SellerId and d.end_to_end_id = n.end_to_end_id
        """;

    // One debit, a group of a file, or a whole file: whatever the bank's line names.
    private const string NamedByTheBank = """
        select end_to_end_id, invoice_id, amount, state from debit
        where seller_id = @SellerId and state <> 'cancelled'
          and case when @EndToEndId::text is not null then end_to_end_id = @EndToEndId
                   when @BatchId::uuid is not null then batch_id = @BatchId
                   else payment_information_id = @Group end
        """;

    // A line that names nothing is the group, or else the file, that alone comes to its amount in those days.
    private const string OfThatAmount = """
        with debits as (
            select d.batch_id, d.payment_information_id, d.amount, d.state
            from debit d join debit_batch b using (seller_id, batch_id)
            where d.seller_id = @SellerId and b.collect_on between @From and @BookedOn and d.state <> 'cancelled'
        ), sums as (
            select 1 as rank, payment_information_id as named, sum(amount) as whole,
                   sum(amount) filter (where state <> 'returned') as rest, bool_or(state in ('submitted', 'unanswered')) as is_open
            from debits group by payment_information_id
            union all
            select 2, replace(batch_id::text, '-', ''), sum(amount), sum(amount) filter (where state <> 'returned'),
                   bool_or(state in ('submitted', 'unanswered'))
            from debits group by batch_id having count(distinct payment_information_id) > 1
        )
        select named from sums where is_open and (whole = @Amount or rest = @Amount) order by rank, named
        """;

    /// <summary>What is posted.</summary>
    public sealed record Request
    {
        /// <summary>When the bank booked it; left out, the day of the collection.</summary>
        public DateOnly? CollectedOn { get; init; }
    }

    /// <summary>The seller says that all of a batch was collected, returned debits apart; again, it is the same.</summary>
    public async Task<Outcome<DebitBatch>> HandleAsync(Caller caller, Guid batch, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("CollectDebits");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await GetDirectDebits.ReadAsync(connection, transaction, caller.SellerId, batch) is not { Debits: { } debits } made)
        {
            return PaymentsFaults.NoDebitBatch.With(batch);
        }

        if (made.Cancelled == made.Count)
        {
            return PaymentsFaults.DebitBatchCancelled.With(batch);
        }

        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, new { caller.SellerId }, transaction);
        var today = SellerDay.Of(clock.GetUtcNow(), zone);
        var on = request.CollectedOn ?? made.CollectOn;
        if (on < made.CollectOn || on > today)
        {
            return PaymentsFaults.NotYetCollected.At(
                "collectedOn",
                DirectDebitSettings.Text(made.CollectOn),
                DirectDebitSettings.Text(today)
            );
        }

        var waiting = debits
            .Where(each => each.State is Debit.IsSubmitted or Debit.IsUnanswered)
            .ToDictionary(each => each.EndToEndId, each => each.InvoiceId);
        if (waiting.Count == 0)
        {
            return made;
        }

        var book = await BookAsync(transaction, caller.SellerId, waiting, on, SellerDay.Begin(on, zone), token);
        // Cancelled while its invoices were waited for, it stays so.
        var after = (await GetDirectDebits.ReadAsync(connection, transaction, caller.SellerId, batch))!;
        if (after.Cancelled == after.Count)
        {
            return PaymentsFaults.DebitBatchCancelled.With(batch);
        }

        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogCollected(after.Collected, batch, caller.SellerId);
        return after;
    }

    /// <summary>
    /// A line of the bank's statement that may be a collection of ours: booked in the transaction, whose end is the caller's, where it
    /// names one of our debits, groups or files and comes to its amount, or names nothing and there is only one that does. False where it
    /// is not ours; true too where all of it was booked before.
    /// </summary>
    public async Task<bool> CollectAsync(NpgsqlTransaction transaction, SellerId seller, BankedCollection banked, CancellationToken token)
    {
        if (banked.Currency != Currency.Eur || banked.Amount <= 0m)
        {
            return false;
        }

        var whole = Book.Coins(banked.Amount, banked.Currency);
        var debits = await NamedAsync(transaction, seller, banked);

        // Some banks pay out less what was returned before; others show both.
        if (debits.Sum(each => each.Amount) != whole && debits.Where(IsNotReturned).Sum(each => each.Amount) != whole)
        {
            return false;
        }

        var waiting = debits
            .Where(each => each.State is Debit.IsSubmitted or Debit.IsUnanswered)
            .ToDictionary(each => each.EndToEndId, each => each.InvoiceId);
        if (waiting.Count > 0)
        {
            var zone = await transaction.Connection!.QuerySingleOrDefaultAsync<string>(ZoneOf, new { SellerId = seller }, transaction);
            var book = await BookAsync(transaction, seller, waiting, banked.BookedOn, SellerDay.Begin(banked.BookedOn, zone), token);
            await books.CloseAsync(transaction, book, token);
            LogBanked(waiting.Count, seller);
        }

        return true;
    }

    /// <summary>The money of a debit, as it stands in the books: at the bank, meant for its invoice.</summary>
    internal static Payment MoneyOf(string endToEndId, InvoiceId invoice, string? customer, decimal amount, DateTimeOffset receivedAt) =>
        new()
        {
            PaymentId = PaymentId.New(),
            InvoiceId = invoice,
            CustomerId = customer is null ? null : CustomerId.Of(customer),
            Means = PaymentMeans.DirectDebit,
            Provider = "bank",
            Account = Account.TakenBySeller(PaymentMeans.DirectDebit),
            Currency = Currency.Eur,
            Amount = Book.Coins(amount, Currency.Eur),
            Reference = endToEndId,
            ReceivedAt = receivedAt,
        };

    /// <summary>Debits change under their invoices' locks only: those that are still on their way then are booked.</summary>
    private async Task<Book> BookAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        Dictionary<string, InvoiceId> waiting,
        DateOnly on,
        DateTimeOffset receivedAt,
        CancellationToken token
    )
    {
        var connection = transaction.Connection!;
        var book = await books.OpenAsync(transaction, seller, waiting.Values, token);
        var held = await connection.QueryAsync<Row>(Booked, new { SellerId = seller, Ids = waiting.Keys.ToArray() }, transaction);
        var (ids, payments) = (new List<string>(), new List<Guid>());
        foreach (var debit in held.Where(each => each.State is Debit.IsSubmitted or Debit.IsUnanswered))
        {
            var money = MoneyOf(debit.EndToEndId, debit.InvoiceId, debit.CustomerId, debit.Amount, receivedAt);
            if (debit.State == Debit.IsSubmitted)
            {
                book.End(debit.InvoiceId, debit.Amount);
            }

            book.Receive(money);
            book.Allocate(money.PaymentId, debit.InvoiceId);
            ids.Add(debit.EndToEndId);
            payments.Add(money.PaymentId.Value);
        }

        var collected = new
        {
            SellerId = seller,
            On = on,
            Ids = ids.ToArray(),
            Payments = payments.ToArray(),
        };
        await connection.ExecuteAsync(Collect, collected, transaction);
        return book;
    }

    /// <summary>The debit, group or file that a line names, or else the only one of its amount.</summary>
    private static async Task<IReadOnlyList<Row>> NamedAsync(NpgsqlTransaction transaction, SellerId seller, BankedCollection banked)
    {
        var endToEnd = banked.EndToEndId == NotProvided ? null : banked.EndToEndId;
        IReadOnlyList<Row> found = endToEnd is null ? [] : await NamedAsync(transaction, seller, endToEnd, null);
        if (found.Count == 0 && banked.Batch is { } batch)
        {
            found = await NamedAsync(transaction, seller, null, batch);
        }

        return found.Count == 0 && endToEnd is null && await OnlyOneAsync(transaction, seller, banked) is { } only
            ? await NamedAsync(transaction, seller, null, only)
            : found;
    }

    private static async Task<IReadOnlyList<Row>> NamedAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string? endToEndId,
        string? batch
    )
    {
        var asked = new
        {
            SellerId = seller,
            EndToEndId = endToEndId,
            BatchId = Guid.TryParseExact(batch, "N", out var file) ? file : (Guid?)null,
            Group = batch,
        };
        return [.. await transaction.Connection!.QueryAsync<Row>(NamedByTheBank, asked, transaction)];
    }

    private static async Task<string?> OnlyOneAsync(NpgsqlTransaction transaction, SellerId seller, BankedCollection banked)
    {
        // A line without a day is of no day of ours.
        if (banked.BookedOn.Year < 2000)
        {
            return null;
        }

        var asked = new
        {
            SellerId = seller,
            Amount = Book.Coins(banked.Amount, banked.Currency),
            From = banked.BookedOn.AddDays(-DaysUntilBooked),
            banked.BookedOn,
        };
        return (await transaction.Connection!.QueryAsync<string>(OfThatAmount, asked, transaction)).ToList() is [var one] ? one : null;
    }

    private static bool IsNotReturned(Row debit) => debit.State != Debit.IsReturned;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Debits} direct debits of batch {BatchId} were collected for {SellerId}")]
    private partial void LogCollected(int debits, Guid batchId, SellerId sellerId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bank collected {Debits} direct debits for {SellerId}")]
    private partial void LogBanked(int debits, SellerId sellerId);

    private sealed record Row
    {
        public string EndToEndId { get; init; } = "";

        public InvoiceId InvoiceId { get; init; }

        public decimal Amount { get; init; }

        public string State { get; init; } = "";

        public string? CustomerId { get; init; }
    }
}
