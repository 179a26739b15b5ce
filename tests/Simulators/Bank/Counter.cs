using RetailInvoicing.Simulators.Bank.Books;
using RetailInvoicing.Simulators.Bank.Control;

namespace RetailInvoicing.Simulators.Bank;

/// <summary>Where transfers are ordered: each key once, and what goes wrong on the way as the faults asked for have it.</summary>
internal sealed class Counter(Ledger ledger, Faults faults, Teller teller, TimeProvider clock)
{
    private const string Signs = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>Books a transfer of a form that was found right; the one before where its key was used.</summary>
    public Transfer Order(OrderForm form)
    {
        var transfer = ledger.Enter(books =>
        {
            if (form.Key.Length > 0 && books.Find(form.Key) is { } before)
            {
                return before;
            }

            var drawn = FaultKinds
                .All.Select(kind => form.Fault == kind ? new Fault { Kind = kind } : faults.Draw(kind, form.Iban))
                .OfType<Fault>()
                .ToDictionary(static each => each.Kind, StringComparer.Ordinal);
            var number = books.NextTransfer;
            var ordered = new Transfer
            {
                Number = number,
                Key = form.Key.Length > 0 ? form.Key : Guid.CreateVersion7().ToString("N"),
                Iban = form.Iban,
                Name = form.Name,
                Amount = form.Sum,
                Reference = form.Structured,
                Words = form.Words,
                Payer = form.Payer,
                PayerAccount = form.PayerAccount,
                At = clock.GetUtcNow(),
                Faults = [.. drawn.Keys],
            };
            var waiting = books.Transfers().Where(each => each.Movement is null && each.Iban == form.Iban).ToArray();
            if (drawn.ContainsKey(FaultKinds.Merged) && waiting.Length == 0)
            {
                books.Add(new Entry { Transfers = [ordered] });
                return ordered;
            }

            var movement = Booked(books, [.. waiting, ordered], drawn);
            Movement[] movements = drawn.TryGetValue(FaultKinds.Returned, out var returned)
                ? [movement, TakenBack(movement, returned)]
                : [movement];
            ordered = ordered with { Movement = movement.Number };
            books.Add(
                new Entry
                {
                    Transfers = [.. waiting.Select(each => each with { Movement = movement.Number }), ordered],
                    Movements = movements,
                }
            );
            return ordered;
        });
        teller.Ring();
        return transfer;
    }

    private Movement Booked(Ledger books, IReadOnlyList<Transfer> paid, Dictionary<string, Fault> drawn)
    {
        var (last, now) = (paid[^1], clock.GetUtcNow());
        var (reference, words) =
            paid.Count > 1
                ? (null, Fit(string.Join(' ', paid.Select(static each => each.Reference ?? each.Words).OfType<string>())))
                : (last.Reference, last.Words);
        if (drawn.ContainsKey(FaultKinds.Typo) && (reference ?? words) is { } right)
        {
            // No bank takes a creditor's reference whose check digits do not hold: it is copied as words.
            (reference, words) = (null, Mistyped(right, new Random(books.Settings.Seed ^ (int)last.Number)));
        }

        if (drawn.ContainsKey(FaultKinds.LostReference))
        {
            (reference, words) = (null, null);
        }

        return new Movement
        {
            Number = books.NextMovement,
            Iban = last.Iban,
            Amount = paid.Sum(static each => each.Amount),
            Reference = reference,
            Words = words is { Length: > 0 } ? words : null,
            Payer = last.Payer,
            PayerAccount = last.PayerAccount,
            At = now,
            TellAt = drawn.ContainsKey(FaultKinds.LostNotice)
                ? null
                : now + (drawn.TryGetValue(FaultKinds.Late, out var late) ? late.Wait(10) : TimeSpan.Zero),
            Times = drawn.ContainsKey(FaultKinds.Duplicate) ? 2 : 1,
        };
    }

    private static Movement TakenBack(Movement movement, Fault returned)
    {
        var at = movement.At + returned.Wait(5);
        return movement with
        {
            Number = movement.Number + 1,
            At = at,
            TellAt = movement.TellAt is null ? null : at,
            Returns = movement.Number,
            Reason = returned.Code ?? "AM05",
        };
    }

    /// <summary>One sign of it is another; those that say what it is stay.</summary>
    private static string Mistyped(string right, Random chance)
    {
        var first = Math.Min(4, right.Length - 1);
        var at = chance.Next(first, right.Length);
        var others = Signs.Replace($"{char.ToUpperInvariant(right[at])}", "", StringComparison.Ordinal);
        return right[..at] + others[chance.Next(others.Length)] + right[(at + 1)..];
    }

    private static string Fit(string words) => words.Length <= 140 ? words : words[..140];
}
