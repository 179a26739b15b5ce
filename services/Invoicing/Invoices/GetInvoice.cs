using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Shows an invoice to its seller, or to the customer whose address it was sent to; to anyone else there is none.</summary>
public sealed class GetInvoice([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database, PublicAddress address)
{
    private const string One = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where i.invoice_id = @invoice and (@seller is null or i.seller_id = @seller)
            and (@email is null or lower(c.email) = lower(@email)) and not (@seller is null and @email is null)
        """;

    /// <summary>The invoice; null where the asker may know of none.</summary>
    public async Task<InvoiceBody?> GetAsync(
        InvoiceId invoice,
        SellerId? seller,
        string? customerEmail,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.Add(new("invoice", invoice.Value));
        command.Parameters.Add(new("seller", NpgsqlDbType.Text) { Value = (object?)seller?.Value ?? DBNull.Value });
        command.Parameters.Add(new("email", NpgsqlDbType.Text) { Value = (object?)customerEmail ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadInvoice.From(reader, address) : null;
    }
}
