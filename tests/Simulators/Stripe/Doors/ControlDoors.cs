using RetailInvoicing.Simulators.Stripe.Books;
using RetailInvoicing.Simulators.Stripe.Control;
using RetailInvoicing.Simulators.Stripe.Wire;

namespace RetailInvoicing.Simulators.Stripe.Doors;

/// <summary>What a test asks of the simulator, and tells it to do: plain HTTP, JSON, amounts as decimal text.</summary>
internal sealed class ControlDoors(Ledger ledger, Faults faults)
{
    /// <summary>An account with a key and an address for its notices.</summary>
    public sealed record AccountRequest(string? SecretKey, string? WebhookUrl, string? WebhookSecret, string[]? Events);

    /// <summary>Which session is paid, by its id or by what its account calls it, and with what.</summary>
    public sealed record PayRequest(string? Session, string? CheckoutId, string? Means, string? Card, string? Iban);

    /// <summary>Which payment, and how much of it in the currency's smallest units; all of it where nothing is said.</summary>
    public sealed record PaymentRequest(string? Payment, string? CheckoutId, long? Amount, string? Reason);

    /// <summary>How a dispute ends.</summary>
    public sealed record CloseRequest(bool Won);

    /// <summary>Whose balance is paid out.</summary>
    public sealed record PayoutRequest(string? Account, string? Currency, DateOnly? ArrivesOn, string? Statement, bool Collects);

    /// <summary>Why a payout failed.</summary>
    public sealed record FailRequest(string? Code);

    public IResult AddFault(Fault fault) =>
        faults.Add(fault) is { } wrong ? Results.BadRequest(new { error = wrong }) : Results.Ok(faults.All());

    public IResult ListFaults() => Results.Ok(faults.All());

    public IResult ClearFaults()
    {
        faults.Clear();
        return Results.NoContent();
    }

    public IResult GetSettings() => Results.Ok(ledger.Look(state => state.Settings));

    /// <summary>Changes what is said; a restart keeps it.</summary>
    public IResult ChangeSettings(SettingsChange change)
    {
        if (change.Wrong() is { } wrong)
        {
            return Results.BadRequest(new { error = wrong });
        }

        ledger.Do(draft =>
        {
            draft.Put(change.On(draft.Settings));
            return true;
        });
        if (change.Seed is { } seed)
        {
            faults.Seed(seed);
        }

        return GetSettings();
    }

    /// <summary>Registers an account, or changes it; its address for notices replaces the one that was registered here before.</summary>
    public IResult PutAccount(string account, AccountRequest asked)
    {
        if (
            !account.StartsWith("acct_", StringComparison.Ordinal)
            || asked.SecretKey is not { } key
            || !key.StartsWith("sk_test_", StringComparison.Ordinal)
            || (asked.WebhookUrl is not null && asked.WebhookSecret?.StartsWith("whsec_", StringComparison.Ordinal) != true)
        )
        {
            return Results.BadRequest(
                new { error = "account: acct_…; secretKey: sk_test_…; webhookUrl goes with webhookSecret: whsec_…; events: names, or *" }
            );
        }

        return ledger.Do(draft =>
        {
            var owner = draft.MerchantOf(key);
            if (owner.Id != account && owner.Id != Ids.AccountOf(key))
            {
                return Results.Conflict(new { error = $"the key is that of {owner.Id}" });
            }

            draft.Put(new Merchant(account, key));
            if (asked.WebhookUrl is { } url)
            {
                draft.Put(
                    new Hook
                    {
                        Id = $"we_{account}",
                        Account = account,
                        Url = url,
                        Secret = asked.WebhookSecret!,
                        Events = asked.Events ?? Hook.Usual,
                        Created = draft.Now,
                    }
                );
            }

            return Results.Ok(new { account });
        });
    }

    /// <summary>Pays a session without a browser: what comes of it, as the payer would see it.</summary>
    public IResult PaySession(PayRequest asked) =>
        ledger.Do(draft =>
        {
            var session = asked.Session is { } id ? draft.Session(id) : draft.SessionBy(asked.CheckoutId ?? "");
            if (session is null)
            {
                return Results.NotFound(new { error = "no such session" });
            }

            if (session.Status != "open")
            {
                return Results.Conflict(new { error = $"the session is {session.Status}", session = session.Id });
            }

            var means = asked.Means ?? session.Means[0];
            var instrument = means switch
            {
                "card" => new Instrument("card", TestNumbers.Plain(asked.Card ?? TestNumbers.Card)),
                "wallet" => new Instrument("card", TestNumbers.Plain(asked.Card ?? TestNumbers.Card), "google_pay"),
                "sepa_debit" => new Instrument("sepa_debit", TestNumbers.Plain(asked.Iban ?? TestNumbers.Iban)),
                _ => null,
            };
            if (instrument is null || !session.Means.Contains(instrument.Type))
            {
                var taken = string.Join(", ", session.Means);
                return Results.BadRequest(new { error = $"means: card | wallet | sepa_debit; the session takes {taken}" });
            }

            var tried = Pay.With(draft, session, instrument, isAuthenticated: true);
            return Results.Ok(
                new
                {
                    session = session.Id,
                    status = tried.Status,
                    reason = tried.Reason,
                    payment = tried.Session.Payment,
                    returnTo = tried.Status == Pay.Declined ? null : session.SuccessUrl,
                }
            );
        });

    /// <summary>Gives money back as somebody would in Stripe's own pages, of which the product knows nothing.</summary>
    public IResult GiveRefund(PaymentRequest asked) =>
        Of(
            asked,
            (draft, payment) =>
            {
                var refund = Refunding.Give(draft, payment, asked.Amount, asked.Reason, new Dictionary<string, string>());
                return new { id = refund.Id, status = refund.Status };
            }
        );

    /// <summary>Has a payment disputed.</summary>
    public IResult OpenDispute(PaymentRequest asked) =>
        Of(
            asked,
            (draft, payment) =>
                payment is { Status: "succeeded", Dispute: null }
                    ? new
                    {
                        id = Disputing.Open(draft, payment, asked.Amount ?? payment.Amount, asked.Reason ?? TestNumbers.Fraudulent).Id,
                        status = "open",
                    }
                    : throw Refusal.Bad("payment", "It was not paid, or is disputed already.")
        );

    public IResult CloseDispute(string id, CloseRequest asked) =>
        Said(draft =>
            draft.Dispute(id) is { } dispute
                ? new { id, status = Disputing.Close(draft, dispute, asked.Won).Status }
                : throw Refusal.None("dispute", id)
        );

    /// <summary>Pays out what lies on an account's balance.</summary>
    public IResult PayOut(PayoutRequest asked) =>
        ledger.Do(draft =>
            Results.Ok(
                PayingOut
                    .Make(draft, asked.Account ?? "", asked.Currency?.ToLowerInvariant(), asked.ArrivesOn, asked.Statement, asked.Collects)
                    .Select(payout => Shown(payout, []))
                    .ToList()
            )
        );

    /// <summary>Has a payout fail after it was told as paid.</summary>
    public IResult FailPayout(string id, FailRequest asked) =>
        Said(draft =>
            draft.Payout(id) is { FailureCode: null } payout
                ? Shown(PayingOut.Fail(draft, payout, asked.Code ?? "account_closed"), [])
                : throw Refusal.None("payout", id)
        );

    /// <summary>How many notices are on their way, have arrived, were lost; and those that have not arrived.</summary>
    public IResult Notices() =>
        ledger.Look(state =>
            Results.Ok(
                new
                {
                    waiting = state.SentByState.GetValueOrDefault(Sent.Waiting),
                    delivered = state.SentByState.GetValueOrDefault(Sent.Delivered),
                    lost = state.SentByState.GetValueOrDefault(Sent.Lost),
                    givenUp = state.SentByState.GetValueOrDefault(Sent.GivenUp),
                    open = state
                        .Sending.Values.OrderBy(each => each.NextAt)
                        .Take(100)
                        .Select(each => new
                        {
                            id = each.Event,
                            state = each.State,
                            attempts = each.Attempts,
                            lastStatus = each.LastStatus,
                            nextAt = each.NextAt,
                        })
                        .ToList(),
                }
            )
        );

    /// <summary>Sends again what was lost or given up.</summary>
    public IResult SendAgain() => Results.Ok(new { sent = ledger.SendAgain() });

    /// <summary>The simulator's own books, by account, from which balances can be worked out that owe nothing to the product.</summary>
    public IResult Books(string? account) =>
        ledger.Look(state =>
        {
            // Written down while nobody changes them.
            var accounts = state
                .Sessions.Values.Select(each => each.Account)
                .Concat(state.Merchants.Keys)
                .Where(each => account is null || each == account)
                .Distinct()
                .ToList();
            return Results.Ok(accounts.Select(each => Shown(state, each)).ToList());
        });

    private static object Shown(State state, string account)
    {
        var payments = state.Payments.Values.Where(each => each.Account == account && each.Entry is not null).ToList();
        var refunds = state.Refunds.Values.Where(each => each.Account == account).ToList();
        var disputes = state.Disputes.Values.Where(each => each.Account == account).ToList();
        return new
        {
            account,
            sessions = state
                .Sessions.Values.Where(each => each.Account == account)
                .GroupBy(each => each.Status)
                .ToDictionary(each => each.Key, each => each.Count()),
            processing = state.Payments.Values.Count(each => each.Account == account && each.Status == Pay.Processing),
            payments = payments
                .Select(each => new
                {
                    id = each.Id,
                    session = each.Session,
                    checkoutId = each.Metadata.GetValueOrDefault("checkout_id"),
                    sellerId = each.Metadata.GetValueOrDefault("seller_id"),
                    amount = Coins.Text(each.Amount, each.Currency),
                    currency = each.Currency.ToUpperInvariant(),
                    means = each.Wallet is not null ? "wallet" : each.Type,
                    at = each.Created,
                    fee = Coins.Text(state.Entries[each.Entry!].Fee, each.Currency),
                    refunded = Coins.Text(each.Refunded, each.Currency),
                    dispute = each.Dispute,
                })
                .ToList(),
            refunds = refunds
                .Select(each => new
                {
                    id = each.Id,
                    payment = each.Payment,
                    refundId = each.Metadata.GetValueOrDefault("refund_id"),
                    amount = Coins.Text(each.Amount, each.Currency),
                    currency = each.Currency.ToUpperInvariant(),
                    status = each.Status,
                    at = each.Created,
                })
                .ToList(),
            disputes = disputes
                .Select(each => new
                {
                    id = each.Id,
                    payment = each.Payment,
                    amount = Coins.Text(each.Amount, each.Currency),
                    currency = each.Currency.ToUpperInvariant(),
                    status = each.Status,
                    taken = Coins.Text(-each.Entries.Sum(entry => entry.Amount), each.Currency),
                    at = each.Created,
                })
                .ToList(),
            payouts = state
                .Payouts.Values.Where(each => each.Account == account)
                .Select(each => Shown(each, [.. state.Entries.Values.Where(entry => entry.Payout == each.Id && entry.Id != each.Entry)]))
                .ToList(),
            balance = state
                .Entries.Values.Where(each => each.Account == account)
                .GroupBy(each => each.Currency)
                .ToDictionary(each => each.Key.ToUpperInvariant(), each => Coins.Text(each.Sum(entry => entry.Net()), each.Key)),
        };
    }

    private static object Shown(Payout payout, IReadOnlyList<Entry> parts) =>
        new
        {
            id = payout.Id,
            account = payout.Account,
            amount = Coins.Text(payout.Amount, payout.Currency),
            fees = Coins.Text(payout.Fees, payout.Currency),
            currency = payout.Currency.ToUpperInvariant(),
            arrivesOn = payout.ArrivesOn,
            statement = payout.Statement,
            at = payout.Created,
            parts = parts.Select(each => new { type = each.Type, source = each.Source }).ToList(),
        };

    private IResult Of(PaymentRequest asked, Func<Draft, Payment, object> work) =>
        Said(draft =>
        {
            var id = asked.Payment ?? draft.SessionBy(asked.CheckoutId ?? "")?.Payment ?? "";
            return work(draft, draft.Payment(id) ?? throw Refusal.None("payment_intent", id));
        });

    private IResult Said(Func<Draft, object> work) =>
        ledger.Do(draft =>
        {
            try
            {
                return Results.Ok(work(draft));
            }
            catch (Refusal refusal)
            {
                draft.Drop();
                return Results.Json(new { error = refusal.Message, code = refusal.Code }, statusCode: refusal.Status);
            }
        });
}
