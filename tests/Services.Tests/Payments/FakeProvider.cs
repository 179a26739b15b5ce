using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>
/// A payment provider whose books a test holds: it may be down, slow, lose an answer after it did what was asked, decline, give no refunds;
/// its notices go out when and as often as the test says.
/// </summary>
internal sealed class FakeProvider(string name) : IPaymentProvider, ITellsPayouts
{
    public const string SignatureHeader = "x-fake-signature";
    private const string Secret = "secret-of-the-fake";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Form = new(Wire.Tolerant) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };
    private static readonly FaultCode Forged = new("PAY-FAKE-01", FaultKind.Unauthenticated, "Forged.", "Falsificada.");
    private static readonly FaultCode Late = new("PAY-FAKE-02", FaultKind.Unauthenticated, "Late.", "Tardía.");
    private static readonly FaultCode NoAccount = new("PAY-FAKE-03", FaultKind.Rule, "No account.", "Sin cuenta.");

    private readonly ConcurrentDictionary<Guid, CheckoutSeen> _books = new();
    private readonly ConcurrentDictionary<Guid, RefundOrder> _refunds = new();
    private int _events;

    public string Name => name;

    public IReadOnlyList<PaymentMeans> Means { get; } = [PaymentMeans.Card, PaymentMeans.Bizum];

    public string AccountId => $"acct-{name}";

    /// <summary>Answers nothing, and does nothing.</summary>
    public bool IsDown { get; set; }

    /// <summary>So many answers are lost after what was asked was done.</summary>
    public int Loses { get; set; }

    /// <summary>What it waits for before it begins a checkout.</summary>
    public Task Begins { get; set; } = Task.CompletedTask;

    /// <summary>What it says when it is asked what a payout is made of; nothing that its notice does not say.</summary>
    public Func<string, Task<PaidOut?>> SaysOfPayouts { get; set; } = _ => Task.FromResult<PaidOut?>(null);

    /// <summary>How long it thinks.</summary>
    public TimeSpan Thinks { get; set; }

    /// <summary>What it says of refunds.</summary>
    public RefundState Refunds { get; set; } = RefundState.Given;

    /// <summary>Checkouts that it was asked to begin, each as often as it was.</summary>
    public ConcurrentQueue<Checkout> Starts { get; } = new();

    /// <summary>Checkouts that it was asked about or to end.</summary>
    public ConcurrentQueue<Guid> Questions { get; } = new();

    /// <summary>Refunds that it was asked for, each as often as it was.</summary>
    public ConcurrentQueue<RefundOrder> RefundCalls { get; } = new();

    /// <summary>Refunds that it gave, once each.</summary>
    public IReadOnlyCollection<RefundOrder> Given => [.. _refunds.Values];

    public Task<PaidOut?> AskPayoutAsync(ProviderAccount account, string payout, CancellationToken cancellationToken) =>
        SaysOfPayouts(payout);

    public Outcome<ProviderAccount> Account(
        SellerId seller,
        string environment,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string> secrets
    ) =>
        settings.TryGetValue("account", out var account) && secrets.ContainsKey("key")
            ? new ProviderAccount
            {
                SellerId = seller,
                Provider = Name,
                AccountId = account,
                Environment = environment,
                Settings = settings,
                Secrets = secrets,
            }
            : NoAccount.At("settings.account");

    public async Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        Starts.Enqueue(checkout);
        await Begins.WaitAsync(cancellationToken);
        await AnswerAsync(cancellationToken);
        _books.TryAdd(checkout.CheckoutId, new CheckoutSeen { State = CheckoutState.Open, Facts = [] });
        Lose();
        var fields = new Dictionary<string, string> { ["order"] = checkout.Order };
        return new CheckoutStarted(new Uri($"https://{Name}.example/pay/{checkout.CheckoutId}"), fields, $"cs_{checkout.CheckoutId:N}");
    }

    public async Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        Questions.Enqueue(checkout.CheckoutId);
        await AnswerAsync(cancellationToken);
        return _books.GetValueOrDefault(checkout.CheckoutId) ?? new CheckoutSeen { State = CheckoutState.Open, Facts = [] };
    }

    public async Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        Questions.Enqueue(checkout.CheckoutId);
        await AnswerAsync(cancellationToken);
        return _books.AddOrUpdate(
            checkout.CheckoutId,
            id => Ended(id, CheckoutState.Expired),
            (id, seen) => seen.State == CheckoutState.Open ? Ended(id, CheckoutState.Expired) : seen
        );
    }

    public async Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        RefundCalls.Enqueue(refund);
        await AnswerAsync(cancellationToken);
        if (Refunds != RefundState.Given)
        {
            return new RefundSeen(Refunds, null, Refunds == RefundState.Failed ? "insufficient_funds" : null);
        }

        _refunds.TryAdd(refund.RefundId, refund);
        Lose();
        return new RefundSeen(RefundState.Given, ReferenceOf(refund.RefundId), null);
    }

    public string? AddressedTo(ProviderRequest request) => null;

    public Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now)
    {
        if (request.Headers.GetValueOrDefault(SignatureHeader)?.Split('.') is not [var time, var signature])
        {
            return Forged.With();
        }

        if (signature != Sign(account.Secrets["key"], time, request.Body.Span))
        {
            return Forged.With();
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture));
        if ((now - at).Duration() > Tolerance)
        {
            return Late.With();
        }

        var told = JsonSerializer.Deserialize<Told>(request.Body.Span, Form)!;
        return new ProviderNotice { EventId = told.Id, Facts = told.Facts };
    }

    /// <summary>The payer pays; what the provider would tell of it.</summary>
    public CheckoutPaid Pay(Guid checkout, decimal? amount = null, string? reference = null)
    {
        var asked = Starts.First(each => each.CheckoutId == checkout);
        var paid = new CheckoutPaid
        {
            FactId = $"paid:{reference ?? PaymentOf(checkout)}",
            At = TimeProvider.System.GetUtcNow(),
            Checkout = new CheckoutReference(null, asked.Order),
            Reference = reference ?? PaymentOf(checkout),
            Amount = amount ?? asked.Amount,
            Currency = asked.Currency,
        };
        _books[checkout] = new CheckoutSeen { State = CheckoutState.Paid, Facts = [paid] };
        return paid;
    }

    /// <summary>The payer is declined, and may try again.</summary>
    public CheckoutEnded Decline(Guid checkout)
    {
        _books[checkout] = Ended(checkout, CheckoutState.Failed);
        return (CheckoutEnded)_books[checkout].Facts[0];
    }

    public static string PaymentOf(Guid checkout) => $"pi_{checkout:N}";

    public static string ReferenceOf(Guid refund) => $"re_{refund:N}";

    public static TakenBack TakeBack(Guid checkout, decimal amount) =>
        new()
        {
            FactId = $"taken:{checkout}:{amount}",
            At = TimeProvider.System.GetUtcNow(),
            Payment = PaymentOf(checkout),
            Amount = amount,
            Currency = Currency.Eur,
            Reason = "fraudulent",
        };

    public static GivenAgain GiveAgain(Guid checkout, decimal amount) =>
        new()
        {
            FactId = $"again:{checkout}:{amount}",
            At = TimeProvider.System.GetUtcNow(),
            Payment = PaymentOf(checkout),
            Amount = amount,
            Currency = Currency.Eur,
        };

    public static RefundEnded RefundOf(
        Guid checkout,
        string reference,
        decimal amount,
        RefundState state = RefundState.Given,
        Guid? refund = null
    ) =>
        new()
        {
            FactId = $"refund:{reference}:{state}",
            At = TimeProvider.System.GetUtcNow(),
            RefundId = refund,
            Payment = PaymentOf(checkout),
            Reference = reference,
            State = state,
            Amount = amount,
            Currency = Currency.Eur,
        };

    /// <summary>A notice that tells these facts, under a new id.</summary>
    public FakeNotice Notice(params ProviderFact[] facts)
    {
        var told = new Told { Id = $"evt_{Name}_{Interlocked.Increment(ref _events)}", Facts = facts };
        return new FakeNotice(this, JsonSerializer.SerializeToUtf8Bytes(told, Form));
    }

    public static string Sign(string key, string time, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{time}."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
    }

    /// <summary>A service that speaks to these, and asks about what is open as often as the test wants.</summary>
    public static HostSettings Settings(params FakeProvider[] providers) => Settings("01:00:00", providers);

    public static HostSettings Settings(string waits, params FakeProvider[] providers) =>
        new()
        {
            Configuration = new Dictionary<string, string?>
            {
                ["Keys:ProviderKey"] = "key-of-the-tests-that-seals-providers-0123456789",
                ["Payments:Checkouts:Waits"] = waits,
                ["Payments:Checkouts:WaitWhileAway"] = waits,
                ["Payments:Checkouts:NoticeWaits"] = "00:00:00.2",
                ["Payments:Checkouts:LookAnyway"] = "00:00:00.1",
                ["Payments:Checkouts:BetweenLooks"] = "00:00:00",
                ["Payments:Checkouts:StartWithin"] = "00:00:02",
                ["Payments:Checkouts:Rest"] = "00:00:01",
            },
            Services = services =>
            {
                foreach (var each in providers)
                {
                    services.AddSingleton<IPaymentProvider>(each);
                }
            },
        };

    private static CheckoutSeen Ended(Guid checkout, CheckoutState state) =>
        new()
        {
            State = state,
            Facts =
            [
                new CheckoutEnded
                {
                    FactId = $"ended:{checkout}:{state}",
                    At = TimeProvider.System.GetUtcNow(),
                    Checkout = new CheckoutReference(checkout, null),
                    State = state,
                    Reason = state == CheckoutState.Failed ? "card_declined" : null,
                },
            ],
        };

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Thinks, cancellationToken);
        if (IsDown)
        {
            throw new HttpRequestException($"{Name} refuses connections");
        }
    }

    private void Lose()
    {
        if (Loses > 0)
        {
            Loses--;
            throw new HttpRequestException($"the answer of {Name} was lost");
        }
    }

    private sealed record Told
    {
        public required string Id { get; init; }

        public required IReadOnlyList<ProviderFact> Facts { get; init; }
    }

    public static IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["key"] = Secret };
}

/// <summary>A notice of a <see cref="FakeProvider"/>, to be sent as often as one likes.</summary>
internal sealed record FakeNotice(FakeProvider Provider, byte[] Body)
{
    public HttpRequestMessage Request(string? account = null, string? key = null, DateTimeOffset? at = null)
    {
        var time = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new HttpRequestMessage(HttpMethod.Post, $"/v1/providers/{Provider.Name}/webhook?account={account ?? Provider.AccountId}")
        {
            Content = new ByteArrayContent(Body),
            Headers = { { FakeProvider.SignatureHeader, $"{time}.{FakeProvider.Sign(key ?? FakeProvider.Secrets["key"], time, Body)}" } },
        };
    }
}

/// <summary>What a test does with a service that has such providers.</summary>
internal static class FakeProviders
{
    /// <summary>The seller opens its account with the provider.</summary>
    public static Task<JsonElement> KeepAsync(this HttpClient http, FakeProvider provider, int place = 1, string? account = null) =>
        http.PutAsJsonAsync(
                $"/v1/providers/{provider.Name}",
                new
                {
                    environment = "test",
                    place,
                    settings = new { account = account ?? provider.AccountId },
                    secrets = FakeProvider.Secrets,
                }
            )
            .JsonAsync(201);

    /// <summary>The provider tells it once.</summary>
    public static async Task TellAsync(this ServiceHost host, FakeNotice notice)
    {
        using var request = notice.Request();
        await host.Http.SendAsync(request).JsonAsync(200);
    }

    /// <summary>The provider tells these facts once.</summary>
    public static Task TellAsync(this ServiceHost host, FakeProvider provider, params ProviderFact[] facts) =>
        host.TellAsync(provider.Notice(facts));

    public static async Task<Outcome<StartedCheckout>> TryStartAsync(
        this ServiceHost host,
        string seller,
        string key,
        PaymentMeans means,
        params InvoiceId[] invoices
    ) =>
        await host
            .Services.GetRequiredService<StartCheckout>()
            .HandleAsync(SellerId.Of(seller), invoices, key, means, "es", "/pay/token/back", CancellationToken.None);

    /// <summary>A payer is sent to pay these invoices by card.</summary>
    public static async Task<Guid> StartAsync(this ServiceHost host, string seller, string key, params InvoiceId[] invoices) =>
        (await host.TryStartAsync(seller, key, PaymentMeans.Card, invoices)).Value.CheckoutId!.Value;

    /// <summary>What the seller is shown of a checkout, as one line: its state and reason.</summary>
    public static async Task<string> CheckoutAsync(this ServiceHost host, Guid checkout) =>
        await host.QueryAsync<string>(
            "select state || coalesce(' ' || reason, '') from checkout where checkout_id = @checkout",
            new { checkout }
        );

    public static Task CheckoutIsAsync(this ServiceHost host, Guid checkout, string state) =>
        Eventually.EqualAsync(
            state,
            () => host.QueryAsync<string>("select state from checkout where checkout_id = @checkout", new { checkout }),
            $"checkout {checkout}"
        );

    /// <summary>Everything that was told has been applied.</summary>
    public static Task NothingWaitsAsync(this ServiceHost host) =>
        Eventually.EqualAsync(
            0L,
            () => host.QueryAsync<long>("select count(*) from provider_notice where state <> 'applied'"),
            "notices that are not applied"
        );

    public static async Task<string> InFlightAsync(this HttpClient http, InvoiceId invoice) =>
        (await http.BalanceAsync(invoice)).Text("inFlight")!;

    /// <summary>
    /// What is in flight is what open checkouts ask for; what providers' accounts hold is what was paid there less what left.
    /// </summary>
    public static async Task FlightsAgreeAsync(this ServiceHost host)
    {
        Assert.Empty(
            await host.ListAsync<string>(
                """
                select b.invoice_id::text || ' has ' || b.in_flight || ' in flight, open checkouts ' || coalesce(o.amount, 0)
                from balance b left join (
                    select p.seller_id, p.invoice_id, sum(p.amount) as amount
                    from checkout_part p join checkout c using (seller_id, checkout_id) where c.state = 'open' group by 1, 2
                ) o using (seller_id, invoice_id)
                where b.in_flight <> coalesce(o.amount, 0)
                """
            )
        );
        await host.BooksAgreeAsync();
    }
}
