using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>What a seller gives up on: asked for, approved or refused, and booked by Payments.</summary>
public sealed record WriteOffBody
{
    /// <summary>The write-off; Payments books it under the same id.</summary>
    public required Guid WriteOffId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much at most.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>asked, approved, booked or refused.</summary>
    public required string State { get; init; }

    /// <summary>Who asked: a key's id or an address.</summary>
    public required string AskedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Who approved or refused it.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>When Payments booked it.</summary>
    public DateTimeOffset? BookedAt { get; init; }

    /// <summary>What Payments booked: what was due then, where that was less.</summary>
    public decimal? Booked { get; init; }

    /// <summary>Why it is not booked yet.</summary>
    public string? WaitsBecause { get; init; }

    /// <summary>With its currency's decimals.</summary>
    public WriteOffBody Written() =>
        this with
        {
            Amount = Money.Of(Amount, Currency).Amount,
            Booked = Booked is { } booked ? Money.Of(booked, Currency).Amount : null,
        };

    /// <summary>Why what is asked cannot be given up: nothing, parts of a coin, more than is due.</summary>
    public static Fault? Check(decimal amount, decimal due, Currency currency) =>
        amount > 0m && amount <= due && amount == Money.Of(amount, currency).Amount
            ? null
            : CollectionsFaults.WriteOffAmount.At("amount", currency.MinorUnit, Money.Of(due, currency).Amount);

    /// <summary>Why somebody cannot decide: it takes a second person, but for an owner or a key with no staff behind it.</summary>
    public Fault? CannotDecide(Actor actor) =>
        !actor.MayCollect ? DoorFaults.NoScope.With()
        : State != "asked" ? CollectionsFaults.WriteOffDecided.With(State)
        : !actor.DecidesAlone && string.Equals(actor.Name, AskedBy, StringComparison.OrdinalIgnoreCase)
            ? CollectionsFaults.WriteOffAlone.With()
        : null;
}
