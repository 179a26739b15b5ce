using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Interest;

/// <summary>Interest or compensation beside an invoice, as it is shown; there is no VAT on it.</summary>
public sealed record ClaimBody
{
    /// <summary>The claim.</summary>
    public required Guid ClaimId { get; init; }

    /// <summary>The invoice that was paid late.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>interest or recovery.</summary>
    public required string Kind { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The first day of the interest.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Its last day.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>due, paid or waived.</summary>
    public required string State { get; init; }

    /// <summary>When it was claimed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When the seller gave it up.</summary>
    public DateTimeOffset? WaivedAt { get; init; }

    /// <summary>One that was made now.</summary>
    public static ClaimBody Of(NewClaim claim, DateTimeOffset now) =>
        new()
        {
            ClaimId = claim.ClaimId,
            InvoiceId = claim.InvoiceId,
            Kind = claim.Kind,
            Currency = claim.Currency,
            Amount = claim.Amount,
            From = claim.From,
            Until = claim.Until,
            State = "due",
            CreatedAt = now,
        };
}

/// <summary>Claims beside an invoice.</summary>
public sealed record ClaimList(IReadOnlyList<ClaimBody> Items);

/// <summary>What was claimed beside an invoice, and what became of it.</summary>
public sealed class ListClaims(NpgsqlDataSource database)
{
    /// <summary>A claim's columns.</summary>
    internal const string Columns = """
        claim_id, invoice_id, kind, currency, amount, from_date as "from", until_date as until, created_at, paid_at, waived_at,
        case when paid_at is not null then 'paid' when waived_at is not null then 'waived' else 'due' end as state
        """;

    private const string OfInvoice =
        $"select {Columns} from claim where seller_id = @seller and invoice_id = @invoice order by created_at, claim_id";

    /// <summary>Those of an invoice.</summary>
    public async Task<Outcome<ClaimList>> RunAsync(SellerId seller, string invoiceId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListClaims");
        if (!InvoiceId.TryParse(invoiceId, out var invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ClaimBody>(OfInvoice, new { seller = seller.Value, invoice = invoice.Value });
        return new ClaimList([.. rows.Select(row => row with { Amount = Money.Of(row.Amount, row.Currency).Amount })]);
    }
}
