using Dapper;
using Npgsql;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Lists what the audit says, the latest first.</summary>
internal sealed class ListAudit(NpgsqlDataSource database)
{
    private const string Page = """
        select audit_id, seller_id, at, who, role, act, subject, status, trace_id from audit
        where (@seller::text is null or seller_id = @seller)
            and (@from::timestamptz is null or audit_id >= uuid_at(@from::timestamptz))
            and (@to::timestamptz is null or audit_id < uuid_at(@to::timestamptz))
            and (@before::uuid is null or audit_id < @before)
            and (@who::text is null or lower(who) = lower(@who))
            and (@subject::text is null or position(lower(@subject) in lower(subject)) > 0)
        order by audit_id desc limit @most
        """;

    /// <summary>A page.</summary>
    public async Task<AuditPage> HandleAsync(AuditQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (
            await connection.QueryAsync<AuditEntry>(
                new CommandDefinition(
                    Page,
                    new
                    {
                        question.Seller,
                        question.From,
                        question.To,
                        who = Asked(question.Who),
                        subject = Asked(question.Subject),
                        question.Before,
                        most = question.Most + 1,
                    },
                    cancellationToken: cancellationToken
                )
            )
        ).ToList();
        return rows.Count > question.Most
            ? new AuditPage { Items = rows[..question.Most], NextCursor = rows[question.Most - 1].AuditId.ToString() }
            : new AuditPage { Items = rows };
    }

    private static string? Asked(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim().Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>What is asked of the audit.</summary>
internal sealed record AuditQuestion(
    string? Seller,
    DateTimeOffset? From,
    DateTimeOffset? To,
    string? Who,
    string? Subject,
    Guid? Before,
    int Most
);
