using Npgsql;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Acts;

/// <summary>What somebody did, as it is told here.</summary>
public sealed record ActRequest
{
    /// <summary>call, email, sms, letter, visit or note.</summary>
    public required string Kind { get; init; }

    /// <summary>What was said, what came of it.</summary>
    public required string Why { get; init; }
}

/// <summary>An act that was written down.</summary>
public sealed record RecordedAct(Guid ActId, InvoiceId InvoiceId, string Kind, string Why, DateTimeOffset At);

/// <summary>Somebody called, wrote or went there: it stands in the receivable's history, and the list of whom to call next learns from it.</summary>
public sealed class RecordAct(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    /// <summary>Writes it down.</summary>
    public async Task<Outcome<RecordedAct>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<ActRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("RecordAct");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (!Act.Said.Contains(request.Value.Kind))
        {
            return CollectionsFaults.UnknownAct.At("kind", request.Value.Kind, string.Join(", ", Act.Said));
        }

        if (Act.Reason(request.Value.Why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
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

        var act = new Act
        {
            By = actor,
            At = clock.GetUtcNow(),
            Kind = request.Value.Kind,
            InvoiceId = found.Value.InvoiceId,
            CustomerKey = found.Value.CustomerKey,
            Why = request.Value.Why.Trim(),
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        var told = new ActRecorded
        {
            EventId = EventId.New(),
            SellerId = actor.SellerId,
            InvoiceId = found.Value.InvoiceId,
            Kind = act.Kind,
            RecordedAt = act.At,
        };
        await outbox.AppendAsync(transaction, told, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        return new RecordedAct(act.ActId, found.Value.InvoiceId, act.Kind, act.Why, act.At);
    }
}
