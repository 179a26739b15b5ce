using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Offers and consent on a customer's own page.</summary>
public sealed class PersonalRpcTests(Infrastructure infrastructure)
{
    private const string Email = "ana@example.com";
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_customer_says_yes_sees_offers_and_why_says_no_and_sees_none()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        await CampaignAsync(http);
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller, 1, email: Email));
        using var channel = delivery.Channel();
        var personal = new Personal.PersonalClient(channel);
        var me = delivery.CallAs("portal", OnBehalfOf.Customer(Email, Seller));
        var wish = new GetOffers { InvoiceId = invoice.InvoiceId.ToString(), Language = "es" };

        Assert.Empty((await personal.OffersAsync(wish, me)).Offers);
        Assert.False((await personal.ConsentAsync(new GetConsentOf(), me)).Granted);

        Assert.True((await personal.SayConsentAsync(new ConsentSaid { Granted = true }, me)).Granted);
        var offers = await personal.OffersAsync(wish, me);
        Assert.Equal("Publicidad", offers.Label);
        var offer = offers.Offers.First();
        Assert.Equal("10 % en velas", offer.Title);
        Assert.StartsWith("Porque ", offer.Because, StringComparison.Ordinal);

        var after = await personal.SayConsentAsync(new ConsentSaid { Granted = false }, me);
        Assert.False(after.Granted);
        Assert.Equal([(false, "portal"), (true, "portal")], after.Words.Select(word => (word.Granted, word.Source)));
        Assert.Empty((await personal.OffersAsync(wish, me)).Offers);
    }

    [Fact]
    public async Task A_no_on_the_own_page_wins_over_a_yes_that_the_till_gave_for_the_customer_at_every_address()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        using var said = await http.PutAsJsonAsync(
            "/v1/customers/k1/consent",
            new
            {
                purpose = "offers",
                granted = true,
                source = "till",
            }
        );
        Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
        using var channel = delivery.Channel();
        var personal = new Personal.PersonalClient(channel);
        var me = delivery.CallAs("portal", OnBehalfOf.Customer(Email, Seller));

        Assert.True((await personal.ConsentAsync(new GetConsentOf { CustomerId = "k1" }, me)).Granted);
        var after = await personal.SayConsentAsync(new ConsentSaid { Granted = false, CustomerId = "k1" }, me);
        Assert.False(after.Granted);
        Assert.False((await personal.ConsentAsync(new GetConsentOf { CustomerId = "k1" }, me)).Granted);
    }

    [Fact]
    public async Task Nobody_else_is_answered_and_anothers_invoice_has_no_offers()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        var invoice = neighbours.Issued(SampleInvoice.Of(Seller, 1, email: Email));
        using var channel = delivery.Channel();
        var personal = new Personal.PersonalClient(channel);
        var staff = delivery.CallAs("portal", OnBehalfOf.Seller(Seller));
        var other = delivery.CallAs("portal", OnBehalfOf.Customer("other@example.com", Seller));

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await personal.ConsentAsync(new GetConsentOf(), staff));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        var hidden = await Assert.ThrowsAsync<RpcException>(async () =>
            await personal.OffersAsync(new GetOffers { InvoiceId = invoice.InvoiceId.ToString(), Language = "es" }, other)
        );
        Assert.Equal(StatusCode.NotFound, hidden.StatusCode);
    }

    private static async Task CampaignAsync(HttpClient http)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var body = new JsonObject
        {
            ["name"] = "Campaña",
            ["from"] = today.AddDays(-2).ToString("O", CultureInfo.InvariantCulture),
            ["to"] = today.AddDays(30).ToString("O", CultureInfo.InvariantCulture),
            ["holdOutPercent"] = "0",
            ["texts"] = JsonNode.Parse("""{"es":{"title":"10 % en velas","text":"Solo para ti."}}"""),
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync("/v1/campaigns/all", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
