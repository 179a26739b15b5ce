using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>HTTP's side of mandates and direct debits.</summary>
internal static class DirectDebitDoors
{
    /// <summary>Who keeps mandates, makes files for the bank, and books what comes of them.</summary>
    internal static void AddDirectDebits(this IServiceCollection services)
    {
        services.AddSingleton<KeepDirectDebitSettings>().AddSingleton<KeepMandate>().AddSingleton<GetMandate>();
        services.AddSingleton<MakeDirectDebits>().AddSingleton<GetDirectDebits>().AddSingleton<CancelDirectDebits>();
        services.AddSingleton<CollectDebits>().AddSingleton<IReturnedDebits, ReturnDebits>().AddSingleton<WatchDebits>();
        services.AddHostedService(provider => provider.GetRequiredService<WatchDebits>());
    }

    internal static async Task<IResult> GetSettings(Caller caller, KeepDirectDebitSettings slice, CancellationToken token) =>
        (await slice.GetAsync(caller, token)).ToResult(settings => Results.Ok(settings));

    internal static async Task<IResult> KeepSettings(
        Caller caller,
        Body<KeepDirectDebitSettings.Request> body,
        KeepDirectDebitSettings slice,
        CancellationToken token
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await slice.HandleAsync(caller, body.Content.Value, token)).ToResult(settings => Results.Ok(settings));

    internal static async Task<IResult> KeepMandate(
        Caller caller,
        string mandateId,
        Body<KeepMandate.Request> body,
        KeepMandate slice,
        CancellationToken token
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await slice.HandleAsync(caller, Id(mandateId), body.Content.Value, token)).ToResult(kept =>
                kept.Now ? Results.Created((string?)null, kept.Mandate) : Results.Ok(kept.Mandate)
            );

    internal static async Task<IResult> GetMandate(Caller caller, string mandateId, GetMandate slice, CancellationToken token) =>
        (await slice.HandleAsync(caller, Id(mandateId), token)).ToResult(mandate => Results.Ok(mandate));

    internal static async Task<IResult> ListMandates(
        Caller caller,
        string? customerId,
        string? cursor,
        int? limit,
        GetMandate slice,
        CancellationToken token
    ) => (await slice.ListAsync(caller, customerId, cursor, limit, token)).ToResult(page => Results.Ok(page));

    internal static async Task<IResult> CancelMandate(Caller caller, string mandateId, KeepMandate slice, CancellationToken token) =>
        (await slice.CancelAsync(caller, Id(mandateId), token)).ToResult(_ => Results.NoContent());

    internal static async Task<IResult> Make(
        Caller caller,
        string? format,
        Body<MakeDirectDebits.Request> body,
        MakeDirectDebits slice,
        HttpContext http,
        CancellationToken token
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await slice.HandleAsync(caller, body.Content.Value, format, token)).ToResult(made =>
                File(http, made.BatchId, made.File, made.Now ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            );

    internal static async Task<IResult> List(
        Caller caller,
        string? state,
        string? cursor,
        int? limit,
        GetDirectDebits slice,
        CancellationToken token
    ) => (await slice.ListAsync(caller, state, cursor, limit, token)).ToResult(page => Results.Ok(page));

    internal static async Task<IResult> Get(Caller caller, string batchId, GetDirectDebits slice, CancellationToken token) =>
        TryBatch(batchId, out var batch)
            ? (await slice.HandleAsync(caller, batch, token)).ToResult(found => Results.Ok(found))
            : PaymentsFaults.NoDebitBatch.With(batchId).ToResult();

    internal static async Task<IResult> GetFile(
        Caller caller,
        string batchId,
        GetDirectDebits slice,
        HttpContext http,
        CancellationToken token
    ) =>
        TryBatch(batchId, out var batch)
            ? (await slice.FileAsync(caller, batch, token)).ToResult(file => File(http, batch, file, StatusCodes.Status200OK))
            : PaymentsFaults.NoDebitBatch.With(batchId).ToResult();

    internal static async Task<IResult> Collect(
        Caller caller,
        string batchId,
        Body<CollectDebits.Request> body,
        CollectDebits slice,
        CancellationToken token
    )
    {
        if (body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        return TryBatch(batchId, out var batch)
            ? (await slice.HandleAsync(caller, batch, body.Content.Value, token)).ToResult(after => Results.Ok(after))
            : PaymentsFaults.NoDebitBatch.With(batchId).ToResult();
    }

    internal static async Task<IResult> Cancel(Caller caller, string batchId, CancelDirectDebits slice, CancellationToken token) =>
        TryBatch(batchId, out var batch)
            ? (await slice.HandleAsync(caller, batch, token)).ToResult(after => Results.Ok(after))
            : PaymentsFaults.NoDebitBatch.With(batchId).ToResult();

    private static IResult File(HttpContext http, Guid batch, string file, int status)
    {
        http.Response.Headers["X-Batch-Id"] = batch.ToString();
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{batch:N}.xml\"";
        // Names and accounts of customers.
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Content(file, "application/xml; charset=utf-8", statusCode: status);
    }

    private static bool TryBatch(string text, out Guid batch) => Guid.TryParseExact(text, "D", out batch);

    // The only escape that a path's parts keep; a mandate's id has no percent sign of its own.
    private static string Id(string mandateId) => mandateId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
