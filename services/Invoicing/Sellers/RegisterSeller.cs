using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A seller is registered or changed, and the other services are told the whole of it; the same registration again changes nothing.</summary>
public sealed class RegisterSeller(NpgsqlDataSource database, Outbox outbox, TimeProvider clock, IOptions<VerifactuOptions> verifactu)
{
    private const string Claim = """
        insert into seller (seller_id, body, version, told, registered_at) values (@SellerId, '', 0, '', @now) on conflict do nothing
        """;
    private const string Lock = "select body, version, told from seller where seller_id = @SellerId for update";
    private const string StaffOf = "select email, role, stores from staff where seller_id = @SellerId order by email";
    private const string HasInvoices = "select exists (select from number_series where seller_id = @SellerId)";
    private const string Keep = """
        update seller set body = @body, version = @version, told = @told, registered_at = @now where seller_id = @SellerId
        """;

    /// <summary>Registers; tells whether the seller is new, and what it is now.</summary>
    public async Task<Outcome<(bool IsNew, SellerRegistered Seller)>> RegisterAsync(
        SellerId sellerId,
        SellerBody given,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("RegisterSeller");
        var checking = SellerRules.Of(given);
        if (checking.Refused(out var fault))
        {
            return fault;
        }

        if (FiscalCalendar.Refusal(checking.Value, verifactu.Value, clock.GetUtcNow()) is { } late)
        {
            return late;
        }

        var body = JsonSerializer.Serialize(checking.Value, Wire.Tolerant);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(Claim, new { SellerId = sellerId, now }, transaction);
        var before = await connection.QuerySingleAsync<Row>(Lock, new { SellerId = sellerId }, transaction);
        if (before.Body == body)
        {
            return (false, Parse(before.Told));
        }

        if (
            before.Version > 0
            && Body(before.Body).TaxId is { } taxId
            && taxId != checking.Value.TaxId
            && await connection.QuerySingleAsync<bool>(HasInvoices, new { SellerId = sellerId }, transaction)
        )
        {
            return InvoicingFaults.TaxIdFixed.At("taxId", taxId);
        }

        var told = await TellAsync(sellerId, body, before.Version + 1, transaction, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        return (before.Version == 0, told);
    }

    /// <summary>Tells a changed seller, in the transaction of the change; its row is locked already.</summary>
    internal async Task<SellerRegistered> TellAsync(
        SellerId sellerId,
        string body,
        long version,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var staff = await connection.QueryAsync<(string Email, string Role, string[] Stores)>(
            StaffOf,
            new { SellerId = sellerId },
            transaction
        );
        var now = clock.GetUtcNow();
        var json = JsonNode.Parse(body)!.AsObject();
        json["eventId"] = EventId.New().ToString();
        json["sellerId"] = sellerId.Value;
        json["version"] = version;
        json["registeredAt"] = now;
        json["staff"] = JsonSerializer.SerializeToNode(
            staff
                .Select(each => new StaffMember
                {
                    Email = each.Email,
                    Role = Enum.Parse<StaffRole>(each.Role),
                    Stores = [.. each.Stores.Select(StoreId.Of)],
                })
                .ToList(),
            Wire.Tolerant
        );
        var registered = json.Deserialize<SellerRegistered>(Wire.Tolerant)!;
        var told = JsonSerializer.Serialize(registered, Wire.Tolerant);
        await connection.ExecuteAsync(
            Keep,
            new
            {
                SellerId = sellerId,
                body,
                version,
                told,
                now,
            },
            transaction
        );
        await outbox.AppendAsync(transaction, registered, cancellationToken);
        return registered;
    }

    /// <summary>The row of a seller, locked.</summary>
    internal static async Task<(string Body, long Version)?> LockAsync(SellerId sellerId, NpgsqlTransaction transaction)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(Lock, new { SellerId = sellerId }, transaction);
        return row is null ? null : (row.Body, row.Version);
    }

    private static SellerRegistered Parse(string told) => JsonSerializer.Deserialize<SellerRegistered>(told, Wire.Tolerant)!;

    private static SellerBody Body(string body) => JsonSerializer.Deserialize<SellerBody>(body, Wire.Tolerant)!;

    private sealed record Row
    {
        public required string Body { get; init; }

        public required long Version { get; init; }

        public required string Told { get; init; }
    }
}
