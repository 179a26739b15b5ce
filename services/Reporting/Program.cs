using RetailInvoicing.Contracts.Grpc.Events;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("reporting");
builder.AddPostgres("reporting");
builder.AddMessaging(
    "reporting",
    plan =>
        plan.Consume<LearnSeller>(LearnSeller.Queue)
            .Consume<ProjectSale>(ProjectSale.Queue, MessagingPlan.Together)
            .Consume<ProjectCancellation>(ProjectCancellation.Queue, MessagingPlan.Together)
            .Consume<ProjectReceipt>(ProjectReceipt.Queue, MessagingPlan.Together)
            .Consume<ProjectAllocation>(ProjectAllocation.Queue, MessagingPlan.Together)
            .Consume<ProjectRefund>(ProjectRefund.Queue, MessagingPlan.Together)
            .Consume<ProjectReversal>(ProjectReversal.Queue, MessagingPlan.Together)
            .Consume<ProjectMovement>(ProjectMovement.Queue, MessagingPlan.Together)
            .Consume<ProjectNotice>(ProjectNotice.Queue, MessagingPlan.Together)
            .Consume<ProjectPromise>(ProjectPromise.Queue, MessagingPlan.Together)
            .Consume<ProjectJudgement>(ProjectJudgement.Queue, MessagingPlan.Together)
            .Consume<ProjectAct>(ProjectAct.Queue, MessagingPlan.Together)
            .Consume<ProjectDispute>(ProjectDispute.Queue, MessagingPlan.Together)
            .Consume<ProjectForecast>(ProjectForecast.Queue, MessagingPlan.Together)
);
builder.AddRpcClient<Events.EventsClient>("invoicing", "invoicing");
builder.AddRpcClient<Events.EventsClient>("payments", "payments");
builder.AddRpcClient<Events.EventsClient>("collections", "collections");
builder.AddSales();
builder.AddMoney();
builder.AddBooks();
builder.AddInsights();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSales();
app.MapMoney();
app.MapBooks();
app.MapInsights();
app.MapGrpcService<ReportingRpc>();
await app.RunAsync();
