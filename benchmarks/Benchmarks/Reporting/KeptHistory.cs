using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Benchmarks.Reporting;

/// <summary>
/// A shop's invoices as Invoicing keeps their events, repeated under other names and moved by whole years of weeks: as though they had been
/// issued and heard.
/// </summary>
internal sealed class KeptHistory(Databases databases, Shop shop)
{
    private const int Years = 5;
    private const int DaysAYear = 364;
    private const int AtOnce = 2_000;

    private const string Bodies = "select body from invoicing.event where seller_id = @seller and name = @name order by position";
    private const string Last = "select coalesce(max(last), 0) from invoicing.event_sequence where seller_id = @seller";
    private const string KeepEvents =
        "copy invoicing.event (seller_id, sequence, event_id, name, body, occurred_at) from stdin (format binary)";
    private const string KeepKnown = "copy reporting.known_event (event_id, seller_id, known_at) from stdin (format binary)";
    private const string KeepHad = "copy reporting.inbox (consumer, event_id) from stdin (format binary)";
    private const string Consumer = "reporting-facts";

    private readonly List<InvoiceIssued> _told = [];
    private int _copy;

    /// <summary>How many of the shop's invoices Reporting has.</summary>
    public async Task<long> KnownAsync(CancellationToken cancellation)
    {
        await using var count = databases
            .OfService("reporting")
            .CreateCommand("select count(*) from reporting.sold where seller_id = @seller");
        count.Parameters.Add(new("seller", shop.SellerId));
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>From the first to the last day that the shop sold on.</summary>
    public async Task<(DateOnly From, DateOnly To)> PeriodAsync(CancellationToken cancellation)
    {
        await ReadAsync(cancellation);
        return (_told.Min(each => each.OperationDate), _told.Max(each => each.OperationDate));
    }

    /// <summary>Adds so many invoices, known from now on; how many it added.</summary>
    public async Task<int> MultiplyAsync(int invoices, CancellationToken cancellation)
    {
        await using var invoicing = await databases.OfService("invoicing").OpenConnectionAsync(cancellation);
        await using var reporting = await databases.OfService("reporting").OpenConnectionAsync(cancellation);
        var sequence = await LastAsync(invoicing, cancellation);
        var knownAt = TimeProvider.System.GetUtcNow();
        var added = 0;
        foreach (var some in Copies(invoices).Chunk(AtOnce))
        {
            var bodies = some.AsParallel().AsOrdered().Select(each => JsonSerializer.Serialize(each, Wire.Tolerant)).ToArray();
            await using (var events = await invoicing.BeginBinaryImportAsync(KeepEvents, cancellation))
            {
                for (var i = 0; i < some.Length; i++)
                {
                    await events.StartRowAsync(cancellation);
                    await events.WriteAsync(shop.SellerId, NpgsqlDbType.Text, cancellation);
                    await events.WriteAsync(++sequence, NpgsqlDbType.Bigint, cancellation);
                    await events.WriteAsync(some[i].EventId.Value, NpgsqlDbType.Uuid, cancellation);
                    await events.WriteAsync(InvoiceIssued.Exchange, NpgsqlDbType.Text, cancellation);
                    await events.WriteAsync(bodies[i], NpgsqlDbType.Text, cancellation);
                    await events.WriteAsync(knownAt.AddMicroseconds(added + i), NpgsqlDbType.TimestampTz, cancellation);
                }

                await events.CompleteAsync(cancellation);
            }

            await using (var known = await reporting.BeginBinaryImportAsync(KeepKnown, cancellation))
            {
                for (var i = 0; i < some.Length; i++)
                {
                    await known.StartRowAsync(cancellation);
                    await known.WriteAsync(some[i].EventId.Value, NpgsqlDbType.Uuid, cancellation);
                    await known.WriteAsync(shop.SellerId, NpgsqlDbType.Text, cancellation);
                    await known.WriteAsync(knownAt.AddMicroseconds(added + i), NpgsqlDbType.TimestampTz, cancellation);
                }

                await known.CompleteAsync(cancellation);
            }

            await using (var had = await reporting.BeginBinaryImportAsync(KeepHad, cancellation))
            {
                foreach (var each in some)
                {
                    await had.StartRowAsync(cancellation);
                    await had.WriteAsync(Consumer, NpgsqlDbType.Text, cancellation);
                    await had.WriteAsync(each.EventId.Value, NpgsqlDbType.Uuid, cancellation);
                }

                await had.CompleteAsync(cancellation);
            }

            added += some.Length;
        }

        await using var move = new NpgsqlCommand("update invoicing.event_sequence set last = @last where seller_id = @seller", invoicing)
        {
            Parameters = { new("last", sequence), new("seller", shop.SellerId) },
        };
        await move.ExecuteNonQueryAsync(cancellation);
        foreach (
            var (connection, tables) in new[] { (invoicing, "invoicing.event"), (reporting, "reporting.known_event, reporting.inbox") }
        )
        {
            await using var analyse = new NpgsqlCommand($"vacuum analyze {tables}", connection);
            await analyse.ExecuteNonQueryAsync(cancellation);
        }

        return added;
    }

    /// <summary>More of them, under names of their own, on the days they were sold on.</summary>
    public IEnumerable<InvoiceIssued> Copies(int invoices)
    {
        while (invoices > 0)
        {
            _copy++;
            foreach (var each in _told.Take(invoices))
            {
                yield return Copy(each, _copy, _copy % Years);
            }

            invoices -= Math.Min(invoices, _told.Count);
        }
    }

    private static InvoiceIssued Copy(InvoiceIssued told, int copy, int years) =>
        told with
        {
            EventId = EventId.New(),
            InvoiceId = Moved(told.InvoiceId, copy),
            Number = $"{told.Number}-{copy}",
            IssueDate = told.IssueDate.AddDays(-DaysAYear * years),
            OperationDate = told.OperationDate.AddDays(-DaysAYear * years),
            OccurredAt = told.OccurredAt?.AddDays(-DaysAYear * years),
            Corrects = [.. told.Corrects.Select(each => each with { InvoiceId = each.InvoiceId is { } id ? Moved(id, copy) : null })],
        };

    /// <summary>The same invoice of another copy.</summary>
    private static InvoiceId Moved(InvoiceId id, int copy)
    {
        var bytes = id.Value.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(12), BitConverter.ToInt32(bytes, 12) ^ (copy * 2_654_435_761L).GetHashCode());
        return new InvoiceId(new Guid(bytes));
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var read = databases.OfService("invoicing").CreateCommand(Bodies);
        read.Parameters.Add(new("seller", shop.SellerId));
        read.Parameters.Add(new("name", InvoiceIssued.Exchange));
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            _told.Add(JsonSerializer.Deserialize<InvoiceIssued>(reader.GetString(0), Wire.Tolerant)!);
        }
    }

    private async Task<long> LastAsync(NpgsqlConnection invoicing, CancellationToken cancellation)
    {
        await using var last = new NpgsqlCommand(Last, invoicing) { Parameters = { new("seller", shop.SellerId) } };
        return (long)(await last.ExecuteScalarAsync(cancellation))!;
    }
}
