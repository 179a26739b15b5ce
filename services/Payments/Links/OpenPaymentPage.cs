using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>What the payment page of an invoice shows: number, what is open, and every way to pay it.</summary>
public sealed class OpenPaymentPage(NpgsqlDataSource database, Instruct instruct, IHostEnvironment environment)
{
    private const string InvoiceOf = """
        select i.seller_id, i.invoice_id, i.number, i.currency, i.total_with_vat, b.amount_due, b.in_flight, i.due_date, i.payment_reference,
               coalesce(s.trade_name, s.name, '') as seller_name
        from invoice i join balance b using (seller_id, invoice_id) left join seller s using (seller_id)
        where i.invoice_id = @InvoiceId and (@Seller::text is null or i.seller_id = @Seller)
          and (@Email::text is null or exists (
              select from contact c where c.seller_id = i.seller_id and c.invoice_id = i.invoice_id and c.email = @Email))
        """;

    /// <summary>The page for whoever holds a link, signed in as a customer, or works for the seller.</summary>
    public async Task<Outcome<PaymentPage>> HandleAsync(InvoiceId invoice, SellerId? seller, string? customerEmail, CancellationToken token)
    {
        Shown? shown;
        await using (var connection = await database.OpenConnectionAsync(token))
        {
            shown = await connection.QuerySingleOrDefaultAsync<Shown>(
                InvoiceOf,
                new
                {
                    InvoiceId = invoice,
                    Seller = seller?.Value,
                    Email = customerEmail?.Trim().ToLowerInvariant(),
                }
            );
        }

        if (shown is null)
        {
            return PaymentsFaults.NoInvoice.With(invoice);
        }

        var due = Money.Of(shown.AmountDue, shown.Currency);
        var transfer = await instruct.HandleAsync(shown.SellerId, invoice, due, shown.PaymentReference, token);
        if (transfer.Refused(out var refused))
        {
            return refused;
        }

        var page = new PaymentPage
        {
            SellerId = shown.SellerId.Value,
            InvoiceId = invoice.ToString(),
            Number = shown.Number,
            Currency = shown.Currency.Code,
            TotalWithVat = Text(shown.TotalWithVat, shown.Currency),
            AmountDue = Text(shown.AmountDue, shown.Currency),
            InFlight = Text(shown.InFlight, shown.Currency),
            Transfer = transfer.Value,
            Sandbox = environment.IsDevelopment(),
            Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            SellerName = shown.SellerName,
        };
        if (shown.DueDate is { } dueDate)
        {
            page.DueDate = dueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return page;
    }

    private static string Text(decimal amount, Currency currency) => Book.Coins(amount, currency).ToString(CultureInfo.InvariantCulture);

    private sealed record Shown
    {
        public SellerId SellerId { get; init; }

        public string Number { get; init; } = "";

        public Currency Currency { get; init; }

        public decimal TotalWithVat { get; init; }

        public decimal AmountDue { get; init; }

        public decimal InFlight { get; init; }

        public DateOnly? DueDate { get; init; }

        public string PaymentReference { get; init; } = "";

        public string SellerName { get; init; } = "";
    }
}
