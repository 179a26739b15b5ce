using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>A promise as it is made.</summary>
public sealed record PromiseRequest
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>How much; all that is due where absent. A customer's own is of all that it does not dispute at the least.</summary>
    public decimal? Amount { get; init; }

    /// <summary>What was said.</summary>
    public string? Why { get; init; }
}

/// <summary>
/// A customer gives its word for a day and an amount, itself or through the seller's staff; until then it is not reminded of that much. Of a
/// part the seller's staff takes its word alone.
/// </summary>
public sealed class MakePromise(NpgsqlDataSource database, KeepPromises promises, TimeProvider clock)
{
    /// <summary>Takes the word.</summary>
    public async Task<Outcome<PromiseBody>> RunAsync(
        Actor actor,
        string invoiceId,
        Outcome<PromiseRequest> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("MakePromise");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (request.Value.Why is { } why && Act.Reason(why, CollectionsFaults.NoReason, "why").Refused(out var noReason))
        {
            return noReason;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var found = await KeepPromises.FindAsync(transaction, actor, invoiceId, cancellationToken);
        if (found.Refused(out var none))
        {
            return none;
        }

        var (receivable, left) = (found.Value.Receivable, found.Value.Left);
        if (left == 0m)
        {
            return CollectionsFaults.AlreadyPromised.With(Money.Of(found.Value.Promised, receivable.Currency));
        }

        var isCustomers = actor.Kind == ActorKind.Customer;
        var least = isCustomers ? found.Value.Least : 0m;
        var most = isCustomers ? PromisePlan.MostDaysOfCustomer : PromisePlan.MostDays;
        var promise = new Instalment { Date = request.Value.Date, Amount = request.Value.Amount ?? (least > 0m ? least : left) };
        if (PromisePlan.Check(promise, left, receivable.Currency, KeepPromises.TodayOf(receivable, now), most) is { } refused)
        {
            return refused;
        }

        if (promise.Amount < least)
        {
            return CollectionsFaults.PromiseOfPart.At("amount", Money.Of(least, receivable.Currency));
        }

        var kept = await promises.AddAsync(
            transaction,
            actor,
            receivable,
            [promise],
            null,
            request.Value.Why?.Trim(),
            now,
            cancellationToken
        );
        await promises.CommitAsync(transaction, cancellationToken);
        return kept[0];
    }
}
