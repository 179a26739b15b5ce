using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A seller sees its templates and its logo, and what last went wrong with them.</summary>
public sealed class ListTemplates(NpgsqlDataSource database)
{
    private const string Own = """
        select name, true as own, saved_at, last_error, last_error_at from seller_template where seller_id = @seller
        """;

    private const string OneOfThem = """
        select name, true as own, source, saved_at, last_error, last_error_at from seller_template where seller_id = @seller and name = @name
        """;

    private const string Standing = """
        select
            case
                when url is null then 'none'
                when due_at is null and version is not null then 'kept'
                when last_error is not null then 'failed'
                else 'waiting'
            end as status,
            url, fetched_at, fetched_from, last_error, last_error_at, due_at as next_attempt_at
        from logo where seller_id = @seller
        """;

    /// <summary>Both, without their sources.</summary>
    public async Task<OwnTemplates> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var own = (await connection.QueryAsync<OwnTemplate>(Own, new { seller = seller.Value })).ToDictionary(each => each.Name);
        return new OwnTemplates([
            .. new[] { Templates.Mail, Templates.Page }.Select(name =>
                own.GetValueOrDefault(name) ?? new OwnTemplate { Name = name, Own = false }
            ),
        ]);
    }

    /// <summary>One of them with its source: the seller's own, or ours to begin with.</summary>
    public async Task<Outcome<OwnTemplate>> OneAsync(SellerId seller, string name, CancellationToken cancellationToken)
    {
        if (name is not (Templates.Mail or Templates.Page))
        {
            return DeliveryFaults.NoTemplate.With(name);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OwnTemplate>(OneOfThem, new { seller = seller.Value, name })
            ?? new OwnTemplate
            {
                Name = name,
                Own = false,
                Source = Templates.SourceOf(name),
            };
    }

    /// <summary>The logo.</summary>
    public async Task<LogoStanding> LogoAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<LogoStanding>(Standing, new { seller = seller.Value })
            ?? new LogoStanding { Status = "none" };
    }
}
