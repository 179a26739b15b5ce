using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>Sales as a stream both ways, for tills with an API key: the same answers as by HTTP.</summary>
internal sealed class SalesRpc(ImportSales import) : Rpc.Sales.SalesBase
{
    private static readonly WriteOptions Together = new(WriteFlags.BufferHint);

    public override async Task Import(
        IAsyncStreamReader<Rpc.Sale> requestStream,
        IServerStreamWriter<Rpc.SaleAnswer> responseStream,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context.GetHttpContext().User) ?? throw DoorFaults.NoKey.With().ToRpc();
        // The message's own JSON form has the contract's names: from here on every door is the same door.
        var names = new ConcurrentQueue<string>();
        var sales = requestStream
            .ReadAllAsync(context.CancellationToken)
            .Select(sale =>
            {
                names.Enqueue(sale.SaleId);
                return (byte[]?)Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(sale));
            });
        await import.ImportAsync(caller.SellerId, sales, WriteAsync, context.CancellationToken);

        async Task WriteAsync(IReadOnlyList<ImportedSale> answers)
        {
            for (var i = 0; i < answers.Count; i++)
            {
                // What is written together goes out together.
                responseStream.WriteOptions = i < answers.Count - 1 ? Together : null;
                // Answers come in the order of the sales.
                await responseStream.WriteAsync(Answer(names.TryDequeue(out var name) ? name : "", answers[i]), context.CancellationToken);
            }
        }
    }

    private static Rpc.SaleAnswer Answer(string saleId, ImportedSale imported)
    {
        var answer = new Rpc.SaleAnswer { SaleId = saleId, Status = imported.Status.ToString().ToLowerInvariant() };
        if (imported.InvoiceId is { } invoice)
        {
            answer.InvoiceId = invoice.ToString();
            answer.Number = imported.Number;
        }

        if (imported.Code is { } code)
        {
            answer.Code = code;
            answer.Detail = imported.Detail;
        }

        return answer;
    }
}
