using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank.Camt;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// The seller hands in what its bank told: statements and notifications of its accounts. Whatever was told before counts once, by the same
/// file, another one, or the other kind; what is new is kept whole or not at all, and then looked at.
/// </summary>
public sealed partial class ImportStatement(
    NpgsqlDataSource database,
    SuggestMatches suggest,
    TimeProvider clock,
    ILogger<ImportStatement> log
)
{
    private const int AtOnce = 1_000;

    private const string AccountsOf = """
        select upper(replace(iban, ' ', '')) from seller where seller_id = @SellerId and coalesce(iban, '') <> ''
        union
        select account from bank_account where seller_id = @SellerId
        """;

    // One import of a seller at a time: what two files tell alike is found by whoever comes second.
    private const string WaitForMyTurn = "select pg_advisory_xact_lock(hashtextextended(@SellerId, 20022))";
    private const string EqualOnOtherPages = """
        select likeness, count(distinct movement) as times from bank_entry
        where seller_id = @SellerId and account = @Account and statement_id = @StatementId and page is distinct from @Page
          and likeness = any(@Likenesses)
        group by likeness
        """;
    private const string Known = """
        select movement, bool_and(is_booked) as is_booked from bank_entry
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
    private const string NowBooked = """
        update bank_entry e
        set is_booked = true, booked_on = n.booked_on, valued_on = n.valued_on,
            state = case when e.state = 'pending' then n.state else e.state end
        from jsonb_populate_recordset(null::bank_entry, @Entries::jsonb) n
        where e.seller_id = @SellerId and e.movement = n.movement and e.part = n.part and not e.is_booked
        """;
    private const string Told = $"{KeptEntry.Told}, party_key, by_statement, by_notification, imported_at, state";
    private const string Keep = $"""
        insert into bank_entry (seller_id, {Told})
        select @SellerId, {Told} from jsonb_populate_recordset(null::bank_entry, @Entries::jsonb)
        """;
    private const string Supersede = """
        update bank_entry set state = 'superseded'
        where seller_id = @SellerId and state = 'pending' and shape = any(@Shapes)
        """;
    private const string KeepStatement = """
        insert into bank_statement (seller_id, file, place, account, statement_id, page, notification, currency, from_on, to_on, balances,
                                    entries, imported_at)
        values (@SellerId, @File, @Place, @Account, @StatementId, @Page, @IsNotification, @Currency, @From, @To, @Balances::jsonb, @Entries, @At)
        on conflict do nothing
        """;
    private const string StatesOf = "select entry_id, state from bank_entry where seller_id = @SellerId and entry_id = any(@Entries)";

    private static readonly JsonSerializerOptions Rows = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(new Lower()) },
    };

    /// <summary>What came of the file, statement by statement.</summary>
    public sealed record Answer
    {
        /// <summary>In the file's order.</summary>
        public required IReadOnlyList<ImportedStatement> Statements { get; init; }
    }

    /// <summary>What came of a statement.</summary>
    public sealed record ImportedStatement
    {
        /// <summary>The bank's id of it.</summary>
        public required string StatementId { get; init; }

        /// <summary>The account.</summary>
        public required string Account { get; init; }

        /// <summary>The payments that it tells of.</summary>
        public required int Entries { get; init; }

        /// <summary>Those that nobody had told before.</summary>
        public required int New { get; init; }

        /// <summary>Those that had been told.</summary>
        public required int Repeated { get; init; }

        /// <summary>Of the new ones: known, and booked so.</summary>
        public required int Matched { get; init; }

        /// <summary>Of the new ones: something is proposed.</summary>
        public required int Proposed { get; init; }

        /// <summary>Of the new ones: nobody knows what they are.</summary>
        public required int Unknown { get; init; }

        /// <summary>Of the new ones: the bank has not booked them.</summary>
        public required int Pending { get; init; }

        /// <summary>Of the new ones: shown, and no business of these books.</summary>
        public required int Noted { get; init; }
    }

    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>Takes what is new of a file, and says what came of it; <paramref name="sha256"/> is the file's.</summary>
    public async Task<Outcome<Answer>> HandleAsync(Caller caller, Stream file, byte[] sha256, CancellationToken token)
    {
        // Some at a time, and the others wait without a connection: a seller's uploads stand in nobody's way.
        await Turns.WaitAsync(token);
        try
        {
            return await ImportAsync(caller, file, sha256, token);
        }
        finally
        {
            Turns.Release();
        }
    }

    private async Task<Outcome<Answer>> ImportAsync(Caller caller, Stream file, byte[] sha256, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("ImportStatement");
        var read = CamtReader.Read(file);
        if (read.Refused(out var unreadable))
        {
            return unreadable;
        }

        var told = new List<(CamtStatement Statement, IReadOnlyList<BankEntry> Entries, IReadOnlyList<Guid> New)>();
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            var accounts = (await connection.QueryAsync<string>(AccountsOf, new { caller.SellerId }, transaction)).ToHashSet();
            var foreign = read.Value.Statements.FirstOrDefault(each => !accounts.Contains(Iban.Compact(each.Account)));
            if (foreign is not null)
            {
                return PaymentsFaults.ForeignAccount.With(Iban.Compact(foreign.Account));
            }

            await connection.ExecuteAsync(WaitForMyTurn, new { caller.SellerId }, transaction);
            var count = 0;
            for (var i = 0; i < read.Value.Statements.Count; i++)
            {
                var statement = read.Value.Statements[i];
                // Ids in the file's order: who paid first is looked at first.
                var from = clock.GetUtcNow().AddMilliseconds(count);
                var (entries, isNew) = await KeepAsync(transaction, caller.SellerId, statement, read.Value.IsNotification, from);
                await KeepStatementAsync(transaction, caller.SellerId, statement, read.Value.IsNotification, sha256, i, entries.Count);
                told.Add((statement, entries, isNew));
                count += entries.Count;
            }

            await transaction.CommitAsync(token);
        }

        Guid[] added = [.. told.SelectMany(each => each.New)];
        LogImported(caller.SellerId, told.Count, added.Length);
        if (added.Length > 0)
        {
            await suggest.WaitAgainAsync(caller.SellerId, added, token);
        }

        await suggest.RunAsync(caller.SellerId, token);
        return await AnswerAsync(caller.SellerId, told, token);
    }

    private async Task<(IReadOnlyList<BankEntry> Entries, IReadOnlyList<Guid> New)> KeepAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        CamtStatement statement,
        bool isNotification,
        DateTimeOffset from
    )
    {
        var connection = transaction.Connection!;
        Dictionary<string, int> equal = statement.Page is null
            ? []
            : (
                await connection.QueryAsync<Equal>(
                    EqualOnOtherPages,
                    new
                    {
                        SellerId = seller,
                        Account = Iban.Compact(statement.Account),
                        statement.StatementId,
                        statement.Page,
                        Likenesses = StatementEntries.LikenessesOf(statement).ToArray(),
                    },
                    transaction
                )
            ).ToDictionary(each => each.Likeness, each => (int)each.Times, StringComparer.Ordinal);
        var entries = StatementEntries.Of(statement, likeness => equal.GetValueOrDefault(likeness));
        var movements = entries.Select(each => each.Movement).Distinct(StringComparer.Ordinal).ToArray();
        var known = (
            await connection.QueryAsync<KnownMovement>(Known, new { SellerId = seller, Movements = movements }, transaction)
        ).ToDictionary(each => each.Movement, each => each.IsBooked, StringComparer.Ordinal);
        var others = await ToldByTheOtherAsync(transaction, seller, statement, isNotification, entries, known);
        var (now, again) = (new List<Row>(), new List<Row>());
        foreach (var entry in entries)
        {
            var row = RowOf(entry, isNotification, from.AddMilliseconds(now.Count));
            if (known.ContainsKey(entry.Movement))
            {
                again.Add(row);
            }
            else if (others.TryGetValue(entry.Movement, out var other))
            {
                again.Add(row with { Movement = other });
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
                again.FindAll(each => each.IsBooked && !known.GetValueOrDefault(each.Movement, true)),
                isNotification
            );
        }

        var shapes = now.Where(each => each.IsBooked).Select(each => each.Shape).Distinct(StringComparer.Ordinal).ToArray();
        await connection.ExecuteAsync(Supersede, new { SellerId = seller, Shapes = shapes }, transaction);
        return (entries, now.ConvertAll(each => each.EntryId));
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
        Dictionary<string, bool> known
    )
    {
        var fresh = entries.Where(each => each.Part == 1 && each.IsBooked && !known.ContainsKey(each.Movement)).ToList();
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
        CamtStatement statement,
        bool isNotification,
        byte[] sha256,
        int place,
        int entries
    ) =>
        await transaction.Connection!.ExecuteAsync(
            KeepStatement,
            new
            {
                SellerId = seller,
                File = sha256,
                Place = place,
                Account = Iban.Compact(statement.Account),
                statement.StatementId,
                statement.Page,
                IsNotification = isNotification,
                Currency = statement.Currency?.Code,
                statement.From,
                statement.To,
                Balances = JsonSerializer.Serialize(statement.Balances, Wire.Tolerant),
                Entries = entries,
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
                !entry.IsBooked ? EntryState.Pending
                // What comes back to us had been paid by us, and that is no business of these books.
                : entry.Amount == 0m || entry.Kind == EntryKind.CameBack ? EntryState.Noted
                : EntryState.Waiting,
        };

    private async Task<Answer> AnswerAsync(
        SellerId seller,
        List<(CamtStatement Statement, IReadOnlyList<BankEntry> Entries, IReadOnlyList<Guid> New)> told,
        CancellationToken token
    )
    {
        await using var connection = await database.OpenConnectionAsync(token);
        Guid[] added = [.. told.SelectMany(each => each.New)];
        var states = (
            await connection.QueryAsync<(Guid Entry, string State)>(StatesOf, new { SellerId = seller, Entries = added })
        ).ToDictionary(each => each.Entry, each => each.State);
        return new Answer
        {
            Statements =
            [
                .. told.Select(each =>
                {
                    var counts = each.New.Where(states.ContainsKey).CountBy(entry => states[entry]).ToDictionary();
                    return new ImportedStatement
                    {
                        StatementId = each.Statement.StatementId,
                        Account = Iban.Compact(each.Statement.Account),
                        Entries = each.Entries.Count,
                        New = each.New.Count,
                        Repeated = each.Entries.Count - each.New.Count,
                        Matched = counts.GetValueOrDefault("matched"),
                        Proposed = counts.GetValueOrDefault("proposed"),
                        Unknown = counts.GetValueOrDefault("open") + counts.GetValueOrDefault("waiting"),
                        Pending = counts.GetValueOrDefault("pending"),
                        Noted = counts.GetValueOrDefault("noted"),
                    };
                }),
            ],
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Statements} statements of {SellerId} brought {Entries} new lines")]
    private partial void LogImported(SellerId sellerId, int statements, int entries);

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
