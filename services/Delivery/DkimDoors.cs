using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How a seller's keys for signing mails are put and seen over HTTP; the private half never comes out.</summary>
internal static class DkimDoors
{
    /// <summary>201 where it is new, 200 where it was known or takes another's place.</summary>
    internal static async Task<IResult> Keep(
        string domain,
        Body<DkimRequest> body,
        Caller caller,
        KeepDkimKey keep,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var fault)
            ? fault.ToResult()
            : (await keep.RunAsync(caller.SellerId, domain, body.Content.Value, cancellationToken)).ToResult(kept =>
                Results.Json(kept.Key, Wire.Tolerant, statusCode: kept.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            );

    internal static async Task<IResult> Activate(
        string domain,
        Caller caller,
        ActivateDkimKey activate,
        CancellationToken cancellationToken
    ) => (await activate.RunAsync(caller.SellerId, domain, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> List(Caller caller, ListDkimKeys list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.RunAsync(caller.SellerId, cancellationToken));

    internal static async Task<IResult> Remove(string domain, Caller caller, RemoveDkimKeys remove, CancellationToken cancellationToken) =>
        (await remove.RunAsync(caller.SellerId, domain, cancellationToken)).ToResult(static _ => TypedResults.NoContent());
}
