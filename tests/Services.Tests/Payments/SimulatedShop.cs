using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;
using RedsysSimulator = RetailInvoicing.Simulators.Redsys.Simulator;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>A shop whose service speaks to the simulated Stripe and Redsys by their wires, as to the real ones.</summary>
internal sealed class SimulatedShop : IAsyncDisposable
{
    public const string Seller = "s1";
    public const string Merchant = "999008881";
    public const string RedsysKey = "c2ltdWxhdGVkLXNob3Atb2YtdGVzdHMh";

    private readonly string _folder = Directory.CreateTempSubdirectory("retail-redsys-").FullName;
    private readonly int _redsysPort = Infrastructure.FreePort();
    private WebApplication? _redsys;

    private SimulatedShop(SimulatedStripe stripe)
    {
        Stripe = stripe;
        Redsys = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_redsysPort}") };
    }

    public SimulatedStripe Stripe { get; }

    /// <summary>The simulated Redsys' control.</summary>
    public HttpClient Redsys { get; }

    public ServiceHost Host { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts all three; what the shop has open is asked about as often as a test needs.</summary>
    public static async Task<SimulatedShop> StartAsync(
        Infrastructure infrastructure,
        Action<IServiceCollection>? services = null,
        params (string Name, string Value)[] settings
    )
    {
        var shop = new SimulatedShop(await SimulatedStripe.StartAsync());
        await shop.StartRedsysAsync();
        var paced = FakeProvider.Settings("00:00:00.3");
        var configuration = new Dictionary<string, string?>(paced.Configuration)
        {
            ["Stripe:ApiAddress"] = shop.Stripe.Control.BaseAddress!.AbsoluteUri,
            ["Redsys:TestAddress"] = shop.Redsys.BaseAddress!.AbsoluteUri.TrimEnd('/'),
        };
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        shop.Host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            paced with
            {
                Services = services,
                Configuration = configuration,
            }
        );
        shop.Http = shop.Host.As(Seller);
        await shop.Host.HearAsync(Shop.Registered(Seller));
        return shop;
    }

    /// <summary>The shop's account with Stripe, whose notices come to the service.</summary>
    public async Task<JsonElement> KeepStripeAsync(int place = 1)
    {
        await Stripe.RegisterAsync(null, new Uri(Host.HttpAddress, $"/v1/providers/stripe/webhook?account={SimulatedStripe.AccountId}"));
        return await Http.PutAsJsonAsync("/v1/providers/stripe", StripeAccount(place: place)).JsonAsync(201);
    }

    /// <summary>The shop's terminal at Redsys.</summary>
    public async Task<JsonElement> KeepRedsysAsync(int place = 2)
    {
        (await Redsys.PutAsJsonAsync($"/control/terminals/{Merchant}/1", new { key = RedsysKey })).EnsureSuccessStatusCode();
        return await Http.PutAsJsonAsync(
                "/v1/providers/redsys",
                new
                {
                    environment = "test",
                    place,
                    settings = new { merchantCode = Merchant, terminal = "1" },
                    secrets = new { key = RedsysKey },
                }
            )
            .JsonAsync(201);
    }

    public static object StripeAccount(
        string account = SimulatedStripe.AccountId,
        string key = SimulatedStripe.Key,
        string environment = "test",
        int place = 1
    ) =>
        new
        {
            environment,
            place,
            settings = new { accountId = account },
            secrets = new { secretKey = key, webhookSecret = SimulatedStripe.Signing },
        };

    /// <summary>An invoice that was paid on the pages of a provider.</summary>
    public async Task<(InvoiceId Invoice, Guid Checkout, string Payment)> PaidAsync(decimal amount)
    {
        var invoice = (await Host.HearAsync(Shop.Invoice(Seller, amount))).InvoiceId;
        var checkout = await Host.StartAsync(Seller, $"k-{invoice}", invoice);
        await PayAsync(checkout);
        var payment = await Host.QueryAsync<Guid>("select payment_id from checkout where checkout_id = @checkout", new { checkout });
        return (invoice, checkout, payment.ToString());
    }

    /// <summary>The payer pays a checkout where it was sent to.</summary>
    public async Task PayAsync(Guid checkout)
    {
        var fields = await Host.QueryAsync<string?>("select fields::text from checkout where checkout_id = @checkout", new { checkout });
        if (fields is null)
        {
            await Stripe.Control.PostAsJsonAsync("/control/pay", new { checkoutId = checkout }).JsonAsync(200);
        }
        else
        {
            var form = JsonSerializer.Deserialize<Dictionary<string, string>>(fields);
            await Redsys.PostAsJsonAsync("/control/pay", new { form, outcome = "paid" }).JsonAsync(200);
        }

        await Host.CheckoutIsAsync(checkout, "paid");
    }

    public async Task StartRedsysAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["urls"] = Redsys.BaseAddress!.GetLeftPart(UriPartial.Authority), ["Redsys:Data"] = _folder }
        );
        _redsys = RedsysSimulator.Build(builder);
        await _redsys.StartAsync();
    }

    /// <summary>Nobody listens there any more; what it kept it has again when it starts.</summary>
    public async Task StopRedsysAsync()
    {
        if (_redsys is not null)
        {
            await _redsys.DisposeAsync();
            _redsys = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Redsys.Dispose();
        await StopRedsysAsync();
        await Stripe.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
