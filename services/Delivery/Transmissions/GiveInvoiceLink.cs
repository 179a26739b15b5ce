using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>What a link shows.</summary>
public static class InvoiceLinkKind
{
    /// <summary>The invoice's page, and its PDF.</summary>
    public const string Page = "page";

    /// <summary>The PDF for a till's roll of 80 mm.</summary>
    public const string Ticket = "ticket";
}

/// <summary>A link that shows one invoice to whoever holds it, for a time.</summary>
public sealed record InvoiceLink
{
    /// <summary>Where it leads.</summary>
    public required string Url { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// An invoice gets a link that nobody can guess: for a buyer's telephone, or for the till that prints it. A message that is written twice
/// carries the same one.
/// </summary>
public sealed class GiveInvoiceLink(NpgsqlDataSource database, Neighbours neighbours, PublicAddress publicAddress, TimeProvider clock)
{
    /// <summary>Characters of a link's name: 128 bits.</summary>
    public const int NameLength = 22;

    private const string KeepOnce = """
        insert into invoice_link as l (seller_id, name, invoice_id, transmission_id, kind, created_at, expires_at)
        values (@seller, @name, @invoice, @transmission, @kind, @now, @expires)
        on conflict (seller_id, transmission_id) do update set expires_at = excluded.expires_at
        returning l.name
        """;

    private const string PrintIsOff = """
        select exists (select from channel where seller_id = @seller and channel = 'print' and not enabled)
        """;

    private static readonly TimeSpan TicketLife = TimeSpan.FromDays(1);

    /// <summary>The link of a transmission, or a new one.</summary>
    public async Task<InvoiceLink> RunAsync(
        SellerId seller,
        InvoiceId invoice,
        string kind,
        TransmissionId? transmission,
        TimeSpan life,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var expires = now + life;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var name = await connection.QuerySingleAsync<string>(
            new CommandDefinition(
                KeepOnce,
                new
                {
                    seller = seller.Value,
                    name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                    invoice = invoice.Value,
                    transmission = transmission?.Value,
                    kind,
                    now,
                    expires,
                },
                cancellationToken: cancellationToken
            )
        );
        return new InvoiceLink
        {
            Url = $"{publicAddress.Delivery}/d/{name}{(kind == InvoiceLinkKind.Ticket ? "/pdf" : "")}",
            ExpiresAt = expires,
        };
    }

    /// <summary>The link from which a till prints an invoice that the seller may see.</summary>
    public async Task<Outcome<InvoiceLink>> ForTillAsync(SellerId seller, string invoiceId, CancellationToken cancellationToken)
    {
        if (!InvoiceId.TryParse(invoiceId, out var id))
        {
            return DeliveryFaults.NoInvoice.With(invoiceId);
        }

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            if (
                await connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(PrintIsOff, new { seller = seller.Value }, cancellationToken: cancellationToken)
                )
            )
            {
                return DeliveryFaults.ChannelIsOff.With(OwnChannels.Print);
            }
        }

        var found = await neighbours.InvoiceAsync(id, OnBehalfOf.Seller(seller), cancellationToken);
        return found.Refused(out var fault)
            ? fault
            : await RunAsync(seller, id, InvoiceLinkKind.Ticket, null, TicketLife, cancellationToken);
    }
}
