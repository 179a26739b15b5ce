using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What became of a wish to be forgotten.</summary>
public sealed record ForgottenContact(int Forgotten, int Kept);

/// <summary>
/// Forgets how to reach a customer: address, telephone, language and the shop's own name for it go from every invoice that nothing is open
/// of. What the law wants of an invoice stays in it: whom it was made out to, for as long as it has to be kept.
/// </summary>
public sealed class RemoveContact(NpgsqlDataSource database, PublicAddress address)
{
    private const string Remove = """
        with mine as (
            select seller_id, invoice_id from invoice_contact where lower(email) = lower(@email)
        ), gone as (
            delete from invoice_contact c using mine m
            where c.seller_id = m.seller_id and c.invoice_id = m.invoice_id and c.invoice_id <> all(@but)
            returning c.invoice_id
        )
        select (select array_agg(invoice_id) from gone), (select count(*) from mine)::int
        """;
    private const string Gathering = $"select pg_advisory_xact_lock({KeepTerms.Gathering})";
    private const string Without = $"select {ReadInvoice.Columns} from {ReadInvoice.Tables} where i.invoice_id = any(@gone)";

    /// <summary>Forgets.</summary>
    public async Task<ForgottenContact> RemoveAsync(string email, IReadOnlyList<InvoiceId> but, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Nobody gathers words of them meanwhile.
        await using var only = new NpgsqlCommand(Gathering, connection, transaction);
        await only.ExecuteNonQueryAsync(cancellationToken);
        var (gone, all) = await RemoveAsync(transaction, email, but, cancellationToken);
        await KeepTerms.RunAsync(transaction, await ReadAsync(transaction, gone, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ForgottenContact(gone.Length, all - gone.Length);
    }

    private static async Task<(Guid[] Gone, int All)> RemoveAsync(
        NpgsqlTransaction transaction,
        string email,
        IReadOnlyList<InvoiceId> but,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(Remove, transaction.Connection, transaction);
        command.Parameters.Add(new("email", email));
        command.Parameters.Add(new("but", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = but.Select(each => each.Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var gone = await reader.IsDBNullAsync(0, cancellationToken) ? [] : await reader.GetFieldValueAsync<Guid[]>(0, cancellationToken);
        return (gone, reader.GetInt32(1));
    }

    /// <summary>The invoices as they are without it.</summary>
    private async Task<List<InvoiceBody>> ReadAsync(NpgsqlTransaction transaction, Guid[] gone, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Without, transaction.Connection, transaction);
        command.Parameters.Add(new("gone", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = gone });
        var invoices = new List<InvoiceBody>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            invoices.Add(ReadInvoice.From(reader, address));
        }

        return invoices;
    }
}
