using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.Customers;
using RetailInvoicing.Invoicing.Doors;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Fiscal.Plain;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("invoicing");
builder.AddPostgres("invoicing");
builder.AddMessaging(
    "invoicing",
    plan =>
        plan.Consume<TakePostedSale>("invoicing-post-sale")
            .Publish<SellerRegistered>(
                "delivery-learn-seller",
                "payments-learn-seller",
                "collections-learn-seller",
                "reporting-learn-seller"
            )
            .Publish<ApiKeyRevoked>(
                "invoicing-revoke-api-key",
                "delivery-revoke-api-key",
                "payments-revoke-api-key",
                "collections-revoke-api-key",
                "reporting-revoke-api-key"
            )
            .Publish<InvoiceIssued>(
                "delivery-send-invoice",
                "payments-open-balance",
                "collections-open-receivable",
                "reporting-project-sale"
            )
            .Publish<InvoiceCorrected>()
            .Publish<InvoiceCancelled>(
                "payments-cancel-invoice",
                "collections-close-receivable",
                "reporting-project-cancellation",
                "delivery-count-purchases"
            )
            .Publish<FiscalRecordAccepted>()
            .Publish<FiscalRecordRejected>()
            .Publish<SaleRefused>()
);
builder.Services.Configure<InvoicingOptions>(builder.Configuration.GetSection("Invoicing"));
builder.Services.Configure<VerifactuOptions>(builder.Configuration.GetSection("Verifactu"));
builder.Services.AddSingleton<OpenAccount>().AddSingleton<IAgencyRecords, AskLastRecord>();
builder.Services.AddSingleton<FiscalQueue>().AddSingleton<AgencyClient>().AddSingleton<AskAgency>().AddSingleton<SubmitRecords>();
builder.Services.AddSingleton<INifCensus, NoCensus>().AddSingleton<DownloadFacturae>().AddHostedService<RunSubmissions>();
builder.Services.AddSingleton<KeepChain>().AddSingleton<ReadRecords>().AddSingleton<AmendRecord>().AddOperationsPart<TellSubmissions>();
builder.Services.AddSingleton<SuspectChains>().AddSingleton<StandingHolds>().AddSingleton<ReadChain>().AddSingleton<ShowChain>();
builder.Services.AddSingleton<DownloadFiscalExport>().AddSingleton<ListSubmissions>().AddSingleton<ListChains>().AddSingleton<ListHolds>();
builder.Services.AddSingleton<HoldChain>().AddSingleton<CompareRestored>().AddSingleton<TakeRestored>().AddSingleton<LiftHold>();
builder.Services.AddSingleton<VerifyTails>().AddHostedService(provider => provider.GetRequiredService<VerifyTails>());
builder.Services.AddHostedService<NoticeRestore>().AddHostedService<WatchHolds>().AddHealthChecks().AddCheck<HoldsHealth>("fiscal-chains");
builder.Services.AddSingleton<IFiscalRegime, VerifactuRegime>().AddSingleton<IFiscalRegime, PlainRegime>();
builder.Services.AddSingleton<RegisterSeller>().AddSingleton<GetSeller>().AddSingleton<RegisterStaff>();
builder.Services.AddSingleton<GiveApiKey>().AddSingleton<TakeApiKeyBack>().AddSingleton<LookUpPerson>().AddSellerOffice();
builder.Services.AddSingleton<KeepCertificate>().AddSingleton<GetCertificate>().AddSingleton<OpenCertificate>();
builder.Services.AddSingleton<RememberSellers>().AddSingleton<PostSale>().AddSingleton<IssueInvoice>().AddSingleton<WakeHeldReturns>();
builder.Services.AddSingleton<ImportSales>().AddSingleton<TellRefusal>().AddHostedService<IssueHeldReturns>();
builder.Services.AddSingleton<GetInvoice>().AddSingleton<ListInvoices>().AddSearch().AddSingleton<DownloadDocument>().AddCustomers();
builder.Services.AddSingleton<ActOnInvoices>().AddSingleton<CorrectInvoice>().AddSingleton<ExchangeTickets>().AddSingleton<CancelInvoice>();

var app = builder.Build();
app.MapDefaultEndpoints();

app.MapSellers();

app.MapPost("/v1/sales", SaleDoors.Post).RequireScope(Scopes.SalesWrite).FactByItself();
app.MapPost("/v1/sales:import", SaleDoors.Import).RequireScope(Scopes.SalesWrite).FactByItself();
app.MapGrpcService<SalesRpc>().RequireScope(Scopes.SalesWrite);

app.MapGet("/v1/invoices", InvoiceDoors.List).RequireScope(Scopes.InvoicesRead).HeldToStores().ShowsPersons("q", "customerId");
app.MapGet("/v1/invoices/{invoiceId}", InvoiceDoors.Get).RequireScope(Scopes.InvoicesRead).OfOwnStore().ShowsPersons();
app.MapGet("/v1/invoices/{invoiceId}/explanation", InvoiceDoors.Explain).RequireScope(Scopes.InvoicesRead).OfOwnStore().ShowsPersons();
app.MapGet("/v1/invoices/{invoiceId}/document", InvoiceDoors.Document).RequireScope(Scopes.InvoicesRead).OfOwnStore().ShowsPersons();
app.MapPost("/v1/invoices/{invoiceId}/corrections", InvoiceDoors.Correct).RequireScope(Scopes.InvoicesWrite).OfOwnStore();
app.MapPost("/v1/invoices/{invoiceId}/cancellation", InvoiceDoors.Cancel).RequireScope(Scopes.InvoicesWrite).OfOwnStore();
app.MapPost("/v1/invoices/{invoiceId}/resubmission", InvoiceDoors.Resubmit).RequireScope(Scopes.InvoicesWrite).OfOwnStore();
app.MapPost("/v1/exchanges", InvoiceDoors.Exchange).RequireScope(Scopes.InvoicesWrite).HeldToStores();

app.MapGet("/v1/invoices/{invoiceId}/qr", FiscalDoors.Qr).RequireScope(Scopes.InvoicesRead).OfOwnStore();
app.MapGet("/v1/fiscal/chain", FiscalDoors.Chain).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/fiscal/export", FiscalDoors.Export).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/fiscal/submissions", FiscalDoors.Submissions).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/fiscal/declaration", FiscalDoors.Declaration).AllowAnonymous();
app.MapGet("/declaracion-responsable", FiscalDoors.DeclarationPage).AllowAnonymous();
app.MapGet("/v1/fiscal/chains", FiscalDoors.Chains).RequireAdmin();
app.MapGet("/v1/fiscal/holds", FiscalDoors.Holds).RequireAdmin();
app.MapPost("/v1/fiscal/holds/{holdId}/lift", FiscalDoors.Lift).RequireAdmin();
app.MapPost("/v1/fiscal/restored", FiscalDoors.Restored).RequireAdmin();

string[] validators = [Scopes.InvoicesRead, Scopes.InvoicesWrite, Scopes.SalesWrite];
app.MapPost("/v1/validation", ValidationDoors.Validate).RequireScope(validators).HeldToStores();
app.MapGrpcService<ValidationRpc>().RequireScope(validators);

app.MapGrpcService<InvoicesRpc>();
app.MapGrpcService<CustomersRpc>();
app.MapGrpcService<SellersRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
