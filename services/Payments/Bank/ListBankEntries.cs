using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>The bank's lines, what has become of each, and what is proposed for those that nobody knows, with the reasons.</summary>
public sealed class ListBankEntries(NpgsqlDataSource database)
{
    private const string Columns = $"{KeptEntry.Told}, {KeptEntry.Come}";

    private const string OfState = $"""
        select {Columns},
            (select unallocated from payment_balance b where b.seller_id = e.seller_id and b.payment_id = e.payment_id) as unallocated
        from bank_entry e
        where seller_id = @SellerId and (@State::text is null or state = @State) and (@Account::text is null or account = @Account)
          and (@After::uuid is null or entry_id > @After)
        order by entry_id limit @Limit + 1
        """;
    private const string One = $"""
        select {Columns},
            (select unallocated from payment_balance b where b.seller_id = e.seller_id and b.payment_id = e.payment_id) as unallocated
        from bank_entry e
        where seller_id = @SellerId and entry_id = @EntryId
        """;

    private static readonly string[] States = [.. Enum.GetNames<EntryState>().Select(each => each.ToLowerInvariant())];

    /// <summary>A page of them, in the order they came.</summary>
    public async Task<Outcome<Page>> HandleAsync(
        Caller caller,
        string? state,
        string? account,
        string? cursor,
        int? limit,
        CancellationToken token
    )
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        if (!string.IsNullOrEmpty(state) && !States.Contains(state))
        {
            return DoorFaults.BadParameter.At("state", "state", string.Join(", ", States));
        }

        Guid? after = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(Cursor.Read(cursor), out var last))
            {
                return Cursor.Unreadable();
            }

            after = last;
        }

        if (account is { Length: > 100 } || account?.Any(char.IsControl) == true)
        {
            return DoorFaults.BadParameter.At("account", "account", "ES9121000418450200051332");
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = (
            await connection.QueryAsync<Row>(
                OfState,
                new
                {
                    caller.SellerId,
                    State = string.IsNullOrEmpty(state) ? null : state,
                    Account = string.IsNullOrEmpty(account) ? null : account,
                    After = after,
                    Limit = most,
                }
            )
        ).ToList();
        return new Page
        {
            Items = [.. rows.Take(most).Select(each => each.ToAnswer())],
            Cursor = rows.Count > most ? Cursor.Of(rows[most - 1].EntryId.ToString()) : null,
        };
    }

    /// <summary>One of them.</summary>
    public async Task<Outcome<BankLine>> GetAsync(Caller caller, Guid entry, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<Row>(One, new { caller.SellerId, EntryId = entry }) is { } row
            ? row.ToAnswer()
            : PaymentsFaults.NoEntry.With(entry);
    }

    /// <summary>A page.</summary>
    public sealed record Page
    {
        /// <summary>Its lines.</summary>
        public required IReadOnlyList<BankLine> Items { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? Cursor { get; init; }
    }

    private sealed record Row : KeptEntry
    {
        public decimal? Unallocated { get; init; }

        public BankLine ToAnswer() =>
            new()
            {
                EntryId = EntryId,
                Account = Account,
                StatementId = StatementId,
                State = State,
                Kind = Kind,
                Direction = IsCredit ? "credit" : "debit",
                Currency = Currency,
                Amount = Book.Coins(Amount, Currency),
                BookedOn = IsBooked ? BookedOn : null,
                ValuedOn = ValuedOn,
                PartyName = PartyName,
                UltimateName = UltimateName,
                PartyAccount = PartyAccount,
                References = Cited,
                Text = Words,
                EndToEndId = EndToEndId,
                MandateId = MandateId,
                BankReference = BankReference,
                BankCode = BankCode,
                ReturnReason = ReturnReason,
                ReturnText = ReturnText,
                MatchedAs = MatchedAs,
                PaymentId = PaymentId,
                CustomerId = CustomerId,
                Unallocated = Unallocated is { } left ? Book.Coins(left, Currency) : null,
                Allocated = Read<AllocatedPart>(Allocated),
                Proposals = Read<Proposal>(Proposals),
            };

        private static IReadOnlyList<T> Read<T>(string? json) =>
            json is null ? [] : JsonSerializer.Deserialize<List<T>>(json, Wire.Tolerant) ?? [];
    }
}

/// <summary>A line of the bank, as answers tell it.</summary>
public sealed record BankLine
{
    /// <summary>Our name for it.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>The seller's account.</summary>
    public required string Account { get; init; }

    /// <summary>The statement that told it first.</summary>
    public required string StatementId { get; init; }

    /// <summary>How far it is.</summary>
    public required EntryState State { get; init; }

    /// <summary>What kind of line the bank makes of it.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>credit or debit.</summary>
    public required string Direction { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>When the bank booked it; absent while it has not.</summary>
    public DateOnly? BookedOn { get; init; }

    /// <summary>From when it counts.</summary>
    public DateOnly? ValuedOn { get; init; }

    /// <summary>Whom it is with.</summary>
    public string? PartyName { get; init; }

    /// <summary>On whose behalf.</summary>
    public string? UltimateName { get; init; }

    /// <summary>Their account.</summary>
    public string? PartyAccount { get; init; }

    /// <summary>Creditor's references that it cites.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>What else it says.</summary>
    public required string Text { get; init; }

    /// <summary>The payer's id of it.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>The mandate.</summary>
    public string? MandateId { get; init; }

    /// <summary>The bank's reference.</summary>
    public string? BankReference { get; init; }

    /// <summary>The bank's code of its kind.</summary>
    public string? BankCode { get; init; }

    /// <summary>Why it came back.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public string? ReturnText { get; init; }

    /// <summary>What it is: invoices, paidalready, payout, settlement, collected, returned, reversed, refund.</summary>
    public string? MatchedAs { get; init; }

    /// <summary>The payment that was received by it.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>Whose payment it is.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>What no invoice has taken of that payment.</summary>
    public decimal? Unallocated { get; init; }

    /// <summary>What invoices got.</summary>
    public required IReadOnlyList<AllocatedPart> Allocated { get; init; }

    /// <summary>What may be meant, the best first; the first is proposal 1.</summary>
    public required IReadOnlyList<Proposal> Proposals { get; init; }
}
