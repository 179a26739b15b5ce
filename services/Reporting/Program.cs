using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("reporting");
builder.AddPostgres("reporting");
builder.AddMessaging(
    "reporting",
    plan =>
        plan.Consume<ProjectSale>(ProjectSale.Queue, MessagingPlan.Together)
            .Consume<ProjectCancellation>(ProjectCancellation.Queue, MessagingPlan.Together)
);
builder.AddRpcClient<Events.EventsClient>("invoicing");
builder.Services.AddSingleton<SalesFeed>().AddSingleton<KeepSale>().AddSingleton<ProjectSale>().AddSingleton<ProjectCancellation>();
builder.Services.AddSingleton<QuerySales>().AddSingleton<ShowSales>().AddSingleton<CatchUp>();
builder.Services.AddHostedService(provider => provider.GetRequiredService<CatchUp>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet(
        "/v1/reports/sales",
        ([AsParameters] SalesQuestion question, Caller caller, ShowSales show, CancellationToken ct) =>
            show.RunAsync(caller.SellerId, question, ct)
    )
    .RequireScope(Scopes.ReportsRead)
    .Produces<SalesReport>();
app.MapGrpcService<ReportingRpc>();
await app.RunAsync();
