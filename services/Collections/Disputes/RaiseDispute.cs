using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Disputes;

/// <summary>A complaint as it is made.</summary>
public sealed record DisputeRequest
{
    /// <summary>The line (BT-126); the whole invoice where absent.</summary>
    public string? LineId { get; init; }

    /// <summary>How much of it; all of it where absent.</summary>
    public decimal? Amount { get; init; }

    /// <summary>What the customer says.</summary>
    public required string Reason { get; init; }
}

/// <summary>A dispute as it is shown.</summary>
public sealed record DisputeBody
{
    /// <summary>The dispute.</summary>
    public required Guid DisputeId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The line; the whole invoice where absent.</summary>
    public string? LineId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much is not asked for while it is open.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What the customer says.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>accepted, rejected or withdrawn; absent while it is open.</summary>
    public string? Outcome { get; init; }

    /// <summary>When it was resolved.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}

/// <summary>A customer says that it does not owe an invoice or a line of it: that much is not asked for until it is resolved.</summary>
public sealed class RaiseDispute(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int LongestLineId = 100;

    private const string LineAmount = """
        select gross_amount from receivable_line where seller_id = @seller and invoice_id = @invoice and line_id = @line
        """;
    private const string AlreadyDisputed = """
        select coalesce(sum(amount), 0) from dispute where seller_id = @seller and invoice_id = @invoice and resolved_at is null
        """;

    // One complaint about one thing at a time: the index refuses the second.
    private const string Keep = """
        insert into dispute (seller_id, dispute_id, invoice_id, line_id, amount, currency, reason, raised_at)
        values (@seller, @DisputeId, @InvoiceId, @LineId, @Amount, @Currency, @Reason, @RaisedAt)
        on conflict do nothing
        """;

    /// <summary>Takes the complaint.</summary>
    public async Task<Outcome<DisputeBody>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<DisputeRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("RaiseDispute");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (actor.Kind != ActorKind.Customer && !actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (Act.Reason(request.Value.Reason, CollectionsFaults.NoReason, "reason").Refused(out var noReason))
        {
            return noReason;
        }

        var lineId = request.Value.LineId;
        if (lineId is { Length: 0 or > LongestLineId } || lineId?.Contains('\0') == true)
        {
            return CollectionsFaults.NoLine.At("lineId");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FindReceivable.LockAsync(transaction, actor.SellerId, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var receivable = found.Value;
        if (actor.Kind == ActorKind.Customer && !string.Equals(receivable.Email, actor.Name, StringComparison.OrdinalIgnoreCase))
        {
            return CollectionsFaults.NoReceivable.With();
        }

        if (receivable.Settled)
        {
            return CollectionsFaults.DisputeOnSettled.With();
        }

        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = receivable.InvoiceId.Value,
            line = lineId,
        };
        var line = default(decimal?);
        if (lineId is not null && (line = await connection.ExecuteScalarAsync<decimal?>(LineAmount, asked, transaction)) is null)
        {
            return CollectionsFaults.NoLine.At("lineId");
        }

        var already = await connection.ExecuteScalarAsync<decimal>(AlreadyDisputed, asked, transaction);
        var amount = Dispute.AmountOf(line, request.Value.Amount, receivable.AmountDue, already, receivable.Currency);
        if (amount.Refused(out var refused))
        {
            return refused;
        }

        var now = clock.GetUtcNow();
        var dispute = new DisputeBody
        {
            DisputeId = Guid.CreateVersion7(now),
            InvoiceId = receivable.InvoiceId,
            LineId = lineId,
            Currency = receivable.Currency,
            Amount = amount.Value.Amount,
            Reason = request.Value.Reason.Trim(),
            RaisedAt = now,
        };
        var kept = await connection.ExecuteAsync(
            Keep,
            new
            {
                asked.seller,
                dispute.DisputeId,
                dispute.InvoiceId,
                dispute.LineId,
                dispute.Amount,
                dispute.Currency,
                dispute.Reason,
                dispute.RaisedAt,
            },
            transaction
        );
        if (kept == 0)
        {
            return CollectionsFaults.AlreadyDisputed.With();
        }

        var act = new Act
        {
            By = actor,
            At = now,
            Kind = "dispute-raised",
            InvoiceId = receivable.InvoiceId,
            CustomerKey = receivable.CustomerKey,
            Why = dispute.Reason,
            Body = new
            {
                dispute.DisputeId,
                dispute.LineId,
                dispute.Amount,
            },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, receivable.InvoiceId)], now, cancellationToken);
        await outbox.AppendAsync(
            transaction,
            new DisputeRaised
            {
                EventId = EventId.New(),
                SellerId = actor.SellerId,
                InvoiceId = receivable.InvoiceId,
                LineId = lineId,
                Reason = dispute.Reason,
                RaisedAt = now,
            },
            cancellationToken
        );
        await outbox.CommitAsync(transaction, cancellationToken);
        return dispute;
    }
}
