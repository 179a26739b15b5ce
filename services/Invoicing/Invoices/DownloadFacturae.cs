using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>An invoice as Facturae, signed by its seller's certificate at the moment of asking; or not signed, where that is asked for.</summary>
public sealed class DownloadFacturae(NpgsqlDataSource database, OpenCertificate certificates, TimeProvider clock)
{
    private const string Seller = "select body from seller where seller_id = @SellerId";

    /// <summary>The document; refused where Facturae cannot hold the invoice, or nobody can sign it.</summary>
    public async Task<Outcome<Document>> DownloadAsync(InvoiceBody invoice, bool isSigned, CancellationToken cancellationToken)
    {
        var seller = new RegisteredSeller(invoice.SellerId, await SellerAsync(invoice.SellerId, cancellationToken));
        var written = FacturaeDocument.Of(invoice, seller.Account);
        if (written.Refused(out var unwritten))
        {
            return unwritten;
        }

        if (!isSigned)
        {
            return new Document(written.Value, "application/xml", $"{invoice.Number}.xml");
        }

        var opening = await certificates.OpenAsync(invoice.SellerId, cancellationToken);
        if (opening.Refused(out var unopened))
        {
            return unopened;
        }

        using var certificate = opening.Value;
        // In the shop's own time: at half past midnight an invoice is not dated after its signature.
        var signedAt = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), seller.ZoneOf(invoice.StoreId));
        return new Document(XadesSignature.Sign(written.Value, certificate, signedAt), "application/xml", $"{invoice.Number}.xsig");
    }

    private async Task<SellerBody> SellerAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var body = await connection.QuerySingleAsync<string>(Seller, new { SellerId = sellerId });
        return JsonSerializer.Deserialize<SellerBody>(body, Wire.Tolerant)!;
    }
}
