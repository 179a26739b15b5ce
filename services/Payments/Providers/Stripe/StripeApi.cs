using System.Net;
using System.Text.Json;
using RetailInvoicing.Contracts;
using Stripe;
using Stripe.Checkout;

namespace RetailInvoicing.Payments.Providers.Stripe;

/// <summary>
/// What is asked of Stripe's API, through its own library, and its answers as they came: the facts are read of them as of notices. Whatever
/// is thrown names codes alone: neither a key nor what was sent.
/// </summary>
internal sealed class StripeApi : IDisposable
{
    private const int MostName = 250;
    private const int MostOnAPage = 100;
    private const int MostPages = 10_000;

    // A session lives from half an hour to a day from when Stripe makes it, which is later than the checkout began.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(23);

    private readonly StripeHttp _http;
    private readonly StripeClient _client;

    public StripeApi(StripeOptions options)
    {
        _http = new StripeHttp(options.Patience);
        _client = new StripeClient(new StripeClientOptions { HttpClient = _http, ApiBase = options.Base });
    }

    /// <summary>Makes a session, or says again what it said when it made it: the checkout's id is the key.</summary>
    public async Task<JsonElement> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
    {
        var units = StripeAmount.UnitsOf(checkout.Amount, checkout.Currency) ?? throw NoUnits($"{checkout.Amount} {checkout.Currency}");
        var options = new SessionCreateOptions
        {
            Mode = "payment",
            // Wallets come with cards, where the payer's device has one.
            AllowedPaymentMethodTypes = [checkout.Means == PaymentMeans.DirectDebit ? "sepa_debit" : "card"],
            ClientReferenceId = checkout.CheckoutId.ToString(),
            Metadata = MarksOf(checkout),
            PaymentIntentData = new SessionPaymentIntentDataOptions { Description = checkout.Description, Metadata = MarksOf(checkout) },
            LineItems =
            [
                new SessionLineItemOptions
                {
                    Quantity = 1,
                    PriceData = new SessionLineItemPriceDataOptions
                    {
                        Currency = checkout.Currency.Code.ToLowerInvariant(),
                        UnitAmount = units,
                        ProductData = new SessionLineItemPriceDataProductDataOptions { Name = Cut(checkout.Description) },
                    },
                },
            ],
            // Amount and currency are ours; nobody is asked another one.
            AdaptivePricing = new SessionAdaptivePricingOptions { Enabled = false },
            SuccessUrl = checkout.ReturnTo.AbsoluteUri,
            CancelUrl = checkout.ReturnTo.AbsoluteUri,
            // Catalan, Basque and Galician Stripe does not speak; whoever reads them reads Spanish.
            Locale = checkout.Language == "en" ? "en" : "es",
            ExpiresAt = EndOf(checkout).UtcDateTime,
        };
        return await AnswerAsync(
            new SessionService(_client).CreateAsync(options, With(account, checkout.CheckoutId.ToString()), cancellationToken)
        );
    }

    /// <summary>A session as it is now, with its payment and what that cost.</summary>
    public Task<JsonElement> SessionAsync(ProviderAccount account, string session, CancellationToken cancellationToken) =>
        AnswerAsync(
            new SessionService(_client).GetAsync(
                session,
                new SessionGetOptions { Expand = ["payment_intent.latest_charge.balance_transaction"] },
                With(account),
                cancellationToken
            )
        );

    /// <summary>Makes sure that nobody can pay a session any more; refused where it is not open.</summary>
    public Task<JsonElement> EndAsync(ProviderAccount account, string session, Guid checkout, CancellationToken cancellationToken) =>
        AnswerAsync(
            new SessionService(_client).ExpireAsync(
                session,
                new SessionExpireOptions(),
                With(account, $"{checkout}-end"),
                cancellationToken
            )
        );

    /// <summary>Gives money back, or says again what it said when it did: the refund's id is the key.</summary>
    public Task<JsonElement> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken)
    {
        var units = StripeAmount.UnitsOf(refund.Amount, refund.Currency) ?? throw NoUnits($"{refund.Amount} {refund.Currency}");
        var options = new RefundCreateOptions
        {
            PaymentIntent = refund.Payment,
            Amount = units,
            Reason = "requested_by_customer",
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [StripeFacts.RefundMark] = refund.RefundId.ToString(),
                [StripeFacts.CheckoutMark] = refund.Checkout.CheckoutId.ToString(),
            },
        };
        return AnswerAsync(new RefundService(_client).CreateAsync(options, With(account, refund.RefundId.ToString()), cancellationToken));
    }

    /// <summary>All refunds of a payment, whoever gave them.</summary>
    public Task<IReadOnlyList<JsonElement>> RefundsAsync(ProviderAccount account, string payment, CancellationToken cancellationToken) =>
        AllAsync(after =>
            AnswerAsync(
                new RefundService(_client).ListAsync(
                    new RefundListOptions
                    {
                        PaymentIntent = payment,
                        Limit = MostOnAPage,
                        StartingAfter = after,
                    },
                    With(account),
                    cancellationToken
                )
            )
        );

    /// <summary>All disputes of a payment.</summary>
    public Task<IReadOnlyList<JsonElement>> DisputesAsync(ProviderAccount account, string payment, CancellationToken cancellationToken) =>
        AllAsync(after =>
            AnswerAsync(
                new DisputeService(_client).ListAsync(
                    new DisputeListOptions
                    {
                        PaymentIntent = payment,
                        Limit = MostOnAPage,
                        StartingAfter = after,
                    },
                    With(account),
                    cancellationToken
                )
            )
        );

    /// <summary>A payout.</summary>
    public Task<JsonElement> PayoutAsync(ProviderAccount account, string payout, CancellationToken cancellationToken) =>
        AnswerAsync(new PayoutService(_client).GetAsync(payout, new PayoutGetOptions(), With(account), cancellationToken));

    /// <summary>What a payout is made of, page by page: there may be tens of thousands.</summary>
    public IAsyncEnumerable<JsonElement> PaidOutAsync(ProviderAccount account, string payout, CancellationToken cancellationToken) =>
        EachAsync(after =>
            AnswerAsync(
                new BalanceTransactionService(_client).ListAsync(
                    new BalanceTransactionListOptions
                    {
                        Payout = payout,
                        Limit = MostOnAPage,
                        StartingAfter = after,
                    },
                    With(account),
                    cancellationToken
                )
            )
        );

    /// <summary>Whose the key is.</summary>
    public Task<JsonElement> AccountAsync(ProviderAccount account, CancellationToken cancellationToken) =>
        AnswerAsync(new AccountService(_client).GetSelfAsync(requestOptions: With(account), cancellationToken: cancellationToken));

    public void Dispose() => _http.Dispose();

    private static async Task<IReadOnlyList<JsonElement>> AllAsync(Func<string?, Task<JsonElement>> pageAfter)
    {
        List<JsonElement> all = [];
        await foreach (var each in EachAsync(pageAfter))
        {
            all.Add(each);
        }

        return all;
    }

    private static async IAsyncEnumerable<JsonElement> EachAsync(Func<string?, Task<JsonElement>> pageAfter)
    {
        string? last = null;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await pageAfter(last);
            last = null;
            foreach (var each in page.Each("data"))
            {
                last = each.Id("id");
                yield return each;
            }

            if (!page.Flag("has_more") || last is null)
            {
                yield break;
            }
        }

        throw new HttpRequestException("Stripe's list has no end");
    }

    private static async Task<JsonElement> AnswerAsync<T>(Task<T> asked)
        where T : StripeEntity
    {
        string content;
        try
        {
            content = (await asked).StripeResponse.Content;
        }
        catch (StripeException exception)
        {
            // Not handed on: it holds the whole answer.
            throw Said(exception);
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new HttpRequestException("Stripe's answer is no JSON");
        }
    }

    private static HttpRequestException Said(StripeException exception)
    {
        var (status, error) = (exception.HttpStatusCode, exception.StripeError);
        var code = error?.Code ?? error?.Type ?? "unreadable";
        var message = $"Stripe answered {(int)status} {error?.Type} {code} {error?.Param} ({exception.StripeResponse?.RequestId})";
        HttpStatusCode? known = status == default ? null : status;
        // A key that was used with other content, too many requests, no right to ask, a failure of its own: of these nobody knows what
        // they mean for what was asked.
        return (int)status is 400 or 402 or 404 && error?.Type is "invalid_request_error" or "card_error"
            ? new StripeRefusal(message, known, code, error.Param)
            : new HttpRequestException(message, inner: null, known);
    }

    private static StripeRefusal NoUnits(string amount) =>
        new($"{amount} cannot be said in Stripe's units", HttpStatusCode.BadRequest, "amount_invalid", "amount");

    private static RequestOptions With(ProviderAccount account, string? key = null) =>
        new() { ApiKey = account.Secrets[StripeProvider.SecretKey], IdempotencyKey = key };

    private static Dictionary<string, string> MarksOf(Checkout checkout) =>
        new(StringComparer.Ordinal)
        {
            [StripeFacts.CheckoutMark] = checkout.CheckoutId.ToString(),
            [StripeFacts.SellerMark] = checkout.SellerId.Value,
        };

    // The same however often it is asked for: a key goes with one content.
    private static DateTimeOffset EndOf(Checkout checkout)
    {
        var (earliest, latest) = (checkout.StartedAt + ShortestLife, checkout.StartedAt + LongestLife);
        return checkout.ExpiresAt < earliest ? earliest
            : checkout.ExpiresAt > latest ? latest
            : checkout.ExpiresAt;
    }

    private static string Cut(string text) =>
        text.Length <= MostName ? text : text[..(char.IsHighSurrogate(text[MostName - 1]) ? MostName - 1 : MostName)];
}
