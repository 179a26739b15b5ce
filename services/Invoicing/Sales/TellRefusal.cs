using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>Tells the till that a sale which came by the bus was refused, and why; once for each message.</summary>
public sealed class TellRefusal(Inbox inbox, Outbox outbox, TimeProvider clock)
{
    /// <summary>Tells the refusal, unless this message was refused before.</summary>
    public Task RefuseAsync(SellerId seller, string? saleId, Fault fault, EventId message, CancellationToken cancellationToken) =>
        inbox.OnceAsync(
            "invoicing-post-sale",
            message,
            transaction => RefuseAsync(seller, saleId, fault, transaction, cancellationToken),
            cancellationToken
        );

    /// <summary>Tells the refusal in a transaction of the caller's.</summary>
    internal Task RefuseAsync(
        SellerId seller,
        string? saleId,
        Fault fault,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var parts = fault.Parts.Count > 0 ? fault.Parts : [fault];
        return outbox.AppendAsync(
            transaction,
            new SaleRefused
            {
                EventId = EventId.New(),
                SellerId = seller,
                SaleId = saleId is null ? null : SaleId.Of(saleId),
                Code = fault.Code.Code,
                Detail = fault.In(null),
                Errors =
                [
                    .. parts.Select(part => new RefusalDetail
                    {
                        Code = part.Code.Code,
                        Path = part.Path,
                        Detail = part.In(null),
                    }),
                ],
                RefusedAt = clock.GetUtcNow(),
            },
            cancellationToken
        );
    }
}
