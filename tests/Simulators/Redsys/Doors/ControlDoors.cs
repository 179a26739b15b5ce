using System.Globalization;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>What a payer does, without a browser.</summary>
internal sealed record Paying
{
    /// <summary>The order of a form that was sent before.</summary>
    public string? Order { get; init; }

    /// <summary>The form itself: Ds_SignatureVersion, Ds_MerchantParameters, Ds_Signature.</summary>
    public Dictionary<string, string>? Form { get; init; }

    /// <summary>paid, declined, cancelled, abandoned, declined-then-paid.</summary>
    public string Outcome { get; init; } = "paid";

    /// <summary>Ds_Response, where another than the usual one is wanted.</summary>
    public string? Response { get; init; }

    /// <summary>card or bizum; what the form asks for where nothing is said.</summary>
    public string? Means { get; init; }
}

/// <summary>What somebody does in the bank's portal.</summary>
internal sealed record Portal
{
    public string Order { get; init; } = "";

    /// <summary>As 12.34; the whole of it where nothing is said.</summary>
    public string? Amount { get; init; }
}

/// <summary>A key to give a terminal.</summary>
internal sealed record NewKey(string Key);

/// <summary>What a test asks of the simulator, and tells it to do: plain HTTP, JSON.</summary>
internal sealed class ControlDoors(Ledger ledger, Desk desk, Notices notices, Faults faults, PaymentDoor door)
{
    private const string Outcomes = "outcome: paid | declined | cancelled | abandoned | declined-then-paid";

    public IResult AddFault(Fault fault) =>
        faults.Add(fault) is { } wrong ? Results.BadRequest(new { error = wrong }) : Results.Ok(faults.All);

    public IResult ListFaults() => Results.Ok(faults.All);

    public IResult ClearFaults()
    {
        faults.Clear();
        return Results.NoContent();
    }

    public IResult GetSettings() => Results.Ok(ledger.Settings);

    /// <summary>Changes what is said; a restart keeps it.</summary>
    public IResult ChangeSettings(SettingsChange change)
    {
        ledger.Add(new Entry { Settings = change.On(ledger.Settings) });
        if (change.Seed is { } seed)
        {
            faults.Seed(seed);
        }

        return GetSettings();
    }

    public IResult SetKey(string merchant, string terminal, NewKey key)
    {
        if (Signing.Decode(key.Key) is not { Length: 24 })
        {
            return Results.BadRequest(new { error = "key: 32 characters of base64" });
        }

        ledger.Add(new Entry { Key = new TerminalKey(merchant, terminal.TrimStart('0'), key.Key) });
        return Results.NoContent();
    }

    /// <summary>Pays, as a person would on the page; a door that is down or slow is so for browsers alone.</summary>
    public IResult Pay(Paying paying)
    {
        if (paying.Outcome is not ("paid" or "declined" or "cancelled" or "abandoned" or "declined-then-paid"))
        {
            return Results.BadRequest(new { error = Outcomes });
        }

        var (operation, error) = Begin(paying);
        if (operation is null)
        {
            return Results.UnprocessableEntity(new { error });
        }

        var means = paying.Means ?? (operation.PayMethods is "z" or "Z" ? "bizum" : "card");
        var ended = paying.Outcome switch
        {
            "paid" => desk.Finish(operation.Number, paying.Response ?? "0000", means),
            "declined" => desk.Finish(operation.Number, paying.Response ?? "0190", means),
            "cancelled" => desk.Finish(operation.Number, "9915", null, "SIS9915"),
            "declined-then-paid"
                when desk.Finish(operation.Number, paying.Response ?? "0190", means) is { } declined && desk.Retry(declined) is { } again =>
                desk.Finish(again.Number, "0000", means),
            _ => operation,
        };
        var now = ended ?? operation;
        return Results.Ok(
            new
            {
                order = now.Order,
                state = now.State,
                response = now.Response,
                authorisationCode = now.Authorisation,
                returnTo = now.State == Operation.Over ? door.ReturnTo(now) : null,
            }
        );
    }

    /// <summary>A refund given in the bank's portal, which the product has not asked for.</summary>
    public IResult Refund(Portal portal)
    {
        if (ledger.Of(portal.Order).FirstOrDefault(static each => each.IsPaid) is not { } payment)
        {
            return Results.UnprocessableEntity(new { error = "SIS0054" });
        }

        var amount = payment.Amount;
        if (portal.Amount is { } said)
        {
            if (!decimal.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var wanted))
            {
                return Results.BadRequest(new { error = "amount: as 12.34" });
            }

            amount = (long)(wanted * (payment.Coins.Contains('.', StringComparison.Ordinal) ? 100m : 1m));
        }

        return desk.RefundInPortal(payment, amount) is { } refund
            ? Results.Ok(
                new
                {
                    order = refund.Order,
                    amount = refund.Coins,
                    authorisationCode = refund.Authorisation,
                }
            )
            : Results.UnprocessableEntity(new { error = "SIS0057" });
    }

    /// <summary>The notices of an order once more, as somebody may send them again in the bank's portal.</summary>
    public IResult Notify(Portal portal)
    {
        var over = ledger.Of(portal.Order).Where(static each => each.State == Operation.Over).ToList();
        over.ForEach(notices.Tell);
        return Results.Ok(new { notices = over.Count });
    }

    /// <summary>The books: what was taken and given back, by order; operations after a number, so many of them.</summary>
    public IResult Books(string? merchant, string? terminal, string? order, long? after, int? limit)
    {
        var orders = ledger
            .All()
            .Where(each =>
                (merchant is null || each.Merchant == merchant)
                && (terminal is null || each.Terminal == terminal)
                && (order is null || each.Order == order)
            )
            .GroupBy(static each => (each.Merchant, each.Terminal, each.Order))
            .Select(static group => new Account(group.Key.Merchant, group.Key.Terminal, group.Key.Order, [.. group]))
            .ToList();
        return Results.Ok(
            new
            {
                orders = orders.Count,
                paid = orders.Count(static each => each.Paid is not null),
                open = orders.Count(static each => each.State == "open"),
                totals = orders
                    .GroupBy(static each => each.Operations[0].Currency)
                    .Select(static group => new
                    {
                        currency = group.Key,
                        taken = Operation.CoinsOf(group.Sum(static each => each.Taken), group.Key),
                        given = Operation.CoinsOf(group.Sum(static each => each.Given), group.Key),
                    }),
                notices = notices.Counts,
                list = orders
                    .Where(each => each.Operations[0].Number > (after ?? 0))
                    .Take(limit ?? int.MaxValue)
                    .Select(static each => new
                    {
                        number = each.Operations[0].Number,
                        merchant = each.Merchant,
                        terminal = each.Terminal,
                        order = each.Order,
                        state = each.State,
                        response = (each.Paid ?? each.Operations[^1]).Response,
                        means = each.Paid?.Means,
                        currency = each.Operations[0].Currency,
                        amount = each.Operations[0].Coins,
                        taken = Operation.CoinsOf(each.Taken, each.Operations[0].Currency),
                        given = Operation.CoinsOf(each.Given, each.Operations[0].Currency),
                        refunds = each
                            .Operations.Where(static one => one.Type == Operation.Refund)
                            .Select(static one => new
                            {
                                amount = one.Coins,
                                response = one.Response,
                                authorisationCode = one.Authorisation,
                                data = one.Data,
                                at = one.At,
                            }),
                    }),
            }
        );
    }

    private (Operation? Operation, string? Error) Begin(Paying paying)
    {
        if (paying.Form is { } form)
        {
            var (message, error) = SentMessage.Open(
                form.GetValueOrDefault("Ds_SignatureVersion"),
                form.GetValueOrDefault("Ds_MerchantParameters"),
                form.GetValueOrDefault("Ds_Signature"),
                ledger.KeyOf
            );
            if (message is null)
            {
                return (null, error);
            }

            return desk.Receive(message);
        }

        var known = ledger.Of(paying.Order ?? "");
        if (known.LastOrDefault(static each => each is { Type: Operation.Payment, State: Operation.Asked }) is { } open)
        {
            return (open, null);
        }

        return (null, known.Count > 0 ? Desk.Repeated : "SIS0054");
    }

    /// <summary>What there is of an order.</summary>
    private sealed record Account(string Merchant, string Terminal, string Order, IReadOnlyList<Operation> Operations)
    {
        public Operation? Paid => Operations.FirstOrDefault(static each => each.IsPaid);

        public long Taken => Paid?.Amount ?? 0;

        public long Given => Operations.Where(static each => each.IsGiven).Sum(static each => each.Amount);

        public string State =>
            Paid is not null ? "paid"
            : Operations[^1].State == Operation.Asked ? "open"
            : Operations[^1].Response == "9915" ? "cancelled"
            : "declined";
    }
}
