using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>The seller's journal, line by line in the order it was written: of one account or all, between two days of the seller.</summary>
public sealed class ReadLedger(NpgsqlDataSource database)
{
    private const string LinesOf = """
        select e.position, l.line as nth, e.entry_id, e.kind, e.invoice_id, e.payment_id, e.occurred_at, l.account, l.currency, l.amount
        from journal_entry e join journal_line l using (seller_id, entry_id)
        where e.seller_id = @SellerId
          and (@Account::text is null or l.account = @Account)
          and (@From::timestamptz is null or e.occurred_at >= @From)
          and (@Until::timestamptz is null or e.occurred_at < @Until)
          and (e.position, l.line) > (@Position, @Line)
        order by e.position, l.line limit @Limit + 1
        """;
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    /// <summary>A page of it; days are inclusive, in the seller's zone.</summary>
    public async Task<Outcome<Page>> HandleAsync(
        Caller caller,
        string? account,
        string? from,
        string? to,
        string? cursor,
        int? limit,
        CancellationToken token
    )
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        if (account is { } named && (named.Length > 60 || named.Any(char.IsControl)))
        {
            return DoorFaults.BadParameter.At("account", "account", "receivable, unallocated, bank …");
        }

        if (!TryDay(from, out var first))
        {
            return DoorFaults.BadParameter.At("from", "from", "2026-11-23");
        }

        if (!TryDay(to, out var last))
        {
            return DoorFaults.BadParameter.At("to", "to", "2026-11-23");
        }

        var (position, line) = (0L, (short)0);
        if (cursor is not null)
        {
            var parts = Cursor.Read(cursor)?.Split('.') ?? [];
            if (
                parts.Length != 2
                || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out position)
                || !short.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out line)
            )
            {
                return Cursor.Unreadable();
            }
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var zone = await connection.QuerySingleOrDefaultAsync<string>(ZoneOf, new { caller.SellerId });
        var rows = (
            await connection.QueryAsync<Line>(
                LinesOf,
                new
                {
                    caller.SellerId,
                    Account = string.IsNullOrEmpty(account) ? null : account,
                    From = Midnight(first, zone),
                    Until = Midnight(last?.AddDays(1), zone),
                    Position = position,
                    Line = line,
                    Limit = most,
                }
            )
        ).Select(row => row with { Amount = Book.Coins(row.Amount, row.Currency) }).ToArray();
        var more = rows.Length > most;
        return new Page
        {
            Lines = more ? rows[..most] : rows,
            NextCursor = more
                ? Cursor.Of(string.Create(CultureInfo.InvariantCulture, $"{rows[most - 1].Position}.{rows[most - 1].Nth}"))
                : null,
        };
    }

    private static bool TryDay(string? text, out DateOnly? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        // The years are held to what has a midnight in every zone.
        var sound =
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            && parsed.Year is >= 1900 and < 9000;
        day = sound ? parsed : null;
        return sound;
    }

    private static DateTimeOffset? Midnight(DateOnly? day, string? zone)
    {
        if (day is not { } date)
        {
            return null;
        }

        var local = date.ToDateTime(TimeOnly.MinValue);
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone ?? "Europe/Madrid", out var known)
            ? new DateTimeOffset(local, known.GetUtcOffset(local))
            : new DateTimeOffset(local, TimeSpan.Zero);
    }

    /// <summary>A page.</summary>
    public sealed record Page
    {
        /// <summary>Its lines.</summary>
        public required IReadOnlyList<Line> Lines { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? NextCursor { get; init; }
    }

    /// <summary>A line of the journal.</summary>
    public sealed record Line
    {
        /// <summary>Order in the journal.</summary>
        public long Position { get; init; }

        /// <summary>Which line of its entry.</summary>
        [System.Text.Json.Serialization.JsonPropertyName("line")]
        public short Nth { get; init; }

        /// <summary>Its entry, whose lines sum to zero.</summary>
        public Guid EntryId { get; init; }

        /// <summary>What happened.</summary>
        public string Kind { get; init; } = "";

        /// <summary>The invoice.</summary>
        public InvoiceId? InvoiceId { get; init; }

        /// <summary>The payment or credit.</summary>
        public PaymentId? PaymentId { get; init; }

        /// <summary>When it happened.</summary>
        public DateTimeOffset OccurredAt { get; init; }

        /// <summary>The account.</summary>
        public string Account { get; init; } = "";

        /// <summary>Currency of the amount.</summary>
        public Currency Currency { get; init; }

        /// <summary>Debit positive, credit negative.</summary>
        public decimal Amount { get; init; }
    }
}
