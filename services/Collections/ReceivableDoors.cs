using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Disputes;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.WriteOffs;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>How receivables, and what is done about them, are asked for over HTTP.</summary>
internal static class ReceivableDoors
{
    private static readonly string[] Readers = [Scopes.InvoicesRead, Scopes.CollectionsWrite, Scopes.ReportsRead];

    private const string StoreOf = "select store_id from receivable where seller_id = @seller and invoice_id = @invoice";

    /// <summary>The door is about one receivable: to staff of other stores there is none.</summary>
    internal static TBuilder OfOwnStore<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.HeldByInvoice(StoreOf, CollectionsFaults.NoReceivable);

    internal static void AddReceivables(this IServiceCollection services)
    {
        services.AddSingleton<KeepFact>().AddSingleton<ListReceivables>().AddSingleton<GetAgeing>();
        services.AddSingleton<GetStatement>().AddSingleton<RenderStatement>();
        services.AddSingleton<ListActs>().AddSingleton<RecordAct>();
        services.AddSingleton<HoldReceivable>().AddSingleton<HoldCustomer>().AddSingleton<ReleaseHold>();
        services.AddSingleton<KeepPromises>().AddSingleton<MakePromise>().AddSingleton<MakePlan>().AddSingleton<CancelPromise>();
        services.AddSingleton<ListPromises>().AddSingleton<JudgePromises>().AddHostedService<RunPromises>();
        services.AddSingleton<RaiseDispute>().AddSingleton<ResolveDispute>().AddSingleton<ListDisputes>();
        services.AddSingleton<AskWriteOff>().AddSingleton<ApproveWriteOff>().AddSingleton<ListWriteOffs>().AddSingleton<KeepSettings>();
        services.AddSingleton<PostWriteOffs>().AddHostedService(provider => provider.GetRequiredService<PostWriteOffs>());
        services.AddSingleton<GetInterest>().AddSingleton<AskClaims>().AddSingleton<ListClaims>().AddSingleton<SettleClaim>();
        services.AddSingleton<KeepInterestRates>();
    }

    internal static void MapReceivables(this WebApplication app)
    {
        app.MapGet("/v1/receivables", List).RequireScope(Readers).Produces<ReceivablePage>().HeldToStores();
        app.MapGet("/v1/ageing", Ageing).RequireScope(Readers).Produces<Ageing>().HeldToStores();
        app.MapGet("/v1/customers/{customerId}/statement", GetStatement).RequireScope(Readers).Produces<Statement>().ShowsPersons();
        app.MapGet("/v1/acts", ListActs).RequireScope(Readers).Produces<ActPage>().HeldToStores();
        app.MapPost("/v1/receivables/{invoiceId}/acts", RecordAct)
            .RequireScope(Scopes.CollectionsWrite)
            .Produces<RecordedAct>(201)
            .OfOwnStore();
        MapHolds(app);
        MapPromises(app);
        MapDisputes(app);
        MapWriteOffs(app);
        MapClaims(app);
    }

    private static void MapHolds(WebApplication app)
    {
        app.MapPost("/v1/receivables/{invoiceId}/holds", Hold).RequireScope(Scopes.CollectionsWrite).Produces<Hold>(201).OfOwnStore();
        app.MapDelete("/v1/receivables/{invoiceId}/holds/{holdId}", Release).RequireScope(Scopes.CollectionsWrite).OfOwnStore();
        app.MapPost("/v1/customers/{customerId}/holds", HoldAll).RequireScope(Scopes.CollectionsWrite).Produces<Hold>(201);
        app.MapDelete("/v1/customers/{customerId}/holds/{holdId}", ReleaseAll).RequireScope(Scopes.CollectionsWrite);
    }

    private static void MapPromises(WebApplication app)
    {
        app.MapGet("/v1/receivables/{invoiceId}/promises", Promises).RequireScope(Readers).Produces<PromiseList>().OfOwnStore();
        app.MapGet("/v1/customers/{customerId}/promises", PromisesOfCustomer).RequireScope(Readers).Produces<PromiseList>().ShowsPersons();
        app.MapPost("/v1/receivables/{invoiceId}/promises", Promise)
            .RequireScope(Scopes.CollectionsWrite)
            .Produces<PromiseBody>(201)
            .OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/plans", Plan).RequireScope(Scopes.CollectionsWrite).Produces<PlanBody>(201).OfOwnStore();
        app.MapDelete("/v1/receivables/{invoiceId}/promises/{promiseId}", Unpromise).RequireScope(Scopes.CollectionsWrite).OfOwnStore();
    }

    private static void MapDisputes(WebApplication app)
    {
        var disputes = app.MapGroup("/v1/receivables/{invoiceId}/disputes");
        disputes.MapGet("", Disputes).RequireScope(Readers).Produces<DisputeList>().OfOwnStore();
        disputes.MapPost("", Raise).RequireScope(Scopes.CollectionsWrite).Produces<DisputeBody>(201).OfOwnStore();
        disputes.MapPost("/{disputeId}/resolution", Resolve).RequireScope(Scopes.CollectionsWrite).Produces<DisputeBody>().OfOwnStore();
    }

    private static void MapWriteOffs(WebApplication app)
    {
        app.MapGet("/v1/write-offs", WriteOffs).RequireScope(Readers).Produces<WriteOffList>().HeldToStores();
        app.MapPost("/v1/receivables/{invoiceId}/write-off", AskOff)
            .RequireScope(Scopes.CollectionsWrite)
            .Produces<WriteOffBody>(201)
            .OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/write-off/{writeOffId}/approval", Approve)
            .RequireScope(Scopes.CollectionsWrite)
            .OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/write-off/{writeOffId}/refusal", Refuse)
            .RequireScope(Scopes.CollectionsWrite)
            .OfOwnStore();
        app.MapGet("/v1/collections-settings", GetSettings).RequireScope(Scopes.CollectionsWrite);
        app.MapPut("/v1/collections-settings", PutSettings).RequireScope(Scopes.CollectionsWrite).Produces<CollectionsSettings>();
    }

    private static void MapClaims(WebApplication app)
    {
        app.MapGet("/v1/receivables/{invoiceId}/interest", Interest).RequireScope(Readers).Produces<InterestBody>().OfOwnStore();
        app.MapGet("/v1/receivables/{invoiceId}/claims", Claims).RequireScope(Readers).Produces<ClaimList>().OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/claims", Claim)
            .RequireScope(Scopes.CollectionsWrite)
            .Produces<ClaimList>(201)
            .OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/claims/{claimId}/payment", PayClaim).RequireScope(Scopes.CollectionsWrite).OfOwnStore();
        app.MapPost("/v1/receivables/{invoiceId}/claims/{claimId}/waiver", WaiveClaim).RequireScope(Scopes.CollectionsWrite).OfOwnStore();
        app.MapGet("/v1/interest-rates", Rates).RequireAdminOrScope(Readers).HeldToStores().Produces<InterestRateList>();
        app.MapPut("/v1/interest-rates/{halfYear}", KeepRate).RequireAdmin().Produces<HalfYearRate>();
    }

    private static async Task<IResult> List(
        [AsParameters] ReceivableFilter filter,
        Caller caller,
        ListReceivables list,
        CancellationToken token
    ) => (await list.RunAsync(caller.SellerId, filter with { Stores = caller.StoresOrAll }, token)).ToResult(Results.Ok);

    private static async Task<IResult> Ageing(string? asOf, Caller caller, GetAgeing ageing, CancellationToken token) =>
        (await ageing.RunAsync(caller.SellerId, asOf, caller.StoresOrAll, token)).ToResult(Results.Ok);

    private static async Task<IResult> GetStatement(
        string customerId,
        string? from,
        string? to,
        string? format,
        Caller caller,
        GetStatement get,
        RenderStatement render,
        CancellationToken token
    )
    {
        if (format is not (null or "json" or "pdf"))
        {
            return CollectionsFaults.UnknownFormat.At("format", format).ToResult();
        }

        var whose = new StatementOf { SellerId = caller.SellerId, CustomerKey = customerId };
        var statement = await get.RunAsync(whose, from, to, token);
        if (statement.Refused(out var refused))
        {
            return refused.ToResult();
        }

        return format == "pdf"
            ? (await render.RunAsync(caller.SellerId, statement.Value, token)).ToResult(pdf =>
                Results.File(pdf.Content.ToArray(), pdf.ContentType, pdf.FileName)
            )
            : Results.Ok(statement.Value);
    }

    private static async Task<IResult> ListActs([AsParameters] ActFilter filter, Caller caller, ListActs list, CancellationToken token) =>
        (await list.RunAsync(caller.SellerId, filter with { Stores = caller.StoresOrAll }, token)).ToResult(Results.Ok);

    private static async Task<IResult> RecordAct(
        string invoiceId,
        Body<ActRequest> body,
        Caller caller,
        RecordAct record,
        CancellationToken token
    ) => (await record.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Hold(
        string invoiceId,
        Body<HoldRequest> body,
        Caller caller,
        HoldReceivable hold,
        CancellationToken token
    ) => (await hold.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> HoldAll(
        string customerId,
        Body<HoldRequest> body,
        Caller caller,
        HoldCustomer hold,
        CancellationToken token
    ) => (await hold.RunAsync(Actor.Of(caller), customerId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Release(
        string invoiceId,
        string holdId,
        string? why,
        Caller caller,
        ReleaseHold release,
        CancellationToken token
    ) =>
        (await release.RunAsync(Actor.Of(caller), new HoldOf(holdId, invoiceId, null), why, token)).ToResult(static _ =>
            Results.NoContent()
        );

    private static async Task<IResult> ReleaseAll(
        string customerId,
        string holdId,
        string? why,
        Caller caller,
        ReleaseHold release,
        CancellationToken token
    ) =>
        (await release.RunAsync(Actor.Of(caller), new HoldOf(holdId, null, customerId), why, token)).ToResult(static _ =>
            Results.NoContent()
        );

    private static async Task<IResult> Promises(string invoiceId, Caller caller, ListPromises list, CancellationToken token) =>
        (await list.OfInvoiceAsync(caller.SellerId, invoiceId, token)).ToResult(Results.Ok);

    private static async Task<IResult> PromisesOfCustomer(string customerId, Caller caller, ListPromises list, CancellationToken token) =>
        (await list.OfCustomerAsync(caller.SellerId, customerId, token)).ToResult(Results.Ok);

    private static async Task<IResult> Promise(
        string invoiceId,
        Body<PromiseRequest> body,
        Caller caller,
        MakePromise make,
        CancellationToken token
    ) => (await make.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Plan(
        string invoiceId,
        Body<PlanRequest> body,
        Caller caller,
        MakePlan make,
        CancellationToken token
    ) => (await make.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Unpromise(
        string invoiceId,
        string promiseId,
        string? why,
        Caller caller,
        CancelPromise cancel,
        CancellationToken token
    ) => (await cancel.RunAsync(Actor.Of(caller), invoiceId, promiseId, why, token)).ToResult(static _ => Results.NoContent());

    private static async Task<IResult> Disputes(string invoiceId, Caller caller, ListDisputes list, CancellationToken token) =>
        (await list.RunAsync(caller.SellerId, invoiceId, token)).ToResult(Results.Ok);

    private static async Task<IResult> Raise(
        string invoiceId,
        Body<DisputeRequest> body,
        Caller caller,
        RaiseDispute raise,
        CancellationToken token
    ) => (await raise.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Resolve(
        string invoiceId,
        string disputeId,
        Body<DisputeResolution> body,
        Caller caller,
        ResolveDispute resolve,
        CancellationToken token
    ) => (await resolve.RunAsync(Actor.Of(caller), invoiceId, disputeId, body.Content, token)).ToResult(Results.Ok);

    private static async Task<IResult> WriteOffs(
        string? invoiceId,
        string? state,
        Caller caller,
        ListWriteOffs list,
        CancellationToken token
    ) => (await list.RunAsync(caller.SellerId, invoiceId, state, caller.StoresOrAll, token)).ToResult(Results.Ok);

    private static async Task<IResult> AskOff(
        string invoiceId,
        Body<WriteOffAsked> body,
        Caller caller,
        AskWriteOff ask,
        CancellationToken token
    ) => (await ask.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> Approve(
        string invoiceId,
        string writeOffId,
        Body<WriteOffDecision> body,
        Caller caller,
        ApproveWriteOff approve,
        CancellationToken token
    ) => (await approve.RunAsync(Actor.Of(caller), invoiceId, writeOffId, true, body.Content, token)).ToResult(Results.Ok);

    private static async Task<IResult> Refuse(
        string invoiceId,
        string writeOffId,
        Body<WriteOffDecision> body,
        Caller caller,
        ApproveWriteOff approve,
        CancellationToken token
    ) => (await approve.RunAsync(Actor.Of(caller), invoiceId, writeOffId, false, body.Content, token)).ToResult(Results.Ok);

    private static Task<CollectionsSettings> GetSettings(Caller caller, KeepSettings settings, CancellationToken token) =>
        settings.ReadAsync(caller.SellerId, token);

    private static async Task<IResult> PutSettings(
        Body<CollectionsSettings> body,
        Caller caller,
        KeepSettings settings,
        CancellationToken token
    ) => (await settings.RunAsync(Actor.Of(caller), body.Content, token)).ToResult(Results.Ok);

    private static async Task<IResult> Interest(
        string invoiceId,
        string? until,
        Caller caller,
        GetInterest interest,
        CancellationToken token
    ) => (await interest.RunAsync(caller.SellerId, invoiceId, until, token)).ToResult(Results.Ok);

    private static async Task<IResult> Claims(string invoiceId, Caller caller, ListClaims list, CancellationToken token) =>
        (await list.RunAsync(caller.SellerId, invoiceId, token)).ToResult(Results.Ok);

    private static async Task<IResult> Claim(
        string invoiceId,
        Body<ClaimRequest> body,
        Caller caller,
        AskClaims ask,
        CancellationToken token
    ) => (await ask.RunAsync(Actor.Of(caller), invoiceId, body.Content, token)).ToResult(Created);

    private static async Task<IResult> PayClaim(
        string invoiceId,
        string claimId,
        Body<ClaimEnd> body,
        Caller caller,
        SettleClaim settle,
        CancellationToken token
    ) => (await settle.RunAsync(Actor.Of(caller), invoiceId, claimId, true, body.Content, token)).ToResult(Results.Ok);

    private static async Task<IResult> WaiveClaim(
        string invoiceId,
        string claimId,
        Body<ClaimEnd> body,
        Caller caller,
        SettleClaim settle,
        CancellationToken token
    ) => (await settle.RunAsync(Actor.Of(caller), invoiceId, claimId, false, body.Content, token)).ToResult(Results.Ok);

    private static Task<InterestRateList> Rates(KeepInterestRates rates, CancellationToken token) => rates.ListAsync(token);

    private static async Task<IResult> KeepRate(
        string halfYear,
        Body<InterestRateRequest> body,
        KeepInterestRates rates,
        CancellationToken token
    ) => (await rates.RunAsync(halfYear, body.Content, token)).ToResult(Results.Ok);

    private static IResult Created<T>(T made) => Results.Json(made, statusCode: 201);
}
