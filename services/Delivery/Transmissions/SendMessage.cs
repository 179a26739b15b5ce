using System.Diagnostics;
using System.Text.Json;
using Dapper;
using MimeKit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A queued message, or the one that was queued for the same key before.</summary>
public sealed record QueuedMessage(TransmissionId TransmissionId, string Status);

/// <summary>Another service has something said to someone, once for each key: a sign-in link or a reminder.</summary>
public sealed class SendMessage(NpgsqlDataSource database, TimeProvider clock)
{
    private const string QueueOnce = """
        with queued as (
            insert into transmission
                (seller_id, transmission_id, invoice_id, purpose, occasion, recipient, urgency, due_at, trace_parent, created_at)
            values
                (@SellerId, @TransmissionId, @InvoiceId, @Purpose, @Occasion, @Recipient, @Urgency, @Now, @TraceParent, @Now)
            on conflict on constraint transmission_once do nothing
            returning seller_id, transmission_id
        )
        insert into transmission_content (seller_id, transmission_id, body)
        select seller_id, transmission_id, @Body from queued;
        notify transmission;
        select transmission_id, status from transmission
        where seller_id = @SellerId and purpose = @Purpose and occasion = @Occasion and recipient = @Recipient
            and invoice_id is not distinct from @InvoiceId::uuid
        """;

    /// <summary>Queues it; content is what the mail's words are made of.</summary>
    public async Task<Outcome<QueuedMessage>> RunAsync<TContent>(
        SellerId? seller,
        InvoiceId? invoice,
        string purpose,
        string key,
        string recipient,
        TContent content,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("SendMessage");
        if (!Mailbox.TryParse(recipient, out _))
        {
            return DeliveryFaults.BadAddress.With(recipient);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
            await connection.QuerySingleAsync<Row>(
                QueueOnce,
                new
                {
                    SellerId = seller?.Value ?? "",
                    TransmissionId = TransmissionId.New(),
                    InvoiceId = invoice?.Value,
                    Purpose = purpose,
                    Occasion = key,
                    Recipient = recipient.Trim(),
                    Urgency = purpose == Purpose.SignIn ? 0 : 1,
                    Now = clock.GetUtcNow(),
                    TraceParent = Activity.Current?.Id,
                    Body = JsonSerializer.Serialize(content, Wire.Tolerant),
                }
            )
                is { } row
            ? new QueuedMessage(row.TransmissionId, row.Status)
            : throw new UnreachableException();
    }

    private sealed record Row
    {
        public TransmissionId TransmissionId { get; init; }
        public string Status { get; init; } = "";
    }
}

/// <summary>One person's address, nothing around it.</summary>
public static class Mailbox
{
    /// <summary>Reads it; false for what no mail can reach, for lists and for names.</summary>
    public static bool TryParse(string text, out MailboxAddress mailbox)
    {
        var sound =
            MailboxAddress.TryParse(text.Trim(), out mailbox!)
            && mailbox.Domain is { Length: > 0 }
            && string.Equals(mailbox.Address, text.Trim(), StringComparison.Ordinal);
        return sound;
    }
}
