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
    private const string AccountsOf = """
        select upper(replace(iban, ' ', '')) from seller where seller_id = @SellerId and coalesce(iban, '') <> ''
        union
        select account from bank_account where seller_id = @SellerId
        """;

    // One import of a seller at a time: what two files tell alike is found by whoever comes second.
    private const string WaitForMyTurn = "select pg_advisory_xact_lock(hashtextextended(@SellerId, 20022))";

    private const string StatesOf = "select entry_id, state from bank_entry where seller_id = @SellerId and entry_id = any(@Entries)";

    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>Takes what is new of a file, and says what came of it; <paramref name="sha256"/> is the file's.</summary>
    public async Task<Outcome<ImportedFile>> HandleAsync(Caller caller, Stream file, byte[] sha256, CancellationToken token)
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

    private async Task<Outcome<ImportedFile>> ImportAsync(Caller caller, Stream file, byte[] sha256, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("ImportStatement");
        var read = CamtReader.Read(file);
        if (read.Refused(out var unreadable))
        {
            return unreadable;
        }

        var message = read.Value.Message;
        var told = message.Statements.Select(statement => new Told(statement)).ToList();
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            var accounts = (await connection.QueryAsync<string>(AccountsOf, new { caller.SellerId }, transaction)).ToHashSet();
            var foreign = message.Statements.FirstOrDefault(each => !accounts.Contains(Iban.Compact(each.Account)));
            if (foreign is not null)
            {
                return PaymentsFaults.ForeignAccount.With(Iban.Compact(foreign.Account));
            }

            await connection.ExecuteAsync(WaitForMyTurn, new { caller.SellerId }, transaction);
            var count = 0;
            foreach (var (place, entries) in read.Value.Portions(AtOnce))
            {
                // Ids in the file's order: who paid first is looked at first.
                var from = clock.GetUtcNow().AddMilliseconds(count);
                count -= told[place].Entries;
                await KeepAsync(transaction, caller.SellerId, told[place], entries, message.IsNotification, from);
                count += told[place].Entries;
            }

            for (var i = 0; i < told.Count; i++)
            {
                await KeepStatementAsync(transaction, caller.SellerId, told[i], message.IsNotification, sha256, i);
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

    private async Task<ImportedFile> AnswerAsync(SellerId seller, List<Told> told, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        Guid[] added = [.. told.SelectMany(each => each.New)];
        var states = (
            await connection.QueryAsync<(Guid Entry, string State)>(StatesOf, new { SellerId = seller, Entries = added })
        ).ToDictionary(each => each.Entry, each => each.State);
        return new ImportedFile
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
                        Entries = each.Entries,
                        New = each.New.Count,
                        Repeated = each.Entries - each.New.Count,
                        Matched = counts.GetValueOrDefault("matched"),
                        Proposed = counts.GetValueOrDefault("proposed"),
                        Unknown = counts.GetValueOrDefault("open") + counts.GetValueOrDefault("waiting"),
                        Pending = counts.GetValueOrDefault("pending"),
                        Noted = counts.GetValueOrDefault("noted"),
                        Unbooked = counts.GetValueOrDefault("unbooked"),
                    };
                }),
            ],
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Statements} statements of {SellerId} brought {Entries} new lines")]
    private partial void LogImported(SellerId sellerId, int statements, int entries);
}
