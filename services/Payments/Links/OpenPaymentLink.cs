using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>Whoever holds a link that we signed, that has not ended and that the seller has not revoked may pay what it is for.</summary>
public sealed class OpenPaymentLink(NpgsqlDataSource database, SignPaymentLinks links)
{
    // Who revokes a customer's links means those to that customer's invoices too; who revokes an invoice's, those to it and others as well.
    private const string HowItStands = """
        select (select customer_id from customer_key where seller_id = @SellerId and customer_key = @Subject) as customer_id,
               (
                   select min(i.customer_id) from link_item l join invoice i using (seller_id, invoice_id)
                   where l.seller_id = @SellerId and l.link_id = @Subject having count(distinct coalesce(i.customer_id, '')) = 1
               ) as asked_of,
               exists (select from link_item where seller_id = @SellerId and link_id = @Subject) as is_asked,
               exists (
                   select from link_revocation
                   where seller_id = @SellerId and revoked_before >= @MadeAt and (subject = @Subject or subject = (
                       select k.customer_key from invoice i join customer_key k using (seller_id, customer_id)
                       where i.seller_id = @SellerId and i.invoice_id = @Subject)
                       or subject in (select invoice_id from link_item where seller_id = @SellerId and link_id = @Subject)
                       or subject in (
                           select k.customer_key from link_item l join invoice i using (seller_id, invoice_id)
                               join customer_key k using (seller_id, customer_id)
                           where l.seller_id = @SellerId and l.link_id = @Subject))) as is_revoked
        """;

    /// <summary>Who pays by a token.</summary>
    public async Task<Outcome<Payer>> HandleAsync(string linkToken, CancellationToken token)
    {
        var opened = links.Open(linkToken);
        if (opened.Refused(out var refused))
        {
            return refused;
        }

        var link = opened.Value;
        await using var connection = await database.OpenConnectionAsync(token);
        var standing = await connection.QuerySingleAsync<Standing>(
            new CommandDefinition(
                HowItStands,
                new
                {
                    link.SellerId,
                    link.Subject,
                    // Links that do not say when they were made are older than any that could be revoked apart from them.
                    MadeAt = link.MadeAt ?? DateTimeOffset.UnixEpoch,
                },
                cancellationToken: token
            )
        );
        if (standing.IsRevoked)
        {
            return PaymentsFaults.RevokedLink.With();
        }

        if (link.InvoiceId is { } invoice)
        {
            return new Payer(link.SellerId) { InvoiceId = invoice };
        }

        if (link.AskedId is { } asked)
        {
            return standing.IsAsked
                ? new Payer(link.SellerId) { AskedId = asked, CustomerId = standing.AskedOf is { } whose ? CustomerId.Of(whose) : null }
                : PaymentsFaults.ForgedLink.With();
        }

        return standing.CustomerId is { } customer
            ? new Payer(link.SellerId) { CustomerId = CustomerId.Of(customer) }
            : PaymentsFaults.ForgedLink.With();
    }

    private sealed record Standing
    {
        public string? CustomerId { get; init; }

        public string? AskedOf { get; init; }

        public bool IsAsked { get; init; }

        public bool IsRevoked { get; init; }
    }
}
