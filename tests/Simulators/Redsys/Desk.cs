using System.Globalization;
using RetailInvoicing.Simulators.Redsys.Books;

namespace RetailInvoicing.Simulators.Redsys;

/// <summary>What happens to payments and refunds, whichever door they come by: booked first, told after.</summary>
internal sealed class Desk(Ledger ledger, Notices notices, TimeProvider clock)
{
    /// <summary>What a form gets whose order was paid or declined before; one that is only open may be sent again.</summary>
    public const string Repeated = "SIS0051";

    /// <summary>Begins a payment, or goes on with the one that the same form has begun; else the SIS code of its refusal.</summary>
    public (Operation? Operation, string? Error) Receive(SentMessage message)
    {
        if (message.Type != Operation.Payment)
        {
            return (null, "SIS0030");
        }

        var (operation, isRepeated) = ledger.Enter(books =>
        {
            var begun = New(books, message, Operation.Payment, Operation.Asked, "9998");
            var before = books.Of(message.Merchant, message.Terminal, message.Order);
            if (before.Count == 0)
            {
                books.Add(new Entry { Operation = begun });
                return (begun, false);
            }

            var isSame =
                before[0].State == Operation.Asked
                && before[0].Amount == begun.Amount
                && before[0].Currency == begun.Currency
                && before.All(static each => each.State == Operation.Asked);
            return isSame ? (before[0], false) : (begun, true);
        });
        if (!isRepeated)
        {
            return (operation, null);
        }

        // Redsys tells of it under the same order; it is no operation in its books.
        notices.Tell(operation with { State = Operation.Over, Response = "0913", Error = Repeated });
        return (null, Repeated);
    }

    /// <summary>Ends a payment; null where it had ended before.</summary>
    public Operation? Finish(long number, string response, string? means, string? error = null)
    {
        var ended = ledger.Enter<Operation?>(books =>
        {
            if (books.Find(number) is not { State: Operation.Asked } asked)
            {
                return null;
            }

            var over = asked with
            {
                State = Operation.Over,
                Response = response,
                Error = error,
                Means = means,
                At = clock.GetUtcNow(),
                Authorisation = response is ['0', '0', _, _] ? Code(number) : null,
            };
            books.Add(new Entry { Operation = over });
            return over;
        });
        if (ended is not null)
        {
            notices.Tell(ended);
        }

        return ended;
    }

    /// <summary>A second attempt on the page where the first was declined: the same order, not refused for being repeated.</summary>
    public Operation? Retry(Operation declined) =>
        ledger.Enter<Operation?>(books =>
        {
            if (books.Of(declined.Merchant, declined.Terminal, declined.Order).Any(static each => each.IsPaid))
            {
                return null;
            }

            var again = declined with
            {
                Number = books.Next,
                State = Operation.Asked,
                Response = "9998",
                Error = null,
                Means = null,
                Authorisation = null,
                At = clock.GetUtcNow(),
            };
            books.Add(new Entry { Operation = again });
            return again;
        });

    /// <summary>Gives money back, or books that it was not given; else the SIS code of its refusal, of which nothing is booked.</summary>
    public (Operation? Operation, string? Error) Refund(SentMessage message, string response)
    {
        var refund = ledger.Enter<(Operation? Operation, string? Error)>(books =>
        {
            var all = books.Of(message.Merchant, message.Terminal, message.Order);
            if (all.FirstOrDefault(static each => each.IsPaid) is not { } paid)
            {
                return (null, "SIS0054");
            }

            if (paid.Currency != message.Currency)
            {
                return (null, "SIS0027");
            }

            if (message.Amount > paid.Amount - all.Where(static each => each.IsGiven).Sum(static each => each.Amount))
            {
                return (null, "SIS0057");
            }

            var begun = New(books, message, Operation.Refund, Operation.Over, response) with { Means = paid.Means };
            begun = begun with { Authorisation = begun.IsGiven ? Code(begun.Number) : null };
            books.Add(new Entry { Operation = begun });
            return (begun, null);
        });
        if (refund.Operation is { } told)
        {
            notices.Tell(told);
        }

        return refund;
    }

    /// <summary>Gives money back as somebody does in the bank's portal; null where there is not so much to give.</summary>
    public Operation? RefundInPortal(Operation payment, long amount)
    {
        var refund = ledger.Enter<Operation?>(books =>
        {
            var all = books.Of(payment.Merchant, payment.Terminal, payment.Order);
            if (
                !all.Any(static each => each.IsPaid)
                || amount <= 0
                || amount > payment.Amount - all.Where(static each => each.IsGiven).Sum(static each => each.Amount)
            )
            {
                return null;
            }

            var number = books.Next;
            var given = payment with
            {
                Number = number,
                Type = Operation.Refund,
                Amount = amount,
                Response = "0900",
                Authorisation = Code(number),
                At = clock.GetUtcNow(),
            };
            books.Add(new Entry { Operation = given });
            return given;
        });
        if (refund is not null)
        {
            notices.Tell(refund);
        }

        return refund;
    }

    private Operation New(Ledger books, SentMessage message, string type, string state, string response) =>
        new()
        {
            Number = books.Next,
            Merchant = message.Merchant,
            Terminal = message.Terminal,
            Order = message.Order,
            Type = type,
            Amount = message.Amount,
            Currency = message.Currency,
            State = state,
            Response = response,
            At = clock.GetUtcNow(),
            Version = message.Version,
            Data = message["MERCHANTDATA"],
            NotifyAt = message["MERCHANTURL"] is { Length: > 0 } notify ? notify : null,
            Ok = message["URLOK"] is { Length: > 0 } ok ? ok : null,
            Ko = message["URLKO"] is { Length: > 0 } ko ? ko : null,
            PayMethods = message["PAYMETHODS"],
            Language = message["CONSUMERLANGUAGE"] is { Length: > 0 } language ? language : "001",
            Description = message["PRODUCTDESCRIPTION"],
        };

    // No two of the first million are the same, and none looks like a number that counts up.
    private static string Code(long number) => (number * 7919 % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
}
