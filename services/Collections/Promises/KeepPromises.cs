using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Places;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>A promise as it is shown.</summary>
public sealed record PromiseBody
{
    /// <summary>The promise.</summary>
    public required Guid PromiseId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The plan that it is an instalment of.</summary>
    public Guid? PlanId { get; init; }

    /// <summary>The day promised, in the customer's zone.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>When the word was given.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>open, kept, partial, broken or cancelled.</summary>
    public required string Standing { get; init; }

    /// <summary>How much of it came in time; absent while it is open.</summary>
    public decimal? KeptAmount { get; init; }
}

/// <summary>A receivable that can be promised of, what of it is promised already, and what of it is disputed.</summary>
public sealed record Promisable(LockedReceivable Receivable, decimal Promised, decimal Disputed)
{
    /// <summary>What is due and not promised yet.</summary>
    public decimal Left => Math.Max(0m, Receivable.AmountDue - Promised);

    /// <summary>What of that is not disputed either: so much a customer promises at the least.</summary>
    public decimal Least => Math.Max(0m, Left - Disputed);
}

/// <summary>
/// Promises as they are written down: with who took them, told once, and with a look at the receivable when they are made and when their
/// day is over.
/// </summary>
public sealed class KeepPromises(Outbox outbox)
{
    private const string Promised = """
        select coalesce(sum(amount) filter (where judged_at is null), 0), count(*) filter (where standing in ('partial', 'broken')),
            (select coalesce(sum(d.amount), 0) from dispute d
             where d.seller_id = @seller and d.invoice_id = @invoice and d.resolved_at is null)
        from promise
        where seller_id = @seller and invoice_id = @invoice and cancelled_at is null
        """;
    private const string Keep = """
        insert into promise
            (seller_id, promise_id, invoice_id, customer_key, plan_id, date, amount, currency, time_zone, made_at)
        select @seller, promise_id, @invoice, @customer, @plan, date, amount, @currency, @zone, @now
        from unnest(@ids, @dates, @amounts) as made (promise_id, date, amount)
        """;

    /// <summary>The customer's day at an instant.</summary>
    public static DateOnly TodayOf(LockedReceivable receivable, DateTimeOffset now) =>
        SellerDay.At(now, ZoneOf(receivable)) ?? receivable.SellerDayAt(now);

    /// <summary>
    /// What can be promised of: the receivable, open, and the customer's own where a customer asks. A customer that broke its word about an
    /// invoice is heard by the seller's staff.
    /// </summary>
    public static async Task<Outcome<Promisable>> FindAsync(
        NpgsqlTransaction transaction,
        Actor actor,
        string invoiceId,
        CancellationToken cancellationToken
    )
    {
        if (actor.Kind != ActorKind.Customer && !actor.MayCollect)
        {
            return DoorFaults.NoScope.With();
        }

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
            return CollectionsFaults.PromiseOnSettled.With();
        }

        var (promised, broken, disputed) = await transaction.Connection!.QuerySingleAsync<(decimal, long, decimal)>(
            Promised,
            new { seller = actor.SellerId.Value, invoice = receivable.InvoiceId.Value },
            transaction
        );
        return actor.Kind == ActorKind.Customer && broken > 0L
            ? CollectionsFaults.PromiseAfterBroken.With()
            : new Promisable(receivable, promised, disputed);
    }

    /// <summary>Writes promises of one receivable down.</summary>
    public async Task<IReadOnlyList<PromiseBody>> AddAsync(
        NpgsqlTransaction transaction,
        Actor actor,
        LockedReceivable receivable,
        IReadOnlyList<Instalment> promised,
        Guid? plan,
        string? why,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var zone = ZoneOf(receivable);
        var made = promised
            .Select(each => new PromiseBody
            {
                PromiseId = Guid.CreateVersion7(now),
                InvoiceId = receivable.InvoiceId,
                PlanId = plan,
                Date = each.Date,
                Currency = receivable.Currency,
                Amount = Money.Of(each.Amount, receivable.Currency).Amount,
                MadeAt = now,
                Standing = "open",
            })
            .ToArray();
        await transaction.Connection!.ExecuteAsync(
            Keep,
            new
            {
                seller = actor.SellerId.Value,
                invoice = receivable.InvoiceId.Value,
                customer = receivable.CustomerKey,
                plan,
                currency = receivable.Currency.Code,
                zone,
                now,
                ids = made.Select(each => each.PromiseId).ToArray(),
                dates = made.Select(each => each.Date).ToArray(),
                amounts = made.Select(each => each.Amount).ToArray(),
            },
            transaction
        );
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = plan is null ? "promise-made" : "plan-made",
            InvoiceId = receivable.InvoiceId,
            CustomerKey = receivable.CustomerKey,
            Why = why,
            Body = new
            {
                PlanId = plan,
                Promises = made.Select(each => new
                {
                    each.PromiseId,
                    each.Date,
                    each.Amount,
                }),
            },
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await Dunning.LookAgain.SoonAsync(transaction, [(actor.SellerId, receivable.InvoiceId)], now, cancellationToken);
        await outbox.AppendAsync(
            transaction,
            [
                .. made.Select(each => new PromiseMade
                {
                    EventId = EventId.New(),
                    SellerId = actor.SellerId,
                    InvoiceId = each.InvoiceId,
                    Date = each.Date,
                    Currency = each.Currency,
                    Amount = each.Amount,
                    MadeAt = now,
                }),
            ],
            cancellationToken
        );
        return made;
    }

    /// <summary>Commits what was written, and has it told.</summary>
    public Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        outbox.CommitAsync(transaction, cancellationToken);

    private static string ZoneOf(LockedReceivable receivable) =>
        CustomerPlace.Of(receivable.Place, receivable.SellerZone)?.Zone.Id ?? SellerDay.UsualZone;
}
