using System.Buffers.Binary;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Search;

/// <summary>
/// Finds a seller's invoices by words, the newest first. What is common is soon found among the newest; what is rare is found by its words,
/// a stretch of time after the other, each twice as long as the one before: nobody sorts a year of matches to show fifty.
/// </summary>
public sealed class FindByWords(NpgsqlDataSource database)
{
    private const int Newest = 4000;

    private const string AmongNewest = """
        select invoice_id from (
            select invoice_id, words from invoice_search
            where seller_id = @seller and invoice_id < @before
            order by invoice_id desc limit @newest
        ) newest
        where words @@ @question::tsquery
        order by invoice_id desc
        """;

    // Materialized: the words' index decides, whatever is thought of how many there are.
    private const string OfStretch = """
        with found as materialized (
            select invoice_id from invoice_search
            where words @@ @question::tsquery and seller_id = @seller and invoice_id >= @since and invoice_id < @before
        )
        select invoice_id from found order by invoice_id desc limit @most
        """;
    private const string Ends = """
        select (select invoice_id from invoice_search where seller_id = @seller order by invoice_id limit 1),
            (select invoice_id from invoice_search where seller_id = @seller and invoice_id < @before order by invoice_id desc limit 1)
        """;

    private static readonly TimeSpan Shortest = TimeSpan.FromDays(31);

    /// <summary>Invoices before one, the newest first: as many as that, or all there are.</summary>
    public async Task<IReadOnlyList<InvoiceId>> RunAsync(
        SellerId seller,
        string question,
        InvoiceId? before,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var end = before?.Value ?? Guid.AllBitsSet;
        var found = await QueryAsync(
            connection,
            AmongNewest,
            [new("seller", seller.Value), new("before", end), new("newest", Newest), new("question", question)],
            cancellationToken
        );
        if (found.Count >= most)
        {
            return [.. found.Take(most).Select(InvoiceId.Of)];
        }

        var (oldest, newest) = await EndsAsync(connection, seller, end, cancellationToken);
        found.Clear();
        var (until, stretch) = (end, Shortest);
        for (var from = newest; from.CompareTo(oldest) >= 0 && from != Guid.Empty && found.Count < most; stretch *= 2)
        {
            from = Before(from, stretch);
            found.AddRange(
                await QueryAsync(
                    connection,
                    OfStretch,
                    [
                        new("seller", seller.Value),
                        new("question", question),
                        new("since", from),
                        new("before", until),
                        new("most", most - found.Count),
                    ],
                    cancellationToken
                )
            );
            until = from;
        }

        return [.. found.Select(InvoiceId.Of)];
    }

    private static async Task<(Guid Oldest, Guid Newest)> EndsAsync(
        NpgsqlConnection connection,
        SellerId seller,
        Guid before,
        CancellationToken cancellationToken
    )
    {
        await using var ends = new NpgsqlCommand(Ends, connection);
        ends.Parameters.Add(new("seller", seller.Value));
        ends.Parameters.Add(new("before", before));
        await using var reader = await ends.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return await reader.IsDBNullAsync(1, cancellationToken)
            ? (Guid.AllBitsSet, Guid.Empty)
            : (await reader.GetFieldValueAsync<Guid>(0, cancellationToken), await reader.GetFieldValueAsync<Guid>(1, cancellationToken));
    }

    /// <summary>The first id of the instant after that of another, which names none that there is.</summary>
    public static InvoiceId After(InvoiceId id) => InvoiceId.Of(Before(id.Value, TimeSpan.FromMilliseconds(-1)));

    /// <summary>The first id of an instant that is so long before that of another: their first 48 bits are the millisecond (RFC 9562).</summary>
    private static Guid Before(Guid id, TimeSpan stretch)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var at = (BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16) - (long)stretch.TotalMilliseconds;
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private static async Task<List<Guid>> QueryAsync(
        NpgsqlConnection connection,
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        var found = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(await reader.GetFieldValueAsync<Guid>(0, cancellationToken));
        }

        return found;
    }
}
