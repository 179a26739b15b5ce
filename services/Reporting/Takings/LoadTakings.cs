using System.Buffers.Binary;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Takings;

/// <summary>
/// The sums as they are now, or as they were known at an instant: those of the whole hours before it, and what became known in its own hour
/// up to it. A query that reads from <c>told</c> and <c>owed</c> asks the same of both.
/// </summary>
public static class LoadTakings
{
    /// <summary>By all that is known.</summary>
    public const string Now = """
        told as (
            select kind, day, due, means, provider, currency, amount, count
            from taking_sum
            where seller_id = @seller and kind = any(@kinds) and day between @since and @to
        )
        """;

    /// <summary>By what was known at an instant.</summary>
    public const string Then = """
        told as (
            select kind, day, due, means, provider, currency, amount, count
            from taking_hour
            where seller_id = @seller and kind = any(@kinds) and day between @since and @to and known_hour < date_trunc('hour', @asOf, 'UTC')
            union all
            select kind, day, due, means, provider, currency, amount, count
            from taking_change
            where seller_id = @seller and change_id >= @sinceHour and known_at >= date_trunc('hour', @asOf, 'UTC') and known_at <= @asOf
              and kind = any(@kinds) and day between @since and @to
        )
        """;

    /// <summary>
    /// What is owed by due date, by all that is known: on the day before <c>@since</c> what stood then, and how it changed on each day from
    /// there to <c>@to</c>. It begins at what is owed now and goes back, so that it reads no days before.
    /// </summary>
    public const string OwedNow = """
        owed as (
            select @since - 1 as day, due, currency, amount, count from taking_due where seller_id = @seller
            union all
            select @since - 1, due, currency, -amount, -count from taking_sum where seller_id = @seller and kind = 'owed' and day >= @since
            union all
            select day, due, currency, amount, count
            from taking_sum
            where seller_id = @seller and kind = 'owed' and day between @since and @to
        )
        """;

    /// <summary>The same by what was known at an instant.</summary>
    public const string OwedThen = """
        owed as (
            select greatest(day, @since - 1) as day, due, currency, amount, count
            from taking_hour
            where seller_id = @seller and kind = 'owed' and day <= @to and known_hour < date_trunc('hour', @asOf, 'UTC')
            union all
            select greatest(day, @since - 1), due, currency, amount, count
            from taking_change
            where seller_id = @seller and change_id >= @sinceHour and known_at >= date_trunc('hour', @asOf, 'UTC') and known_at <= @asOf
              and kind = 'owed' and day <= @to
        )
        """;

    private const string FactsOf = """
        select f.seller_id, f.subject, f.event_id, f.kind, f.at, f.day, f.currency, f.amount, f.part, f.date, f.means, f.provider,
            f.payment, f.version
        from unnest(@sellers, @subjects) as touched (seller_id, subject)
        join taking_fact f on f.seller_id = touched.seller_id and f.subject = touched.subject
        where @asOf is null or f.known_at <= @asOf
        """;

    /// <summary>The zone of a seller.</summary>
    public const string ZoneOfSeller = "select time_zone from seller where seller_id = @seller";

    /// <summary>Before anything was sold.</summary>
    public static readonly DateOnly Ever = new(1900, 1, 1);

    /// <summary>A day as answers write it.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first id that a change of that instant's hour can have.</summary>
    public static Guid FirstOfHour(DateTimeOffset asOf)
    {
        var milliseconds = asOf.ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Everything that was known of these invoices and payments at an instant, or is now.</summary>
    public static async Task<ILookup<(SellerId SellerId, Guid Subject), TakingFact>> FactsOfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId SellerId, Guid Subject)> subjects,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(FactsOf, connection, transaction)
        {
            Parameters =
            {
                new("sellers", subjects.Select(subject => subject.SellerId.Value).ToArray()),
                new("subjects", subjects.Select(subject => subject.Subject).ToArray()),
                new("asOf", NpgsqlDbType.TimestampTz) { Value = (object?)knownAt?.ToUniversalTime() ?? DBNull.Value },
            },
        };
        var facts = new List<TakingFact>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            facts.Add(FactIn(reader));
        }

        return facts.ToLookup(fact => (fact.SellerId, fact.Subject));
    }

    /// <summary>The fact in a row that begins with its columns, in the order of <see cref="FactsOf" />.</summary>
    internal static TakingFact FactIn(NpgsqlDataReader reader) =>
        new()
        {
            SellerId = SellerId.Of(reader.GetString(0)),
            Subject = reader.GetGuid(1),
            EventId = EventId.Of(reader.GetGuid(2)),
            Kind = reader.GetString(3),
            At = reader.GetFieldValue<DateTimeOffset>(4),
            Day = reader.GetFieldValue<DateOnly>(5),
            Currency = Currency.Of(reader.GetString(6)),
            Amount = reader.GetDecimal(7),
            Part = reader.GetDecimal(8),
            Date = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateOnly>(9),
            Means = reader.GetString(10),
            Provider = reader.GetString(11),
            Payment = reader.IsDBNull(12) ? null : reader.GetGuid(12),
            Version = reader.GetInt64(13),
        };
}
