using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Reads stored chains, a window at a time: no connection is held while a window is worked at or sent to a slow client.</summary>
public sealed class ReadChain(NpgsqlDataSource database, IOptions<InvoicingOptions> options)
{
    private const string OfChain = "tax_id = @tax_id and environment = @environment and installation = @installation";
    private const string Columns = """
        position, seller_id, kind, record_type, number, issue_date::text, vat_total::text, total_with_vat::text,
        previous_fingerprint, fingerprint, recorded_at, document
        """;
    private const string Seller = """
        select s.body, exists (select from number_series n where n.tax_id = s.body::json ->> 'taxId' and n.seller_id <> s.seller_id)
        from seller s where s.seller_id = @seller
        """;

    // One statement and so one moment: a record and the head that it moves are seen together or not at all.
    private const string State = $"""
        select c.last, c.fingerprint, c.recorded_at, (select max(position) from fiscal_record where {OfChain})
        from (values (1)) one left join fiscal_chain c on {OfChain}
        """;
    private const string Adopted = $"""
        select position, number, issue_date, fingerprint, recorded_at, source = 'agency' from adopted_record where {OfChain} order by position
        """;
    private const string Window = $"""
        select {Columns} from fiscal_record where {OfChain} and position between @from and @to order by position limit {WindowSize}
        """;
    private const string NextTime = $"""
        select position, recorded_at from fiscal_record where {OfChain} and position >= @at order by position limit 1
        """;
    private const string HasDocuments = $"""
        select exists (select from fiscal_record where {OfChain} and position < @before and document is not null)
        """;
    private const string ByFingerprint = $"""
        select position from fiscal_record where {OfChain} and fingerprint = @fingerprint order by position desc limit 1
        """;
    private const string All = "select tax_id, environment, installation from fiscal_chain order by 1, 2, 3";
    private const string Sellers = "select body from seller";

    private const string WindowSize = "1000";

    /// <summary>The chain that a seller's invoices are recorded in now, and whether another seller's are too; none where there is no seller.</summary>
    public async Task<SellersChain?> OfSellerAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Seller);
        command.Parameters.Add(new("seller", seller.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var body = JsonSerializer.Deserialize<SellerBody>(reader.GetString(0), Wire.Tolerant)!;
        return new SellersChain(body, KeyOf(body), new ChainViewer(seller, reader.GetBoolean(1)));
    }

    /// <summary>Every chain that there is, and with <paramref name="toBegin" /> those that sellers have not begun yet.</summary>
    public async Task<IReadOnlyList<ChainKey>> AllAsync(bool toBegin, CancellationToken cancellationToken)
    {
        var chains = new List<ChainKey>();
        await using (var command = database.CreateCommand(All))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                chains.Add(new ChainKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        if (!toBegin)
        {
            return chains;
        }

        await using var sellers = database.CreateCommand(Sellers);
        await using var bodies = await sellers.ExecuteReaderAsync(cancellationToken);
        while (await bodies.ReadAsync(cancellationToken))
        {
            var body = JsonSerializer.Deserialize<SellerBody>(bodies.GetString(0), Wire.Tolerant)!;
            if (body.Regime == FiscalRegime.Verifactu)
            {
                chains.Add(KeyOf(body));
            }
        }

        return [.. chains.Distinct()];
    }

    /// <summary>How a chain stands.</summary>
    public async Task<ChainState> StateAsync(ChainKey chain, CancellationToken cancellationToken)
    {
        var adopted = new Dictionary<long, AdoptedRecord>();
        await using (var command = Of(Adopted, chain))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                adopted.Add(
                    rows.GetInt64(0),
                    new AdoptedRecord(
                        rows.GetInt64(0),
                        rows.GetString(1),
                        await rows.GetFieldValueAsync<DateOnly>(2, cancellationToken),
                        rows.GetString(3),
                        await rows.GetFieldValueAsync<DateTimeOffset>(4, cancellationToken),
                        rows.GetBoolean(5)
                    )
                );
            }
        }

        await using var state = Of(State, chain);
        await using var reader = await state.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new ChainState
        {
            Key = chain,
            Last = await reader.IsDBNullAsync(0, cancellationToken) ? 0 : reader.GetInt64(0),
            Fingerprint = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1),
            RecordedAt = await reader.IsDBNullAsync(2, cancellationToken)
                ? null
                : await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken),
            Highest = await reader.IsDBNullAsync(3, cancellationToken) ? 0 : reader.GetInt64(3),
            Adopted = adopted,
        };
    }

    /// <summary>The records from one place to another, in windows.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ChainRow>> WindowsAsync(
        ChainKey chain,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (from <= to)
        {
            var window = new List<ChainRow>();
            await using (var command = Of(Window, chain))
            {
                command.Parameters.Add(new("from", from));
                command.Parameters.Add(new("to", to));
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    window.Add(
                        new ChainRow
                        {
                            Position = reader.GetInt64(0),
                            SellerId = SellerId.Of(reader.GetString(1)),
                            Kind = reader.GetString(2),
                            RecordType = reader.GetString(3),
                            Number = reader.GetString(4),
                            IssueDate = reader.GetString(5),
                            VatTotal = reader.GetString(6),
                            TotalWithVat = reader.GetString(7),
                            PreviousFingerprint = await reader.IsDBNullAsync(8, cancellationToken) ? null : reader.GetString(8),
                            Fingerprint = reader.GetString(9),
                            RecordedAt = reader.GetString(10),
                            Document = await reader.IsDBNullAsync(11, cancellationToken) ? null : reader.GetString(11),
                        }
                    );
                }
            }

            if (window.Count == 0)
            {
                yield break;
            }

            yield return window;
            from = window[^1].Position + 1;
        }
    }

    /// <summary>The record at a place.</summary>
    public async Task<ChainRow?> AtAsync(ChainKey chain, long position, CancellationToken cancellationToken)
    {
        await foreach (var window in WindowsAsync(chain, position, position, cancellationToken))
        {
            return window[0];
        }

        return null;
    }

    /// <summary>The place of a record with a fingerprint; none where no record has it.</summary>
    public async Task<long?> PlaceOfAsync(ChainKey chain, string fingerprint, CancellationToken cancellationToken)
    {
        await using var command = Of(ByFingerprint, chain);
        command.Parameters.Add(new("fingerprint", fingerprint));
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>The first place whose record was made at an instant or after it; times ascend along a chain, so that it is found by halves.</summary>
    private async Task<long> PlaceAtAsync(ChainState chain, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var (low, high) = (1L, Math.Max(chain.Last, chain.Highest) + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            await using var command = Of(NextTime, chain.Key);
            command.Parameters.Add(new("at", middle));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                high = middle;
            }
            else if (ChainWalk.Instant(reader.GetString(1)) >= instant)
            {
                high = middle;
            }
            else
            {
                low = reader.GetInt64(0) + 1;
            }
        }

        return low;
    }

    /// <summary>The first and last place of what was recorded on some days.</summary>
    public async Task<(long First, long Last)> PlacesAsync(ChainState chain, DayRange days, CancellationToken cancellationToken) =>
        (
            days.Begin is { } begin ? await PlaceAtAsync(chain, begin, cancellationToken) : 1,
            days.End is { } end ? await PlaceAtAsync(chain, end, cancellationToken) - 1 : chain.Last
        );

    /// <summary>
    /// Walks a part of a chain to its end; tells of everything that is wrong, and of every record that it passes. Gives back the last one.
    /// </summary>
    public async Task<ChainRow?> WalkAsync(
        ChainState chain,
        long from,
        long to,
        ChainViewer? viewer,
        Action<ChainFinding> tell,
        Action<ChainRow> pass,
        CancellationToken cancellationToken
    )
    {
        var before = from > 1 ? await AtAsync(chain.Key, from - 1, cancellationToken) : null;
        var walk = new ChainWalk(chain, from, before, await HasDocumentsAsync(chain.Key, from, cancellationToken), viewer);
        var last = before;
        await foreach (var window in WindowsAsync(chain.Key, from, Math.Min(to, chain.Last), cancellationToken))
        {
            foreach (var finding in walk.Take(window))
            {
                tell(finding);
            }

            foreach (var row in window)
            {
                pass(row);
            }

            last = window[^1];
        }

        if (to >= chain.Last)
        {
            foreach (var finding in walk.Head(last))
            {
                tell(finding);
            }
        }

        return last;
    }

    private async Task<bool> HasDocumentsAsync(ChainKey chain, long before, CancellationToken cancellationToken)
    {
        if (before <= 1)
        {
            return false;
        }

        await using var command = Of(HasDocuments, chain);
        command.Parameters.Add(new("before", before));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private ChainKey KeyOf(SellerBody seller) => new(seller.TaxId, seller.Environment.ToString(), options.Value.Installation);

    private NpgsqlCommand Of(string sql, ChainKey chain)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new("tax_id", chain.TaxId));
        command.Parameters.Add(new("environment", chain.Environment));
        command.Parameters.Add(new("installation", chain.Installation));
        return command;
    }
}

/// <summary>The chain of a seller's taxpayer in its environment and this installation, and how the seller looks at it.</summary>
public sealed record SellersChain(SellerBody Seller, ChainKey Key, ChainViewer Viewer)
{
    /// <summary>Days in the seller's zone.</summary>
    public DayRange Days(DateOnly? from, DateOnly? to) => new(from, to, TimeZoneInfo.FindSystemTimeZoneById(Seller.TimeZone));
}
