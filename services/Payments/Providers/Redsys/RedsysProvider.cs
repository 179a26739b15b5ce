using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>
/// Cards and Bizum by a bank's terminal at Redsys: the payer's browser posts a signed form there, so no card number ever touches us. What
/// became of it comes as a signed notice, and is asked for where none comes.
/// </summary>
public sealed class RedsysProvider : IPaymentProvider, IDisposable
{
    private const string MerchantCode = "merchantCode";
    private const string Terminal = "terminal";
    private const string Signature = "signature";
    private const string OwnCurrency = "currency";
    private const string Key = "key";

    private const string Form = "/sis/realizarPago";
    private const string Rest = "/sis/rest/trataPeticionREST";
    private const string Query = "/apl02/services/SerClsWSConsulta";

    private const int MostAnswer = 256 * 1024;
    private const int MostDescription = 125;
    private const int MostShown = 40;
    private const int LateDays = 3;
    private const int EarlyMinutes = 15;

    private static readonly TimeSpan QueryPatience = TimeSpan.FromSeconds(15);

    // The issuer is asked within the call: a refund that is cut short is one of which nobody knows.
    private static readonly TimeSpan RefundPatience = TimeSpan.FromSeconds(45);

    // Redsys' page waits so long for the payer who has it open.
    private static readonly TimeSpan PageLife = TimeSpan.FromMinutes(30);

    // Its times are to the minute, and by its own clock.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private readonly Uri _test;
    private readonly Uri _live;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    /// <summary>Redsys' own addresses, unless Redsys:TestAddress and Redsys:LiveAddress name others, such as a simulator's.</summary>
    public RedsysProvider(IConfiguration configuration, TimeProvider clock)
    {
        _test = new Uri(configuration["Redsys:TestAddress"] is { Length: > 0 } test ? test : "https://sis-t.redsys.es:25443");
        _live = new Uri(configuration["Redsys:LiveAddress"] is { Length: > 0 } live ? live : "https://sis.redsys.es");
        _clock = clock;
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !_test.IsLoopback && !_live.IsLoopback,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // Our traces are no business of theirs.
                ActivityHeadersPropagator = null,
            }
        );
    }

    /// <inheritdoc />
    public string Name => "redsys";

    /// <inheritdoc />
    public IReadOnlyList<PaymentMeans> Means { get; } = [PaymentMeans.Card, PaymentMeans.Bizum];

    /// <inheritdoc />
    public Outcome<ProviderAccount> Account(
        SellerId seller,
        string environment,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string> secrets
    )
    {
        var faults = new List<Fault>();
        faults.AddRange(
            settings
                .Keys.Where(static name => name is not (MerchantCode or Terminal or Signature or OwnCurrency))
                .Select(static name => PaymentsFaults.RedsysSetting.At($"settings.{Shown(name)}", Shown(name)))
        );
        faults.AddRange(
            secrets
                .Keys.Where(static name => name is not Key)
                .Select(static name => PaymentsFaults.RedsysSetting.At($"secrets.{Shown(name)}", Shown(name)))
        );
        if (environment is not ("test" or "live"))
        {
            faults.Add(PaymentsFaults.RedsysEnvironment.At("environment"));
        }

        var merchant = RedsysCodes.MerchantCode(settings.GetValueOrDefault(MerchantCode));
        if (merchant is null)
        {
            faults.Add(PaymentsFaults.RedsysMerchant.At("settings.merchantCode"));
        }

        var terminal = RedsysCodes.Terminal(settings.GetValueOrDefault(Terminal));
        if (terminal is null)
        {
            faults.Add(PaymentsFaults.RedsysTerminal.At("settings.terminal"));
        }

        var signature = settings.GetValueOrDefault(Signature) ?? RedsysSignature.Sha512;
        if (!RedsysSignature.IsKnown(signature))
        {
            faults.Add(PaymentsFaults.RedsysSigning.At("settings.signature"));
        }

        // A terminal takes one currency; the euro's is what a shop has.
        var code = settings.GetValueOrDefault(OwnCurrency) ?? Currency.Eur.Code;
        if (!Currency.TryParse(code, out var currency) || RedsysCodes.Number(currency) is null)
        {
            faults.Add(PaymentsFaults.RedsysCurrency.At("settings.currency"));
        }

        var key = secrets.GetValueOrDefault(Key);
        if (!RedsysSignature.IsKey(key))
        {
            faults.Add(PaymentsFaults.RedsysKey.At("secrets.key"));
        }

        return faults.Count > 0
            ? Fault.Of(faults)
            : new ProviderAccount
            {
                SellerId = seller,
                Provider = Name,
                AccountId = RedsysCodes.AccountId(merchant, terminal)!,
                Environment = environment,
                Settings = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [MerchantCode] = merchant!,
                    [Terminal] = terminal!,
                    [Signature] = signature,
                    [OwnCurrency] = currency.Code,
                },
                Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = key! },
            };
    }

    /// <inheritdoc />
    public Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        // Nothing is asked of Redsys: the form follows from the checkout alone, and Redsys takes an order once.
        var back = checkout.ReturnTo.AbsoluteUri;
        var values = Operation(account, checkout.Order, RedsysCodes.Payment, checkout.Amount, checkout.Currency);
        values["DS_MERCHANT_PAYMETHODS"] = RedsysCodes.PayMethod(checkout.Means);
        values["DS_MERCHANT_CONSUMERLANGUAGE"] = RedsysCodes.Language(checkout.Language);
        values["DS_MERCHANT_PRODUCTDESCRIPTION"] = Cut(checkout.Description);
        values["DS_MERCHANT_MERCHANTURL"] = checkout.NotifyAt.AbsoluteUri;
        values["DS_MERCHANT_URLOK"] = back;
        values["DS_MERCHANT_URLKO"] = back;
        return Task.FromResult(
            new CheckoutStarted(new Uri(AddressOf(account), Form), Sign(account, checkout.Order, values).ToFields(), Session: null)
        );
    }

    /// <inheritdoc />
    public async Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken) =>
        Seen(checkout, await QueryAsync(account, checkout.Order, cancellationToken));

    /// <summary>
    /// Redsys cannot be told to end an order. Where it does not know the order, or nobody has finished it long after its end, it is
    /// expired for us; should it be paid after all, the notice tells it and the payment counts.
    /// </summary>
    public async Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        var answer = await QueryAsync(account, checkout.Order, cancellationToken);
        var seen = Seen(checkout, answer);
        if (seen.State != CheckoutState.Open)
        {
            return seen;
        }

        var now = _clock.GetUtcNow();
        var begun = answer.Operations.FirstOrDefault(static each => each.Type == RedsysCodes.Payment);
        var isUnknown = begun is null && answer.Error is null or RedsysCodes.NoOperation;
        if (!isUnknown && now < checkout.ExpiresAt + PageLife)
        {
            return seen;
        }

        return new CheckoutSeen
        {
            State = CheckoutState.Expired,
            Facts =
            [
                new CheckoutEnded
                {
                    FactId = $"expired:{checkout.Order}",
                    At = now,
                    Checkout = new CheckoutReference(checkout.CheckoutId, checkout.Order),
                    State = CheckoutState.Expired,
                    // Where the query is closed to the terminal (XML0041), that is why nobody knows better.
                    Reason = isUnknown ? null : answer.Error ?? begun?.Response,
                },
            ],
        };
    }

    /// <summary>
    /// Redsys has no key that makes a refund happen once. One that was asked for before is looked for first: a refund of this amount, of
    /// this order, not older than ours, is taken for ours. Where the books are closed or show no payment, nobody knows, and nothing is
    /// asked for again.
    /// </summary>
    public async Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        if (refund.AskedBefore > 0)
        {
            var answer = await QueryAsync(account, refund.Checkout.Order, cancellationToken);
            if (Found(refund, answer, _clock.GetUtcNow()) is { } found)
            {
                return found;
            }
        }

        return await AskForRefundAsync(account, refund, cancellationToken);
    }

    /// <inheritdoc />
    public string? AddressedTo(ProviderRequest request) =>
        RedsysMessage.In(request.Body, request.Query) is { } message ? RedsysParameters.Read(message.Parameters)?.AccountId : null;

    /// <inheritdoc />
    public Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now)
    {
        if (RedsysMessage.In(request.Body, request.Query) is not { } message)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_MerchantParameters");
        }

        // Either version will do: a terminal that is moved from one to the other has notices of both under way, with one key.
        if (!RedsysSignature.IsKnown(message.Version))
        {
            return PaymentsFaults.RedsysVersion.With(Shown(message.Version));
        }

        if (RedsysParameters.Read(message.Parameters) is not { } said)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_MerchantParameters");
        }

        // Ds_Order, and never DS_MERCHANT_ORDER: the payer holds the form that we signed ourselves.
        if (!RedsysOrder.IsSound(said.Order))
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Order");
        }

        if (!RedsysSignature.IsRight(message.Version, account.Secrets[Key], said.Order, message.Parameters, message.Signature))
        {
            return PaymentsFaults.RedsysForged.With();
        }

        return said.AccountId == account.AccountId ? Notice(said, now) : PaymentsFaults.RedsysForeign.With();
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static Outcome<ProviderNotice> Notice(RedsysParameters said, DateTimeOffset now)
    {
        if (said.At is not { } at)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Date");
        }

        // The operation's time, not the notice's: a notice that is sent again by hand days later is as good as the first, and repeats do no
        // harm, since each fact has its effect once by its id. Nobody has one of the future.
        if (at > now.AddMinutes(EarlyMinutes) || at < now.AddDays(-LateDays))
        {
            return PaymentsFaults.RedsysTime.With(LateDays, EarlyMinutes);
        }

        if (said.Type is not { } type)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_TransactionType");
        }

        if (said.Response is not { } response)
        {
            return PaymentsFaults.RedsysUnreadable.With("Ds_Response");
        }

        return FactOf(said, type, response, at, out var fact) is { } fault
            ? fault
            : new ProviderNotice
            {
                // Notices have no id, and a repeat differs in Ds_Control_…: what was done, to the minute, names them.
                EventId = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{said.Order}:{type}:{response}:{said.AuthorisationCode}:{at.UtcDateTime:yyyyMMddHHmm}:{said.MinorUnits}:{said.MerchantData}"
                ),
                Facts = fact is null ? [] : [fact],
            };
    }

    /// <summary>What a notice tells, nothing where it is not ours to know; or what it lacks.</summary>
    private static Fault? FactOf(RedsysParameters said, string type, string response, DateTimeOffset at, out ProviderFact? fact)
    {
        fact = null;
        if (type == RedsysCodes.Payment)
        {
            var state = RedsysCodes.StateOf(response, said.ErrorCode);
            if (state == CheckoutState.Paid && said.Amount is null)
            {
                return PaymentsFaults.RedsysUnreadable.With("Ds_Amount");
            }

            fact = state == CheckoutState.Open ? null : Ended(new CheckoutReference(null, said.Order), state, said, response, at);
        }
        else if (type is RedsysCodes.Refund or RedsysCodes.Annulment)
        {
            if (said is not { Amount: { } amount, Currency: { } currency })
            {
                return PaymentsFaults.RedsysUnreadable.With("Ds_Amount");
            }

            fact = Refunded(said, type, response, at, amount, currency);
        }

        return null;
    }

    /// <summary>A refund of ours, or one that somebody gave in the portal; those there that came to nothing are none of ours.</summary>
    private static RefundEnded? Refunded(
        RedsysParameters said,
        string type,
        string response,
        DateTimeOffset at,
        decimal amount,
        Currency currency
    )
    {
        var refund = RedsysOrder.RefundOf(said.MerchantData);
        var isGiven = RedsysCodes.IsGiven(type, response);
        if (!isGiven && (refund is null || RedsysCodes.IsPassing(response)))
        {
            return null;
        }

        var reference = RedsysOrder.RefundReference(said.Order!, said);
        return new RefundEnded
        {
            FactId = refund is { } id
                ? $"refund:{id:N}:{(isGiven ? "given" : response)}"
                : string.Create(CultureInfo.InvariantCulture, $"refund:{reference}:{at.UtcDateTime:yyyyMMddHHmm}:{said.MinorUnits}"),
            At = at,
            RefundId = refund,
            Payment = said.Order!,
            Reference = reference,
            State = isGiven ? RefundState.Given : RefundState.Failed,
            Amount = amount,
            Currency = currency,
            Reason = isGiven ? null : response,
        };
    }

    /// <summary>How a payment ended. Its reference is the order, which is paid once at most and which refunds name.</summary>
    private static ProviderFact Ended(
        CheckoutReference checkout,
        CheckoutState state,
        RedsysParameters said,
        string response,
        DateTimeOffset at
    ) =>
        state == CheckoutState.Paid
            ? new CheckoutPaid
            {
                FactId = $"paid:{said.Order}",
                At = at,
                Checkout = checkout,
                Reference = said.Order!,
                Means = said.Means,
                Amount = said.Amount ?? throw new InvalidDataException("Redsys names no amount of a payment"),
                Currency = said.Currency ?? throw new InvalidDataException("Redsys names no currency of a payment"),
            }
            : new CheckoutEnded
            {
                FactId = $"ended:{said.Order}:{response}",
                At = at,
                Checkout = checkout,
                State = state,
                Reason = said.ErrorCode ?? response,
            };

    /// <summary>
    /// What the books say: paid where one attempt was; else open while one is under way, or where there is none; else as the last ended.
    /// A payer who was declined may try again on the same page: should that succeed, the payment counts.
    /// </summary>
    private CheckoutSeen Seen(Checkout checkout, RedsysAnswer answer)
    {
        // A form that was sent twice says nothing.
        var attempts = answer
            .Operations.Where(static each =>
                each.Type == RedsysCodes.Payment && (each.Response is not { } response || !RedsysCodes.IsRepeated(response, each.ErrorCode))
            )
            .OrderBy(static each => each.At)
            .ToList();
        var told = attempts.Find(static each => StateOf(each) == CheckoutState.Paid);
        if (told is null && !attempts.Exists(static each => StateOf(each) == CheckoutState.Open))
        {
            told = attempts.LastOrDefault();
        }

        return told is not { Response: { } code }
            ? new CheckoutSeen { State = CheckoutState.Open, Facts = [] }
            : new CheckoutSeen
            {
                State = StateOf(told),
                Facts =
                [
                    Ended(
                        new CheckoutReference(checkout.CheckoutId, checkout.Order),
                        StateOf(told),
                        told,
                        code,
                        told.At ?? _clock.GetUtcNow()
                    ),
                ],
            };
    }

    private static CheckoutState StateOf(RedsysParameters operation) =>
        IsOver(operation) ? RedsysCodes.StateOf(operation.Response!, operation.ErrorCode) : CheckoutState.Open;

    private static bool IsOver(RedsysParameters operation) => operation is { State: RedsysCodes.Over, Response: not null };

    /// <summary>What the books say of a refund that was asked for before; nothing where it may be asked for again.</summary>
    private static RefundSeen? Found(RefundOrder refund, RedsysAnswer answer, DateTimeOffset now)
    {
        // Books without the payment, or closed ones, do not show that there was no refund either.
        if (!answer.Operations.Any(static each => each.Type == RedsysCodes.Payment && StateOf(each) == CheckoutState.Paid))
        {
            return new RefundSeen(RefundState.Asked, null, answer.Error ?? RedsysCodes.NoOperation);
        }

        var earliest = OrderedAt(refund.RefundId, now) - ClockSlack;
        var mine = answer
            .Operations.Where(each => each.Type == RedsysCodes.Refund && MayBe(refund, earliest, each))
            .OrderBy(static each => each.At)
            .ToList();
        if (mine.Find(static each => IsOver(each) && RedsysCodes.IsGiven(RedsysCodes.Refund, each.Response!)) is { } given)
        {
            return new RefundSeen(RefundState.Given, RedsysOrder.RefundReference(refund.Checkout.Order, given), null);
        }

        if (mine.Find(static each => !IsOver(each)) is { } underWay)
        {
            return new RefundSeen(RefundState.Asked, null, underWay.State ?? underWay.Response);
        }

        return mine is [.., { Response: { } refused }] && !RedsysCodes.IsPassing(refused)
            ? new RefundSeen(RefundState.Failed, null, refused)
            : null;
    }

    /// <summary>Whether a refund in the books may be ours: one of another mark or of an earlier time is not, whatever its amount.</summary>
    private static bool MayBe(RefundOrder refund, DateTimeOffset? earliest, RedsysParameters operation) =>
        operation.Currency == refund.Currency
        && operation.Amount == refund.Amount
        && (RedsysOrder.RefundOf(operation.MerchantData) ?? refund.RefundId) == refund.RefundId
        && (operation.At is not { } at || earliest is not { } ordered || at >= ordered);

    /// <summary>When a refund was ordered: ids of version 7 begin with their time. One of a time to come tells nothing.</summary>
    private static DateTimeOffset? OrderedAt(Guid refund, DateTimeOffset now)
    {
        if (refund.Version != 7)
        {
            return null;
        }

        var milliseconds = long.Parse($"{refund:N}".AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return milliseconds <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private async Task<RefundSeen> AskForRefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        var order = refund.Checkout.Order;
        var values = Operation(account, order, RedsysCodes.Refund, refund.Amount, refund.Currency);
        values["DS_MERCHANT_MERCHANTDATA"] = RedsysOrder.MarkOf(refund.RefundId);
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Sign(account, order, values).ToFields()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var body = await PostAsync(new Uri(AddressOf(account), Rest), content, action: null, RefundPatience, cancellationToken);

        var (message, error) = RedsysMessage.InAnswer(body);
        if (message is null)
        {
            return error is null
                ? throw new InvalidDataException("Redsys' answer to a refund cannot be read")
                : new RefundSeen(RedsysCodes.IsPassing(error) ? RefundState.Asked : RefundState.Failed, null, error);
        }

        if (
            !RedsysSignature.IsKnown(message.Version)
            || !RedsysSignature.IsRight(message.Version, account.Secrets[Key], order, message.Parameters, message.Signature)
            || RedsysParameters.Read(message.Parameters) is not { Response: { } response } said
            || said.Order != order
        )
        {
            throw new InvalidDataException("Redsys' answer to a refund is not signed by it, or is of another order");
        }

        return RedsysCodes.IsGiven(RedsysCodes.Refund, response)
                ? new RefundSeen(RefundState.Given, RedsysOrder.RefundReference(order, said), null)
            : RedsysCodes.IsPassing(response) ? new RefundSeen(RefundState.Asked, null, response)
            : new RefundSeen(RefundState.Failed, null, response);
    }

    /// <summary>The operations of an order. The answer is believed for being the answer to our own question, over Redsys' TLS.</summary>
    private async Task<RedsysAnswer> QueryAsync(ProviderAccount account, string order, CancellationToken cancellationToken)
    {
        var envelope = RedsysQuery.Write(account.Secrets[Key], account.Settings[MerchantCode], account.Settings[Terminal], order);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(envelope));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        var body = await PostAsync(new Uri(AddressOf(account), Query), content, RedsysQuery.Action, QueryPatience, cancellationToken);
        return RedsysQuery.Read(body, order) ?? throw new InvalidDataException("Redsys' answer to a query cannot be read");
    }

    private async Task<byte[]> PostAsync(
        Uri address,
        HttpContent content,
        string? action,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("AskRedsys", ActivityKind.Client);
        activity?.SetTag("server.address", address.IdnHost);
        activity?.SetTag("url.path", address.AbsolutePath);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = content;
        if (action is not null)
        {
            request.Headers.TryAddWithoutValidation("SOAPAction", action);
        }

        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            activity?.SetTag("http.response.status_code", (int)response.StatusCode);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"Redsys answered HTTP {(int)response.StatusCode}", null, response.StatusCode);
            }

            await response.Content.LoadIntoBufferAsync(MostAnswer, limit.Token);
            return await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Redsys did not answer within {patience.TotalSeconds:0} s");
        }
    }

    /// <summary>What every operation says; a terminal takes its own currency alone.</summary>
    private static Dictionary<string, string> Operation(
        ProviderAccount account,
        string order,
        string type,
        decimal amount,
        Currency currency
    )
    {
        if (!RedsysOrder.IsSound(order))
        {
            throw new ArgumentException($"Redsys takes no order {order}", nameof(order));
        }

        if (currency.Code != account.Settings[OwnCurrency] || RedsysCodes.Number(currency) is not { } number)
        {
            throw new NotSupportedException($"{account} takes {account.Settings[OwnCurrency]}, not {currency}");
        }

        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DS_MERCHANT_AMOUNT"] = RedsysCodes.MinorUnits(amount, currency),
            ["DS_MERCHANT_ORDER"] = order,
            ["DS_MERCHANT_MERCHANTCODE"] = account.Settings[MerchantCode],
            ["DS_MERCHANT_CURRENCY"] = number,
            ["DS_MERCHANT_TRANSACTIONTYPE"] = type,
            ["DS_MERCHANT_TERMINAL"] = account.Settings[Terminal],
        };
    }

    private static RedsysMessage Sign(ProviderAccount account, string order, IReadOnlyDictionary<string, string> values) =>
        RedsysMessage.Sign(account.Settings[Signature], account.Secrets[Key], order, values);

    private Uri AddressOf(ProviderAccount account) => account.Environment == "live" ? _live : _test;

    private static string Cut(string description)
    {
        if (description.Length <= MostDescription)
        {
            return description;
        }

        var length = MostDescription - 1;
        return $"{description[..(char.IsHighSurrogate(description[length - 1]) ? length - 1 : length)]}…";
    }

    private static string Shown(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}…";
}
