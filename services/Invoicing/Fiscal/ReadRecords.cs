using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>The fiscal records of an invoice and what was answered to them.</summary>
public sealed class ReadRecords(NpgsqlDataSource database)
{
    private const string All = """
        select r.kind, r.document, a.state
        from fiscal_record r left join fiscal_answer a using (tax_id, environment, installation, position)
        where r.seller_id = @seller and r.invoice_id = @invoice order by r.position
        """;

    /// <summary>In the order of the chain.</summary>
    public async Task<IReadOnlyList<KeptRecord>> OfAsync(InvoiceBody invoice, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(All);
        command.Parameters.Add(new("seller", invoice.SellerId.Value));
        command.Parameters.Add(new("invoice", invoice.InvoiceId.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<KeptRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(
                new KeptRecord(
                    reader.GetString(0) == "cancellation" ? EntryKind.Cancellation : EntryKind.Registration,
                    await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1),
                    await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2)
                )
            );
        }

        return records;
    }

    /// <summary>How a further record of a kind states itself.</summary>
    public async Task<PriorRecord> PriorAsync(InvoiceBody invoice, EntryKind kind, CancellationToken cancellationToken) =>
        Prior(await OfAsync(invoice, cancellationToken), kind);

    /// <summary>
    /// The agency has the invoice where a registration was accepted, or is still to be answered; a record of the same kind that was
    /// rejected last is a prior rejection.
    /// </summary>
    public static PriorRecord Prior(IReadOnlyList<KeptRecord> records, EntryKind kind)
    {
        var registrations = records.Where(each => each.Kind == EntryKind.Registration).ToArray();
        return new PriorRecord
        {
            Registered = Array.Exists(registrations, each => each.State is null or "accepted" or "accepted-with-errors"),
            Rejected = records.LastOrDefault(each => each.Kind == kind)?.State == "rejected",
        };
    }
}

/// <summary>A record as it is kept, and the agency's answer to it; null while there is none.</summary>
public sealed record KeptRecord(EntryKind Kind, string? Document, string? State);
