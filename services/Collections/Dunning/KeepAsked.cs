using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// That Delivery is asked for notices is kept before it is, apart from what is recorded after: a crash or a lost answer leaves it, and it
/// counts as a message until the same notice is asked for again and answered.
/// </summary>
public static class KeepAsked
{
    private const string Asking = """
        insert into notice_asked (seller_id, notice_id, asked_at, claims)
        select @seller, notice_id, @now, claims::jsonb from unnest(@notices::uuid[], @claims::text[]) as asked (notice_id, claims)
        order by notice_id
        on conflict (seller_id, notice_id) do update set asked_at = excluded.asked_at, claims = excluded.claims
        """;
    private const string Answered = "delete from notice_asked where seller_id = @seller and notice_id = any(@notices)";
    private const string Unanswered = """
        select notice_id, claims::text from notice_asked where notice_id = any(@notices) and seller_id = any(@sellers)
        """;

    /// <summary>On a connection of its own: it stands whatever becomes of the transaction that holds the notices.</summary>
    public static async Task AskingAsync(
        NpgsqlDataSource database,
        SellerId seller,
        IReadOnlyCollection<(NoticeId Notice, IReadOnlyList<NewClaim> Claims)> notices,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (notices.Count == 0)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Asking,
                new
                {
                    seller = seller.Value,
                    notices = notices.Select(each => each.Notice.Value).ToArray(),
                    claims = notices.Select(each => JsonSerializer.Serialize(each.Claims, Wire.Tolerant)).ToArray(),
                    now,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>What became of them is known and recorded in this transaction, or they were not asked for after all.</summary>
    public static async Task AnsweredAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyCollection<NoticeId> notices,
        CancellationToken cancellationToken
    )
    {
        if (notices.Count == 0)
        {
            return;
        }

        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                Answered,
                new { seller = seller.Value, notices = notices.Select(notice => notice.Value).ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Which of these were asked for and not answered, with what was claimed in them.</summary>
    public static async Task<IReadOnlyDictionary<NoticeId, IReadOnlyList<NewClaim>>> UnansweredAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<PlannedNotice> notices,
        CancellationToken cancellationToken
    )
    {
        var asked = await transaction.Connection!.QueryAsync<(Guid Notice, string Claims)>(
            new CommandDefinition(
                Unanswered,
                new
                {
                    sellers = notices.Select(notice => notice.SellerId.Value).Distinct().ToArray(),
                    notices = notices.Select(notice => notice.NoticeId.Value).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return asked.ToDictionary(
            row => NoticeId.Of(row.Notice),
            row => JsonSerializer.Deserialize<IReadOnlyList<NewClaim>>(row.Claims, Wire.Tolerant)!
        );
    }
}
