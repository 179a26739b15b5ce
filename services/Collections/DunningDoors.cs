using Microsoft.AspNetCore.Http.Features;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections;

/// <summary>Dunning policies and what they led to, over HTTP; and who runs them.</summary>
public static class DunningDoors
{
    /// <summary>Who keeps policies, finds what is due and sends it.</summary>
    public static void AddDunning(this IServiceCollection services)
    {
        services.AddSingleton<KeepPolicy>().AddSingleton<ActivatePolicy>().AddSingleton<RemovePolicy>();
        services.AddSingleton<ListPolicies>().AddSingleton<LookAhead>().AddSingleton<ListSteps>();
        services.AddSingleton<FindOverdue>().AddSingleton<ApplyFailures>().AddSingleton<MoveCustomersUp>().AddSingleton<FindDueSteps>();
        services.AddSingleton<AskBalances>().AddSingleton<AskDelivery>().AddSingleton<RecordNotice>().AddSingleton<SendReminders>();
        services.AddSingleton<RunDunning>().AddHostedService(provider => provider.GetRequiredService<RunDunning>());
    }

    /// <summary>The doors.</summary>
    public static void MapDunning(this WebApplication app)
    {
        string[] readers = [Scopes.CollectionsWrite, Scopes.InvoicesRead];
        var policies = app.MapGroup("/v1/dunning-policies");
        policies.MapGet("", List).RequireScope(readers).Produces<KeptPolicies>();
        policies.MapGet("/{policyId}", Get).RequireScope(readers).Produces<KeptPolicy>();
        policies.MapGet("/{policyId}/versions", Versions).RequireScope(readers).Produces<KeptPolicies>();
        policies.MapPut("/{policyId}", Put).RequireScope(Scopes.CollectionsWrite).Produces<KeptPolicy>().Produces<KeptPolicy>(201);
        policies.MapPost("/{policyId}/preview", Preview).RequireScope(readers).Produces<PolicyPreview>();
        policies.MapPost("/{policyId}/activation", Activate).RequireScope(Scopes.CollectionsWrite).Produces<KeptPolicy>();
        policies.MapDelete("/{policyId}", Remove).RequireScope(Scopes.CollectionsWrite).Produces(204);
        app.MapGet("/v1/receivables/{invoiceId}/steps", Steps).RequireScope(readers).Produces<StepAnswers>().OfOwnStore();
    }

    private static async Task<IResult> List(Caller caller, ListPolicies slice, CancellationToken ct) =>
        Results.Ok(await slice.RunAsync(caller.SellerId, ct));

    private static async Task<IResult> Get(string policyId, Caller caller, ListPolicies slice, CancellationToken ct) =>
        (await slice.OneAsync(caller.SellerId, policyId, ct)).ToResult(Results.Ok);

    private static async Task<IResult> Versions(string policyId, Caller caller, ListPolicies slice, CancellationToken ct) =>
        (await slice.VersionsAsync(caller.SellerId, policyId, ct)).ToResult(Results.Ok);

    private static async Task<IResult> Put(string policyId, Body<PolicyBody> body, Caller caller, KeepPolicy slice, CancellationToken ct) =>
        (await slice.RunAsync(caller, policyId, body.Content, ct)).ToResult(kept =>
            kept.IsNew ? Results.Json(kept.Policy, statusCode: 201) : Results.Ok(kept.Policy)
        );

    private static async Task<IResult> Activate(string policyId, Caller caller, ActivatePolicy slice, CancellationToken ct) =>
        (await slice.RunAsync(caller, policyId, ct)).ToResult(Results.Ok);

    private static async Task<IResult> Remove(string policyId, Caller caller, RemovePolicy slice, CancellationToken ct) =>
        (await slice.RunAsync(caller, policyId, ct)).ToResult(_ => Results.NoContent());

    /// <summary>Without a body the policy that is kept is looked at, with one the policy that is posted.</summary>
    private static async Task<IResult> Preview(
        HttpContext http,
        string policyId,
        int? days,
        Body<PolicyBody> body,
        Caller caller,
        LookAhead slice,
        CancellationToken ct
    )
    {
        var isBare = http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || http.Request.ContentLength == 0;
        return (await slice.RunAsync(caller, policyId, days, isBare ? default(Outcome<PolicyBody>?) : body.Content, ct)).ToResult(
            Results.Ok
        );
    }

    private static async Task<IResult> Steps(string invoiceId, Caller caller, ListSteps slice, CancellationToken ct) =>
        (await slice.RunAsync(caller.SellerId, invoiceId, ct)).ToResult(Results.Ok);
}
