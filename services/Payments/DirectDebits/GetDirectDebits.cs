using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>The seller sees its batches of direct debits, what became of each debit, and the file that its bank was to have.</summary>
public sealed class GetDirectDebits(NpgsqlDataSource database)
{
    private const string Batches = """
        select b.batch_id, b.reference, b.collect_on, b.version as format, b.made_at, b.amount, s.count, s.submitted, s.unanswered,
               s.collected, s.returned, s.cancelled
        from debit_batch b
        cross join lateral (
            select count(*)::integer as count,
                   (count(*) filter (where d.state = 'submitted'))::integer as submitted,
                   (count(*) filter (where d.state = 'unanswered'))::integer as unanswered,
                   (count(*) filter (where d.state = 'collected'))::integer as collected,
                   (count(*) filter (where d.state = 'returned'))::integer as returned,
                   (count(*) filter (where d.state = 'cancelled'))::integer as cancelled
            from debit d where d.seller_id = b.seller_id and d.batch_id = b.batch_id
        ) s
        where b.seller_id = @SellerId and (@BatchId::uuid is null or b.batch_id = @BatchId)
          and (@Before::uuid is null or b.batch_id < @Before)
          and (@State::text is null or exists (
              select from debit d where d.seller_id = b.seller_id and d.batch_id = b.batch_id and d.state = @State))
        order by b.batch_id desc limit @Limit
        """;
    private const string DebitsOf = """
        select end_to_end_id, payment_information_id, invoice_id, mandate_id, sequence, amount, state, waits_for, next_check_on,
               payment_id, collected_on, returned_on, reason as code
        from debit where seller_id = @SellerId and batch_id = @BatchId order by place
        """;
    private const string FileOf = "select file from debit_batch where seller_id = @SellerId and batch_id = @BatchId";

    private static readonly string[] States =
    [
        Debit.IsSubmitted,
        Debit.IsUnanswered,
        Debit.IsCollected,
        Debit.IsReturned,
        Debit.IsCancelled,
    ];

    /// <summary>A page of batches.</summary>
    public sealed record Page
    {
        /// <summary>The batches, without their debits.</summary>
        public required IReadOnlyList<DebitBatch> Batches { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? NextCursor { get; init; }
    }

    /// <summary>One batch with its debits.</summary>
    public async Task<Outcome<DebitBatch>> HandleAsync(Caller caller, Guid batch, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await ReadAsync(connection, null, caller.SellerId, batch) is { } found ? found : PaymentsFaults.NoDebitBatch.With(batch);
    }

    /// <summary>All of them, or those with a debit that is so far, the newest first.</summary>
    public async Task<Outcome<Page>> ListAsync(Caller caller, string? state, string? cursor, int? limit, CancellationToken token)
    {
        if (state is not null && !States.Contains(state, StringComparer.Ordinal))
        {
            return DoorFaults.BadParameter.At("state", "state", string.Join(", ", States));
        }

        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        Guid? before = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(Cursor.Read(cursor), out var last))
            {
                return Cursor.Unreadable();
            }

            before = last;
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var found = await BatchesAsync(connection, null, caller.SellerId, null, before, most + 1, state);
        return new Page
        {
            Batches = [.. found.Take(most)],
            NextCursor = found.Count > most ? Cursor.Of(found[most - 1].BatchId.ToString()) : null,
        };
    }

    /// <summary>The file of a batch, byte for byte as it was made.</summary>
    public async Task<Outcome<string>> FileAsync(Caller caller, Guid batch, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<string>(FileOf, new { caller.SellerId, BatchId = batch }) is { } file
            ? file
            : PaymentsFaults.NoDebitBatch.With(batch);
    }

    /// <summary>The same as a transaction sees it that changes it.</summary>
    internal static async Task<DebitBatch?> ReadAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        Guid batch
    )
    {
        if (await BatchesAsync(connection, transaction, seller, batch, null, 1) is not [var found])
        {
            return null;
        }

        var rows = await connection.QueryAsync<Row>(DebitsOf, new { SellerId = seller, BatchId = batch }, transaction);
        return found with { Debits = [.. rows.Select(row => row.ToDebit())] };
    }

    private static async Task<IReadOnlyList<DebitBatch>> BatchesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        Guid? batch,
        Guid? before,
        int limit,
        string? state = null
    )
    {
        var asked = new
        {
            SellerId = seller,
            BatchId = batch,
            Before = before,
            Limit = limit,
            State = state,
        };
        var rows = await connection.QueryAsync<DebitBatch>(Batches, asked, transaction);
        return [.. rows.Select(row => row with { Amount = Book.Coins(row.Amount, row.Currency) })];
    }

    private sealed record Row
    {
        public string EndToEndId { get; init; } = "";

        public string PaymentInformationId { get; init; } = "";

        public InvoiceId InvoiceId { get; init; }

        public string MandateId { get; init; } = "";

        public string Sequence { get; init; } = "";

        public decimal Amount { get; init; }

        public string State { get; init; } = "";

        public string? WaitsFor { get; init; }

        public DateOnly? NextCheckOn { get; init; }

        public PaymentId? PaymentId { get; init; }

        public DateOnly? CollectedOn { get; init; }

        public DateOnly? ReturnedOn { get; init; }

        public string? Code { get; init; }

        public Debit ToDebit() =>
            new()
            {
                EndToEndId = EndToEndId,
                PaymentInformationId = PaymentInformationId,
                InvoiceId = InvoiceId,
                MandateId = MandateId,
                Sequence = Sequence,
                Amount = Book.Coins(Amount, Currency.Eur),
                State = State,
                WaitsFor = WaitsFor,
                NextCheckOn = NextCheckOn,
                PaymentId = PaymentId,
                CollectedOn = CollectedOn,
                ReturnedOn = ReturnedOn,
                Reason = State == Debit.IsReturned ? ReturnReason.Of(Code) : null,
            };
    }
}
