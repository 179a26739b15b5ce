using System.Buffers;
using Grpc.Core;
using Grpc.Net.Client;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>The bidirectional stream Sales/Import, with messages that are bytes already.</summary>
internal static class SaleMessageStream
{
    private static readonly Method<SaleToSend, Answer> Import = new(
        MethodType.DuplexStreaming,
        "retailinvoicing.invoicing.v1.Sales",
        "Import",
        Marshallers.Create<SaleToSend>(
            static (sale, context) =>
            {
                context.SetPayloadLength(sale.Form.Message.Length);
                sale.Form.WriteMessage(context.GetBufferWriter(), sale.Name);
                context.Complete();
            },
            static _ => throw new NotSupportedException()
        ),
        Marshallers.Create<Answer>(
            static (_, _) => throw new NotSupportedException(),
            static context => Answer.Of(context.PayloadAsReadOnlySequence())
        )
    );

    // A frame for each sale would cost both sides a system call.
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    /// <summary>A connection for streams.</summary>
    public static GrpcChannel Connect(Uri invoicing) =>
        GrpcChannel.ForAddress(
            invoicing,
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { UseProxy = false },
                DisposeHttpClient = true,
            }
        );

    /// <summary>Sends sales at that pace; how many were issued once the last answer is there.</summary>
    public static async Task<long> ImportAsync(
        GrpcChannel channel,
        Shop shop,
        IReadOnlyList<SaleForm> forms,
        IPace pace,
        CancellationToken cancellation
    )
    {
        var headers = new Metadata { { "authorization", $"Bearer {shop.ApiKey}" } };
        using var call = channel
            .CreateCallInvoker()
            .AsyncDuplexStreamingCall(Import, host: null, new CallOptions(headers, cancellationToken: cancellation));
        var writing = WriteAsync(call.RequestStream, forms, pace, cancellation);
        var issued = 0L;
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            if (!call.ResponseStream.Current.IsIssued)
            {
                throw new InvalidOperationException("a sale of the stream was not issued");
            }

            issued++;
        }

        var sent = await writing;
        return issued == sent ? issued : throw new InvalidOperationException($"{sent} sales were sent and {issued} issued");
    }

    private static async Task<long> WriteAsync(
        IClientStreamWriter<SaleToSend> stream,
        IReadOnlyList<SaleForm> forms,
        IPace pace,
        CancellationToken cancellation
    )
    {
        stream.WriteOptions = Gathered;
        var sent = 0L;
        while (await pace.NextAsync(cancellation) is > 0 and var ready)
        {
            for (var i = 0; i < ready; i++)
            {
                await stream.WriteAsync(new SaleToSend(forms[(int)(sent++ % forms.Count)], SaleForm.NextName()), cancellation);
            }
        }

        await stream.CompleteAsync();
        return sent;
    }

    private sealed record SaleToSend(SaleForm Form, long Name);

    private sealed record Answer(bool IsIssued)
    {
        private static readonly Answer Issued = new(true);
        private static readonly Answer Other = new(false);

        /// <summary>Field 2 of SaleAnswer is its status.</summary>
        public static Answer Of(in ReadOnlySequence<byte> message)
        {
            var bytes = message.IsSingleSegment ? message.FirstSpan : message.ToArray();
            return bytes.IndexOf("\u0012\u0006issued"u8) >= 0 ? Issued : Other;
        }
    }
}
