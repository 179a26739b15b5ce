using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// Stripe: cards, wallets and SEPA debits on Stripe's own pages (Checkout Sessions), so that no card's number ever comes near us.
/// </summary>
public sealed class StripeProvider(StripeOptions options, TimeProvider clock) : IPaymentProvider, ITellsPayouts, ITellsAccount, IDisposable
{
    /// <summary>The setting that names the account: acct_….</summary>
    public const string AccountIdSetting = "accountId";

    /// <summary>The secret that asks: sk_… or rk_….</summary>
    public const string SecretKey = "secretKey";

    /// <summary>The secret that notices are signed with: whsec_….</summary>
    public const string WebhookSecret = "webhookSecret";

    internal const string Test = "test";
    internal const string Live = "live";

    private const int LeastOfName = 4;
    private const int MostOfName = 255;
    private const int MostOfAddress = 4096;

    private readonly StripeApi _api = new(options);

    /// <inheritdoc />
    public string Name => "stripe";

    /// <inheritdoc />
    public IReadOnlyList<PaymentMeans> Means { get; } = [PaymentMeans.Card, PaymentMeans.Wallet, PaymentMeans.DirectDebit];

    /// <summary>Without the secret of notices the account pays all the same; what became of each payment is then asked.</summary>
    public Outcome<ProviderAccount> Account(
        SellerId seller,
        string environment,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string> secrets
    )
    {
        List<Fault> faults =
        [
            .. settings.Keys.Where(static name => name is not AccountIdSetting).Select(name => Unknown("settings", name)),
            .. secrets.Keys.Where(static name => name is not (SecretKey or WebhookSecret)).Select(name => Unknown("secrets", name)),
        ];
        if (environment is not (Test or Live))
        {
            faults.Add(PaymentsFaults.BadEnvironment.At("environment"));
        }

        if (!IsNamed(settings.GetValueOrDefault(AccountIdSetting), "acct_"))
        {
            faults.Add(PaymentsFaults.StripeAccountId.At($"settings.{AccountIdSetting}"));
        }

        var key = secrets.GetValueOrDefault(SecretKey);
        if (!IsNamed(key, $"sk_{environment}_") && !IsNamed(key, $"rk_{environment}_"))
        {
            faults.Add(PaymentsFaults.StripeKey.At($"secrets.{SecretKey}", environment == Live ? Live : Test));
        }

        if (secrets.TryGetValue(WebhookSecret, out var signing) && !IsNamed(signing, "whsec_"))
        {
            faults.Add(PaymentsFaults.StripeWebhookSecret.At($"secrets.{WebhookSecret}"));
        }

        return faults.Count > 0
            ? Fault.Of(faults)
            : new ProviderAccount
            {
                SellerId = seller,
                Provider = Name,
                AccountId = settings[AccountIdSetting],
                Environment = environment,
                Settings = settings,
                Secrets = secrets,
            };
    }

    /// <inheritdoc />
    public async Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        var session = await _api.StartAsync(account, checkout, cancellationToken);
        return Uri.TryCreate(session.Text("url", MostOfAddress), UriKind.Absolute, out var address)
            ? new CheckoutStarted(address, Fields: null, IdOf(session))
            : throw new HttpRequestException("Stripe's session has no address to send the payer to");
    }

    /// <inheritdoc />
    public async Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        string session;
        try
        {
            session = await SessionOfAsync(account, checkout, cancellationToken);
        }
        catch (StripeRefusal refusal)
        {
            return NeverBegun(checkout, refusal);
        }

        return (await LookAsync(account, checkout, session, cancellationToken)) with
        {
            Session = session,
        };
    }

    /// <inheritdoc />
    public async Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        string session;
        try
        {
            session = await SessionOfAsync(account, checkout, cancellationToken);
        }
        catch (StripeRefusal refusal)
        {
            return NeverBegun(checkout, refusal);
        }

        try
        {
            await _api.EndAsync(account, session, checkout.CheckoutId, cancellationToken);
        }
        catch (StripeRefusal)
        {
            // It is not open: it was paid, or is past its end, as the next answer says.
        }

        return (await LookAsync(account, checkout, session, cancellationToken)) with
        {
            Session = session,
        };
    }

    /// <inheritdoc />
    public async Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        // Stripe forgets keys after a day: what was asked for before is looked for, so that it is not given twice. And what Stripe answers
        // under the same key is what it answered then.
        if (refund.AskedBefore > 0 && await FoundAsync(account, refund, cancellationToken) is { } known)
        {
            return known;
        }

        try
        {
            return SeenOf(await _api.RefundAsync(account, refund, cancellationToken));
        }
        catch (StripeRefusal refusal)
        {
            // What was given already is refused when it is asked for again.
            var given = await FoundAsync(account, refund, cancellationToken);
            return given ?? new RefundSeen(RefundState.Failed, Reference: null, refusal.Code);
        }
    }

    /// <inheritdoc />
    public async Task<PaidOut?> AskPayoutAsync(ProviderAccount account, string payout, CancellationToken cancellationToken)
    {
        var found = await _api.PayoutAsync(account, payout, cancellationToken);
        // One that has failed meanwhile was paid out before, with the same fees: that it failed is told by itself.
        if (found.Text("status") is not ("paid" or "failed"))
        {
            return null;
        }

        var fees = 0m;
        await foreach (var part in _api.PaidOutAsync(account, payout, cancellationToken))
        {
            fees += StripeFacts.FeeOf(part);
        }

        return StripeFacts.Payout(found, fees, found.Time("created") ?? clock.GetUtcNow());
    }

    /// <inheritdoc />
    public async Task<string> AskAccountAsync(ProviderAccount account, CancellationToken cancellationToken) =>
        IdOf(await _api.AccountAsync(account, cancellationToken));

    /// <inheritdoc />
    public string? AddressedTo(ProviderRequest request) =>
        StripeNotice.AddressedTo(request.Body.Span) ?? request.Query.GetValueOrDefault("account");

    /// <inheritdoc />
    public Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now)
    {
        if (account.Secrets.GetValueOrDefault(WebhookSecret) is not { } secret)
        {
            return PaymentsFaults.StripeUnsigned.With();
        }

        return StripeSignature.Check(request.Headers.GetValueOrDefault(StripeSignature.Header), request.Body.Span, secret, now) is { } wrong
            ? wrong
            : StripeNotice.Read(account, request.Body);
    }

    /// <inheritdoc />
    public void Dispose() => _api.Dispose();

    /// <summary>
    /// The session's id. Where it is not known, its answer was lost or its request never arrived: the same request under the same key says
    /// which session it made, or makes the one that nobody has the address of.
    /// </summary>
    private async Task<string> SessionOfAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken) =>
        checkout.Session ?? IdOf(await _api.StartAsync(account, checkout, cancellationToken));

    private async Task<CheckoutSeen> LookAsync(ProviderAccount account, Checkout checkout, string id, CancellationToken cancellationToken)
    {
        var session = await _api.SessionAsync(account, id, cancellationToken);
        var (ours, now) = (new CheckoutReference(checkout.CheckoutId, null), clock.GetUtcNow());
        if (StripeFacts.Paid(session, ours, now) is { } paid)
        {
            var since = await SinceAsync(account, session, paid, now, cancellationToken);
            return new CheckoutSeen { State = CheckoutState.Paid, Facts = [paid, .. since] };
        }

        return session.Text("status") switch
        {
            "expired" => Over(StripeFacts.Ended(session, ours, CheckoutState.Expired, "expired", now)),
            // The payer is through, and the debit came to nothing; while it is under way it may still be paid.
            "complete" when session.Part("payment_intent")?.Text("status") is "requires_payment_method" or "canceled" => Over(
                StripeFacts.Ended(session, ours, CheckoutState.Failed, StripeFacts.WhyNotPaid(session), now)
            ),
            _ => new CheckoutSeen { State = CheckoutState.Open, Facts = [] },
        };
    }

    /// <summary>What became of the payment since it was paid: given back, taken back, given again.</summary>
    private async Task<IEnumerable<ProviderFact>> SinceAsync(
        ProviderAccount account,
        JsonElement session,
        CheckoutPaid paid,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        List<ProviderFact?> facts = [];
        var charge = StripeFacts.ChargeOf(session);
        if (charge?.Number("amount_refunded") > 0)
        {
            var refunds = await _api.RefundsAsync(account, paid.Reference, cancellationToken);
            facts.AddRange(refunds.Select(each => StripeFacts.Refunded(each, each.Time("created") ?? now)));
        }

        if (charge?.Flag("disputed") == true)
        {
            foreach (var dispute in await _api.DisputesAsync(account, paid.Reference, cancellationToken))
            {
                facts.Add(StripeFacts.Taken(dispute, dispute.Time("created") ?? now));
                facts.Add(dispute.Text("status") == "won" ? StripeFacts.Again(dispute, now) : null);
            }
        }

        return facts.OfType<ProviderFact>();
    }

    private async Task<RefundSeen?> FoundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        foreach (var each in await _api.RefundsAsync(account, refund.Payment, cancellationToken))
        {
            if (StripeFacts.Marked(each, StripeFacts.RefundMark) == refund.RefundId)
            {
                return SeenOf(each);
            }
        }

        return null;
    }

    private static RefundSeen SeenOf(JsonElement refund) =>
        new(StripeFacts.RefundStateOf(refund), IdOf(refund), refund.Text("failure_reason") ?? refund.Text("pending_reason"));

    private static CheckoutSeen Over(CheckoutEnded? ended) =>
        ended is null
            ? throw new HttpRequestException("Stripe's session has no id")
            : new CheckoutSeen { State = ended.State, Facts = [ended] };

    /// <summary>
    /// Stripe refuses what would begin it, and says what it made before under that key where it made anything: so there is no session, and
    /// nobody was ever sent to one.
    /// </summary>
    private CheckoutSeen NeverBegun(Checkout checkout, StripeRefusal refusal)
    {
        var ended = new CheckoutEnded
        {
            FactId = $"ended:{checkout.CheckoutId}",
            At = clock.GetUtcNow(),
            Checkout = new CheckoutReference(checkout.CheckoutId, null),
            State = refusal.Parameter == "expires_at" ? CheckoutState.Expired : CheckoutState.Failed,
            Reason = refusal.Code,
        };
        return new CheckoutSeen { State = ended.State, Facts = [ended] };
    }

    private static string IdOf(JsonElement from) => from.Id("id") ?? throw new HttpRequestException("what Stripe answered has no id");

    private static Fault Unknown(string where, string name) => PaymentsFaults.StripeSetting.At($"{where}.{name}", name);

    private static bool IsNamed(string? text, string prefix) =>
        text is not null
        && text.Length >= prefix.Length + LeastOfName
        && text.Length <= MostOfName
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && text.All(static each => char.IsAsciiLetterOrDigit(each) || each == '_');
}
