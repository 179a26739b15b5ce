using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Delivery;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("delivery");
builder.AddPostgres("delivery");
builder.AddMessaging(
    "delivery",
    plan =>
        plan.Consume<SendInvoice>(SendInvoice.Queue, MessagingPlan.Together)
            .Consume<LearnSeller>("delivery-learn-seller")
            .Publish<InvoiceTransmitted>()
            .Publish<TransmissionFailed>()
);
builder.AddRpcClient<Invoices.InvoicesClient>("invoicing");
builder.AddRpcClient<Sellers.SellersClient>("invoicing");
builder.AddRpcClient<PaymentPages.PaymentPagesClient>("payments");
builder.Services.AddSingleton(DeliveryOptions.From(builder.Configuration));
builder.Services.AddSingleton<Neighbours>();
builder.Services.AddSingleton<RenderInvoice>();
builder.Services.AddSingleton<WriteMail>();
builder.Services.AddSingleton<HoldTransmission>();
builder.Services.AddSingleton<WakeSenders>();
builder.Services.AddSingleton<SendInvoice>();
builder.Services.AddSingleton<SendMessage>();
builder.Services.AddSingleton<ListTransmissions>();
builder.Services.AddSingleton<ResendTransmission>();
builder.Services.AddMailServerPipeline();
builder.Services.AddHostedService<SendTransmissions>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet("/v1/invoices/{invoiceId}/pdf", DeliveryDoors.Pdf).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/invoices/{invoiceId}/html", DeliveryDoors.Html).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/transmissions", DeliveryDoors.List).RequireScope(Scopes.InvoicesRead, Scopes.DeliveryWrite);
app.MapPost("/v1/transmissions/{transmissionId}/resend", DeliveryDoors.Resend).RequireScope(Scopes.DeliveryWrite);
app.MapGrpcService<DocumentsRpc>();
app.MapGrpcService<MessagesRpc>();
app.MapGrpcService<TransmissionsRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
