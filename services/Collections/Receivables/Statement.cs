using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>A customer's statement of account: what was owed at the beginning, what happened, what is owed at the end; per currency.</summary>
public sealed record Statement
{
    /// <summary>Whose it is: the seller's own name for the customer, or the address.</summary>
    public required string CustomerKey { get; init; }

    /// <summary>The customer's name.</summary>
    public string? CustomerName { get; init; }

    /// <summary>The customer's language.</summary>
    public required string Language { get; init; }

    /// <summary>Its first day, in the seller's zone.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When it was made: what is told later of these days stands in a later one.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>One account for each currency.</summary>
    public required IReadOnlyList<StatementAccount> Accounts { get; init; }

    /// <summary>The accounts of a customer's receivables and of what was claimed beside them.</summary>
    public static IReadOnlyList<StatementAccount> AccountsOf(
        IReadOnlyList<ReceivableHistory> histories,
        IReadOnlyList<ClaimRow> claims,
        DateOnly from,
        DateOnly to,
        string zone
    )
    {
        var movements = histories
            .SelectMany(history =>
                history
                    .Movements()
                    .Select(
                        (movement, nth) =>
                            (
                                History: history,
                                Movement: movement,
                                Nth: nth,
                                Date: SellerDay.At(movement.At, zone) ?? DateOnly.FromDateTime(movement.At.UtcDateTime)
                            )
                    )
            )
            .Where(each => each.Date <= to)
            .OrderBy(each => each.Movement.At)
            .ThenBy(each => each.History.Receivable.Number, StringComparer.Ordinal)
            .ThenBy(each => each.History.Receivable.InvoiceId.Value)
            .ThenBy(each => each.Nth)
            .ToLookup(each => each.History.Receivable.Currency);
        var beside = claims.ToLookup(claim => claim.Currency);
        return
        [
            .. movements
                .Select(account => account.Key)
                .Union(beside.Select(account => account.Key))
                .OrderBy(currency => currency.Code, StringComparer.Ordinal)
                .Select(currency =>
                {
                    var opening = movements[currency].Where(each => each.Date < from).Sum(each => each.Movement.Amount);
                    var (balance, entries) = (opening, new List<StatementEntry>());
                    foreach (var (history, movement, _, date) in movements[currency].Where(each => each.Date >= from))
                    {
                        balance += movement.Amount;
                        entries.Add(
                            new StatementEntry
                            {
                                Date = date,
                                Kind = movement.Kind,
                                InvoiceId = history.Receivable.InvoiceId,
                                Number = history.Receivable.Number!,
                                DueDate = movement.Kind == ReceivableMovement.Invoice ? history.Receivable.DueDate : null,
                                Amount = Money.Of(movement.Amount, currency).Amount,
                                Balance = Money.Of(balance, currency).Amount,
                            }
                        );
                    }

                    var shown = beside[currency]
                        .Select(claim => claim.ToStatement(zone))
                        .Where(claim => claim.Date <= to && !(claim.EndedOn < from))
                        .OrderBy(claim => claim.Date)
                        .ToArray();
                    return new StatementAccount
                    {
                        Currency = currency,
                        Opening = Money.Of(opening, currency).Amount,
                        Entries = entries,
                        Closing = Money.Of(balance, currency).Amount,
                        Claims = shown,
                        ClaimsDue = Money.Of(shown.Where(claim => !(claim.EndedOn <= to)).Sum(claim => claim.Amount), currency).Amount,
                    };
                }),
        ];
    }

    /// <summary>A claim as it is kept.</summary>
    public sealed record ClaimRow
    {
        /// <summary>The invoice.</summary>
        public InvoiceId InvoiceId { get; init; }

        /// <summary>Its number.</summary>
        public string Number { get; init; } = "";

        /// <summary>interest or recovery.</summary>
        public string Kind { get; init; } = "";

        /// <summary>How much.</summary>
        public decimal Amount { get; init; }

        /// <summary>Currency of it.</summary>
        public Currency Currency { get; init; }

        /// <summary>When it was made.</summary>
        public DateTimeOffset CreatedAt { get; init; }

        /// <summary>When it was paid.</summary>
        public DateTimeOffset? PaidAt { get; init; }

        /// <summary>When the seller gave it up.</summary>
        public DateTimeOffset? WaivedAt { get; init; }

        internal StatementClaim ToStatement(string zone) =>
            new()
            {
                Date = DayOf(CreatedAt, zone),
                Kind = Kind,
                InvoiceId = InvoiceId,
                Number = Number,
                Amount = Money.Of(Amount, Currency).Amount,
                State =
                    PaidAt is not null ? "paid"
                    : WaivedAt is not null ? "waived"
                    : "due",
                EndedOn = (PaidAt ?? WaivedAt) is { } ended ? DayOf(ended, zone) : null,
            };

        private static DateOnly DayOf(DateTimeOffset at, string zone) => SellerDay.At(at, zone) ?? DateOnly.FromDateTime(at.UtcDateTime);
    }
}

/// <summary>What happened in one currency.</summary>
public sealed record StatementAccount
{
    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What was owed before the first day.</summary>
    public required decimal Opening { get; init; }

    /// <summary>What happened, the earliest first.</summary>
    public required IReadOnlyList<StatementEntry> Entries { get; init; }

    /// <summary>What was owed at the end of the last day.</summary>
    public required decimal Closing { get; init; }

    /// <summary>Interest and compensation claimed beside the invoices; in none of the sums above.</summary>
    public required IReadOnlyList<StatementClaim> Claims { get; init; }

    /// <summary>What of the claims was neither paid nor waived at the end of the last day.</summary>
    public required decimal ClaimsDue { get; init; }
}

/// <summary>One movement of an account.</summary>
public sealed record StatementEntry
{
    /// <summary>The day, in the seller's zone.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>invoice, payment, correction, refund, reversal, write-off, undone or cancellation.</summary>
    public required string Kind { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number (BT-1).</summary>
    public required string Number { get; init; }

    /// <summary>When an invoice is due.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>More owed where positive, less where negative.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What is owed after it.</summary>
    public required decimal Balance { get; init; }
}

/// <summary>Interest or compensation beside the account.</summary>
public sealed record StatementClaim
{
    /// <summary>The day it was claimed.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>interest or recovery.</summary>
    public required string Kind { get; init; }

    /// <summary>The invoice that was paid late.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number.</summary>
    public required string Number { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>due, paid or waived.</summary>
    public required string State { get; init; }

    /// <summary>The day it was paid or waived.</summary>
    public DateOnly? EndedOn { get; init; }
}
