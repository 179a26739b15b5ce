using System.Text.Json;
using System.Threading.Channels;
using Polly.Registry;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// Answers the sales of a stream in their order: issued, repeated or refused; a broken one does not stop the rest. What has come is read,
/// priced and judged together, beside what came before it, and goes down together; one that cites another, or has the name of one before
/// it, waits for those. A sale that comes alone waits for none.
/// </summary>
public sealed class ImportSales(PostSale post, ResiliencePipelineProvider<string> resilience, TimeProvider clock)
{
    private const int MostTogether = 128;
    private const int MostBytesTogether = 1 << 20;
    private const int MostUnderWay = 4;
    private const int MostByThemselves = 8;
    private const int MostNames = 2 * MostTogether * MostUnderWay;
    private static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromMilliseconds(50);

    /// <summary>Answers the sales of a stream, several at a time; one that is null was too large to read.</summary>
    public async Task ImportAsync(
        SellerId seller,
        IAsyncEnumerable<byte[]?> sales,
        Func<IReadOnlyList<ImportedSale>, Task> answer,
        CancellationToken cancellationToken
    )
    {
        await PatientlyAsync(token => post.RememberAsync(seller, token), cancellationToken);
        var read = Channel.CreateBounded<Task<ReadSale[]>>(MostUnderWay);
        var begun = Channel.CreateBounded<Task<ImportedSale[]>>(MostUnderWay);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(seller, sales, read.Writer, stop.Token);
        var beginning = BeginAsync(seller, read.Reader, begun.Writer, stop.Token);
        try
        {
            await foreach (var answering in begun.Reader.ReadAllAsync(cancellationToken))
            {
                await answer(await answering);
            }
        }
        finally
        {
            // Where nobody hears the answers any more, what has not been taken yet is called off.
            await stop.CancelAsync();
            await Task.WhenAll(reading, beginning);
            while (begun.Reader.TryRead(out var answering))
            {
                await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>What has come by now is one block; its sales are read and judged on a thread of their own.</summary>
    private async Task ReadAsync(
        SellerId seller,
        IAsyncEnumerable<byte[]?> sales,
        ChannelWriter<Task<ReadSale[]>> read,
        CancellationToken cancellationToken
    )
    {
        Exception? broken = null;
        var block = new List<byte[]?>();
        var bytes = 0;
        async Task CloseAsync()
        {
            if (block.Count > 0)
            {
                var closed = block;
                (block, bytes) = ([], 0);
                await read.WriteAsync(Task.Run(() => ReadAsync(seller, closed, cancellationToken), cancellationToken), cancellationToken);
            }
        }

        try
        {
            await using var all = sales.GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                var next = all.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    await CloseAsync();
                }

                if (!await next)
                {
                    break;
                }

                block.Add(all.Current);
                bytes += all.Current?.Length ?? 0;
                if (block.Count == MostTogether || bytes >= MostBytesTogether)
                {
                    await CloseAsync();
                }
            }
        }
        catch (Exception exception)
        {
            broken = exception;
        }

        try
        {
            await CloseAsync();
        }
        catch (OperationCanceledException)
        {
            // Nobody hears the answers any more.
        }

        // What came before it is answered first.
        if (broken is not null)
        {
            await read.WriteAsync(Task.FromException<ReadSale[]>(broken), CancellationToken.None);
        }

        read.Complete();
    }

    private async Task<ReadSale[]> ReadAsync(SellerId seller, List<byte[]?> block, CancellationToken cancellationToken)
    {
        var read = new ReadSale[block.Count];
        for (var i = 0; i < read.Length; i++)
        {
            var reading = block[i] is { } json
                ? Body<SalePosted>.Read(json)
                : DoorFaults.TooLarge.With(ServiceDefaults.ServiceDefaults.BodyLimit);
            read[i] = reading.Refused(out var unreadable)
                ? new ReadSale { Unreadable = ImportedSale.Refused(block[i] is { } named ? SaleIdIn(named) : null, unreadable) }
                : new ReadSale
                {
                    Posted = reading.Value,
                    Draft = (await post.PrepareAsync(seller, reading.Value, cancellationToken)).Draft,
                };
        }

        return read;
    }

    /// <summary>Puts sales in line in the order of the stream; who waits for those before it is begun when they are answered.</summary>
    private async Task BeginAsync(
        SellerId seller,
        ChannelReader<Task<ReadSale[]>> read,
        ChannelWriter<Task<ImportedSale[]>> begun,
        CancellationToken cancellationToken
    )
    {
        Exception? broken = null;
        var before = new Dictionary<string, Task>(StringComparer.Ordinal);
        async Task<Task> StartAsync(IReadOnlyList<ReadSale> together)
        {
            var waiting = await GetInLineAsync(together, cancellationToken);
            var answering = AnswerAsync(seller, together, waiting, cancellationToken);
            foreach (var name in together.Select(static each => each.Posted?.SaleId.Value).OfType<string>())
            {
                before[name] = answering;
            }

            await begun.WriteAsync(answering, cancellationToken);
            return answering;
        }

        try
        {
            await foreach (var reading in read.ReadAllAsync(cancellationToken))
            {
                var together = new List<ReadSale>();
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var sale in await reading)
                {
                    var name = sale.Posted?.SaleId.Value;
                    var cites = sale.Posted?.ReturnOf is not null;
                    if (name is null || (!cites && !before.ContainsKey(name) && names.Add(name)))
                    {
                        together.Add(sale);
                        continue;
                    }

                    if (together.Count > 0)
                    {
                        await StartAsync(together);
                        (together, names) = ([], new HashSet<string>(StringComparer.Ordinal));
                    }

                    await Task.WhenAll(before.Values);
                    before.Clear();
                    await StartAsync([sale]);
                }

                if (together.Count > 0)
                {
                    await StartAsync(together);
                }

                if (before.Count > MostNames)
                {
                    foreach (var (name, _) in before.Where(static each => each.Value.IsCompletedSuccessfully).ToList())
                    {
                        before.Remove(name);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            broken = exception;
        }

        begun.Complete(broken);
        await DrainAsync(read);
    }

    /// <summary>Whoever reads must not wait for room that nobody makes.</summary>
    private static async Task DrainAsync(ChannelReader<Task<ReadSale[]>> read)
    {
        await foreach (var left in read.ReadAllAsync())
        {
            await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The drafts of a block get in line one behind the other; where the line is full the stream waits.</summary>
    private async ValueTask<Task<Outcome<InvoiceIssued?>>?[]> GetInLineAsync(
        IReadOnlyList<ReadSale> together,
        CancellationToken cancellationToken
    )
    {
        var waiting = new Task<Outcome<InvoiceIssued?>>?[together.Count];
        for (var i = 0; i < waiting.Length; i++)
        {
            if (together[i].Draft is not { } draft)
            {
                continue;
            }

            while (true)
            {
                var inLine = post.GatherAsync(draft, cancellationToken);
                // Only what found no room is answered before it had its turn.
                if (!inLine.IsCompletedSuccessfully || (await inLine).Fault?.Code != InvoicingFaults.Behind)
                {
                    waiting[i] = inLine;
                    break;
                }

                await Task.Delay(UntilThereIsRoom, clock, cancellationToken);
            }
        }

        return waiting;
    }

    private async Task<ImportedSale[]> AnswerAsync(
        SellerId seller,
        IReadOnlyList<ReadSale> together,
        Task<Outcome<InvoiceIssued?>>?[] waiting,
        CancellationToken cancellationToken
    )
    {
        var answers = new ImportedSale[together.Count];
        var byThemselves = new List<int>();
        for (var i = 0; i < answers.Length; i++)
        {
            if (together[i].Unreadable is { } unreadable)
            {
                answers[i] = unreadable;
            }
            else if (waiting[i] is { } inLine && await IssuedAsync(inLine) is { } issued)
            {
                answers[i] = ImportedSale.Of(together[i].Posted!, new PostedSale(issued, Repeated: false));
            }
            else
            {
                byThemselves.Add(i);
            }
        }

        if (byThemselves.Count < answers.Length)
        {
            post.WakeHeld();
        }

        // Those that were issued before, cite others, are refused, or whose commit failed: each is looked up.
        await Parallel.ForEachAsync(
            byThemselves,
            new ParallelOptions { MaxDegreeOfParallelism = MostByThemselves, CancellationToken = cancellationToken },
            async (i, token) => answers[i] = await PostAsync(seller, together[i].Posted!, token)
        );
        return answers;
    }

    /// <summary>None where the sale is to be looked up: also where nobody knows what became of its commit.</summary>
    private static async Task<InvoiceIssued?> IssuedAsync(Task<Outcome<InvoiceIssued?>> inLine)
    {
        await ((Task)inLine).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!inLine.IsCompletedSuccessfully)
        {
            return null;
        }

        var outcome = await inLine;
        return outcome.Refused(out _) ? null : outcome.Value;
    }

    /// <summary>Answers one sale. While the database is away, or too many wait, the stream waits: nothing is lost, nothing doubled.</summary>
    private async Task<ImportedSale> PostAsync(SellerId seller, SalePosted sale, CancellationToken cancellationToken)
    {
        while (true)
        {
            var outcome = default(Outcome<PostedSale>);
            await PatientlyAsync(async token => outcome = await post.PostAsync(seller, sale, token), cancellationToken);
            if (outcome.Fault?.Code == InvoicingFaults.Behind)
            {
                await Task.Delay(UntilThereIsRoom, clock, cancellationToken);
                continue;
            }

            return outcome.Refused(out var fault) ? ImportedSale.Refused(sale.SaleId.Value, fault) : ImportedSale.Of(sale, outcome.Value);
        }
    }

    private async Task PatientlyAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken) =>
        await resilience.GetPipeline(Resilience.Start).ExecuteAsync(async token => await act(token), cancellationToken);

    /// <summary>The sale's name, as far as a broken sale can be read.</summary>
    public static string? SaleIdIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("saleId"u8))
                {
                    return
                        reader.Read()
                        && reader.TokenType == JsonTokenType.String
                        && reader.GetString() is { Length: <= 100 } name
                        && Sale.IsSound(name)
                        ? name
                        : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON from here on, or no text: the name cannot be told.
        }

        return null;
    }
}

/// <summary>What became of a sale of a stream.</summary>
public enum ImportStatus
{
    /// <summary>Its invoice was issued now.</summary>
    Issued,

    /// <summary>Its invoice was issued before.</summary>
    Repeated,

    /// <summary>It was refused; nothing was numbered.</summary>
    Refused,
}

/// <summary>The answer to a sale of a stream.</summary>
public sealed record ImportedSale
{
    /// <summary>The sale, as far as it could be read.</summary>
    public string? SaleId { get; init; }

    /// <summary>Issued, repeated or refused.</summary>
    public required ImportStatus Status { get; init; }

    /// <summary>Its invoice.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The invoice's number.</summary>
    public string? Number { get; init; }

    /// <summary>The refusal's stable code.</summary>
    public string? Code { get; init; }

    /// <summary>The refusal in words.</summary>
    public string? Detail { get; init; }

    internal static ImportedSale Of(SalePosted sale, PostedSale posted) =>
        new()
        {
            SaleId = sale.SaleId.Value,
            Status = posted.Repeated ? ImportStatus.Repeated : ImportStatus.Issued,
            InvoiceId = posted.Invoice.InvoiceId,
            Number = posted.Invoice.Number,
        };

    internal static ImportedSale Refused(string? saleId, Fault fault) =>
        new()
        {
            SaleId = saleId,
            Status = ImportStatus.Refused,
            Code = fault.Code.Code,
            Detail = fault.Path is { Length: > 0 } path ? $"{path}: {fault.In(null)}" : fault.In(null),
        };
}

/// <summary>A sale of a stream as far as it needed no database: unreadable, or with its draft where it has one.</summary>
internal sealed record ReadSale
{
    /// <summary>The answer to what cannot be read.</summary>
    public ImportedSale? Unreadable { get; init; }

    /// <summary>The sale.</summary>
    public SalePosted? Posted { get; init; }

    /// <summary>Made and judged; none where the sale is to be looked up.</summary>
    public InvoiceDraft? Draft { get; init; }
}
