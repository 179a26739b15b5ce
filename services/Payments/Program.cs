using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Redsys;
using RetailInvoicing.Payments.Providers.Sandbox;
using RetailInvoicing.Payments.Providers.Stripe;
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
            .Publish<PaymentReceived>("reporting-project-receipt")
            .Publish<PaymentAllocated>("collections-apply-allocation", "reporting-project-allocation")
            .Publish<PaymentRefunded>("reporting-project-refund")
            .Publish<PaymentReversed>("reporting-project-reversal")
            .Publish<MoneyMoved>("reporting-project-movement")
            .Publish<InvoicePaid>("collections-settle-receivable")
);
builder.Services.AddSingleton<KeepBooks>().AddSingleton<SignPaymentLinks>().AddSingleton<Instruct>().AddSingleton<OpenPaymentPage>();
builder.Services.AddSingleton<RecordPayment>().AddSingleton<RefundPayment>().AddSingleton<GetBalance>().AddSingleton<MakePaymentLink>();
builder.Services.AddSingleton<AwaitInvoice>().AddSingleton<CancelBalance>().AddSingleton<OpenBalance>();
builder.Services.AddSingleton<ListUnallocated>().AddSingleton<AllocateUnallocated>().AddSingleton<PayInSandbox>();
builder.Services.AddSingleton<WriteOffDebt>();
builder.Services.AddSingleton<ReadLedger>().AddSingleton<ReadTrialBalance>().AddSingleton<KeepPaymentPolicy>().AddSingleton<RefundCredit>();
builder.Services.AddSingleton<OpenPaymentLink>().AddSingleton<VerifyPayer>().AddSingleton<FindOpenItems>().AddSingleton<KeepCustomerKey>();
builder
    .Services.AddSingleton<MakeCustomerLink>()
    .AddSingleton<MakeAskedLink>()
    .AddSingleton<RevokePaymentLinks>()
    .AddSingleton<StartPaying>()
    .AddSingleton<LookAtCheckout>();
builder.Services.AddSingleton(StripeOptions.From(builder.Configuration)).AddSingleton<IPaymentProvider, StripeProvider>();
builder.Services.AddSingleton<IPaymentProvider, RedsysProvider>();
builder.AddProviders();
builder.AddCheckouts();
builder.Services.AddBank();
builder.Services.AddDirectDebits();

var app = builder.Build();
app.MapDefaultEndpoints();

app.MapPost("/v1/payments", Doors.RecordPayment).RequireScope(Scopes.PaymentsWrite).HeldToStores().FactByItself();
app.MapPost("/v1/payments/{paymentId}/refunds", Doors.RefundPayment).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/invoices/{invoiceId}/balance", Doors.GetBalance).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite).OfOwnStore();
app.MapPost("/v1/invoices/{invoiceId}/payment-links", Doors.MakePaymentLink).RequireScope(Scopes.PaymentsWrite).OfOwnStore();
app.MapGet("/v1/unallocated", Doors.ListUnallocated).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapPost("/v1/unallocated/{id}/allocations", Doors.AllocateUnallocated).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/ledger", Doors.ReadLedger).RequireScope(Scopes.ReportsRead, Scopes.PaymentsWrite);
app.MapGet("/v1/ledger/trial-balance", Doors.TrialBalance).RequireScope(Scopes.ReportsRead, Scopes.PaymentsWrite);

app.MapGet("/v1/payment-policy", LedgerDoors.GetPolicy).RequireScope(Scopes.PaymentsWrite);
app.MapPut("/v1/payment-policy", LedgerDoors.PutPolicy).RequireScope(Scopes.PaymentsWrite);

app.MapDelete("/v1/invoices/{invoiceId}/payment-links", LinkDoors.RevokeInvoiceLinks).RequireScope(Scopes.PaymentsWrite).OfOwnStore();
app.MapPost("/v1/customers/{customerId}/payment-links", LinkDoors.MakeCustomerLink).RequireScope(Scopes.PaymentsWrite);
app.MapDelete("/v1/customers/{customerId}/payment-links", LinkDoors.RevokeCustomerLinks).RequireScope(Scopes.PaymentsWrite);

app.MapGet("/v1/providers", ProviderDoors.List).RequireScope(Scopes.PaymentsWrite);
app.MapPut("/v1/providers/{provider}", ProviderDoors.Keep).RequireScope(Scopes.PaymentsWrite);
app.MapDelete("/v1/providers/{provider}", ProviderDoors.Disable).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/providers/{provider}/webhook", ProviderDoors.Hear).AllowAnonymous();
app.MapGet("/v1/refused-notices", ProviderDoors.ListRefused).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/checkouts", CheckoutDoors.List).RequireScope(Scopes.PaymentsWrite);

app.MapPost("/v1/bank-statements", BankDoors.Import).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/bank-entries", BankDoors.List).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapGet("/v1/bank-entries/{entryId}", BankDoors.Get).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapPost("/v1/bank-entries/{entryId}/match", BankDoors.Accept).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/bank-entries/{entryId}/unmatch", BankDoors.Release).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/bank-entries/{entryId}/refuse", BankDoors.Refuse).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/bank-accounts", BankDoors.ListAccounts).RequireScope(Scopes.InvoicesRead, Scopes.PaymentsWrite);
app.MapPut("/v1/bank-accounts/{iban}", BankDoors.PutAccount).RequireScope(Scopes.PaymentsWrite);
app.MapDelete("/v1/bank-accounts/{iban}", BankDoors.TakeAccount).RequireScope(Scopes.PaymentsWrite);

app.MapGet("/v1/direct-debit-settings", DirectDebitDoors.GetSettings).RequireScope(Scopes.PaymentsWrite);
app.MapPut("/v1/direct-debit-settings", DirectDebitDoors.KeepSettings).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/mandates", DirectDebitDoors.ListMandates).RequireScope(Scopes.PaymentsWrite).ShowsPersons("customerId");
app.MapPut("/v1/mandates/{mandateId}", DirectDebitDoors.KeepMandate).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/mandates/{mandateId}", DirectDebitDoors.GetMandate).RequireScope(Scopes.PaymentsWrite).ShowsPersons();
app.MapDelete("/v1/mandates/{mandateId}", DirectDebitDoors.CancelMandate).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/direct-debits", DirectDebitDoors.Make).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/direct-debits", DirectDebitDoors.List).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/direct-debits/{batchId}", DirectDebitDoors.Get).RequireScope(Scopes.PaymentsWrite);
app.MapGet("/v1/direct-debits/{batchId}/file", DirectDebitDoors.GetFile).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/direct-debits/{batchId}/collected", DirectDebitDoors.Collect).RequireScope(Scopes.PaymentsWrite);
app.MapPost("/v1/direct-debits/{batchId}/cancel", DirectDebitDoors.Cancel).RequireScope(Scopes.PaymentsWrite);

app.MapGrpcService<BalancesRpc>();
app.MapGrpcService<PaymentPagesRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
