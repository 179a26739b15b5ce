using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What is remembered of a seller, and that nothing is of a customer.</summary>
public sealed class PromotionsTests(Infrastructure infrastructure)
{
    private const string Nowhere = "smtp://127.0.0.1:9";
    private const string Email = "cliente@example.com";
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_campaign_that_is_saved_is_in_the_next_mail_and_so_is_every_change_of_it()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await ConsentAsync(http, granted: true);
        Assert.Empty(await TitlesAsync(delivery));

        await KeepCampaignAsync(http, "Primero", untilInDays: 30);
        Assert.Equal(["Primero"], await TitlesAsync(delivery));
        await KeepCampaignAsync(http, "Segundo", untilInDays: 30);
        Assert.Equal(["Segundo"], await TitlesAsync(delivery));
        await KeepCampaignAsync(http, "Segundo", untilInDays: -1);
        Assert.Empty(await TitlesAsync(delivery));
    }

    [Fact]
    public async Task A_consent_that_is_withdrawn_anywhere_holds_for_the_very_next_mail()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        await using var another = await neighbours.DeliveryAsync(infrastructure, Nowhere, delivery);
        using var http = delivery.As(Seller.Value);
        using var elsewhere = another.As(Seller.Value);
        await KeepCampaignAsync(http, "Velas", untilInDays: 30);
        await SellAsync(delivery, "1", "2");
        foreach (var side in new[] { http, elsewhere })
        {
            await ConsentAsync(side, granted: true);
            Assert.NotEmpty(await TitlesAsync(delivery));
            await ConsentAsync(side, granted: false);
            Assert.Empty(await TitlesAsync(delivery));
        }
    }

    [Fact]
    public async Task What_another_instance_changed_is_never_shown_as_it_was()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        await using var another = await neighbours.DeliveryAsync(infrastructure, Nowhere, delivery);
        using var http = delivery.As(Seller.Value);
        using var elsewhere = another.As(Seller.Value);
        await ConsentAsync(http, granted: true);
        await KeepCampaignAsync(http, "Antes", untilInDays: 30);
        Assert.Equal(["Antes"], await TitlesAsync(delivery));

        await KeepCampaignAsync(elsewhere, "Después", untilInDays: 30);

        Assert.DoesNotContain("Antes", await TitlesAsync(delivery));
        await Eventually.EqualAsync("Después", async () => string.Join(",", await TitlesAsync(delivery)), "titles of the mail's offers");
    }

    [Fact]
    public async Task What_is_said_to_be_no_product_is_in_no_later_mail()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await ConsentAsync(http, granted: true);
        await SellAsync(delivery, "85123A-1", "7", "8");
        Assert.Equal(["n7", "n8"], (await TitlesAsync(delivery)).Order(StringComparer.Ordinal));

        using var kept = await http.PutAsJsonAsync("/v1/recommendations/rules", new SuggestionRules { LeftOut = ["7"] }, Wire.Tolerant);
        Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync());

        Assert.Equal(["n8"], await TitlesAsync(delivery));
    }

    [Fact]
    public async Task A_mail_asks_the_database_once_whether_offers_may_go_and_which_and_once_more_for_a_campaign()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await SellAsync(delivery, "85123A-1", "7", "8");
        await ConsentAsync(http, granted: true);
        await TitlesAsync(delivery);

        Assert.Equal((1, 2), await AskedAsync(delivery, Email));
        Assert.Equal((1, 0), await AskedAsync(delivery, "nadie@example.com", "nadie"));
        await KeepCampaignAsync(http, "Velas", untilInDays: 30);
        await TitlesAsync(delivery);
        Assert.Equal((2, 3), await AskedAsync(delivery, Email));
        Assert.Equal((1, 0), await AskedAsync(delivery, "nadie@example.com", "nadie"));
    }

    /// <summary>
    /// How often the database is asked while the offers of a mail are composed, and how many it has; the fewest of some times, since what
    /// is known of the seller may just have grown old.
    /// </summary>
    private static async Task<(int Asked, int Offers)> AskedAsync(ServiceHost delivery, string email, string? customer = null)
    {
        var asked = new ConcurrentBag<ActivityTraceId>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or nameof(PromotionsTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && !activity.DisplayName.StartsWith("CONNECT", StringComparison.Ordinal))
                {
                    asked.Add(activity.TraceId);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource(nameof(PromotionsTests));
        var times = new List<(int Asked, int Offers)>();
        for (var i = 0; i < 4; i++)
        {
            // Of no trace but its own.
            Activity.Current = null;
            using var mine = source.StartActivity("compose");
            var block = await ComposeAsync(delivery, email, customer);
            times.Add((asked.Count(trace => trace == mine!.TraceId), block?.Offers.Count ?? 0));
        }

        Assert.Single(times.Select(each => each.Offers).Distinct());
        return times.Min();
    }

    private static async Task<IReadOnlyList<string>> TitlesAsync(ServiceHost delivery) =>
        [.. (await ComposeAsync(delivery, Email))?.Offers.Select(offer => offer.Title) ?? []];

    private static Task<OfferBlock?> ComposeAsync(ServiceHost delivery, string email, string? customer = null)
    {
        var invoice = SampleInvoice.Of(Seller);
        if (customer is not null)
        {
            invoice = invoice with
            {
                Buyer = invoice.Buyer! with { CustomerId = CustomerId.Of(customer) },
                Contact = new InvoiceContact { CustomerId = CustomerId.Of(customer), Email = email },
            };
        }

        return delivery.Services.GetRequiredService<ComposeOffers>().RunAsync(invoice, email, "es", TestContext.Current.CancellationToken);
    }

    private static async Task<Neighbourhood> StartedAsync()
    {
        var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        return neighbours;
    }

    /// <summary>A sale from which it is learned that these go together.</summary>
    private static async Task SellAsync(ServiceHost delivery, params string[] skus)
    {
        var invoice = SampleInvoice.Of(Seller, 1, email: null);
        await delivery.PublishAsync(
            invoice with
            {
                Lines = [.. skus.Select(sku => invoice.Lines[0] with { Sku = sku, Name = $"n{sku}", Quantity = 1m })],
            }
        );
        await Eventually.EqualAsync(
            skus.Length,
            async () =>
            {
                await using var connection = await delivery.Database.OpenConnectionAsync();
                return await connection.ExecuteScalarAsync<int>("select count(*)::int from sold_product where listed_at_baskets > 0");
            },
            "products learned"
        );
    }

    private static async Task KeepCampaignAsync(HttpClient http, string title, int untilInDays)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        string Day(int days) => today.AddDays(days).ToString("O", CultureInfo.InvariantCulture);
        using var content = new StringContent(
            $$$"""
            {"name":"C","from":"{{{Day(-9)}}}","to":"{{{Day(untilInDays)}}}","holdOutPercent":"0","coupon":{"amount":"5"},
             "texts":{"es":{"title":"{{{title}}}"} } }
            """,
            Encoding.UTF8,
            "application/json"
        );
        using var answer = await http.PutAsync("/v1/campaigns/c1", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task ConsentAsync(HttpClient http, bool granted)
    {
        using var answer = await http.PutAsJsonAsync(
            "/v1/customers/17850/consent",
            new ConsentRequest
            {
                Purpose = ConsentPurpose.Offers,
                Granted = granted,
                Source = "web",
            },
            Wire.Tolerant
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
