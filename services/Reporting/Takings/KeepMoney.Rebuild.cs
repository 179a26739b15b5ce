using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>The same facts and sums of everything that was ever told, made into empty tables.</summary>
public sealed partial class KeepMoney
{
    private const string CopyFacts = """
        copy taking_fact
            (seller_id, subject, event_id, known_at, kind, at, day, currency, amount, part, date, means, provider, payment, version)
        from stdin (format binary)
        """;
    private const string CopyMade = """
        copy taking_made (seller_id, known_at, kind, day, due, means, provider, currency, amount, count) from stdin (format binary)
        """;
    private const string CopyDebts =
        "copy debt (seller_id, invoice_id, number, customer_id, currency, due_date, amount_due) from stdin (format binary)";

    // What is told of one invoice or payment lies together, so that each is followed once and nothing of it is kept in memory.
    private const string AllFacts = """
        declare all_facts no scroll cursor for
        select seller_id, subject, event_id, kind, at, day, currency, amount, part, date, means, provider, payment, version, known_at
        from taking_fact order by seller_id, subject
        """;
    private const string NextFacts = "fetch 20000 from all_facts";
    private const string EndOfFacts = "close all_facts";

    // Each sum of an instant once, as it was kept when it happened; its id is one of version 7 of that instant.
    private const string MakeChanges = """
        insert into taking_change (seller_id, change_id, known_at, kind, day, due, means, provider, currency, amount, count)
        select seller_id, (left(uuid_at(known_at)::text, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid, known_at, kind, day, due,
            means, provider, currency, sum(amount), sum(count)::bigint
        from taking_made
        group by seller_id, known_at, kind, day, due, means, provider, currency
        having sum(amount) <> 0 or sum(count) <> 0
        """;
    private const string ForgetMade = "delete from taking_made";
    private const string AddUpAll = """
        insert into taking_sum (seller_id, kind, day, due, means, provider, currency, amount, count)
        select seller_id, kind, day, due, means, provider, currency, sum(amount), sum(count)::bigint
        from taking_change group by 1, 2, 3, 4, 5, 6, 7
        """;
    private const string AddUpAllHours = """
        insert into taking_hour (seller_id, kind, day, known_hour, due, means, provider, currency, amount, count)
        select seller_id, kind, day, date_trunc('hour', known_at, 'UTC'), due, means, provider, currency, sum(amount), sum(count)::bigint
        from taking_change group by 1, 2, 3, 4, 5, 6, 7, 8
        """;
    private const string AddUpAllDueDates = """
        insert into taking_due (seller_id, due, currency, amount, count)
        select seller_id, due, currency, sum(amount), sum(count)::bigint from taking_change where kind = 'owed' group by 1, 2, 3
        """;

    private const int MostChangesInMemory = 200_000;

    /// <inheritdoc />
    public IReadOnlyList<string> Appended => ["taking_fact"];

    /// <inheritdoc />
    public async Task LoadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        await KeepForecastsAsync(
            transaction,
            [.. told.Where(each => each.Event is ForecastMade).Select(each => ((ForecastMade)each.Event, each.KnownAt))],
            cancellationToken
        );
        var facts = await FactsOfAsync(transaction, told, cancellationToken);
        if (facts.Length == 0)
        {
            return;
        }

        await using var copy = await transaction.Connection!.BeginBinaryImportAsync(CopyFacts, cancellationToken);
        foreach (var (fact, knownAt) in facts)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(fact.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(fact.Subject, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(fact.EventId.Value, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(knownAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(fact.Kind, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(fact.At.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(fact.Day, NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(fact.Currency.Code, NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(fact.Amount, NpgsqlDbType.Numeric, cancellationToken);
            await copy.WriteAsync(fact.Part, NpgsqlDbType.Numeric, cancellationToken);
            await WriteOrNullAsync(copy, fact.Date, NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(fact.Means, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(fact.Provider, NpgsqlDbType.Text, cancellationToken);
            await WriteOrNullAsync(copy, fact.Payment, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(fact.Version, NpgsqlDbType.Bigint, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task MakeSumsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await ExecuteAsync(transaction, AllFacts, cancellationToken);
        var changes = new SortedDictionary<DateTimeOffset, TakingSums>();
        var (debts, subject) = (new List<Open>(), new List<(TakingFact Fact, DateTimeOffset KnownAt)>());
        while (await NextAsync(transaction, cancellationToken) is { Count: > 0 } facts)
        {
            foreach (var each in facts)
            {
                if (subject.Count > 0 && (subject[0].Fact.Subject != each.Fact.Subject || subject[0].Fact.SellerId != each.Fact.SellerId))
                {
                    Follow();
                }

                subject.Add(each);
            }

            if (changes.Sum(at => at.Value.Count) > MostChangesInMemory)
            {
                await CopyAsync(transaction, changes, debts, cancellationToken);
                changes.Clear();
                debts.Clear();
            }
        }

        if (subject.Count > 0)
        {
            Follow();
        }

        await ExecuteAsync(transaction, EndOfFacts, cancellationToken);
        await CopyAsync(transaction, changes, debts, cancellationToken);
        await ExecuteAsync(transaction, MakeChanges, cancellationToken);
        await ExecuteAsync(transaction, ForgetMade, cancellationToken);
        await ExecuteAsync(transaction, AddUpAll, cancellationToken);
        await ExecuteAsync(transaction, AddUpAllHours, cancellationToken);
        await ExecuteAsync(transaction, AddUpAllDueDates, cancellationToken);

        void Follow()
        {
            if (KeepMoney.Follow(subject, changes) is { } open)
            {
                debts.Add(open);
            }

            subject.Clear();
        }
    }

    private static async Task<List<(TakingFact Fact, DateTimeOffset KnownAt)>> NextAsync(
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(NextFacts, transaction.Connection, transaction) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var facts = new List<(TakingFact, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            facts.Add((LoadTakings.FactIn(reader), await reader.GetFieldValueAsync<DateTimeOffset>(14, cancellationToken)));
        }

        return facts;
    }

    private static async Task CopyAsync(
        NpgsqlTransaction transaction,
        SortedDictionary<DateTimeOffset, TakingSums> changes,
        List<Open> debts,
        CancellationToken cancellationToken
    )
    {
        await using (var copy = await transaction.Connection!.BeginBinaryImportAsync(CopyMade, cancellationToken))
        {
            foreach (var (knownAt, sums) in changes)
            {
                foreach (var (key, figure) in sums.All)
                {
                    await copy.StartRowAsync(cancellationToken);
                    await copy.WriteAsync(key.Seller.Value, NpgsqlDbType.Text, cancellationToken);
                    await copy.WriteAsync(knownAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
                    await copy.WriteAsync(key.Kind, NpgsqlDbType.Text, cancellationToken);
                    await copy.WriteAsync(key.Day, NpgsqlDbType.Date, cancellationToken);
                    await copy.WriteAsync(key.Due, NpgsqlDbType.Date, cancellationToken);
                    await copy.WriteAsync(key.Means, NpgsqlDbType.Text, cancellationToken);
                    await copy.WriteAsync(key.Provider, NpgsqlDbType.Text, cancellationToken);
                    await copy.WriteAsync(key.Currency.Code, NpgsqlDbType.Char, cancellationToken);
                    await copy.WriteAsync(figure.Amount, NpgsqlDbType.Numeric, cancellationToken);
                    await copy.WriteAsync(figure.Count, NpgsqlDbType.Bigint, cancellationToken);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var open = await transaction.Connection!.BeginBinaryImportAsync(CopyDebts, cancellationToken);
        foreach (var debt in debts)
        {
            await open.StartRowAsync(cancellationToken);
            await open.WriteAsync(debt.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
            await open.WriteAsync(debt.InvoiceId, NpgsqlDbType.Uuid, cancellationToken);
            await open.WriteAsync(debt.Number, NpgsqlDbType.Text, cancellationToken);
            await open.WriteAsync(debt.Customer, NpgsqlDbType.Text, cancellationToken);
            await open.WriteAsync(debt.Currency.Code, NpgsqlDbType.Char, cancellationToken);
            await open.WriteAsync(debt.Due, NpgsqlDbType.Date, cancellationToken);
            await open.WriteAsync(debt.AmountDue, NpgsqlDbType.Numeric, cancellationToken);
        }

        await open.CompleteAsync(cancellationToken);
    }

    private static Task WriteOrNullAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : struct => value is { } known ? copy.WriteAsync(known, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
