using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers.Sandbox;
using RetailInvoicing.Payments.Remittances;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("payments");
builder.AddPostgres("payments");
builder.AddMessaging(
    "payments",
    plan =>
        plan.Consume<OpenBalance>(OpenBalance.Queue, MessagingPlan.Together)
            .Consume<CancelBalance>(CancelBalance.Queue)
            .Consume<LearnSeller>("payments-learn-seller")
            .Publish<PaymentReceived>()
            .Publish<PaymentAllocated>("collections-apply-allocation")
            .Publish<PaymentRefunded>()
            .Publish<PaymentReversed>()
            .Publish<InvoicePaid>("collections-settle-receivable")
);
builder.Services.AddSingleton<KeepBooks>().AddSingleton<SignPaymentLinks>().AddSingleton<Instruct>().AddSingleton<OpenPaymentPage>();
builder.Services.AddSingleton<RecordPayment>().AddSingleton<RefundPayment>().AddSingleton<GetBalance>().AddSingleton<MakePaymentLink>();
builder.Services.AddSingleton<AwaitInvoice>().AddSingleton<CancelBalance>().AddSingleton<OpenBalance>();
builder.Services.AddSingleton<ListUnallocated>().AddSingleton<AllocateUnallocated>().AddSingleton<PayInSandbox>();
builder.Services.AddSingleton<ReadLedger>().AddSingleton<ReadTrialBalance>();

var app = builder.Build();
app.MapDefaultEndpoints();

app.MapPost("/v1/payments", Doors.RecordPayment).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/payments/{paymentId}/refunds", Doors.RefundPayment).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/invoices/{invoiceId}/balance", Doors.GetBalance).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapPost("/v1/invoices/{invoiceId}/payment-links", Doors.MakePaymentLink).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/unallocated", Doors.ListUnallocated).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapPost("/v1/unallocated/{id}/allocations", Doors.AllocateUnallocated).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/ledger", Doors.ReadLedger).RequireScope(Scopes.ReportsRead, Scopes.PaymentsWrite);
app.MapGet("/v1/ledger/trial-balance", Doors.TrialBalance).RequireScope(Scopes.ReportsRead, Scopes.PaymentsWrite);

app.MapGrpcService<BalancesRpc>();
app.MapGrpcService<PaymentPagesRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
