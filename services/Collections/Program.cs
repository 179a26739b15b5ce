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
            .Publish<ReceivableOverdue>()
            .Publish<ReceivableSettled>()
            .Publish<DunningNoticeIssued>()
            .TellTogether(TimeSpan.FromMilliseconds(200))
);
builder.AddRpcClient<Balances.BalancesClient>("payments");
builder.AddRpcClient<Messages.MessagesClient>("delivery");
builder.Services.AddSingleton<KeepFact>().AddSingleton<ListReceivables>().AddSingleton<GetAgeing>();
builder.Services.AddSingleton<FindOverdue>().AddSingleton<SendReminders>().AddSingleton<HoldReceivable>();
builder.Services.AddHostedService<RunDunning>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet(
        "/v1/receivables",
        async ([AsParameters] ReceivableFilter filter, Caller caller, ListReceivables list, CancellationToken ct) =>
            (await list.RunAsync(caller.SellerId, filter, ct)).ToResult(Results.Ok)
    )
    .RequireScope(Scopes.InvoicesRead, Scopes.CollectionsWrite, Scopes.ReportsRead)
    .Produces<ReceivablePage>();
app.MapGet("/v1/ageing", (Caller caller, GetAgeing ageing, CancellationToken ct) => ageing.RunAsync(caller.SellerId, ct))
    .RequireScope(Scopes.InvoicesRead, Scopes.CollectionsWrite, Scopes.ReportsRead);
app.MapPost(
        "/v1/receivables/{invoiceId}/holds",
        async (string invoiceId, Body<HoldRequest> body, Caller caller, HoldReceivable hold, CancellationToken ct) =>
            (await hold.RunAsync(caller, invoiceId, body.Content, ct)).ToResult(placed => Results.Json(placed, statusCode: 201))
    )
    .RequireScope(Scopes.CollectionsWrite)
    .Produces<Hold>(201);
app.MapGrpcService<CollectionsRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
