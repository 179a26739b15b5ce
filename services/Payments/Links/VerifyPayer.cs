using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>Whoever pays holds a link to these very invoices, or proved the address that they were sent to.</summary>
public sealed class VerifyPayer(NpgsqlDataSource database, OpenPaymentLink openLink)
{
    private const string HowMany = """
        select count(*) from invoice i
        where i.seller_id = @Seller and i.invoice_id = any(@Invoices)
          and (@Customer::text is null or i.customer_id = @Customer)
          and (@Asked::uuid is null or exists (
              select from link_item a where a.seller_id = i.seller_id and a.link_id = @Asked and a.invoice_id = i.invoice_id))
          and (@Email::text is null or exists (
              select from contact c where c.seller_id = i.seller_id and c.invoice_id = i.invoice_id and c.email = @Email))
        """;

    /// <summary>Who asks: by the link where there is a token, else by the proved address.</summary>
    public async Task<Outcome<Payer>> OfAsync(SellerId seller, string? linkToken, OnBehalfOf behalf, CancellationToken token)
    {
        if (linkToken is not null)
        {
            var opened = await openLink.HandleAsync(linkToken, token);
            return opened.Fault is null && opened.Value.SellerId != seller ? PaymentsFaults.NotYours.With() : opened;
        }

        if (behalf.CustomerEmail is { } email && (behalf.SellerId ?? seller) == seller)
        {
            return new Payer(seller) { Email = Payer.AsKept(email) };
        }

        return PaymentsFaults.NotYours.With();
    }

    /// <summary>Why these invoices are not this payer's to pay; nothing where they are.</summary>
    public async Task<Fault?> RefuseAsync(Payer payer, IReadOnlyCollection<InvoiceId> invoices, CancellationToken token)
    {
        if (payer.InvoiceId is { } only)
        {
            return invoices.All(invoice => invoice == only) ? null : PaymentsFaults.NotYours.With();
        }

        var wanted = invoices.Select(invoice => invoice.Value).Distinct().ToArray();
        await using var connection = await database.OpenConnectionAsync(token);
        var theirs = await connection.QuerySingleAsync<long>(
            new CommandDefinition(
                HowMany,
                new
                {
                    Seller = payer.SellerId.Value,
                    Invoices = wanted,
                    Customer = payer.CustomerId?.Value,
                    Asked = payer.AskedId,
                    payer.Email,
                },
                cancellationToken: token
            )
        );
        // Whether another's invoice exists is nothing for who signed in to know.
        return theirs == wanted.Length ? null
            : payer.Email is null ? PaymentsFaults.NotYours.With()
            : PaymentsFaults.NoInvoice.With(invoices.First());
    }
}
