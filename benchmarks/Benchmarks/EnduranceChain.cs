using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using RetailInvoicing.Retail.Verify;

namespace RetailInvoicing.Benchmarks;

/// <summary>The chain of fiscal records: computed anew here from what is stored, asked of the product, and exported and verified.</summary>
internal sealed class EnduranceChain(EnduranceTarget target, int sales, Action<string> say)
{
    /// <summary>An export is a file for each record; more of them are left to the other two ways.</summary>
    private const int MostExported = 50_000;

    private const string Records = """
        select position, tax_id, number, issue_date, record_type, vat_total, total_with_vat, previous_fingerprint, fingerprint, recorded_at
        from fiscal_record where seller_id = @seller order by position
        """;
    private const string Head = """
        select c.last, c.fingerprint from fiscal_chain c
        where (c.tax_id, c.environment, c.installation) in
            (select tax_id, environment, installation from fiscal_record where seller_id = @seller limit 1)
        """;

    /// <summary>What is so of the chain.</summary>
    public async Task<IReadOnlyList<EnduranceTruth>> CheckAsync(CancellationToken cancellation)
    {
        var truths = new List<EnduranceTruth>();
        await RecomputeAsync(truths, cancellation);
        say("asking the product for its verdict on the chain");
        var verdict = await target.GetAsync("invoicing", "/v1/fiscal/chain", cancellation);
        truths.Add(new EnduranceTruth("records that the product finds in the chain", sales, verdict.GetProperty("records").GetInt64()));
        truths.Add(
            new EnduranceTruth("records that the product finds broken", 0, verdict.GetProperty("brokenCount").GetInt64())
            {
                Examples = [.. verdict.GetProperty("broken").EnumerateArray().Take(10).Select(each => each.GetRawText())],
            }
        );
        truths.Add(new EnduranceTruth("chains that the product calls valid", 1, verdict.GetProperty("valid").GetBoolean() ? 1 : 0));
        if (sales <= MostExported)
        {
            await VerifyExportAsync(truths, cancellation);
        }
        else
        {
            say("the export is left out: it would be a zip of as many files");
        }

        return truths;
    }

    private async Task RecomputeAsync(List<EnduranceTruth> truths, CancellationToken cancellation)
    {
        var broken = new EnduranceFaults();
        var (count, before, made) = (0L, (string?)null, DateTimeOffset.MinValue);
        await using var connection = await target.DatabaseAsync("invoicing", cancellation);
        await using (var command = new NpgsqlCommand(Records, connection) { Parameters = { new("seller", target.SellerId) } })
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                count++;
                var (position, fingerprint, recordedAt) = (row.GetInt64(0), row.GetString(8), row.GetString(9));
                var previous = await row.IsDBNullAsync(7, cancellation) ? null : row.GetString(7);
                broken.When(position != count, () => $"place {count} of the chain has the record of place {position}");
                broken.When(previous != before, () => $"the record at {position} does not cite the one before it");
                broken.When(
                    Computed(row, previous, recordedAt) != fingerprint,
                    () => $"the fingerprint at {position} does not fit its record"
                );
                var at = DateTimeOffset.Parse(recordedAt, CultureInfo.InvariantCulture);
                broken.When(at < made, () => $"time goes back at {position}");
                (before, made) = (fingerprint, at);
            }
        }

        truths.Add(new EnduranceTruth("records in the chain", sales, count));
        truths.Add(EnduranceTruth.None("records whose place, link, fingerprint or time does not fit, computed here", broken));
        await using var head = new NpgsqlCommand(Head, connection) { Parameters = { new("seller", target.SellerId) } };
        await using var last = await head.ExecuteReaderAsync(cancellation);
        var isHead = await last.ReadAsync(cancellation) && last.GetInt64(0) == count && last.GetString(1) == before;
        truths.Add(new EnduranceTruth("chains whose head is their last record", 1, isHead ? 1 : 0));
    }

    /// <summary>The huella as the tax agency specifies it, written down a second time: the product's own could be wrong both times.</summary>
    private static string Computed(NpgsqlDataReader row, string? previous, string recordedAt) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"IDEmisorFactura={row.GetString(1)}&NumSerieFactura={row.GetString(2)}&FechaExpedicionFactura={row.GetFieldValue<DateOnly>(3):dd-MM-yyyy}&TipoFactura={row.GetString(4)}&CuotaTotal={row.GetDecimal(5):0.00}&ImporteTotal={row.GetDecimal(6):0.00}&Huella={previous}&FechaHoraHusoGenRegistro={recordedAt}"
                    )
                )
            )
        );

    private async Task VerifyExportAsync(List<EnduranceTruth> truths, CancellationToken cancellation)
    {
        var file = new FileInfo(Path.GetTempFileName());
        try
        {
            using (var http = target.Http("invoicing"))
            await using (var export = await http.GetStreamAsync("/v1/fiscal/export", cancellation))
            await using (var written = file.OpenWrite())
            {
                await export.CopyToAsync(written, cancellation);
            }

            var report = VerifyReport.Of([file]);
            truths.Add(new EnduranceTruth("records in the export", sales, report.Exports.Sum(each => each.Records)));
            truths.Add(
                new EnduranceTruth("findings of ./retail verify on the export", 0, report.Findings.Count)
                {
                    Examples = [.. report.Findings.Take(10).Select(each => $"{each.File} {each.Code}: {each.English}")],
                }
            );
            truths.Add(
                new EnduranceTruth("exports that ./retail verify calls sound", 1, report is { IsSound: true, Exports.Count: 1 } ? 1 : 0)
            );
        }
        finally
        {
            file.Delete();
        }
    }
}
