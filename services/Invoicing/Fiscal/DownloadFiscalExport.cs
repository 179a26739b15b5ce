using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Everything that a taxpayer has recorded from one day to another, as the official files that the records are (Orden HAC/1177/2024 art.
/// 8.2). The chain is the taxpayer's, so that the zip has the records of all its sellers: with holes it would prove nothing.
/// </summary>
public sealed class DownloadFiscalExport(NpgsqlDataSource database, ReadChain chains, IOptions<VerifactuOptions> options)
{
    private const string HasOne = """
        select exists (select from fiscal_record where tax_id = @tax_id and environment = @environment and installation = @installation
            and position between @from and @to and document is not null)
        """;

    /// <summary>The export, which writes itself; refused where nothing was recorded on those days.</summary>
    public async Task<Outcome<FiscalExportFile>> DownloadAsync(
        SellerId seller,
        DateOnly? from,
        DateOnly? to,
        CancellationToken cancellationToken
    )
    {
        if (await chains.OfSellerAsync(seller, cancellationToken) is not { } own)
        {
            return InvoicingFaults.NoSeller.With();
        }

        var state = await chains.StateAsync(own.Key, cancellationToken);
        var (first, last) = await chains.PlacesAsync(state, own.Days(from, to), cancellationToken);
        await using (var command = database.CreateCommand(HasOne))
        {
            command.Parameters.Add(new("tax_id", own.Key.TaxId));
            command.Parameters.Add(new("environment", own.Key.Environment));
            command.Parameters.Add(new("installation", own.Key.Installation));
            command.Parameters.Add(new("from", first));
            command.Parameters.Add(new("to", last));
            if (await command.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return FiscalFaults.NothingRecorded.With();
            }
        }

        var system = options.Value;
        var chain = new FiscalExportChain
        {
            SellerName = own.Seller.Name,
            SellerNif = own.Key.TaxId,
            System = $"{system.SystemName} {system.SystemId} {VerifactuOptions.Version}",
            Installation = own.Key.Installation,
        };
        return new FiscalExportFile(
            NameOf(own.Key, from, to),
            (destination, token) => WriteFiscalExport.ToAsync(destination, chain, RecordsAsync(own.Key, first, last, token), token)
        );
    }

    private async IAsyncEnumerable<StoredRecord> RecordsAsync(
        ChainKey chain,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var window in chains.WindowsAsync(chain, from, to, cancellationToken))
        {
            // What was recorded before documents were kept has none to export.
            foreach (var row in window.Where(row => row.Document is not null))
            {
                yield return new StoredRecord(row.Position, row.Document!);
            }
        }
    }

    private static string NameOf(ChainKey chain, DateOnly? from, DateOnly? to)
    {
        string Day(DateOnly? day) => day is { } given ? "-" + given.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        return $"registros-{chain.TaxId}-{chain.Environment.ToLowerInvariant()}{Day(from)}{Day(to)}.zip";
    }
}

/// <summary>An export that writes itself while it is sent.</summary>
public sealed record FiscalExportFile(string FileName, Func<Stream, CancellationToken, Task<FiscalExportSummary>> WriteAsync);
