using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments;

/// <summary>HTTP's side of what a seller decides about its payments.</summary>
internal static class LedgerDoors
{
    internal static async Task<IResult> GetPolicy(Caller caller, KeepPaymentPolicy slice, CancellationToken token) =>
        Results.Ok(await slice.ReadAsync(caller, token));

    internal static async Task<IResult> PutPolicy(
        Caller caller,
        Body<KeepPaymentPolicy.Request> body,
        KeepPaymentPolicy slice,
        CancellationToken token
    ) =>
        body.Content.Refused(out var bad)
            ? bad.ToResult()
            : (await slice.HandleAsync(caller, body.Content.Value, token)).ToResult(policy => Results.Ok(policy));
}
