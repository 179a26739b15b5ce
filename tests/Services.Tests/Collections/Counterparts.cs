using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Payments that books write-offs once under each id, and Delivery that sets statements, over real gRPC.</summary>
internal sealed class Counterparts : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>What was booked, by write-off.</summary>
    public ConcurrentDictionary<string, WriteOffRequest> Booked { get; } = new();

    /// <summary>How often Payments was asked.</summary>
    public int Asked;

    /// <summary>Runs before Payments books; may throw.</summary>
    public Func<WriteOffRequest, Task> OnAsked { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after Payments has booked and before it answers; may throw.</summary>
    public Func<WriteOffRequest, Task> OnBooked { get; set; } = _ => Task.CompletedTask;

    /// <summary>Statements that Delivery was asked to set.</summary>
    public ConcurrentQueue<GetStatementPdf> Statements { get; } = new();

    /// <summary>How many bytes the PDFs have that Delivery sets; few where nobody says.</summary>
    public int? PdfSize { get; set; }

    /// <summary>Whether Delivery is away.</summary>
    public bool DeliveryIsAway { get; set; }

    public HostSettings Settings(TimeProvider? clock = null, ServiceHost? beside = null) =>
        new()
        {
            Beside = beside,
            Configuration = new Dictionary<string, string?>
            {
                ["services:payments:grpc:0"] = _app!.Urls.First(),
                ["services:delivery:grpc:0"] = _app!.Urls.First(),
            },
            Services = services => services.AddSingleton(clock ?? TimeProvider.System),
        };

    public static async Task<Counterparts> StartAsync()
    {
        var counterparts = new Counterparts();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(Infrastructure.FreePort(), listen => listen.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(counterparts);
        counterparts._app = builder.Build();
        counterparts._app.MapGrpcService<Payments>();
        counterparts._app.MapGrpcService<Delivery>();
        await counterparts._app.StartAsync();
        return counterparts;
    }

    /// <summary>A refusal as Payments gives it.</summary>
    public static RpcException Refusal(string code, StatusCode status) =>
        new(new Status(status, code), new Metadata { { "fault-code", code } });

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Payments(Counterparts counterparts) : Balances.BalancesBase
    {
        public override Task<BalanceList> Get(GetBalances request, ServerCallContext context) => Task.FromResult(new BalanceList());

        public override async Task<WriteOffReply> WriteOff(WriteOffRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref counterparts.Asked);
            await counterparts.OnAsked(request);
            var booked = counterparts.Booked.GetOrAdd(request.WriteOffId, request);
            await counterparts.OnBooked(request);
            return new WriteOffReply
            {
                Currency = "EUR",
                Booked = booked.Amount,
                AmountDue = 0m.ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    private sealed class Delivery(Counterparts counterparts) : Documents.DocumentsBase
    {
        public override Task<RenderedDocument> Statement(GetStatementPdf request, ServerCallContext context)
        {
            if (counterparts.DeliveryIsAway)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "away"));
            }

            counterparts.Statements.Enqueue(request);
            return Task.FromResult(
                new RenderedDocument
                {
                    Content = counterparts.PdfSize is { } size
                        ? ByteString.CopyFrom(new byte[size])
                        : ByteString.CopyFromUtf8("%PDF-of-the-test"),
                    ContentType = "application/pdf",
                    FileName = $"{request.CustomerNumber}.pdf",
                }
            );
        }
    }
}
