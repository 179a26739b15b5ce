using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.Bank;

/// <summary>What is new of a statement is kept, and what was told before counts once.</summary>
public sealed partial class ImportStatement
{
    private const int AtOnce = 1_000;

    private const string EqualOnOtherPages = """
        select likeness, count(distinct movement) as times from bank_entry
        where seller_id = @SellerId and account = @Account and statement_id = @StatementId and page is distinct from @Page
          and likeness = any(@Likenesses)
        group by likeness
        """;

    private const string Known = """
        select movement, bool_and(is_booked) as is_booked, bool_or(state = 'superseded') as is_superseded from bank_entry
        where seller_id = @SellerId and movement = any(@Movements) group by movement
        """;

    // Told by the other kind only, so far: a movement that one of the two does not name may be the same.
    private const string ToldByTheOther = """
        select movement, booked_on, movement_amount as amount, movement_is_credit as is_credit, currency, bank_reference
        from bank_entry
        where seller_id = @SellerId and account = @Account and booked_on = any(@Days) and part = 1 and is_booked
          and case when @IsNotification then by_statement and not by_notification else by_notification and not by_statement end
        order by entry_id
        """;

    private const string ToldAgain = """
        update bank_entry
        set by_statement = by_statement or not @IsNotification, by_notification = by_notification or @IsNotification
        where seller_id = @SellerId and movement = any(@Movements)
          and case when @IsNotification then not by_notification else not by_statement end
        """;

    // A statement may say nothing of who paid what the notification tells.
    private const string ToldMore = """
        update bank_entry e
        set party_name = n.party_name, ultimate_name = n.ultimate_name, party_account = n.party_account, party_key = n.party_key,
            cited = n.cited, words = n.words, end_to_end_id = coalesce(e.end_to_end_id, n.end_to_end_id),
            state = case when e.state in ('open', 'proposed') and not e.by_hand then 'waiting' else e.state end
        from jsonb_populate_recordset(null::bank_entry, @Entries::jsonb) n
        where e.seller_id = @SellerId and e.movement = n.movement and e.parts = 1 and n.parts = 1
          and e.party_name is null and e.party_account is null and e.cited = '{}' and e.words = ''
          and (n.party_name is not null or n.party_account is not null or n.cited <> '{}' or n.words <> '')
        """;

    // What the bank books counts, whatever was thought of it before.
    private const string NowBooked = """
        update bank_entry e
        set is_booked = true, booked_on = n.booked_on, valued_on = n.valued_on, state = n.state
        from jsonb_populate_recordset(null::bank_entry, @Entries::jsonb) n
        where e.seller_id = @SellerId and e.movement = n.movement and e.part = n.part and not e.is_booked
        """;

    private const string Columns = $"{KeptEntry.Told}, party_key, by_statement, by_notification, imported_at, state";

    private const string Keep = $"""
        insert into bank_entry (seller_id, {Columns})
        select @SellerId, {Columns} from jsonb_populate_recordset(null::bank_entry, @Entries::jsonb)
        """;

    // Each that is booked is one of those that were pending, the oldest first: of two equal ones the second is still to come.
    private const string Supersede = """
        update bank_entry set state = 'superseded'
        where seller_id = @SellerId and entry_id in (
            select entry_id
            from (
                select entry_id, shape, dense_rank() over (partition by shape order by booked_on, movement) as place
                from bank_entry
                where seller_id = @SellerId and state in ('pending', 'unbooked') and shape = any(@Shapes)
            ) told
            join (select shape, count(*) as times from unnest(@Shapes) as booked (shape) group by shape) booked using (shape)
            where place <= times
        )
        """;

    private const string KeepStatement = """
        insert into bank_statement (seller_id, file, place, account, statement_id, page, notification, currency, from_on, to_on, balances,
                                    entries, imported_at)
        values (@SellerId, @File, @Place, @Account, @StatementId, @Page, @IsNotification, @Currency, @From, @To, @Balances::jsonb, @Entries, @At)
        on conflict do nothing
        """;

    private static readonly JsonSerializerOptions Rows = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(new Lower()) },
    };

    /// <summary>Keeps what is new of some of a statement's movements.</summary>
    private async Task KeepAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        Told told,
        IReadOnlyList<CamtEntry> movementsTold,
        bool isNotification,
        DateTimeOffset from
    )
    {
        var (connection, statement) = (transaction.Connection!, told.Statement);
        Dictionary<string, int> equal = statement.Page is null
            ? []
            : (
                await connection.QueryAsync<Equal>(
                    EqualOnOtherPages,
                    new
                    {
                        SellerId = seller,
                        Account = Iban.Compact(statement.Account),
                        StatementId = statement.KeptId,
                        statement.Page,
                        Likenesses = told.Names.LikenessesOf(movementsTold).ToArray(),
                    },
                    transaction
                )
            ).ToDictionary(each => each.Likeness, each => (int)each.Times, StringComparer.Ordinal);
        var entries = told.Names.Of(movementsTold, likeness => equal.GetValueOrDefault(likeness));
        var movements = entries.Select(each => each.Movement).Distinct(StringComparer.Ordinal).ToArray();
        var known = (
            await connection.QueryAsync<KnownMovement>(Known, new { SellerId = seller, Movements = movements }, transaction)
        ).ToDictionary(each => each.Movement, StringComparer.Ordinal);
        var others = await ToldByTheOtherAsync(transaction, seller, statement, isNotification, entries, known);
        var (now, again) = (new List<Row>(), new List<Row>());
        foreach (var entry in entries)
        {
            var row = RowOf(entry, isNotification, from.AddMilliseconds(now.Count));
            if (others.TryGetValue(entry.Movement, out var other))
            {
                again.Add(row with { Movement = other });
            }
            else if (known.ContainsKey(entry.Movement))
            {
                again.Add(row);
            }
            else
            {
                now.Add(row);
            }
        }

        await InPartsAsync(transaction, seller, Keep, now, isNotification);
        if (again.Count > 0)
        {
            await connection.ExecuteAsync(
                ToldAgain,
                new
                {
                    SellerId = seller,
                    IsNotification = isNotification,
                    Movements = again.Select(each => each.Movement).Distinct(StringComparer.Ordinal).ToArray(),
                },
                transaction
            );
            await InPartsAsync(transaction, seller, ToldMore, again, isNotification);
            await InPartsAsync(
                transaction,
                seller,
                NowBooked,
                again.FindAll(each => each.IsBooked && known.GetValueOrDefault(each.Movement) is { IsBooked: false }),
                isNotification
            );
        }

        var shapes = now.Where(each => each.IsBooked && each.Part == 1).Select(each => each.Shape).ToArray();
        await connection.ExecuteAsync(Supersede, new { SellerId = seller, Shapes = shapes }, transaction);
        told.Entries += entries.Count;
        told.New.AddRange(now.Select(each => each.EntryId));
    }

    /// <summary>
    /// The movements that only the other kind of file told so far and that are the same as new ones here: on one day, of one amount, and
    /// not named by both; each counts for one.
    /// </summary>
    private static async Task<Dictionary<string, string>> ToldByTheOtherAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        CamtStatement statement,
        bool isNotification,
        IReadOnlyList<BankEntry> entries,
        Dictionary<string, KnownMovement> known
    )
    {
        // What was superseded was booked under another name, perhaps by the other kind of file.
        var fresh = entries
            .Where(each =>
                each.Part == 1 && each.IsBooked && known.GetValueOrDefault(each.Movement) is null or { IsBooked: false, IsSuperseded: true }
            )
            .ToList();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fresh.Count == 0)
        {
            return found;
        }

        var free = (
            await transaction.Connection!.QueryAsync<ToldMovement>(
                ToldByTheOther,
                new
                {
                    SellerId = seller,
                    Account = Iban.Compact(statement.Account),
                    IsNotification = isNotification,
                    Days = fresh.Select(each => each.BookedOn).Distinct().ToArray(),
                },
                transaction
            )
        ).Where(each => !known.ContainsKey(each.Movement)).ToList();
        foreach (var entry in fresh)
        {
            var same = free.FindIndex(each =>
                each.BookedOn == entry.BookedOn
                && each.Amount == entry.MovementAmount
                && each.IsCredit == entry.MovementIsCredit
                && each.Currency == entry.Currency
                && (each.BankReference is null || entry.BankReference is null)
            );
            if (same >= 0)
            {
                found[entry.Movement] = free[same].Movement;
                free.RemoveAt(same);
            }
        }

        return found;
    }

    private async Task KeepStatementAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        Told told,
        bool isNotification,
        byte[] sha256,
        int place
    ) =>
        await transaction.Connection!.ExecuteAsync(
            KeepStatement,
            new
            {
                SellerId = seller,
                File = sha256,
                Place = place,
                Account = Iban.Compact(told.Statement.Account),
                told.Statement.StatementId,
                told.Statement.Page,
                IsNotification = isNotification,
                Currency = told.Statement.Currency?.Code,
                told.Statement.From,
                told.Statement.To,
                Balances = JsonSerializer.Serialize(told.Statement.Balances, Wire.Tolerant),
                told.Entries,
                At = clock.GetUtcNow(),
            },
            transaction
        );

    private static async Task InPartsAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string write,
        List<Row> rows,
        bool isNotification
    )
    {
        foreach (var part in rows.Chunk(AtOnce))
        {
            await transaction.Connection!.ExecuteAsync(
                write,
                new
                {
                    SellerId = seller,
                    Entries = JsonSerializer.Serialize(part, Rows),
                    IsNotification = isNotification,
                },
                transaction
            );
        }
    }

    private Row RowOf(BankEntry entry, bool isNotification, DateTimeOffset at) =>
        new(entry)
        {
            EntryId = Guid.CreateVersion7(at),
            ByStatement = !isNotification,
            ByNotification = isNotification,
            ImportedAt = clock.GetUtcNow(),
            State =
                entry.IsInformation ? EntryState.Unbooked
                : !entry.IsBooked ? EntryState.Pending
                // What comes back to us had been paid by us, and that is no business of these books.
                : entry.Amount == 0m || entry.Kind == EntryKind.CameBack ? EntryState.Noted
                : EntryState.Waiting,
        };

    /// <summary>What was read of a statement so far.</summary>
    private sealed class Told(CamtStatement statement)
    {
        public CamtStatement Statement => statement;

        public StatementEntries Names { get; } = new(statement);

        public int Entries { get; set; }

        public List<Guid> New { get; } = [];
    }

    /// <summary>A line as the table keeps it, by the names of its columns.</summary>
    private sealed record Row : BankEntry
    {
        [SetsRequiredMembers]
        public Row(BankEntry told)
            : base(told) { }

        public bool ByStatement { get; init; }

        public bool ByNotification { get; init; }

        public DateTimeOffset ImportedAt { get; init; }

        public EntryState State { get; init; }
    }

    private sealed record Equal
    {
        public string Likeness { get; init; } = "";

        public long Times { get; init; }
    }

    private sealed record KnownMovement
    {
        public string Movement { get; init; } = "";

        public bool IsBooked { get; init; }

        public bool IsSuperseded { get; init; }
    }

    private sealed record ToldMovement
    {
        public string Movement { get; init; } = "";

        public DateOnly BookedOn { get; init; }

        public decimal Amount { get; init; }

        public bool IsCredit { get; init; }

        public Currency Currency { get; init; }

        public string? BankReference { get; init; }
    }

    /// <summary>Kinds and states as the table writes them.</summary>
    private sealed class Lower : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}
