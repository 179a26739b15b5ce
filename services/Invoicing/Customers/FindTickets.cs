using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>
/// Finds the tickets that somebody holds: number, day and total have to be those of a ticket of a seller with that tax identifier, as they
/// are printed and as the tax QR says them.
/// </summary>
public sealed class FindTickets(NpgsqlDataSource database, PublicAddress address, TimeProvider clock)
{
    private const int MostKept = 10_000;

    private const string Held = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where i.invoice_id = any(array(
                select n.invoice_id from seller s join invoice_number n on n.seller_id = s.seller_id and n.number = @number
                where upper(s.body::jsonb ->> 'taxId') = @taxid))
            and i.issue_date = @date and i.total_with_vat = @total and i.kind = 'Simplified'
        order by i.invoice_id limit 1
        """;

    private const string Mailed = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where i.invoice_id = @invoice and lower(c.email) = lower(@email)
        """;

    private readonly ConcurrentDictionary<string, Misses> _misses = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tickets in the order they were named; nothing in the place of one that is not there.</summary>
    public async Task<Outcome<IReadOnlyList<InvoiceBody?>>> FindAsync(
        string email,
        IReadOnlyList<HeldTicket> tickets,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("FindTickets");
        var now = clock.GetUtcNow();
        if (_misses.TryGetValue(email, out var before) && before.AreTooMany(now))
        {
            return CustomerFaults.TooManyTries.With() with { RetryAfter = 3600 };
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = new List<InvoiceBody?>(tickets.Count);
        foreach (var ticket in tickets)
        {
            found.Add(await OneAsync(connection, email, ticket, cancellationToken));
        }

        if (found.Count(each => each is null) is var missed and > 0)
        {
            if (_misses.Count >= MostKept)
            {
                _misses.Clear();
            }

            _misses.AddOrUpdate(email, _ => Misses.And(null, missed, now), (_, known) => Misses.And(known, missed, now));
        }

        return found;
    }

    private async Task<InvoiceBody?> OneAsync(
        NpgsqlConnection connection,
        string email,
        HeldTicket ticket,
        CancellationToken cancellationToken
    )
    {
        if (ticket.InvoiceId is null && !ticket.IsWhole)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(ticket.InvoiceId is null ? Held : Mailed, connection);
        if (ticket.InvoiceId is { } id)
        {
            command.Parameters.Add(new("invoice", id.Value));
            command.Parameters.Add(new("email", email));
        }
        else
        {
            command.Parameters.Add(new("number", ticket.Number!));
            command.Parameters.Add(new("taxid", Nif.Normal(ticket.SellerTaxId!)));
            command.Parameters.Add(new("date", NpgsqlDbType.Date) { Value = ticket.Date!.Value });
            command.Parameters.Add(new("total", NpgsqlDbType.Numeric) { Value = ticket.Total!.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadInvoice.From(reader, address) : null;
    }
}
