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
            select seller_id, invoice_id from invoice_contact
            where lower(email) = lower(@email) and invoice_id <> all(@but)
            limit @most
        )
        delete from invoice_contact c using mine m
        where c.seller_id = m.seller_id and c.invoice_id = m.invoice_id
        returning c.invoice_id
        """;
    private const string Left = "select count(*)::int from invoice_contact where lower(email) = lower(@email)";
    private const string Gathering = $"select pg_advisory_xact_lock({KeepTerms.Gathering})";
    private const string Without = $"select {ReadInvoice.Columns} from {ReadInvoice.Tables} where i.invoice_id = any(@gone)";

    // A shop's busiest address is on tens of thousands: the gathering of words goes on between some and the next.
    private const int AtOnce = 500;

    /// <summary>Forgets; what was forgotten before something failed stays so, and the rest goes when it is asked again.</summary>
    public async Task<ForgottenContact> RemoveAsync(string email, IReadOnlyList<InvoiceId> but, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var forgotten = 0;
        for (var gone = AtOnce; gone == AtOnce; forgotten += gone)
        {
            gone = await RemoveSomeAsync(connection, email, but, cancellationToken);
        }

        await using var left = new NpgsqlCommand(Left, connection) { Parameters = { new("email", email) } };
        return new ForgottenContact(forgotten, (int)(await left.ExecuteScalarAsync(cancellationToken))!);
    }

    private async Task<int> RemoveSomeAsync(
        NpgsqlConnection connection,
        string email,
        IReadOnlyList<InvoiceId> but,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Nobody gathers words of them meanwhile.
        await using var only = new NpgsqlCommand(Gathering, connection, transaction);
        await only.ExecuteNonQueryAsync(cancellationToken);
        var gone = new List<Guid>();
        await using (var command = new NpgsqlCommand(Remove, connection, transaction))
        {
            command.Parameters.Add(new("email", email));
            command.Parameters.Add(new("but", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = but.Select(each => each.Value).ToArray() });
            command.Parameters.Add(new("most", AtOnce));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                gone.Add(reader.GetGuid(0));
            }
        }

        await KeepTerms.RunAsync(transaction, await ReadAsync(transaction, [.. gone], cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return gone.Count;
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
