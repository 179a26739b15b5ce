using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>A hold as it is asked for.</summary>
public sealed record HoldRequest
{
    /// <summary>Why nobody is to be reminded.</summary>
    public required string Reason { get; init; }
}

/// <summary>A hold that stands.</summary>
public sealed record Hold
{
    /// <summary>The hold.</summary>
    public required Guid HoldId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who: the API key.</summary>
    public required KeyId PlacedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset PlacedAt { get; init; }
}

/// <summary>From now on the customer is not reminded of this invoice; who said so, when and why is kept.</summary>
public sealed class HoldReceivable(NpgsqlDataSource database, TimeProvider clock)
{
    private const int LongestReason = 500;

    private const string LockReceivable = """
        select settled_at is not null as settled from receivable
        where seller_id = @seller and invoice_id = @invoice and opened_at is not null
        for update
        """;
    private const string Place = """
        insert into hold (seller_id, invoice_id, hold_id, reason, placed_by, placed_at)
        values (@seller, @InvoiceId, @HoldId, @Reason, @PlacedBy, @PlacedAt)
        """;

    /// <summary>Places it.</summary>
    public async Task<Outcome<Hold>> RunAsync(
        Caller caller,
        string invoiceId,
        Outcome<HoldRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("HoldReceivable");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        var reason = request.Value.Reason.Trim();
        // PostgreSQL's text holds no NUL, and a reason has no use for one.
        if (reason.Length is 0 or > LongestReason || reason.Contains('\0'))
        {
            return CollectionsFaults.HoldWithoutReason.At("reason", LongestReason);
        }

        if (!InvoiceId.TryParse(invoiceId, out var invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var seller = caller.SellerId.Value;
        var settled = await connection.QuerySingleOrDefaultAsync<bool?>(
            LockReceivable,
            new { seller, invoice = invoice.Value },
            transaction
        );
        if (settled is not false)
        {
            return settled is null ? CollectionsFaults.NoReceivable.With() : CollectionsFaults.HoldOnSettled.With();
        }

        var hold = new Hold
        {
            HoldId = Guid.CreateVersion7(),
            InvoiceId = invoice,
            Reason = reason,
            PlacedBy = caller.KeyId,
            PlacedAt = clock.GetUtcNow(),
        };
        await connection.ExecuteAsync(
            Place,
            new
            {
                seller,
                hold.InvoiceId,
                hold.HoldId,
                hold.Reason,
                hold.PlacedBy,
                hold.PlacedAt,
            },
            transaction
        );
        await transaction.CommitAsync(cancellationToken);
        return hold;
    }
}
