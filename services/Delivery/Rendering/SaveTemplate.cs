using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// A seller's own template is taken when it has written two samples well, one with everything and one with little, in the seller's
/// language; from then on its mails and pages are set by it.
/// </summary>
public sealed class SaveTemplate(NpgsqlDataSource database, Neighbours neighbours, FindLook looks, TimeProvider clock)
{
    private const string Keep = """
        insert into seller_template (seller_id, name, version, source, saved_at) values (@seller, @name, @version, @source, @now)
        on conflict (seller_id, name) do update
        set version = excluded.version, source = excluded.source, saved_at = excluded.saved_at, last_error = null, last_error_at = null
        """;

    private const string Drop = "delete from seller_template where seller_id = @seller and name = @name";

    /// <summary>Keeps it in place of the one before.</summary>
    public async Task<Outcome<OwnTemplate>> RunAsync(SellerId seller, string name, string source, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("SaveTemplate");
        var read = SellerTemplate.Of(name, source);
        if (read.Refused(out var fault))
        {
            return fault;
        }

        var known = await neighbours.SellerAsync(seller, cancellationToken);
        if (TemplateSample.Refuse(name, read.Value, known) is { } refused)
        {
            return refused;
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                seller = seller.Value,
                name,
                version = Guid.CreateVersion7(),
                source,
                now,
            }
        );
        looks.Forget(seller);
        return new OwnTemplate
        {
            Name = name,
            Own = true,
            SavedAt = now,
        };
    }

    /// <summary>Goes back to ours.</summary>
    public async Task<Fault?> DropAsync(SellerId seller, string name, CancellationToken cancellationToken)
    {
        if (name is not (Templates.Mail or Templates.Page))
        {
            return DeliveryFaults.NoTemplate.With(name);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var dropped = await connection.ExecuteAsync(Drop, new { seller = seller.Value, name });
        looks.Forget(seller);
        return dropped == 0 ? DeliveryFaults.NoOwnTemplate.With(name) : null;
    }
}
