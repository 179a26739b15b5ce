using System.Globalization;
using RetailInvoicing.Delivery.Reports;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How reports about mails come in over HTTP, and how what they came to is seen.</summary>
internal static class ReportDoors
{
    private const string Mail = "message/rfc822";

    internal static async Task<IResult> Record(
        RawBody body,
        HttpRequest request,
        Caller caller,
        RecordReport record,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is not (Mail or "text/rfc822"))
        {
            return DoorFaults.WrongType.With(Mail).ToResult();
        }

        return body.Content.Refused(out var fault)
            ? fault.ToResult()
            : (await record.RunAsync(caller.SellerId, body.Content.Value, cancellationToken)).ToResult(TypedResults.Ok);
    }

    internal static async Task<IResult> Transmission(
        string transmissionId,
        Caller caller,
        GetTransmission get,
        CancellationToken cancellationToken
    ) => (await get.RunAsync(caller.SellerId, transmissionId, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> Unreachable(
        string? cursor,
        string? limit,
        Caller caller,
        ListUnreachable list,
        CancellationToken cancellationToken
    )
    {
        int? most = null;
        if (limit is not null)
        {
            if (!int.TryParse(limit, CultureInfo.InvariantCulture, out var number))
            {
                return DoorFaults.BadParameter.With("limit", limit).ToResult();
            }

            most = number;
        }

        return (await list.RunAsync(caller.SellerId, cursor, most, cancellationToken)).ToResult(TypedResults.Ok);
    }

    internal static async Task<IResult> Lift(
        string channel,
        string address,
        Caller caller,
        LiftUnreachable lift,
        CancellationToken cancellationToken
    ) => (await lift.RunAsync(caller.SellerId, channel, address, cancellationToken)).ToResult(static _ => TypedResults.NoContent());
}
