using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>A write-off as it is asked for.</summary>
public sealed record WriteOffAsked
{
    /// <summary>How much; all that is due where absent.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// Somebody asks to give up on what is due. Up to what the seller chose, with what was given up of the invoice before, it is approved as it
/// is asked; above, another person decides.
/// </summary>
public sealed class AskWriteOff(NpgsqlDataSource database, PostWriteOffs post, TimeProvider clock)
{
    // What is left of it for this invoice: a hundred bit by bit is a hundred.
    private const string Limit = """
        select s.write_off_without_approval_up_to - (
            select coalesce(sum(coalesce(w.booked, w.amount)), 0) from write_off w
            where w.seller_id = @seller and w.invoice_id = @invoice and w.state in ('approved', 'booked'))
        from collections_setting s where s.seller_id = @seller
        """;

    // One at a time: the index refuses the second.
    private const string Keep = """
        insert into write_off
            (seller_id, write_off_id, invoice_id, amount, currency, reason, state, asked_by, asked_at, decided_by, decided_at, next_try_at)
        values (@seller, @WriteOffId, @InvoiceId, @Amount, @Currency, @Reason, @State, @AskedBy, @AskedAt, @DecidedBy, @DecidedAt, @DecidedAt)
        on conflict do nothing
        """;

    /// <summary>Asks.</summary>
    public async Task<Outcome<WriteOffBody>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<WriteOffAsked> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("AskWriteOff");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (Act.Reason(request.Value.Reason, CollectionsFaults.NoReason, "reason").Refused(out var noReason))
        {
            return noReason;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FindReceivable.LockAsync(transaction, actor.SellerId, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var receivable = found.Value;
        if (receivable.Settled)
        {
            return CollectionsFaults.WriteOffOnSettled.With();
        }

        var amount = request.Value.Amount ?? receivable.AmountDue;
        if (WriteOffBody.Check(amount, receivable.AmountDue, receivable.Currency) is { } badAmount)
        {
            return badAmount;
        }

        var now = clock.GetUtcNow();
        var seller = actor.SellerId.Value;
        var limited = new { seller, invoice = receivable.InvoiceId.Value };
        var limit = await connection.ExecuteScalarAsync<decimal?>(Limit, limited, transaction) ?? 0m;
        var isApproved = amount <= limit;
        var asked = new WriteOffBody
        {
            WriteOffId = Guid.CreateVersion7(now),
            InvoiceId = receivable.InvoiceId,
            Currency = receivable.Currency,
            Amount = Money.Of(amount, receivable.Currency).Amount,
            Reason = request.Value.Reason.Trim(),
            State = isApproved ? "approved" : "asked",
            AskedBy = actor.Name,
            AskedAt = now,
            DecidedBy = isApproved ? actor.Name : null,
            DecidedAt = isApproved ? now : null,
        };
        var kept = await connection.ExecuteAsync(
            Keep,
            new
            {
                seller,
                asked.WriteOffId,
                asked.InvoiceId,
                asked.Amount,
                asked.Currency,
                asked.Reason,
                asked.State,
                asked.AskedBy,
                asked.AskedAt,
                asked.DecidedBy,
                asked.DecidedAt,
            },
            transaction
        );
        if (kept == 0)
        {
            return CollectionsFaults.WriteOffPending.With();
        }

        await KeepAct.AddAsync(transaction, Told("write-off-asked", asked.Reason), cancellationToken);
        if (isApproved)
        {
            await KeepAct.AddAsync(transaction, Told("write-off-approved", null), cancellationToken);
        }

        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, receivable.InvoiceId)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (isApproved)
        {
            post.Wake();
        }

        return asked;

        Act Told(string kind, string? why) =>
            new()
            {
                By = actor,
                At = now,
                Kind = kind,
                InvoiceId = receivable.InvoiceId,
                CustomerKey = receivable.CustomerKey,
                Why = why,
                Body = new
                {
                    asked.WriteOffId,
                    asked.Amount,
                    WithoutApprovalUpTo = isApproved ? limit : default(decimal?),
                },
            };
    }
}
