using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>Write-offs of a seller or of one invoice, the latest first.</summary>
public sealed record WriteOffList(IReadOnlyList<WriteOffBody> Items);

/// <summary>What was asked to be given up, what became of it, and what waits for a second person.</summary>
public sealed class ListWriteOffs(NpgsqlDataSource database)
{
    private static readonly string[] States = ["asked", "approved", "booked", "refused"];

    private const string Page = """
        select write_off_id, invoice_id, currency, amount, reason, state, asked_by, asked_at, decided_by, decided_at, booked_at, booked,
            waits_because
        from write_off
        where seller_id = @seller and (@invoice::uuid is null or invoice_id = @invoice) and (@state::text is null or state = @state)
          and (@stores::text[] is null or exists (
              select from receivable r
              where r.seller_id = write_off.seller_id and r.invoice_id = write_off.invoice_id and r.store_id = any(@stores)))
        order by asked_at desc, write_off_id desc limit 200
        """;

    /// <summary>Those of an invoice, or all in a state.</summary>
    public async Task<Outcome<WriteOffList>> RunAsync(
        SellerId seller,
        string? invoiceId,
        string? state,
        string[]? stores,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("ListWriteOffs");
        var invoice = default(InvoiceId);
        if (invoiceId is not null && !InvoiceId.TryParse(invoiceId, out invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        if (state is not null && !States.Contains(state))
        {
            return DoorFaults.BadParameter.At("state", "state", string.Join(", ", States));
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<WriteOffBody>(
            Page,
            new
            {
                seller = seller.Value,
                invoice = invoiceId is null ? default(Guid?) : invoice.Value,
                state,
                stores,
            }
        );
        return new WriteOffList([.. rows.Select(row => row.Written())]);
    }
}
