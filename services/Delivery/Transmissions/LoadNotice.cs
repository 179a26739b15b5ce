using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>Reads the message of a notice, with what it tells of.</summary>
public static class LoadNotice
{
    private const string Queued = """
        select transmission_id, status, created_at from transmission
        where seller_id = @seller and purpose = 'reminder' and occasion = @key
        """;
    private const string Carried = """
        select invoice_id, step from transmission_item where seller_id = @seller and transmission_id = @transmission order by place
        """;

    /// <summary>The message that was queued under a notice's id; nothing where none was.</summary>
    public static async Task<QueuedNotice?> OfAsync(
        NpgsqlConnection connection,
        SellerId seller,
        string key,
        CancellationToken cancellationToken
    )
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Queued, new { seller = seller.Value, key }, cancellationToken: cancellationToken)
        );
        if (row is null)
        {
            return null;
        }

        var carried = await connection.QueryAsync<(Guid Invoice, string Step)>(
            new CommandDefinition(
                Carried,
                new { seller = seller.Value, transmission = row.TransmissionId.Value },
                cancellationToken: cancellationToken
            )
        );
        return new QueuedNotice(
            row.TransmissionId,
            row.Status,
            row.CreatedAt,
            [.. carried.Select(each => (InvoiceId.Of(each.Invoice), each.Step))]
        );
    }

    private sealed record Row
    {
        public TransmissionId TransmissionId { get; init; }

        public string Status { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }
    }
}
