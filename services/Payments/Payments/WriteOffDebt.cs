using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// The seller gives up on what an invoice still asks for. Collections decided it and says under which id: it is booked once, at most what
/// is due at that moment, and never while somebody is paying.
/// </summary>
public sealed class WriteOffDebt(NpgsqlDataSource database, KeepBooks books)
{
    private const string TakesId = "select exists (select from payment where seller_id = @SellerId and payment_id = @PaymentId)";

    /// <summary>What is asked for.</summary>
    public sealed record Request(InvoiceId InvoiceId, PaymentId WriteOffId, decimal Amount);

    /// <summary>What came of it.</summary>
    public sealed record Answer(Currency Currency, decimal Booked, decimal AmountDue);

    /// <summary>Books it, or finds it booked.</summary>
    public async Task<Outcome<Answer>> HandleAsync(SellerId seller, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("WriteOffDebt");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        // Under the invoice's lock: of two that ask at once the second finds what the first booked.
        var book = await books.OpenAsync(transaction, seller, [request.InvoiceId], token);
        var asked = new { SellerId = seller, PaymentId = request.WriteOffId };
        if (await connection.ExecuteScalarAsync<bool>(TakesId, asked, transaction))
        {
            return await FindAsync(transaction, book, request, token);
        }

        if (book.Of(request.InvoiceId) is not { } invoice)
        {
            return PaymentsFaults.NoInvoice.At("invoiceId", request.InvoiceId) with { RetryAfter = 1 };
        }

        if (Amounts.Check(request.Amount, invoice.Currency) is { } badAmount)
        {
            return badAmount;
        }

        if (invoice.InFlight > 0m)
        {
            return PaymentsFaults.WriteOffInFlight.With(Money.Of(invoice.InFlight, invoice.Currency)) with { RetryAfter = 60 };
        }

        if (invoice.AmountDue <= 0m)
        {
            return PaymentsFaults.NothingToWriteOff.With(request.InvoiceId);
        }

        book.WriteOff(request.WriteOffId, request.InvoiceId, Math.Min(request.Amount, invoice.AmountDue), Account.WriteOffs);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        return Told(book, request);
    }

    private async Task<Outcome<Answer>> FindAsync(NpgsqlTransaction transaction, Book book, Request request, CancellationToken token)
    {
        _ = await books.HoldAsync(transaction, book, [request.WriteOffId], token);
        var isIt = book.Of(request.WriteOffId) is { IsWrittenOff: true } booked && booked.InvoiceId == request.InvoiceId;
        return isIt ? Told(book, request) : PaymentsFaults.OtherContent.With(request.WriteOffId);
    }

    private static Answer Told(Book book, Request request)
    {
        var invoice = book.Of(request.InvoiceId)!;
        return new Answer(
            invoice.Currency,
            Book.Coins(book.Of(request.WriteOffId).Amount, invoice.Currency),
            Book.Coins(invoice.AmountDue, invoice.Currency)
        );
    }
}
