using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>A link that the seller can send to whoever shall pay an invoice, on whatever channel.</summary>
public sealed class MakePaymentLink(NpgsqlDataSource database, SignPaymentLinks links, AwaitInvoice arrival)
{
    private const string IsTheSellers = """
        select exists (select from invoice where seller_id = @SellerId and invoice_id = @InvoiceId)
        """;

    /// <summary>Where it leads, and until when.</summary>
    public sealed record Answer(string Url, DateTimeOffset ExpiresAt);

    /// <summary>Makes it.</summary>
    public async Task<Outcome<Answer>> HandleAsync(Caller caller, InvoiceId invoice, CancellationToken token)
    {
        await arrival.HandleAsync(caller.SellerId, invoice, token);
        await using var connection = await database.OpenConnectionAsync(token);
        if (!await connection.QuerySingleAsync<bool>(IsTheSellers, new { caller.SellerId, InvoiceId = invoice }))
        {
            return PaymentsFaults.NoInvoice.With(invoice) with { RetryAfter = 1 };
        }

        var (url, expiresAt) = links.Make(caller.SellerId, invoice);
        return new Answer(url, expiresAt);
    }
}
