using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>A promise, or with it the rest of its plan, does not stand any more; what is due is asked for again.</summary>
public sealed class CancelPromise(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Lock = """
        select invoice_id, customer_key, plan_id, cancelled_at is not null as cancelled, judged_at is not null as judged
        from promise where seller_id = @seller and promise_id = @promise and invoice_id = @invoice
        for update
        """;
    private const string Cancel = """
        update promise set cancelled_at = @now
        where seller_id = @seller and cancelled_at is null and judged_at is null
          and (promise_id = @promise or (@plan::uuid is not null and plan_id = @plan))
        """;

    /// <summary>Cancels it; nothing where it was cancelled before.</summary>
    public async Task<Outcome<CancelledPromise>> RunAsync(
        Actor actor,
        string invoiceId,
        string promiseId,
        string? why,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("CancelPromise");
        if (!actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

        if (why is not null && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        if (!InvoiceId.TryParse(invoiceId, out var invoice) || !Guid.TryParseExact(promiseId, "D", out var promise))
        {
            return CollectionsFaults.NoPromise.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var asked = new
        {
            seller = actor.SellerId.Value,
            invoice = invoice.Value,
            promise,
        };
        var found = await connection.QuerySingleOrDefaultAsync<Row>(Lock, asked, transaction);
        if (found is null)
        {
            return CollectionsFaults.NoPromise.With();
        }

        if (found.Judged)
        {
            return CollectionsFaults.PromiseJudged.With();
        }

        if (found.Cancelled)
        {
            return new CancelledPromise(promise, 0);
        }

        var now = clock.GetUtcNow();
        var cancelled = await connection.ExecuteAsync(
            Cancel,
            new
            {
                asked.seller,
                asked.promise,
                plan = found.PlanId,
                now,
            },
            transaction
        );
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = "promise-cancelled",
            InvoiceId = invoice,
            CustomerKey = found.CustomerKey,
            Why = why?.Trim(),
            Body = new { PromiseId = promise, found.PlanId },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, invoice)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new CancelledPromise(promise, cancelled);
    }

    private sealed record Row
    {
        public string CustomerKey { get; init; } = "";

        public Guid? PlanId { get; init; }

        public bool Cancelled { get; init; }

        public bool Judged { get; init; }
    }
}

/// <summary>A promise that was cancelled, and how many with it.</summary>
public sealed record CancelledPromise(Guid PromiseId, int Cancelled);
