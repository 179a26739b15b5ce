using MassTransit;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>A seller's name, zone and tax status are known as it last told them.</summary>
public sealed class LearnSeller(KeepFacts facts) : IConsumer<SellerRegistered>
{
    /// <summary>Its queue.</summary>
    public const string Queue = "reporting-learn-seller";

    /// <summary>Takes the event.</summary>
    public Task Consume(ConsumeContext<SellerRegistered> context) =>
        facts.KeepAsync(context.Message, context.Message.RegisteredAt, context.CancellationToken);
}

/// <summary>The row of each seller: that of its highest version, in whatever order they are told.</summary>
public sealed class KeepSellers : IProjection
{
    private const string Keep = """
        insert into seller as known
            (seller_id, version, event_id, known_at, name, trade_name, tax_id, time_zone, language, email, environment, territory,
             equivalence_surcharge)
        select * from unnest(@sellers, @versions, @events, @known, @names, @tradeNames, @taxIds, @zones, @languages, @emails, @environments,
            @territories, @surcharges)
        on conflict (seller_id) do update set
            version = excluded.version, event_id = excluded.event_id, known_at = excluded.known_at, name = excluded.name,
            trade_name = excluded.trade_name, tax_id = excluded.tax_id, time_zone = excluded.time_zone, language = excluded.language,
            email = excluded.email, environment = excluded.environment, territory = excluded.territory,
            equivalence_surcharge = excluded.equivalence_surcharge
        where known.version < excluded.version
        """;

    /// <inheritdoc />
    public string Name => "sellers";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables => ["seller"];

    /// <inheritdoc />
    public async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        var sellers = told.Where(each => each.Event is SellerRegistered)
            .Select(each => (Seller: (SellerRegistered)each.Event, each.KnownAt))
            .GroupBy(each => each.Seller.SellerId)
            .Select(versions => versions.MaxBy(each => each.Seller.Version))
            .ToArray();
        if (sellers.Length == 0)
        {
            return;
        }

        NpgsqlParameter Texts(string name, Func<SellerRegistered, string?> value) =>
            new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = sellers.Select(each => value(each.Seller)).ToArray() };
        await using var command = new NpgsqlCommand(Keep, transaction.Connection, transaction)
        {
            Parameters =
            {
                Texts("sellers", seller => seller.SellerId.Value),
                new("versions", sellers.Select(each => each.Seller.Version).ToArray()),
                new("events", sellers.Select(each => each.Seller.EventId.Value).ToArray()),
                new("known", sellers.Select(each => each.KnownAt.ToUniversalTime()).ToArray()),
                Texts("names", seller => seller.Name),
                Texts("tradeNames", seller => seller.TradeName),
                Texts("taxIds", seller => seller.TaxId),
                Texts("zones", seller => seller.TimeZone),
                Texts("languages", seller => seller.Language),
                Texts("emails", seller => seller.Email),
                Texts("environments", seller => KebabCase(seller.Environment.ToString())),
                Texts("territories", seller => KebabCase(seller.Territory.ToString())),
                new("surcharges", sellers.Select(each => each.Seller.EquivalenceSurcharge).ToArray()),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>As it is on wires: ceuta-melilla.</summary>
    private static string KebabCase(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
