using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>The seller puts money or credit that is left over on an invoice, never more than is left nor more than is open.</summary>
public sealed class AllocateUnallocated(NpgsqlDataSource database, KeepBooks books)
{
    /// <summary>What is posted.</summary>
    public sealed record Request
    {
        /// <summary>The invoice that takes it.</summary>
        public required InvoiceId InvoiceId { get; init; }

        /// <summary>How much.</summary>
        public required decimal Amount { get; init; }
    }

    /// <summary>What came of it.</summary>
    public sealed record Answer
    {
        /// <summary>The payment or credit.</summary>
        public required PaymentId Id { get; init; }

        /// <summary>The invoice.</summary>
        public required InvoiceId InvoiceId { get; init; }

        /// <summary>Currency of the amounts.</summary>
        public required Currency Currency { get; init; }

        /// <summary>How much the invoice took.</summary>
        public required decimal Amount { get; init; }

        /// <summary>What is left unallocated.</summary>
        public required decimal Unallocated { get; init; }

        /// <summary>What the invoice has open.</summary>
        public required decimal AmountDue { get; init; }
    }

    /// <summary>Allocates it.</summary>
    public async Task<Outcome<Answer>> HandleAsync(Caller caller, PaymentId id, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("AllocateUnallocated");
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var book = await books.OpenAsync(transaction, caller.SellerId, [request.InvoiceId], token);
        if (await books.HoldAsync(transaction, book, [id], token) is not [var payment])
        {
            return PaymentsFaults.NoUnallocated.With(id);
        }

        if (book.Of(request.InvoiceId) is not { } invoice)
        {
            return PaymentsFaults.NoInvoice.At("invoiceId", request.InvoiceId) with { RetryAfter = 1 };
        }

        if (payment.Currency != invoice.Currency)
        {
            return PaymentsFaults.OtherCurrency.At("invoiceId", payment.Currency, invoice.Currency);
        }

        if (Amounts.Check(request.Amount, invoice.Currency) is { } badAmount)
        {
            return badAmount;
        }

        var most = Math.Max(0m, Math.Min(payment.Unallocated, invoice.AmountDue));
        if (request.Amount > most)
        {
            return PaymentsFaults.TooMuchAllocation.At(
                "amount",
                Money.Of(most, invoice.Currency),
                Money.Of(payment.Unallocated, invoice.Currency),
                Money.Of(invoice.AmountDue, invoice.Currency)
            );
        }

        book.Allocate(id, request.InvoiceId, request.Amount);
        await KeepPaymentPolicy.ForgiveAsync(transaction, book, id, request.InvoiceId, request.Amount);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        return new Answer
        {
            Id = id,
            InvoiceId = request.InvoiceId,
            Currency = invoice.Currency,
            Amount = Book.Coins(request.Amount, invoice.Currency),
            Unallocated = Book.Coins(book.Of(id).Unallocated, invoice.Currency),
            AmountDue = Book.Coins(book.Of(request.InvoiceId)!.AmountDue, invoice.Currency),
        };
    }
}
