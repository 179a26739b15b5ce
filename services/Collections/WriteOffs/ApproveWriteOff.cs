using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>What is said with a decision.</summary>
public sealed record WriteOffDecision
{
    /// <summary>Why.</summary>
    public string? Why { get; init; }
}

/// <summary>Another person than the one who asked approves a write-off, or refuses it; approved, Payments books it.</summary>
public sealed class ApproveWriteOff(NpgsqlDataSource database, PostWriteOffs post, TimeProvider clock)
{
    private const string Lock = """
        select w.write_off_id, w.invoice_id, w.currency, w.amount, w.reason, w.state, w.asked_by, w.asked_at, w.decided_by, w.decided_at,
            w.booked_at, w.booked, w.waits_because
        from write_off w
        where w.seller_id = @seller and w.write_off_id = @writeOff and w.invoice_id = @invoice
        for update
        """;
    private const string CustomerOf = "select customer_key from receivable where seller_id = @seller and invoice_id = @invoice";
    private const string Decide = """
        update write_off set state = @state, decided_by = @by, decided_at = @now, next_try_at = @now
        where seller_id = @seller and write_off_id = @writeOff
        """;

    /// <summary>Decides.</summary>
    public async Task<Outcome<WriteOffBody>> RunAsync(
        Actor actor,
        string invoiceId,
        string writeOffId,
        bool approved,
        Outcome<WriteOffDecision> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("ApproveWriteOff");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (request.Value.Why is { } given && Act.Reason(given, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        // Who asked is told why not.
        if (!approved && request.Value.Why is null)
        {
            return CollectionsFaults.NoReason.At("why", Act.LongestReason);
        }

        if (!InvoiceId.TryParse(invoiceId, out var invoice) || !Guid.TryParseExact(writeOffId, "D", out var writeOff))
        {
            return CollectionsFaults.NoWriteOff.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = invoice.Value,
            writeOff,
            state = approved ? "approved" : "refused",
            by = actor.Name,
            now,
        };
        var found = await connection.QuerySingleOrDefaultAsync<WriteOffBody>(Lock, asked, transaction);
        if (found is null)
        {
            return CollectionsFaults.NoWriteOff.With();
        }

        if (found.CannotDecide(actor) is { } refused)
        {
            return refused;
        }

        await connection.ExecuteAsync(Decide, asked, transaction);
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = approved ? "write-off-approved" : "write-off-refused",
            InvoiceId = invoice,
            CustomerKey = await connection.ExecuteScalarAsync<string>(CustomerOf, asked, transaction),
            Why = request.Value.Why?.Trim(),
            Body = new { WriteOffId = writeOff, found.Amount },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, invoice)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (approved)
        {
            post.Wake();
        }

        return found.Written() with
        {
            State = asked.state,
            DecidedBy = actor.Name,
            DecidedAt = now,
        };
    }
}
