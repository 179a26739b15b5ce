using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Redsys;

/// <summary>
/// Cards and Bizum by a bank's terminal at Redsys: the payer's browser posts a signed form there, so no card number ever touches us. What
/// became of it comes as a signed notice, and is asked for where none comes.
/// </summary>
public sealed partial class RedsysProvider : IPaymentProvider, IDisposable
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

    private static readonly TimeSpan QueryPatience = TimeSpan.FromSeconds(15);

    // Redsys' page waits so long for the payer who has it open.
    private static readonly TimeSpan PageLife = TimeSpan.FromMinutes(30);

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

    /// <inheritdoc />
    public string? AddressedTo(ProviderRequest request) =>
        RedsysMessage.In(request.Body, request.Query) is { } message ? RedsysParameters.Read(message.Parameters)?.AccountId : null;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

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
