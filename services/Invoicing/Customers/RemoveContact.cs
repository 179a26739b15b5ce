using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What became of a wish to be forgotten.</summary>
public sealed record ForgottenContact(int Forgotten, int Kept);

/// <summary>
/// Forgets how to reach a customer: address, telephone, language and the shop's own name for it go from every invoice that nothing is open
/// of. What the law wants of an invoice stays in it: whom it was made out to, for as long as it has to be kept.
/// </summary>
public sealed class RemoveContact(NpgsqlDataSource database)
{
    private const string Remove = """
        with mine as (
            select seller_id, invoice_id from invoice_contact where lower(email) = lower(@email)
        ), gone as (
            delete from invoice_contact c using mine m
            where c.seller_id = m.seller_id and c.invoice_id = m.invoice_id and c.invoice_id <> all(@but)
            returning 1
        )
        select (select count(*) from gone)::int, (select count(*) from mine)::int
        """;

    /// <summary>Forgets.</summary>
    public async Task<ForgottenContact> RemoveAsync(string email, IReadOnlyList<InvoiceId> but, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Remove);
        command.Parameters.Add(new("email", email));
        command.Parameters.Add(new("but", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = but.Select(each => each.Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (gone, all) = (reader.GetInt32(0), reader.GetInt32(1));
        return new ForgottenContact(gone, all - gone);
    }
}
