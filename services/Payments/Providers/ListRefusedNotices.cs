using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// A seller sees what came in the name of its providers and was not believed: forged, late, or sent while we and the provider hold
/// different secrets.
/// </summary>
public sealed class ListRefusedNotices(NpgsqlDataSource database)
{
    private const string OfSeller = """
        select r.position, r.provider, r.account_id, r.at, r.code, r.sha256, r.body_start, r.remote
        from refused_notice r
        where r.seller_id = @SellerId and (@Before::bigint is null or r.position < @Before)
        order by r.position desc limit @Limit + 1
        """;

    /// <summary>A page of it, the latest first.</summary>
    public async Task<Outcome<Page>> HandleAsync(SellerId seller, string? cursor, int? limit, CancellationToken token)
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        long? before = null;
        if (cursor is not null)
        {
            if (!long.TryParse(Cursor.Read(cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                return Cursor.Unreadable();
            }

            before = last;
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    OfSeller,
                    new
                    {
                        SellerId = seller,
                        Before = before,
                        Limit = most,
                    },
                    cancellationToken: token
                )
            )
        ).ToArray();
        return new Page
        {
            Notices = [.. rows.Take(most).Select(Shown)],
            Cursor = rows.Length > most ? Cursor.Of(rows[most - 1].Position.ToString(CultureInfo.InvariantCulture)) : null,
        };
    }

    private static Notice Shown(Row row) =>
        new()
        {
            Provider = row.Provider,
            AccountId = row.AccountId,
            At = row.At,
            Code = row.Code,
            Sha256 = Convert.ToHexStringLower(row.Sha256),
            BodyStart = row.BodyStart,
            Remote = row.Remote,
        };

    /// <summary>A page.</summary>
    public sealed record Page
    {
        /// <summary>What was not believed.</summary>
        public required IReadOnlyList<Notice> Notices { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? Cursor { get; init; }
    }

    /// <summary>Something that was not believed.</summary>
    public sealed record Notice
    {
        /// <summary>In whose name it came.</summary>
        public required string Provider { get; init; }

        /// <summary>Which account it said that it was for.</summary>
        public required string AccountId { get; init; }

        /// <summary>When it came.</summary>
        public required DateTimeOffset At { get; init; }

        /// <summary>Why it is not believed.</summary>
        public required string Code { get; init; }

        /// <summary>What the whole of it hashes to.</summary>
        public required string Sha256 { get; init; }

        /// <summary>How it begins.</summary>
        public required string BodyStart { get; init; }

        /// <summary>The address that it came from.</summary>
        public string? Remote { get; init; }
    }

    private sealed record Row
    {
        public long Position { get; init; }

        public string Provider { get; init; } = "";

        public string AccountId { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public string Code { get; init; } = "";

        public byte[] Sha256 { get; init; } = [];

        public string BodyStart { get; init; } = "";

        public string? Remote { get; init; }
    }
}
