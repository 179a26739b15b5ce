using System.Buffers.Binary;
using System.Diagnostics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// An invoice that was issued a moment ago is on its way here by the bus; whoever asks for it in that moment is answered when it has
/// come, and not told that there is none.
/// </summary>
public sealed class AwaitInvoice(NpgsqlDataSource database, TimeProvider clock)
{
    private const string HasCome = "select exists (select from invoice where seller_id = @SellerId and invoice_id = @InvoiceId)";

    private const long FreshMilliseconds = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    // Any instance may receive it, so the table is what tells.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    /// <summary>Waits for it where its id is as young as that; not at all for any other.</summary>
    public async Task HandleAsync(SellerId seller, InvoiceId invoice, CancellationToken token)
    {
        if (Math.Abs(clock.GetUtcNow().ToUnixTimeMilliseconds() - MillisecondOf(invoice)) > FreshMilliseconds)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(Look);
        while (
            !await HasComeAsync(seller, invoice, token)
            && Stopwatch.GetElapsedTime(began) < Longest
            && await tick.WaitForNextTickAsync(token)
        ) { }
    }

    private async Task<bool> HasComeAsync(SellerId seller, InvoiceId invoice, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(HasCome, new { SellerId = seller, InvoiceId = invoice }, cancellationToken: token)
        );
    }

    /// <summary>Invoices' ids are UUIDs of version 7, which begin with the millisecond they were made in.</summary>
    private static long MillisecondOf(InvoiceId invoice)
    {
        Span<byte> bytes = stackalloc byte[16];
        invoice.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return invoice.Value.Version == 7 ? (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16) : 0;
    }
}
