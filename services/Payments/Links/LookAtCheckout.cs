using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// A payer who comes back from a provider is told what became of the checkout, where all that it pays for is this payer's to pay.
/// </summary>
public sealed class LookAtCheckout(NpgsqlDataSource database, VerifyPayer verifyPayer, SeeCheckout seeCheckout)
{
    private const string InvoicesOf = "select invoice_id from checkout_part where seller_id = @SellerId and checkout_id = @Checkout";

    /// <summary>What became of it; one that is not there is refused like one of others.</summary>
    public async Task<Outcome<CheckoutStanding>> HandleAsync(Payer payer, Guid checkout, CancellationToken token)
    {
        IReadOnlyCollection<InvoiceId> invoices;
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            var named = new { payer.SellerId, Checkout = checkout };
            invoices = [.. await connection.QueryAsync<InvoiceId>(new CommandDefinition(InvoicesOf, named, cancellationToken: token))];
        }

        if (invoices.Count == 0)
        {
            return PaymentsFaults.NotYours.With();
        }

        if (await verifyPayer.RefuseAsync(payer, invoices, token) is { } refused)
        {
            return refused;
        }

        var looked = await seeCheckout.HandleAsync(payer.SellerId, checkout, token);
        if (looked.Refused(out var why))
        {
            return why;
        }

        var seen = looked.Value;
        var standing = new CheckoutStanding
        {
            State = seen.State.ToString().ToLowerInvariant(),
            Amount = Book.Coins(seen.Amount, seen.Currency).ToString(CultureInfo.InvariantCulture),
            Currency = seen.Currency.Code,
            InvoiceIds = { seen.Invoices.Select(invoice => invoice.ToString()) },
        };
        if (seen.Reason is { Length: > 0 } reason)
        {
            standing.Reason = reason;
        }

        return standing;
    }
}
