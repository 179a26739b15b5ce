using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A seller sees what was sent in its name, to whom, and what became of it; sign-in links are not shown.</summary>
public sealed class ListTransmissions(NpgsqlDataSource database)
{
    internal const string Columns = """
        transmission_id, invoice_id, purpose, channel, recipient, status, attempts, possible_duplicate, created_at, last_error,
        case when status = 'queued' then due_at end as next_attempt_at,
        case when status not in ('queued', 'failed') then ended_at end as sent_at,
        case when status = 'failed' then ended_at end as failed_at
        """;

    private const string NewestFirst = $"""
        select {Columns} from transmission
        where seller_id = @SellerId and purpose <> 'sign-in'
            and (
                @InvoiceId::uuid is null or invoice_id = @InvoiceId
                -- A reminder of several invoices is of each.
                or exists (
                    select from transmission_item i
                    where i.seller_id = transmission.seller_id and i.transmission_id = transmission.transmission_id
                        and i.invoice_id = @InvoiceId
                )
            )
            and (@Status::text is null or status = @Status)
            and (@BeforeAt::timestamptz is null or (created_at, transmission_id) < (@BeforeAt, @BeforeId))
        order by created_at desc, transmission_id desc
        limit @Limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<TransmissionPage>> RunAsync(
        SellerId seller,
        string? invoiceId,
        string? status,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var invoice = default(InvoiceId);
        if (invoiceId is not null && !InvoiceId.TryParse(invoiceId, out invoice))
        {
            return DoorFaults.BadParameter.With("invoiceId", invoiceId);
        }

        if (status is not (null or "queued" or "sent" or "delivered" or "bounced" or "complained" or "failed"))
        {
            return DoorFaults.BadParameter.With("status", status);
        }

        if (limit is < 1 or > 200)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        (DateTimeOffset At, Guid Id)? before = null;
        if (cursor is not null && (before = Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.With("cursor", cursor);
        }

        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<Transmission>(
                NewestFirst,
                new
                {
                    SellerId = seller,
                    InvoiceId = invoiceId is null ? (Guid?)null : invoice.Value,
                    Status = status,
                    BeforeAt = before?.At.UtcDateTime,
                    BeforeId = before?.Id,
                    Limit = most + 1,
                }
            )
        ).ToArray();
        return new TransmissionPage
        {
            Transmissions = found.Length > most ? found[..most] : found,
            NextCursor = found.Length > most ? Write(found[most - 1]) : null,
        };
    }

    private static string Write(Transmission last) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}/{last.TransmissionId.Value:N}"))
        );

    private static (DateTimeOffset, Guid)? Read(string cursor)
    {
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('/');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(parts[1], "N", out var id)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : null;
    }
}
