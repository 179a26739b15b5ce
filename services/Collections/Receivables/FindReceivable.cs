using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>A receivable that nobody else changes until the transaction ends.</summary>
public sealed record LockedReceivable
{
    /// <summary>The invoice.</summary>
    public InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public string Number { get; init; } = "";

    /// <summary>Whose it is.</summary>
    public string CustomerKey { get; init; } = "";

    /// <summary>Where mail reaches the customer.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the customer buys as a business.</summary>
    public bool Business { get; init; }

    /// <summary>The customer's place.</summary>
    public string? Place { get; init; }

    /// <summary>The seller's zone.</summary>
    public string? SellerZone { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>What is due.</summary>
    public decimal AmountDue { get; init; }

    /// <summary>When it is due.</summary>
    public DateOnly DueDate { get; init; }

    /// <summary>Whether nothing is due any more.</summary>
    public bool Settled { get; init; }

    /// <summary>The seller's day at an instant.</summary>
    public DateOnly SellerDayAt(DateTimeOffset now) => SellerDay.At(now, SellerZone ?? SellerDay.UsualZone)!.Value;
}

/// <summary>Finds what somebody acts on, and keeps others from it meanwhile.</summary>
public static class FindReceivable
{
    private const string Lock = """
        select r.invoice_id, r.number, r.customer_key, r.email, coalesce(r.business, false) as business, r.place, r.currency, r.amount_due,
            r.due_date, r.settled_at is not null as settled,
            (select s.time_zone from seller s where s.seller_id = r.seller_id) as seller_zone
        from receivable r
        where r.seller_id = @seller and r.invoice_id = @invoice and r.opened_at is not null
        for update of r
        """;

    /// <summary>The seller's receivable of that invoice, or that there is none.</summary>
    public static async Task<Outcome<LockedReceivable>> LockAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string invoiceId,
        CancellationToken cancellationToken
    )
    {
        if (!InvoiceId.TryParse(invoiceId, out var invoice))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        var found = await transaction.Connection!.QuerySingleOrDefaultAsync<LockedReceivable>(
            new CommandDefinition(
                Lock,
                new { seller = seller.Value, invoice = invoice.Value },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return found is null ? CollectionsFaults.NoReceivable.With() : found;
    }
}
