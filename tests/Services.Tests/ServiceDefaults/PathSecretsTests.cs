using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Portal;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What opens something stands in the paths of links, and in no trace and no log.</summary>
public sealed class PathSecretsTests(Infrastructure infrastructure)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/pay/AgEAAAAAaSYb2AAGQnKo1234567890abcdefghij/back", "/pay/…/back")]
    [InlineData("/sign-in/4fQh7rX2mPz9LkWvBnT5", "/sign-in/…")]
    [InlineData("/v1/bank-accounts/ES9121000418450200051332", "/v1/bank-accounts/…")]
    [InlineData("/v1/bank-accounts/ES91%202100%200418%204502%200005%201332", "/v1/bank-accounts/…")]
    [InlineData("/v1/invoices/0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e/balance", "/v1/invoices/0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e/balance")]
    [InlineData("/v1/direct-debit-settings", "/v1/direct-debit-settings")]
    [InlineData("/v1/customers/17850/payment-links", "/v1/customers/17850/payment-links")]
    [InlineData("https://a.example/pay/4fQh7rX2mPz9LkWvBnT5?x=1", "https://a.example/pay/…")]
    [InlineData(
        "http://payments.internal.example.com:8080/retailinvoicing.payments.v1.PaymentPages/Open",
        "http://payments.internal.example.com:8080/retailinvoicing.payments.v1.PaymentPages/Open"
    )]
    [InlineData("/pay/eyJhbGciOi.eyJzdWIiOi.SflKxwRJSM/back", "/pay/…/back")]
    [InlineData("/", "/")]
    public void A_part_of_a_path_that_is_neither_a_word_nor_an_id_is_hidden(string path, string shown) =>
        Assert.Equal(shown, HidePathSecrets.In(path));

    [Fact]
    public async Task Neither_traces_nor_logs_of_the_web_front_hold_a_links_token()
    {
        var (spans, lines, clock) = (new Spans(), new EveryLine(), new FakeTimeProvider(Demo.Now.ToUniversalTime()));
        await using var neighbours = await Neighbours.StartAsync(Demo.Fill(new Surroundings()), clock);
        await using var host = await ServiceHost.StartAsync<PortalOptions>(
            infrastructure,
            "portal",
            new HostSettings
            {
                Configuration = With(neighbours.Configuration),
                Services = services =>
                {
                    services.AddSingleton<TimeProvider>(clock);
                    Watch(services, spans, lines);
                },
            }
        );
        var token = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 60);
        foreach (
            var path in new[] { "/pay/{0}", "/pay/{0}/done", "/pay/{0}/back", "/pay/{0}/transfer.svg", "/pay/{0}/nowhere", "/sign-in/{0}" }
        )
        {
            using var answer = await host.Http.GetAsync(path.Replace("{0}", token, StringComparison.Ordinal), Token);
            await SeenAsync(spans, path.Replace("{0}", HidePathSecrets.Hidden, StringComparison.Ordinal));
        }

        Holds(spans, lines, token);
    }

    [Fact]
    public async Task Neither_traces_nor_logs_of_Payments_hold_an_account_number_or_a_token_of_an_address()
    {
        const string iban = "ES7921000813610123456789";
        var (spans, lines) = (new Spans(), new EveryLine());
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings
            {
                Configuration = With(new Dictionary<string, string?>()),
                Services = services => Watch(services, spans, lines),
            }
        );
        using var http = host.As("s1");
        using var put = await http.PutAsync($"/v1/bank-accounts/{iban}", null, Token);
        using var taken = await http.DeleteAsync($"/v1/bank-accounts/{iban}", Token);
        await SeenAsync(spans, $"/v1/bank-accounts/{HidePathSecrets.Hidden}");
        var invoice = Guid.CreateVersion7();
        using var balance = await http.GetAsync($"/v1/invoices/{invoice}/balance", Token);
        await SeenAsync(spans, $"/v1/invoices/{invoice}/balance");

        Assert.Equal((201, 204), ((int)put.StatusCode, (int)taken.StatusCode));
        Holds(spans, lines, iban);
    }

    private static void Holds(Spans spans, EveryLine lines, string secret)
    {
        Assert.DoesNotContain(spans.All, each => each.Contains(secret, StringComparison.Ordinal));
        Assert.NotEmpty(lines.All);
        Assert.DoesNotContain(lines.All, each => each.Contains(secret, StringComparison.Ordinal));
    }

    private static Task SeenAsync(Spans spans, string path) =>
        Eventually.TrueAsync(
            () => Task.FromResult(spans.All.Any(each => each.Contains($"url.path={path} ", StringComparison.Ordinal))),
            $"{path} is traced"
        );

    private static Dictionary<string, string?> With(IReadOnlyDictionary<string, string?> configuration) =>
        new(configuration) { [EveryLine.Trace.Name] = EveryLine.Trace.Value };

    private static void Watch(IServiceCollection services, Spans spans, EveryLine lines)
    {
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans));
        services.AddSingleton<ILoggerProvider>(lines);
    }

    /// <summary>What an exporter would be given.</summary>
    private sealed class Spans : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<string> _all = new();

        public IReadOnlyList<string> All => [.. _all];

        public override void OnEnd(Activity data) =>
            _all.Enqueue($"{data.DisplayName} {string.Concat(data.TagObjects.Select(each => $"{each.Key}={each.Value} "))}");
    }
}
