using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>HTTP's side of the bank: what it told handed in, its lines shown, matched and undone.</summary>
internal static class BankDoors
{
    /// <summary>How long a bank's file may be.</summary>
    internal const long MostBytes = 128L * 1024 * 1024;

    private const long DropLimit = 160L * 1024 * 1024;

    /// <summary>Who takes what the bank told, matches it, and looks at what was left.</summary>
    internal static void AddBank(this IServiceCollection services)
    {
        services.AddSingleton<ImportStatement>();
        services.AddSingleton<SuggestMatches>();
        services.AddSingleton<SettleOthers>();
        services.AddSingleton<AcceptMatch>();
        services.AddSingleton<ReleaseMatch>();
        services.AddSingleton<ListBankEntries>();
        services.AddSingleton<KeepBankAccount>();
        services.AddSingleton<SweepBankEntries>();
        services.AddHostedService(provider => provider.GetRequiredService<SweepBankEntries>());
    }

    internal static async Task<IResult> Import(HttpContext http, Caller caller, ImportStatement slice, CancellationToken token)
    {
        if (http.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
        {
            return DoorFaults.WrongType.With("application/xml").ToResult(StatusCodes.Status415UnsupportedMediaType);
        }

        // It waits in a file: it is read twice, from its beginning, and whoever sends it takes their time.
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        // Without a name from here on: nothing stays behind, however the process ends.
        File.Delete(path);
        return await SpoolAsync(http, file, token) is { } sha256
            ? (await slice.HandleAsync(caller, file, sha256, token)).ToResult(answer => Results.Ok(answer))
            : DoorFaults.TooLarge.With(MostBytes).ToResult();
    }

    internal static async Task<IResult> List(
        Caller caller,
        string? state,
        string? account,
        string? cursor,
        int? limit,
        ListBankEntries slice,
        CancellationToken token
    ) => (await slice.HandleAsync(caller, state, account, cursor, limit, token)).ToResult(page => Results.Ok(page));

    internal static async Task<IResult> Get(Caller caller, string entryId, ListBankEntries slice, CancellationToken token) =>
        Guid.TryParseExact(entryId, "D", out var id)
            ? (await slice.GetAsync(caller, id, token)).ToResult(line => Results.Ok(line))
            : PaymentsFaults.NoEntry.With(entryId).ToResult();

    internal static async Task<IResult> Accept(
        Caller caller,
        string entryId,
        Body<AcceptMatch.Request> body,
        AcceptMatch slice,
        ListBankEntries lines,
        CancellationToken token
    )
    {
        if (body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        return Guid.TryParseExact(entryId, "D", out var id)
            ? await ShowAsync(caller, await slice.HandleAsync(caller, id, body.Content.Value, token), lines, token)
            : PaymentsFaults.NoEntry.With(entryId).ToResult();
    }

    internal static async Task<IResult> Release(
        Caller caller,
        string entryId,
        ReleaseMatch slice,
        ListBankEntries lines,
        CancellationToken token
    ) =>
        Guid.TryParseExact(entryId, "D", out var id)
            ? await ShowAsync(caller, await slice.HandleAsync(caller, id, token), lines, token)
            : PaymentsFaults.NoEntry.With(entryId).ToResult();

    internal static async Task<IResult> Refuse(
        Caller caller,
        string entryId,
        ReleaseMatch slice,
        ListBankEntries lines,
        CancellationToken token
    ) =>
        Guid.TryParseExact(entryId, "D", out var id)
            ? await ShowAsync(caller, await slice.RefuseAsync(caller, id, token), lines, token)
            : PaymentsFaults.NoEntry.With(entryId).ToResult();

    internal static async Task<IResult> PutAccount(
        HttpContext http,
        Caller caller,
        string iban,
        Body<KeepBankAccount.Request> body,
        KeepBankAccount slice,
        CancellationToken token
    )
    {
        // The address says it all: a name is beside the point.
        var isBare = http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        if (!isBare && body.Content.Refused(out var bad))
        {
            return bad.ToResult();
        }

        var request = isBare ? new KeepBankAccount.Request() : body.Content.Value;
        return (await slice.PutAsync(caller, iban, request, token)).ToResult(kept =>
            kept.IsNew ? Results.Created((string?)null, kept) : Results.Ok(kept)
        );
    }

    internal static async Task<IResult> TakeAccount(Caller caller, string iban, KeepBankAccount slice, CancellationToken token) =>
        (await slice.TakeAsync(caller, iban, token)).ToResult(_ => Results.NoContent());

    internal static async Task<IResult> ListAccounts(Caller caller, KeepBankAccount slice, CancellationToken token) =>
        Results.Ok(new { Items = await slice.ListAsync(caller, token) });

    private static async Task<IResult> ShowAsync(Caller caller, Outcome<Guid> done, ListBankEntries lines, CancellationToken token) =>
        done.Refused(out var refused)
            ? refused.ToResult()
            : (await lines.GetAsync(caller, done.Value, token)).ToResult(line => Results.Ok(line));

    /// <summary>
    /// The body in the file, and its SHA-256; none where it is too long. Then it is read to its end all the same, since a connection that
    /// closes while the client still writes loses the answer.
    /// </summary>
    private static async Task<byte[]?> SpoolAsync(HttpContext http, FileStream file, CancellationToken token)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = DropLimit;
        }

        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } slow)
        {
            slow.MinDataRate = null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[64 * 1024];
        var length = 0L;
        for (int count; (count = await http.Request.Body.ReadAsync(chunk, token)) > 0; )
        {
            length += count;
            if (length <= MostBytes)
            {
                hash.AppendData(chunk, 0, count);
                await file.WriteAsync(chunk.AsMemory(0, count), token);
            }
        }

        await file.FlushAsync(token);
        return length <= MostBytes ? hash.GetHashAndReset() : null;
    }
}
