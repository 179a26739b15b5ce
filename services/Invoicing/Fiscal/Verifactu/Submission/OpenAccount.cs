using System.Security.Cryptography.X509Certificates;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

/// <summary>
/// Under whose certificate a taxpayer's records are sent: any seller of the taxpayer may lend its own, since the records are the taxpayer's.
/// </summary>
public sealed class OpenAccount(NpgsqlDataSource database, OpenCertificate certificates)
{
    private const string Sellers = """
        select s.seller_id as "SellerId", s.body::json ->> 'name' as "Name"
        from seller s
        where s.seller_id in (select n.seller_id from number_series n where n.tax_id = @TaxId)
            or (not exists (select from number_series n where n.tax_id = @TaxId) and s.body::json ->> 'taxId' = @TaxId)
        order by exists (select from seller_certificate c where c.seller_id = s.seller_id) desc, s.seller_id
        """;

    /// <summary>The taxpayer with its certificate, or why there is none to send under now.</summary>
    public async Task<Outcome<AgencyAccount>> OpenAsync(string taxId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Fault? first = null;
        foreach (var (id, name) in await connection.QueryAsync<(string SellerId, string Name)>(Sellers, new { TaxId = taxId }))
        {
            var opening = await certificates.OpenAsync(SellerId.Of(id), cancellationToken);
            if (!opening.Refused(out var fault))
            {
                return new AgencyAccount(new HeaderPerson(name, taxId), opening.Value);
            }

            first ??= fault;
        }

        return first ?? CertificateFaults.NoneToSign.With(taxId);
    }
}

/// <summary>Who sends, and under which certificate.</summary>
public sealed record AgencyAccount(HeaderPerson Seller, X509Certificate2 Certificate) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Certificate.Dispose();
}
