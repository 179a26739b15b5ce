using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Payments and Delivery as Collections asks them, over real gRPC; what they answer is the test's to say.</summary>
internal sealed class Neighbours : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>What Payments knows; unknown invoices are left out of its answer.</summary>
    public ConcurrentDictionary<string, Balance> Balances { get; } = new();

    /// <summary>Every notice that Delivery was asked to send and accepted, repetitions too.</summary>
    public ConcurrentQueue<Notice> Notices { get; } = new();

    /// <summary>What each notice's message tells of: what was asked first, as Delivery keeps it.</summary>
    public ConcurrentDictionary<string, Notice> Messages { get; } = new();

    /// <summary>Notices that were taken back before they were queued.</summary>
    public ConcurrentDictionary<string, bool> Withdrawn { get; } = new();

    /// <summary>Runs before Delivery takes a notice back; may throw.</summary>
    public Func<NoticeWithdrawal, Task> OnWithdrawn { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after Delivery has accepted a notice and before it answers; may throw.</summary>
    public Func<Notice, Task> OnAccepted { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before Delivery accepts; may throw.</summary>
    public Func<Notice, Task> OnAsked { get; set; } = _ => Task.CompletedTask;

    public HostSettings Settings(HostSettings? settings = null) =>
        (settings ?? new HostSettings()) with
        {
            Configuration = new Dictionary<string, string?>
            {
                ["services:payments:grpc:0"] = _app!.Urls.First(),
                ["services:delivery:grpc:0"] = _app!.Urls.First(),
            },
        };

    public static async Task<Neighbours> StartAsync()
    {
        var neighbours = new Neighbours();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(Infrastructure.FreePort(), listen => listen.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(neighbours);
        neighbours._app = builder.Build();
        neighbours._app.MapGrpcService<Payments>();
        neighbours._app.MapGrpcService<Delivery>();
        await neighbours._app.StartAsync();
        return neighbours;
    }

    /// <summary>Payments knows the invoice: so much is due, so much on its way.</summary>
    public void Owe(InvoiceId invoice, string due, string inFlight = "0.00") =>
        Balances[invoice.ToString()] = new Balance
        {
            InvoiceId = invoice.ToString(),
            Currency = "EUR",
            TotalWithVat = "121.00",
            Paid = "0.00",
            Refunded = "0.00",
            InFlight = inFlight,
            AmountDue = due,
        };

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Payments(Neighbours neighbours) : RetailInvoicing.Contracts.Grpc.Payments.Balances.BalancesBase
    {
        public override Task<BalanceList> Get(GetBalances request, ServerCallContext context)
        {
            var known = new BalanceList();
            known.Balances.Add(request.InvoiceIds.Select(id => neighbours.Balances.GetValueOrDefault(id)).OfType<Balance>());
            return Task.FromResult(known);
        }
    }

    private sealed class Delivery(Neighbours neighbours) : RetailInvoicing.Contracts.Grpc.Delivery.Messages.MessagesBase
    {
        public override async Task<Queued> SendNotice(Notice request, ServerCallContext context)
        {
            await neighbours.OnAsked(request);
            if (neighbours.Withdrawn.ContainsKey(request.NoticeId))
            {
                throw Counterparts.Refusal("DEL-NOTICE-03", StatusCode.AlreadyExists);
            }

            neighbours.Notices.Enqueue(request);
            var message = neighbours.Messages.GetOrAdd(request.NoticeId, request);
            await neighbours.OnAccepted(request);
            return QueuedOf(message);
        }

        public override async Task<NoticeFate> WithdrawNotice(NoticeWithdrawal request, ServerCallContext context)
        {
            await neighbours.OnWithdrawn(request);
            if (neighbours.Messages.TryGetValue(request.NoticeId, out var message))
            {
                return new NoticeFate { Queued = QueuedOf(message) };
            }

            neighbours.Withdrawn[request.NoticeId] = true;
            return new NoticeFate();
        }

        private static Queued QueuedOf(Notice message)
        {
            var queued = new Queued { TransmissionId = message.NoticeId, Status = "queued" };
            queued.Carried.Add(message.Items.Select(item => new CarriedStep { InvoiceId = item.InvoiceId, Step = item.Step }));
            return queued;
        }
    }
}
