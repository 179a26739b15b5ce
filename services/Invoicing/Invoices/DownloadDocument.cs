using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>An invoice as a document that other programs read.</summary>
public sealed class DownloadDocument(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource database,
    GetInvoice invoices,
    DownloadFacturae facturae,
    ReadRecords records
)
{
    private const string Seller = "select body from seller where seller_id = @SellerId";

    /// <summary>The document in a format, for whoever may know of the invoice.</summary>
    public async Task<Outcome<Document>> DownloadAsync(
        InvoiceId invoiceId,
        string format,
        SellerId? seller,
        string? customerEmail,
        CancellationToken cancellationToken
    )
    {
        return await invoices.GetAsync(invoiceId, seller, customerEmail, cancellationToken) is { } invoice
            ? await DownloadAsync(invoice, format, AccountOnce(invoice, cancellationToken), cancellationToken)
            : InvoicingFaults.NoInvoice.With();
    }

    /// <summary>The documents in several formats, the invoice read once; those that cannot hold the invoice are left out.</summary>
    public async Task<Outcome<Dictionary<string, Document>>> DownloadAsync(
        InvoiceId invoiceId,
        IReadOnlyCollection<string> formats,
        SellerId? seller,
        string? customerEmail,
        CancellationToken cancellationToken
    )
    {
        if (await invoices.GetAsync(invoiceId, seller, customerEmail, cancellationToken) is not { } invoice)
        {
            return InvoicingFaults.NoInvoice.With();
        }

        var account = AccountOnce(invoice, cancellationToken);
        var documents = new Dictionary<string, Document>(StringComparer.Ordinal);
        foreach (var format in formats)
        {
            var document = await DownloadAsync(invoice, format, account, cancellationToken);
            if (document.Fault is null)
            {
                documents[format] = document.Value;
            }
        }

        return documents;
    }

    private async Task<Outcome<Document>> DownloadAsync(
        InvoiceBody invoice,
        string format,
        Lazy<Task<PayeeAccount?>> account,
        CancellationToken cancellationToken
    )
    {
        switch (format)
        {
            case "json":
                return new Document(ReadInvoice.Json(invoice), "application/json", $"{invoice.Number}.json");
            case "facturae" or "facturae-unsigned":
                return await facturae.DownloadAsync(invoice, format == "facturae", cancellationToken);
            case "verifactu":
                return (await records.OfAsync(invoice, cancellationToken)).LastOrDefault()?.Document is { } record
                    ? new Document(Encoding.UTF8.GetBytes(record), "application/xml", $"{invoice.Number}.xml")
                    : InvoicingFaults.NoRecord.With(invoice.Number);
            default:
                if (DocumentFormat.Of(format) is not { } form)
                {
                    return InvoicingFaults.NoFormat.At("format", format);
                }

                var document = form.Document(invoice, await account.Value);
                return document.Refused(out var fault) ? fault : new Document(document.Value, "application/xml", $"{invoice.Number}.xml");
        }
    }

    private Lazy<Task<PayeeAccount?>> AccountOnce(InvoiceBody invoice, CancellationToken cancellationToken) =>
        new(() => AccountAsync(invoice.SellerId, cancellationToken));

    private async Task<PayeeAccount?> AccountAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var body = await connection.QuerySingleAsync<string>(Seller, new { SellerId = sellerId });
        var seller = JsonSerializer.Deserialize<SellerBody>(body, Wire.Tolerant)!;
        return new RegisteredSeller(sellerId, seller).Account;
    }
}

/// <summary>A document to download.</summary>
public sealed record Document(byte[] Content, string ContentType, string FileName);
