using RetailInvoicing.Collections;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("collections");
builder.AddPostgres("collections");
builder.AddMessaging(
    "collections",
    plan =>
        plan.Consume<OpenReceivable>(OpenReceivable.Queue, MessagingPlan.Together)
            .Consume<CloseReceivable>(CloseReceivable.Queue, MessagingPlan.Together)
            .Consume<ApplyAllocation>(ApplyAllocation.Queue, MessagingPlan.Together)
            .Consume<SettleReceivable>(SettleReceivable.Queue, MessagingPlan.Together)
            .Consume<LearnSeller>(LearnSeller.Queue)
            .Consume<HearFailure>(HearFailure.Queue)
            .Consume<HearTransmission>(HearTransmission.Queue, MessagingPlan.Together)
            .Publish<ReceivableOverdue>()
            .Publish<ReceivableSettled>()
            .Publish<DunningNoticeIssued>("reporting-project-notice")
            .Publish<PromiseMade>("reporting-project-promise")
            .Publish<PromiseJudged>("reporting-project-judgement")
            .Publish<ActRecorded>("reporting-project-act")
            .Publish<DisputeRaised>("reporting-project-dispute")
            .Publish<ForecastMade>("reporting-project-forecast")
            .TellTogether(TimeSpan.FromMilliseconds(200))
);
builder.AddRpcClient<Balances.BalancesClient>("payments");
builder.AddRpcClient<Messages.MessagesClient>("delivery");
builder.AddRpcClient<Documents.DocumentsClient>("delivery");

// Receivables, acts, holds, promises, disputes, write-offs, interest: ReceivableDoors. Policies and steps: DunningDoors. Whom to turn to
// first, forecasts, habits, hours: WorklistDoors.
builder.Services.AddReceivables();
builder.Services.AddDunning();
builder.Services.AddWorklist();
builder.Services.AddSingleton<CollectionsRpc.Slices>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapReceivables();
app.MapDunning();
app.MapWorklist();
app.MapGrpcService<CollectionsRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
