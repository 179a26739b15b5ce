using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>An instalment plan as it is agreed.</summary>
public sealed record PlanRequest
{
    /// <summary>Its parts, the earliest first; together all that is due.</summary>
    public required IReadOnlyList<Instalment> Instalments { get; init; }

    /// <summary>Why it was agreed.</summary>
    public string? Why { get; init; }
}

/// <summary>A plan that was agreed.</summary>
public sealed record PlanBody(Guid PlanId, IReadOnlyList<PromiseBody> Instalments);

/// <summary>
/// Seller and customer agree on instalments of what is due: each is a promise of its own. One that is not kept ends the plan, and what is
/// due is asked for again.
/// </summary>
public sealed class MakePlan(NpgsqlDataSource database, KeepPromises promises, TimeProvider clock)
{
    /// <summary>Writes the plan down.</summary>
    public async Task<Outcome<PlanBody>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<PlanRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("MakePlan");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!actor.MayCollect)
        {
            // A plan is an agreement: the seller's side makes it.
            return DoorFaults.NoScope.With();
        }

        if (request.Value.Why is { } why && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        if (request.Value.Instalments.Any(each => each is null))
        {
            return CollectionsFaults.PlanSize.At("instalments", PromisePlan.MostInstalments);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var found = await KeepPromises.FindAsync(transaction, actor, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var receivable = found.Value.Receivable;
        if (found.Value.Promised > 0m)
        {
            return CollectionsFaults.AlreadyPromised.With(Money.Of(found.Value.Promised, receivable.Currency));
        }

        var plan = request.Value.Instalments;
        if (PromisePlan.Check(plan, receivable.AmountDue, receivable.Currency, KeepPromises.TodayOf(receivable, now)) is { } refused)
        {
            return refused;
        }

        var planId = Guid.CreateVersion7(now);
        var kept = await promises.AddAsync(transaction, actor, receivable, plan, planId, request.Value.Why?.Trim(), now, cancellationToken);
        await promises.CommitAsync(transaction, cancellationToken);
        return new PlanBody(planId, kept);
    }
}
