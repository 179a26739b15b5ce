using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Delivery;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Invoicing and Payments as Delivery sees them: real rpcs, answered from memory, held to whom they are asked on behalf of.</summary>
internal sealed class Neighbourhood : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _port;

    private Neighbourhood(WebApplication app, int port)
    {
        _app = app;
        _port = port;
    }

    public ConcurrentDictionary<string, InvoiceBody> Invoices { get; } = new();

    public ConcurrentDictionary<string, SellerRegistered> Sellers { get; } = new();

    /// <summary>Links that were asked for, each with what a reminder asks of which invoices.</summary>
    public ConcurrentQueue<GetAskedLink> AskedLinks { get; } = new();

    public volatile bool InvoicingIsAway;

    public volatile bool PaymentsIsAway;

    /// <summary>Payments knows none of the invoices yet.</summary>
    public volatile bool PaymentsHasNotHeard;

    public volatile bool UblIsImpossible;

    public static async Task<Neighbourhood> StartAsync()
    {
        var port = Infrastructure.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddGrpc();
        Neighbourhood? self = null;
        builder.Services.AddSingleton(_ => self!);
        var app = builder.Build();
        app.MapGrpcService<InvoicesDesk>();
        app.MapGrpcService<SellersDesk>();
        app.MapGrpcService<PaymentsDesk>();
        self = new Neighbourhood(app, port);
        await app.StartAsync();
        return self;
    }

    /// <summary>A Delivery that asks this neighbourhood and mails to that address, quick to try again.</summary>
    public Task<ServiceHost> DeliveryAsync(
        Infrastructure infrastructure,
        string smtp,
        ServiceHost? beside = null,
        params (string, string)[] more
    )
    {
        var configuration = new Dictionary<string, string?>
        {
            ["services:invoicing:grpc:0"] = $"http://127.0.0.1:{_port}",
            ["services:payments:grpc:0"] = $"http://127.0.0.1:{_port}",
            ["Smtp:Url"] = smtp,
            ["Delivery:RetryBase"] = "00:00:00.100",
            ["Delivery:RetryCap"] = "00:00:00.400",
            ["Delivery:LookAnyway"] = "00:00:00.100",
            ["Delivery:Grace"] = "00:00:00.300",
        };
        foreach (var (name, value) in more)
        {
            configuration[name] = value;
        }

        return ServiceHost.StartAsync<DeliveryOptions>(
            infrastructure,
            "delivery",
            new HostSettings { Configuration = configuration, Beside = beside }
        );
    }

    /// <summary>Keeps an invoice, as Invoicing does before it tells of it.</summary>
    public InvoiceIssued Issued(InvoiceIssued invoice)
    {
        Invoices[invoice.InvoiceId.ToString()] = invoice;
        return invoice;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static (string? Seller, string? Customer) BehalfOf(ServerCallContext context)
    {
        var token = new JsonWebToken(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);
        return (Claim("seller"), Claim("customer"));

        string? Claim(string name) => token.TryGetClaim(name, out var claim) ? claim.Value : null;
    }

    private static IReadOnlyList<string> StoresOf(ServerCallContext context) =>
        [
            .. new JsonWebToken(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..])
                .Claims.Where(claim => claim.Type == "store")
                .Select(claim => claim.Value),
        ];

    private InvoiceBody Find(string id, ServerCallContext context)
    {
        if (InvoicingIsAway)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "away"));
        }

        var (seller, customer) = BehalfOf(context);
        return
            Invoices.TryGetValue(id, out var invoice)
            && (seller is null || seller == invoice.SellerId.Value)
            && (customer is null || customer == invoice.Contact?.Email)
            && StoresOf(context) is var stores
            && (stores.Count == 0 || stores.Contains(invoice.StoreId.Value))
            ? invoice
            : throw new RpcException(new Status(StatusCode.NotFound, "none"));
    }

    /// <summary>What a document of an invoice says here.</summary>
    public static string ContentOf(string number, string format) => $"<{format}><ID>{number}</ID></{format}>";

    private sealed class InvoicesDesk(Neighbourhood all) : Invoices.InvoicesBase
    {
        public override Task<Invoice> Get(GetInvoice request, ServerCallContext context) =>
            Task.FromResult(
                new Invoice
                {
                    Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(all.Find(request.InvoiceId, context), Wire.Tolerant)),
                }
            );

        public override Task<DocumentFile> Document(GetDocument request, ServerCallContext context)
        {
            var invoice = all.Find(request.InvoiceId, context);
            return all.UblIsImpossible
                ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "surcharge"))
                : Task.FromResult(
                    new DocumentFile
                    {
                        Content = ByteString.CopyFrom(Encoding.UTF8.GetBytes(ContentOf(invoice.Number, request.Format))),
                        ContentType = "application/xml",
                        FileName = "x.xml",
                    }
                );
        }

        public override async Task<DocumentFiles> Documents(GetDocuments request, ServerCallContext context)
        {
            var answer = new DocumentFiles();
            var invoice = all.Find(request.InvoiceId, context);
            foreach (var format in request.Formats.Where(_ => !all.UblIsImpossible))
            {
                var file = await Document(new GetDocument { InvoiceId = invoice.InvoiceId.ToString(), Format = format }, context);
                answer.Documents.Add(new FormattedDocument { Format = format, File = file });
            }

            return answer;
        }
    }

    private sealed class SellersDesk(Neighbourhood all) : Sellers.SellersBase
    {
        public override Task<Seller> Get(GetSeller request, ServerCallContext context) =>
            all.InvoicingIsAway ? throw new RpcException(new Status(StatusCode.Unavailable, "away"))
            : all.Sellers.TryGetValue(request.SellerId, out var seller)
                ? Task.FromResult(new Seller { Body = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(seller, Wire.Tolerant)) })
            : throw new RpcException(new Status(StatusCode.NotFound, "none"));
    }

    private sealed class PaymentsDesk(Neighbourhood all) : PaymentPages.PaymentPagesBase
    {
        public override Task<InstructionsReply> Instructions(GetInstructions request, ServerCallContext context) =>
            all.PaymentsIsAway
                ? throw new RpcException(new Status(StatusCode.Unavailable, "away"))
                : Task.FromResult(
                    new InstructionsReply
                    {
                        Iban = SampleInvoice.Iban,
                        Beneficiary = "Comercios Ñandú, S.L.",
                        EpcPayload =
                            $"BCD\n002\n1\nSCT\n\nNandu\n{SampleInvoice.Iban}\nEUR{request.AmountDue}\n\n{request.PaymentReference}\n\n",
                        PayUrl = $"https://payments.example.com/pay/{request.InvoiceId}",
                        ExpiresAt = "2026-12-31T00:00:00Z",
                    }
                );

        public override Task<CustomerLinkReply> AskedLink(GetAskedLink request, ServerCallContext context)
        {
            if (all.PaymentsHasNotHeard)
            {
                throw new RpcException(new Status(StatusCode.NotFound, "no such invoice"));
            }

            all.AskedLinks.Enqueue(request);
            return Task.FromResult(
                new CustomerLinkReply
                {
                    PayUrl = request.Invoices is [var only]
                        ? $"https://payments.example.com/pay/{only.InvoiceId}"
                        : $"https://payments.example.com/pay/asked-{request.Invoices.Count}",
                    ExpiresAt = "2026-12-31T00:00:00Z",
                }
            );
        }
    }
}
