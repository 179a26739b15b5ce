using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Delivery;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Reports;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("delivery");
builder.AddPostgres("delivery");
builder.AddMessaging(
    "delivery",
    plan =>
        plan.Consume<SendInvoice>(SendInvoice.Queue, MessagingPlan.Together)
            .Consume<CountPurchases>(CountPurchases.Queue, MessagingPlan.Together)
            .Consume<LearnSeller>("delivery-learn-seller")
            .Publish<InvoiceTransmitted>("collections-hear-transmission")
            .Publish<TransmissionFailed>("collections-hear-failure")
            .TellTogether(TimeSpan.FromMilliseconds(200))
);
builder.AddRpcClient<Invoices.InvoicesClient>("invoicing");
builder.AddRpcClient<Sellers.SellersClient>("invoicing");
builder.AddRpcClient<PaymentPages.PaymentPagesClient>("payments");
builder.AddWebhooks();
builder.Services.AddOperationsPart<TellMail>().AddLinkLimit();
builder.Services.AddSingleton(DeliveryOptions.From(builder.Configuration)).AddSingleton(ReportOptions.From(builder.Configuration));
builder.Services.AddSingleton<Neighbours>().AddSingleton<RenderInvoice>().AddSingleton<RenderPreview>().AddSingleton<FindLook>();
builder.Services.AddSingleton<SaveTemplate>().AddSingleton<ListTemplates>().AddHostedService<DownloadLogos>();
builder.Services.AddSingleton<WriteMail>().AddSingleton<WriteShortMessage>().AddSingleton<SignMails>().AddSingleton<SendMessage>();
builder.Services.AddSingleton<TakeTransmissions>().AddSingleton<HoldTransmission>().AddSingleton<PutOffTransmission>();
builder.Services.AddSingleton<HandOverMessage>().AddSingleton<SendMails>().AddSingleton<SendShortMessages>().AddSingleton<Grace>();
builder.Services.AddSingleton<WakeSenders>().AddSingleton<SendInvoice>().AddSingleton<SendNotice>().AddSingleton<WithdrawNotice>();
builder.Services.AddSingleton<ListTransmissions>().AddSingleton<GetTransmission>().AddSingleton<ListUnreachable>();
builder.Services.AddSingleton<RerouteInvoices>().AddSingleton<GiveInvoiceLink>().AddSingleton<ShowLinkedInvoice>();
builder.Services.AddSingleton<OpenGateway>().AddSingleton<AskGateway>().AddSingleton<GatewayChannel>().AddSingleton<SendTestMessage>();
builder.Services.AddSingleton<KeepChannel>().AddSingleton<ListChannels>().AddSingleton<SweepFallbacks>().AddSingleton<ResendTransmission>();
builder.Services.AddSingleton<KeepDkimKey>().AddSingleton<ActivateDkimKey>().AddSingleton<ListDkimKeys>().AddSingleton<RemoveDkimKeys>();
builder.Services.AddSingleton<ApplyReports>().AddSingleton<RecordReport>().AddSingleton<LiftUnreachable>().AddHostedService<WatchMailbox>();
builder.Services.AddSingleton<SignWithdrawals>().AddSingleton<KeepConsent>().AddSingleton<GetConsent>().AddSingleton<ShowWithdrawal>();
builder.Services.AddSingleton<KeepCampaign>().AddSingleton<ListCampaigns>().AddSingleton<MeasureCampaign>().AddSingleton<ShowCampaign>();
builder.Services.AddSingleton<ReserveCoupon>().AddSingleton<ReleaseCoupon>().AddSingleton<ListMisusedCoupons>();
builder.Services.AddSingleton<RedeemCoupons>().AddSingleton<CountPurchases>().AddSingleton<ComposeOffers>().AddSingleton<FindPromotions>();
builder.Services.AddSingleton(new ItemToItem(ItemToItemTuning.Chosen)).AddSingleton<LearnBaskets>().AddSingleton<RenderStatement>();
builder.Services.AddSingleton<SuggestProducts>().AddSingleton<KeepSuggestionRules>().AddSingleton<LearnFromSales>();
builder.Services.AddMailServerPipeline();
builder.Services.AddHostedService<SendTransmissions>();
builder.Services.AddHostedService(provider => provider.GetRequiredService<SweepFallbacks>());
builder.Services.AddHostedService(provider => provider.GetRequiredService<LearnFromSales>());

var app = builder.Build();
app.MapDefaultEndpoints();
string[] readers = [Scopes.InvoicesRead, Scopes.DeliveryWrite];
app.MapGet("/v1/invoices/{invoiceId}/pdf", DeliveryDoors.Pdf).RequireScope(Scopes.InvoicesRead).HeldToStores().ShowsPersons();
app.MapGet("/v1/invoices/{invoiceId}/html", DeliveryDoors.Html).RequireScope(Scopes.InvoicesRead).HeldToStores().ShowsPersons();
app.MapPost("/v1/invoices/{invoiceId}/print", ChannelDoors.Print).RequireScope(Scopes.InvoicesRead).HeldToStores();
app.MapGet("/d/{name}", ChannelDoors.LinkedPage).AllowAnonymous().RequireRateLimiting(ChannelDoors.LinkLimit);
app.MapGet("/d/{name}/pdf", ChannelDoors.LinkedPdf).AllowAnonymous().RequireRateLimiting(ChannelDoors.LinkLimit);
app.MapGet("/v1/transmissions", DeliveryDoors.List).RequireScope(readers).HeldToStores();
app.MapGet("/v1/transmissions/{transmissionId}", ReportDoors.Transmission).RequireScope(readers).ShowsPersons();
app.MapPost("/v1/transmissions/{transmissionId}/resend", DeliveryDoors.Resend).RequireScope(Scopes.DeliveryWrite);
app.MapPost("/v1/mail-reports", ReportDoors.Record).RequireScope(Scopes.DeliveryWrite);
app.MapGet("/v1/unreachable-addresses", ReportDoors.Unreachable).RequireScope(readers).ShowsPersons();
app.MapDelete("/v1/unreachable-addresses/{channel}/{address}", ReportDoors.Lift).RequireScope(Scopes.DeliveryWrite);
app.MapGet("/v1/dkim", DkimDoors.List).RequireScope(Scopes.DeliveryWrite);
app.MapPut("/v1/dkim/{domain}", DkimDoors.Keep).RequireScope(Scopes.DeliveryWrite);
app.MapPost("/v1/dkim/{domain}/activation", DkimDoors.Activate).RequireScope(Scopes.DeliveryWrite);
app.MapDelete("/v1/dkim/{domain}", DkimDoors.Remove).RequireScope(Scopes.DeliveryWrite);
app.MapGet("/v1/channels", ChannelDoors.List).RequireScope(readers);
app.MapPut("/v1/channels/{channel}", ChannelDoors.Keep).RequireScope(Scopes.DeliveryWrite);
app.MapDelete("/v1/channels/{channel}", ChannelDoors.Remove).RequireScope(Scopes.DeliveryWrite);
app.MapPost("/v1/channels/{channel}/test", ChannelDoors.Test).RequireScope(Scopes.DeliveryWrite);
var webhooks = app.MapGroup("/v1/webhooks").RequireScope(Scopes.DeliveryWrite);
webhooks.MapGet("", WebhookDoors.List);
webhooks.MapPut("/{webhookId}", WebhookDoors.Put);
webhooks.MapGet("/{webhookId}", WebhookDoors.Get);
webhooks.MapDelete("/{webhookId}", WebhookDoors.Delete);
webhooks.MapPost("/{webhookId}/enable", WebhookDoors.Enable);
webhooks.MapGet("/{webhookId}/deliveries", WebhookDoors.Deliveries);
webhooks.MapPost("/{webhookId}/redeliver", WebhookDoors.Redeliver);
var templates = app.MapGroup("/v1/templates").RequireScope(Scopes.DeliveryWrite);
templates.MapGet("", TemplateDoors.List);
templates.MapGet("/{name}", TemplateDoors.Get);
templates.MapPut("/{name}", TemplateDoors.Put);
templates.MapDelete("/{name}", TemplateDoors.Delete);
templates.MapPost("/{name}/previews", TemplateDoors.Preview);
app.MapGet("/v1/logo", TemplateDoors.Logo).RequireScope(Scopes.DeliveryWrite);
app.MapPut("/v1/customers/{customerId}/consent", OfferDoors.KeepConsent).RequireScope(Scopes.DeliveryWrite);
app.MapGet("/v1/customers/{customerId}/consent", OfferDoors.GetConsent).RequireScope(readers).ShowsPersons();
app.MapGet("/v1/consent/withdrawals/{token}", OfferDoors.AskWithdrawal).AllowAnonymous();
app.MapPost("/v1/consent/withdrawals/{token}", OfferDoors.Withdraw).AllowAnonymous();
app.MapPut("/v1/campaigns/{campaignId}", OfferDoors.KeepCampaign).RequireScope(Scopes.DeliveryWrite);
app.MapGet("/v1/campaigns", OfferDoors.ListCampaigns).RequireScope(readers);
app.MapGet("/v1/campaigns/{campaignId}", OfferDoors.GetCampaign).RequireScope(readers);
app.MapGet("/v1/campaigns/{campaignId}/results", OfferDoors.MeasureCampaign).RequireScope(readers);
app.MapGet("/v1/coupons/misused", OfferDoors.ListMisusedCoupons).RequireScope(readers);
app.MapPost("/v1/coupons/{code}/reservations", OfferDoors.ReserveCoupon).RequireScope(OfferDoors.Redeemers).FactByItself();
app.MapDelete("/v1/coupons/{code}/reservations/{saleId}", OfferDoors.ReleaseCoupon).RequireScope(OfferDoors.Redeemers);
app.MapGet("/v1/recommendations", RecommendationDoors.List).RequireScope(Scopes.InvoicesRead);
app.MapGet("/v1/recommendations/rules", RecommendationDoors.Rules).RequireScope(readers);
app.MapPut("/v1/recommendations/rules", RecommendationDoors.KeepRules).RequireScope(Scopes.DeliveryWrite);
app.MapGrpcService<DocumentsRpc>();
app.MapGrpcService<MessagesRpc>();
app.MapGrpcService<TransmissionsRpc>();
app.MapGrpcService<PersonalRpc>();
app.MapGrpcService<EventsRpc>();
await app.RunAsync();
