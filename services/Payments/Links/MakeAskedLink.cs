using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Links;

/// <summary>
/// A link that a reminder carries: to pay in one go what it asks for, of the invoices that it names and of no other. What is open of one but
/// not asked for, as it is disputed or promised, the link leaves open.
/// </summary>
public sealed class MakeAskedLink(NpgsqlDataSource database, SignPaymentLinks links)
{
    private const string OpenOf = """
        select invoice_id, amount_due from balance where seller_id = @seller and invoice_id = any(@invoices)
        """;

    // A message's first making says what is left out: what was paid since would else be taken for asked less of.
    private const string KeepOnce = """
        insert into link_item (seller_id, link_id, invoice_id, left_out)
        select @seller, @link, told.invoice_id, told.left_out from unnest(@invoices, @leftOut) as told (invoice_id, left_out)
        order by told.invoice_id
        on conflict do nothing
        """;

    /// <summary>Makes it; an invoice that Payments has not heard of yet is asked for again later.</summary>
    public async Task<Outcome<MakePaymentLink.Answer>> HandleAsync(
        SellerId seller,
        string message,
        IReadOnlyList<(InvoiceId Invoice, decimal Amount)> asked,
        CancellationToken token
    )
    {
        using var activity = Telemetry.Source.StartActivity("MakeAskedLink");
        await using var connection = await database.OpenConnectionAsync(token);
        var invoices = asked.Select(each => each.Invoice.Value).ToArray();
        var open = (
            await connection.QueryAsync<(Guid Invoice, decimal Due)>(
                new CommandDefinition(OpenOf, new { seller = seller.Value, invoices }, cancellationToken: token)
            )
        ).ToDictionary(row => row.Invoice, row => row.Due);
        if (
            asked.Where(each => !open.ContainsKey(each.Invoice.Value)).Select(each => (InvoiceId?)each.Invoice).FirstOrDefault() is { } none
        )
        {
            return PaymentsFaults.NoInvoice.With(none) with { RetryAfter = 1 };
        }

        var leftOut = asked.Select(each => Math.Max(0m, open[each.Invoice.Value] - each.Amount)).ToArray();
        if (asked is [var only] && leftOut[0] == 0m)
        {
            var (whole, ends) = links.Make(seller, only.Invoice);
            return new MakePaymentLink.Answer(whole, ends);
        }

        var link = IdOf(message, asked);
        await connection.ExecuteAsync(
            new CommandDefinition(
                KeepOnce,
                new
                {
                    seller = seller.Value,
                    link,
                    invoices,
                    leftOut,
                },
                cancellationToken: token
            )
        );
        var (url, expiresAt) = links.MakeForAsked(seller, link);
        return new MakePaymentLink.Answer(url, expiresAt);
    }

    private static Guid IdOf(string message, IEnumerable<(InvoiceId Invoice, decimal Amount)> asked)
    {
        var text = asked
            .OrderBy(each => each.Invoice.Value)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Invoice}={each.Amount:0.0000}"));
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"asked;{message};{string.Join(';', text)}")).AsSpan(0, 16));
    }
}
