using System.Globalization;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>How an amount due can be paid: by transfer to the seller's account, by its QR, or on the payment page.</summary>
public sealed class Instruct(NpgsqlDataSource database, SignPaymentLinks links)
{
    private const string WhoIsPaid = "select name, iban, bic from seller where seller_id = @SellerId";

    /// <summary>Needs nothing but what is passed and the seller's registration, so that it answers at the moment of issue.</summary>
    public async Task<Outcome<InstructionsReply>> HandleAsync(
        SellerId seller,
        InvoiceId invoice,
        Money due,
        string paymentReference,
        CancellationToken token
    )
    {
        var told = await TransferAsync(seller, due, paymentReference, token);
        if (told.Refused(out var refused))
        {
            return refused;
        }

        var (url, expiresAt) = links.Make(seller, invoice);
        told.Value.PayUrl = url;
        told.Value.ExpiresAt = expiresAt.ToString("O", CultureInfo.InvariantCulture);
        return told;
    }

    /// <summary>The transfer alone, without a link; several references are told as words.</summary>
    public async Task<Outcome<InstructionsReply>> TransferAsync(
        SellerId seller,
        Money due,
        string paymentReference,
        CancellationToken token
    )
    {
        await using var connection = await database.OpenConnectionAsync(token);
        if (await connection.QuerySingleOrDefaultAsync<Payee>(WhoIsPaid, new { SellerId = seller }) is not { } payee)
        {
            return PaymentsFaults.NotYet.With() with { RetryAfter = 1 };
        }

        var reply = new InstructionsReply { Beneficiary = payee.Name };
        if (payee.Iban is { Length: > 0 } iban)
        {
            reply.Iban = Iban.Compact(iban);
        }

        if (payee.Bic is { Length: > 0 } bic)
        {
            reply.Bic = Iban.Compact(bic);
        }

        if (EpcQr.For(payee.Name, payee.Iban, payee.Bic, due, paymentReference) is { } qr)
        {
            reply.EpcPayload = qr.Payload;
        }

        return reply;
    }

    private sealed record Payee
    {
        public string Name { get; init; } = "";

        public string? Iban { get; init; }

        public string? Bic { get; init; }
    }
}
