using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Lists a seller's records with what the tax agency said of each, newest first.</summary>
public sealed class ListSubmissions(NpgsqlDataSource database, ReadChain chains)
{
    private const string Page = """
        select r.position, r.invoice_id, r.kind, r.record_type, r.number, r.issue_date, r.fingerprint, r.recorded_at,
            coalesce(a.state, 'pending'), a.code, a.description, a.csv, a.answered_at
        from fiscal_record r left join fiscal_answer a using (tax_id, environment, installation, position)
        where r.tax_id = @tax_id and r.environment = @environment and r.installation = @installation and r.seller_id = @seller
            and (@before is null or r.position < @before) and (@state is null or coalesce(a.state, 'pending') = @state)
        order by r.position desc limit @limit
        """;

    /// <summary>The states that a record may be in.</summary>
    public static readonly IReadOnlyList<string> States = ["pending", "accepted", "accepted-with-errors", "rejected"];

    /// <summary>A page, and where the next one begins.</summary>
    public async Task<Outcome<SubmissionPage>> ListAsync(
        SellerId seller,
        string? state,
        string? cursor,
        int? limit,
        string? language,
        CancellationToken cancellationToken
    )
    {
        if (state is not null && !States.Contains(state))
        {
            return DoorFaults.BadParameter.With("state", string.Join('|', States));
        }

        long? before = null;
        if (cursor is { Length: > 0 })
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                return InvoicingFaults.BadCursor.With();
            }

            before = last;
        }

        if (await chains.OfSellerAsync(seller, cancellationToken) is not { } own)
        {
            return InvoicingFaults.NoSeller.With();
        }

        var most = Math.Clamp(limit ?? 50, 1, 200);
        await using var command = database.CreateCommand(Page);
        command.Parameters.Add(new("tax_id", own.Key.TaxId));
        command.Parameters.Add(new("environment", own.Key.Environment));
        command.Parameters.Add(new("installation", own.Key.Installation));
        command.Parameters.Add(new("seller", seller.Value));
        command.Parameters.Add(new("before", NpgsqlDbType.Bigint) { Value = (object?)before ?? DBNull.Value });
        command.Parameters.Add(new("state", NpgsqlDbType.Text) { Value = (object?)state ?? DBNull.Value });
        command.Parameters.Add(new("limit", most + 1));
        var records = new List<SubmittedRecord>(most + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(await RecordAsync(reader, language, cancellationToken));
        }

        return records.Count > most
            ? new SubmissionPage
            {
                Submissions = records[..most],
                NextCursor = records[most - 1].Position.ToString(CultureInfo.InvariantCulture),
            }
            : new SubmissionPage { Submissions = records };
    }

    private static async Task<SubmittedRecord> RecordAsync(NpgsqlDataReader reader, string? language, CancellationToken cancellationToken)
    {
        async Task<string?> TextAsync(int column) =>
            await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetString(column);
        var (code, text) = (await TextAsync(9), await TextAsync(10));
        var error = code is null ? null : FiscalErrors.Of(code, text);
        return new SubmittedRecord
        {
            Position = reader.GetInt64(0),
            InvoiceId = InvoiceId.Of(reader.GetGuid(1)),
            Kind = reader.GetString(2),
            RecordType = reader.GetString(3),
            Number = reader.GetString(4),
            IssueDate = await reader.GetFieldValueAsync<DateOnly>(5, cancellationToken),
            Fingerprint = reader.GetString(6),
            RecordedAt = reader.GetString(7),
            State = reader.GetString(8),
            Code = code,
            Text = text,
            Advice = language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? error?.AdviceEs : error?.Advice,
            Csv = await TextAsync(11),
            AnsweredAt = await reader.IsDBNullAsync(12, cancellationToken)
                ? null
                : await reader.GetFieldValueAsync<DateTimeOffset>(12, cancellationToken),
        };
    }
}

/// <summary>A record and how far its submission is.</summary>
public sealed record SubmittedRecord
{
    /// <summary>Its place in the chain.</summary>
    public required long Position { get; init; }

    /// <summary>The invoice it is of.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>registration or cancellation.</summary>
    public required string Kind { get; init; }

    /// <summary>TipoFactura of the invoice.</summary>
    public required string RecordType { get; init; }

    /// <summary>The invoice's number.</summary>
    public required string Number { get; init; }

    /// <summary>The invoice's day.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>Huella.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>FechaHoraHusoGenRegistro.</summary>
    public required string RecordedAt { get; init; }

    /// <summary>pending, accepted, accepted-with-errors or rejected.</summary>
    public required string State { get; init; }

    /// <summary>The agency's code of what it found wrong.</summary>
    public string? Code { get; init; }

    /// <summary>The agency's words.</summary>
    public string? Text { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>Código seguro de verificación of the submission.</summary>
    public string? Csv { get; init; }

    /// <summary>When the agency answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }
}

/// <summary>A page of records.</summary>
public sealed record SubmissionPage
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<SubmittedRecord> Submissions { get; init; }

    /// <summary>Where the next page begins; absent on the last.</summary>
    public string? NextCursor { get; init; }
}
