using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;
using Fault = RetailInvoicing.ServiceDefaults.Fault;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The bus's own form of a posted sale: its bytes are read by the sale's strict reader, not by the bus.</summary>
[EntityName(SalePosted.Exchange), MessageUrn(SalePosted.Exchange)]
public sealed record SaleOnTheBus;

/// <summary>
/// A sale that came by the bus becomes an invoice like any other; a refused one is answered by an event. A return that came before its
/// original waits for it, and so does any sale while its seller's chain takes no records.
/// </summary>
public sealed partial class TakePostedSale(
    NpgsqlDataSource database,
    ApiKeys keys,
    PostSale post,
    TellRefusal refuse,
    WakeHeldReturns held,
    Microsoft.Extensions.Options.IOptions<InvoicingOptions> options,
    TimeProvider clock,
    ILogger<TakePostedSale> log
) : IConsumer<SaleOnTheBus>
{
    private const string Hold = """
        insert into held_return (seller_id, sale_id, body, original_sale_id, original_invoice_id, original_number, held_at, give_up_at)
        values (@seller, @sale, @body, @original_sale, @original_invoice, @original_number, @now, @give_up)
        on conflict do nothing
        """;
    private const string HeldBody = "select body from held_return where seller_id = @seller and sale_id = @sale";

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SaleOnTheBus> context)
    {
        var bytes = context.ReceiveContext.Body.GetBytes();
        var checking = await keys.CheckAsync(context.Headers.Get<string>("Authorization"), Scopes.SalesWrite);
        if (checking.Refused(out var unknown))
        {
            // Nobody can be told: it goes to the dead letters.
            throw new UnanswerableSaleException(unknown);
        }

        var seller = checking.Value.SellerId;
        var eventId = EventOf(context.MessageId, seller);
        var reading = Body<SalePosted>.Read(bytes);
        if (reading.Refused(out var unreadable))
        {
            await refuse.RefuseAsync(seller, ImportSales.SaleIdIn(bytes), unreadable, eventId, context.CancellationToken);
            return;
        }

        var sale = reading.Value;
        var outcome = await post.PostAsync(seller, sale, context.CancellationToken);
        if (!outcome.Refused(out var fault))
        {
            return;
        }

        if (fault.Code == InvoicingFaults.NoOriginal)
        {
            fault = await HoldAsync(seller, sale, bytes, clock.GetUtcNow() + options.Value.HoldReturnsFor, context.CancellationToken);
        }
        else if (fault.Code.Kind is FaultKind.Unavailable or FaultKind.TooMany)
        {
            // Nothing is wrong with the sale: it waits until its chain takes records again, and no other seller's waits behind it.
            fault = await HoldAsync(seller, sale, bytes, DateTimeOffset.MaxValue, context.CancellationToken);
        }

        if (fault is not null)
        {
            await refuse.RefuseAsync(seller, ImportSales.SaleIdIn(bytes), fault, eventId, context.CancellationToken);
        }
    }

    /// <summary>Keeps a sale until what it waits for is there; refused where another sale of that name is kept already.</summary>
    private async Task<Fault?> HoldAsync(
        SellerId seller,
        SalePosted sale,
        byte[] bytes,
        DateTimeOffset giveUp,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var hold = new NpgsqlCommand(Hold, connection)
        {
            Parameters =
            {
                new("seller", seller.Value),
                new("sale", sale.SaleId.Value),
                new("body", Encoding.UTF8.GetString(bytes)),
                new("original_sale", NpgsqlDbType.Text) { Value = (object?)sale.ReturnOf?.SaleId?.Value ?? DBNull.Value },
                new("original_invoice", NpgsqlDbType.Uuid) { Value = (object?)sale.ReturnOf?.InvoiceId?.Value ?? DBNull.Value },
                new("original_number", NpgsqlDbType.Text) { Value = (object?)sale.ReturnOf?.Number ?? DBNull.Value },
                new("now", now),
                new("give_up", giveUp),
            },
        };
        if (await hold.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            LogHeld(sale.SaleId.Value, seller.Value);
            // The original may have come between the look and the hold.
            held.Look();
            return null;
        }

        await using var look = new NpgsqlCommand(HeldBody, connection)
        {
            Parameters = { new("seller", seller.Value), new("sale", sale.SaleId.Value) },
        };
        var before = (string?)await look.ExecuteScalarAsync(cancellationToken);
        return
            before is null
            || Sale.Of(Body<SalePosted>.Read(Encoding.UTF8.GetBytes(before)).Value)
                .ContentHash.AsSpan()
                .SequenceEqual(Sale.Of(sale).ContentHash)
            ? null
            : InvoicingFaults.OtherContent.At("saleId", sale.SaleId, "—");
    }

    /// <summary>The message's own id, so that a redelivery is refused once; a message without one is refused each time it comes.</summary>
    private static EventId EventOf(Guid? messageId, SellerId seller) =>
        messageId is { } id
            ? EventId.Of(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{seller}\n{id}")).AsSpan(0, 16)))
            : EventId.New();

    private sealed class UnanswerableSaleException(Fault fault) : Exception($"{fault.Code.Code} {fault.In(null)}");

    [LoggerMessage(Level = LogLevel.Information, Message = "The sale {Sale} of {Seller} waits for its original, or for its chain")]
    private partial void LogHeld(string sale, string seller);
}
