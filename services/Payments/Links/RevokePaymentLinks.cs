using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// The seller revokes every payment link made so far for an invoice, or for a customer and each of its invoices; links made afterwards
/// open again.
/// </summary>
public sealed class RevokePaymentLinks(NpgsqlDataSource database, KeepCustomerKey keys, AwaitInvoice arrival, TimeProvider clock)
{
    private const string IsTheSellers = """
        select exists (select from invoice where seller_id = @SellerId and invoice_id = @InvoiceId)
        """;
    private const string Revoke = """
        insert into link_revocation as r (seller_id, subject, revoked_before) values (@SellerId, @Subject, @At)
        on conflict (seller_id, subject) do update set revoked_before = greatest(r.revoked_before, excluded.revoked_before)
        returning revoked_before
        """;

    /// <summary>Links made up to then open nothing any more.</summary>
    public sealed record Answer(DateTimeOffset RevokedBefore);

    /// <summary>Revokes those to an invoice.</summary>
    public async Task<Outcome<Answer>> HandleAsync(Caller caller, InvoiceId invoice, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("RevokePaymentLinks");
        await arrival.HandleAsync(caller.SellerId, invoice, token);
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            var named = new { caller.SellerId, InvoiceId = invoice };
            if (!await connection.QuerySingleAsync<bool>(new CommandDefinition(IsTheSellers, named, cancellationToken: token)))
            {
                return PaymentsFaults.NoInvoice.With(invoice) with { RetryAfter = 1 };
            }
        }

        return await RevokeAsync(caller.SellerId, invoice.Value, token);
    }

    /// <summary>Revokes those to everything open of a customer, and to each of its invoices.</summary>
    public async Task<Outcome<Answer>> HandleAsync(Caller caller, CustomerId customer, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("RevokePaymentLinks");
        if (await keys.HandleAsync(caller.SellerId, customer, token) is not { } key)
        {
            return PaymentsFaults.NoCustomer.With(customer) with { RetryAfter = 1 };
        }

        return await RevokeAsync(caller.SellerId, key, token);
    }

    private async Task<Answer> RevokeAsync(SellerId seller, Guid subject, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var revoked = new
        {
            SellerId = seller,
            Subject = subject,
            At = clock.GetUtcNow(),
        };
        var before = await connection.QuerySingleAsync<DateTimeOffset>(new CommandDefinition(Revoke, revoked, cancellationToken: token));
        return new Answer(before);
    }
}
