using System.Buffers.Text;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Reports;

/// <summary>A seller sees which addresses get nothing more in its name, and why.</summary>
public sealed class ListUnreachable(NpgsqlDataSource database)
{
    private const string InOrder = """
        select channel, address, reason, since from unreachable_address
        where seller_id = @SellerId and (@Channel::text is null or (channel, address) > (@Channel, @Address))
        order by channel, address limit @Limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<UnreachableAddressPage>> RunAsync(
        SellerId seller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (limit is < 1 or > 200)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        string[]? after = null;
        if (cursor is not null && (after = Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.With("cursor", cursor);
        }

        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<UnreachableAddress>(
                InOrder,
                new
                {
                    SellerId = seller,
                    Channel = after?[0],
                    Address = after?[1],
                    Limit = most + 1,
                }
            )
        ).ToArray();
        return new UnreachableAddressPage
        {
            Addresses = found.Length > most ? found[..most] : found,
            NextCursor = found.Length > most ? Write(found[most - 1]) : null,
        };
    }

    private static string Write(UnreachableAddress last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{last.Channel}\n{last.Address}"));

    private static string[]? Read(string cursor)
    {
        if (cursor.Length > 1000 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.Split('\n') is { Length: 2 } parts && !text.Contains('\0', StringComparison.Ordinal) ? parts : null;
    }
}
