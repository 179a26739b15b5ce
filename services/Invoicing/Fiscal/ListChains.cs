using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Lists every chain of the installation: how long it is, what waits for the tax agency, and whether it is on hold.</summary>
public sealed class ListChains(NpgsqlDataSource database)
{
    private const string All = """
        select c.tax_id, c.environment, c.installation, c.last as records, c.recorded_at as last_recorded_at,
            (select array_agg(distinct n.seller_id order by n.seller_id) from number_series n
                where n.tax_id = c.tax_id and n.environment = c.environment) as sellers,
            (select count(*) from fiscal_record r where r.tax_id = c.tax_id and r.environment = c.environment
                and r.installation = c.installation and r.position > coalesce(q.answered_to, 0)
                and not exists (select from fiscal_answer a where a.tax_id = r.tax_id and a.environment = r.environment
                    and a.installation = r.installation and a.position = r.position offset 0)) as pending,
            q.incident_since, q.last_failure, h.hold_id, h.reason
        from fiscal_chain c
            left join fiscal_queue q using (tax_id, environment, installation)
            left join fiscal_hold h on (h.tax_id, h.environment, h.installation) = (c.tax_id, c.environment, c.installation)
                and h.lifted_at is null
        order by 1, 2, 3
        """;

    /// <summary>By taxpayer.</summary>
    public async Task<ChainList> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new ChainList { Chains = [.. await connection.QueryAsync<ListedChain>(All)] };
    }
}

/// <summary>A chain in the operator's list.</summary>
public sealed record ListedChain
{
    /// <summary>The taxpayer.</summary>
    public required string TaxId { get; init; }

    /// <summary>Test or production.</summary>
    public required SellerEnvironment Environment { get; init; }

    /// <summary>NumeroInstalacion.</summary>
    public required string Installation { get; init; }

    /// <summary>The sellers that have issued as this taxpayer.</summary>
    public string[]? Sellers { get; init; }

    /// <summary>The place of its last record.</summary>
    public required long Records { get; init; }

    /// <summary>When that was made.</summary>
    public DateTimeOffset? LastRecordedAt { get; init; }

    /// <summary>Records that the tax agency has not answered.</summary>
    public required long Pending { get; init; }

    /// <summary>Since when nothing could be sent.</summary>
    public DateTimeOffset? IncidentSince { get; init; }

    /// <summary>Why, as last told.</summary>
    public string? LastFailure { get; init; }

    /// <summary>The hold that stands.</summary>
    public Guid? HoldId { get; init; }

    /// <summary>Its reason.</summary>
    public string? Reason { get; init; }
}

/// <summary>Every chain.</summary>
public sealed record ChainList
{
    /// <summary>By taxpayer.</summary>
    public required IReadOnlyList<ListedChain> Chains { get; init; }
}
