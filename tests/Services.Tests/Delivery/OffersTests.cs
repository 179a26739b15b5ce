using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class OffersTests(Infrastructure infrastructure)
{
    private const string Nowhere = "smtp://127.0.0.1:9";
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Not_one_marketing_byte_without_consent_over_a_thousand_random_histories()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await KeepCampaignAsync(http, "all", """{"holdOutPercent":"0"}""");
        var keep = delivery.Services.GetRequiredService<KeepConsent>();
        var compose = delivery.Services.GetRequiredService<ComposeOffers>();
        var (shown, quiet) = (0, 0);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1_000),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (seed, token) =>
            {
                var random = new Random(seed);
                var (customer, email) = ($"k{seed}", $"k{seed}@example.com");
                var words = new List<ConsentWord>();
                for (var i = random.Next(0, 5); i > 0; i--)
                {
                    var word = Any(random, customer, email);
                    words.Add(word);
                    if (word.CustomerId is { } whose)
                    {
                        var request = new ConsentRequest
                        {
                            Purpose = ConsentPurpose.Offers,
                            Granted = word.Granted,
                            Email = word.Email,
                            Source = "test",
                            At = word.At,
                        };
                        Assert.Null(await keep.RunAsync(Seller, whose.Value, request, token));
                    }
                    else
                    {
                        await using var connection = await delivery.Database.OpenConnectionAsync(token);
                        await using var transaction = await connection.BeginTransactionAsync(token);
                        await keep.WithdrawAsync(transaction, Seller, word.Email!, "complaint", word.At, token);
                        await transaction.CommitAsync(token);
                    }
                }

                var block = await compose.RunAsync(Invoice(customer, email), email.ToUpperInvariant(), "es", token);
                var allowed = ConsentHistoryTests.Model(words, customer, email);
                Assert.True(allowed == block is not null, $"history {seed}: allowed {allowed}, offers {block is not null}");
                if (allowed)
                {
                    Interlocked.Increment(ref shown);
                }
                else
                {
                    Interlocked.Increment(ref quiet);
                }
            }
        );

        Assert.InRange(shown, 150, 850);
        Assert.Equal(1_000, shown + quiet);
    }

    [Fact]
    public async Task A_mail_is_composed_with_why_until_and_a_way_to_stop_that_stops_only_when_it_is_pressed()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await KeepCampaignAsync(
            http,
            "velas",
            """
            {"holdOutPercent":"0","url":"https://tienda.example/velas","basket":{"skus":["85123A-1"]},
             "coupon":{"percent":"10","prefix":"vel","validDays":7}}
            """
        );
        await ConsentAsync(http, "17850", granted: true);
        var compose = delivery.Services.GetRequiredService<ComposeOffers>();
        var invoice = SampleInvoice.Of(Seller);

        var block = await compose.RunAsync(invoice, "cliente@example.com", "es", CancellationToken.None);

        Assert.NotNull(block);
        var offer = Assert.Single(block.Offers);
        Assert.Equal(("Publicidad", "10 % en velas"), (block.Label, offer.Title));
        Assert.Equal("Porque compraste Portavelas", offer.Because);
        Assert.StartsWith("VEL-", offer.Code, StringComparison.Ordinal);
        Assert.StartsWith("Hasta el ", offer.Until, StringComparison.Ordinal);
        Assert.StartsWith("https://delivery.example.com/v1/consent/withdrawals/", block.OneClickUrl, StringComparison.Ordinal);
        // Written again for another try it is the same mail.
        var again = await compose.RunAsync(invoice, "cliente@example.com", "es", CancellationToken.None);
        Assert.Equal((offer.Code, block.OneClickUrl), (again!.Offers[0].Code, again.OneClickUrl));
        Assert.Null(
            await compose.RunAsync(invoice with { Kind = InvoiceKind.Corrective }, "cliente@example.com", "es", CancellationToken.None)
        );

        var link = new Uri(block.OneClickUrl).PathAndQuery;
        using (var page = await delivery.Http.GetAsync(link))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            Assert.Contains("cliente@example.com", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotNull(await compose.RunAsync(invoice, "cliente@example.com", "es", CancellationToken.None));
        for (var press = 0; press < 2; press++)
        {
            using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            using var stopped = await delivery.Http.PostAsync(link, form);
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        }

        Assert.Null(await compose.RunAsync(invoice, "cliente@example.com", "es", CancellationToken.None));
        // The customer said no, at whatever address.
        Assert.Null(await compose.RunAsync(invoice, "other@example.com", "es", CancellationToken.None));
        var consent = await http.GetFromJsonAsync<ConsentBody>("/v1/customers/17850/consent", Wire.Tolerant);
        Assert.False(consent!.Granted);
        Assert.Equal([false, true], consent.History.Select(word => word.Granted));
        await ConsentAsync(http, "17850", granted: true);
        Assert.NotNull(await compose.RunAsync(invoice, "cliente@example.com", "es", CancellationToken.None));
        using var forged = await delivery.Http.PostAsync(link[..^8] + "AAAAAAAA", null);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
        Assert.Contains("DEL-CONSENT-02", await forged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_sends_is_refused_by_code_and_another_seller_sees_nothing()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);
        using var other = delivery.As("otro");
        await KeepCampaignAsync(http, "c1", "{}");
        await ConsentAsync(http, "17850", granted: true);
        const string consent = "/v1/customers/17850/consent";
        (HttpClient Client, HttpMethod Method, string Address, string? Body, int Status, string Code)[] cases =
        [
            (http, HttpMethod.Put, consent, "{", 400, "BODY-01"),
            (http, HttpMethod.Put, consent, """{"purpose":"offers"}""", 422, "BODY-02"),
            (http, HttpMethod.Put, consent, """{"purpose":"offers","granted":true,"source":"x","more":1}""", 422, "BODY-02"),
            (http, HttpMethod.Put, consent, """{"purpose":"spam","granted":true,"source":"x"}""", 422, "DEL-CONSENT-01"),
            (http, HttpMethod.Put, consent, """{"purpose":"offers","granted":true,"source":"a\u0000b"}""", 422, "DEL-CONSENT-01"),
            (http, HttpMethod.Put, consent, """{"purpose":"offers","granted":true,"source":"x","email":"no"}""", 422, "DEL-CONSENT-01"),
            (
                http,
                HttpMethod.Put,
                consent,
                """{"purpose":"offers","granted":true,"source":"x","at":"9999-12-31T23:59:59Z"}""",
                422,
                "DEL-CONSENT-01"
            ),
            (http, HttpMethod.Put, consent, """{"purpose":"offers","granted":true,"source":"\ud800"}""", 422, "BODY-02"),
            (http, HttpMethod.Get, consent + "?limit=201", null, 400, "QUERY-01"),
            (http, HttpMethod.Get, consent + "?cursor=-1", null, 400, "QUERY-01"),
            (reader, HttpMethod.Put, consent, """{"purpose":"offers","granted":true,"source":"x"}""", 403, "AUTH-03"),
            (http, HttpMethod.Put, "/v1/campaigns/a%20b", Campaign("{}"), 422, "DEL-CAMPAIGN-02"),
            (http, HttpMethod.Put, "/v1/campaigns/c2", Campaign("""{"holdOutPercent":"99999999999999999999"}"""), 422, "DEL-CAMPAIGN-02"),
            (http, HttpMethod.Get, "/v1/campaigns/none", null, 404, "DEL-CAMPAIGN-01"),
            (http, HttpMethod.Get, "/v1/campaigns/none/results", null, 404, "DEL-CAMPAIGN-01"),
            (other, HttpMethod.Get, "/v1/campaigns/c1", null, 404, "DEL-CAMPAIGN-01"),
            (other, HttpMethod.Get, "/v1/campaigns/c1/results", null, 404, "DEL-CAMPAIGN-01"),
            (http, HttpMethod.Get, "/v1/campaigns?cursor=!!", null, 400, "QUERY-01"),
            (http, HttpMethod.Get, "/v1/coupons/misused?cursor=YWJj", null, 400, "QUERY-01"),
            (http, HttpMethod.Post, "/v1/coupons/none/reservations", """{"saleId":"S1"}""", 404, "DEL-COUPON-01"),
            (http, HttpMethod.Post, "/v1/coupons/none/reservations", """{"saleId":""}""", 422, "DEL-COUPON-08"),
            (http, HttpMethod.Post, "/v1/coupons/none/reservations", """{"saleId":"S1","total":"-1"}""", 422, "DEL-COUPON-08"),
            (http, HttpMethod.Delete, "/v1/coupons/none/reservations/S1", null, 404, "DEL-COUPON-01"),
            (delivery.Http, HttpMethod.Post, "/v1/coupons/none/reservations", """{"saleId":"S1"}""", 401, "AUTH-01"),
            (delivery.Http, HttpMethod.Get, "/v1/consent/withdrawals/x", null, 404, "DEL-CONSENT-02"),
        ];
        foreach (var (client, method, address, body, status, code) in cases)
        {
            using var request = new HttpRequestMessage(method, address);
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            }

            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(
                (int)answer.StatusCode == status && text.Contains(code, StringComparison.Ordinal),
                $"{method} {address} {body}: {(int)answer.StatusCode} {text}"
            );
        }

        Assert.False((await other.GetFromJsonAsync<ConsentBody>(consent, Wire.Tolerant))!.Granted);
        Assert.Empty((await other.GetFromJsonAsync<CampaignPage>("/v1/campaigns", Wire.Tolerant))!.Campaigns);
        Assert.True((await http.GetFromJsonAsync<ConsentBody>(consent, Wire.Tolerant))!.Granted);
    }

    [Fact]
    public async Task Campaigns_are_kept_changed_and_listed_page_by_page()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        foreach (var id in new[] { "c3", "c1", "c2" })
        {
            Assert.Equal(HttpStatusCode.Created, await KeepCampaignAsync(http, id, "{}"));
        }

        Assert.Equal(HttpStatusCode.OK, await KeepCampaignAsync(http, "c2", """{"name":"Otra","coupon":{"amount":"5","prefix":"ab"}}"""));
        var seen = new List<Campaign>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = (await http.GetFromJsonAsync<CampaignPage>($"/v1/campaigns?limit=2{cursor}", Wire.Tolerant))!;
            seen.AddRange(page.Campaigns);
            cursor = page.NextCursor is { } next ? $"&cursor={next}" : null;
        }

        Assert.Equal(["c1", "c2", "c3"], seen.Select(campaign => campaign.CampaignId));
        var changed = await http.GetFromJsonAsync<Campaign>("/v1/campaigns/c2", Wire.Tolerant);
        Assert.Equal(("Otra", "AB", 5m), (changed!.Rules.Name, changed.Rules.Coupon!.Prefix, changed.Rules.Coupon.Amount));
    }

    [Fact]
    public async Task A_budget_of_impressions_is_never_exceeded_and_a_mail_written_again_takes_nothing_more()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await KeepCampaignAsync(http, "c1", """{"holdOutPercent":"0","budget":{"impressions":5}}""");
        var compose = delivery.Services.GetRequiredService<ComposeOffers>();
        var invoices = Enumerable.Range(0, 20).Select(i => Invoice($"k{i}", $"k{i}@example.com")).ToArray();
        await Task.WhenAll(invoices.Select((_, i) => ConsentAsync(http, $"k{i}", granted: true)));

        // Each is written three times at once, as by senders that took it from each other.
        var blocks = await Task.WhenAll(
            invoices
                .SelectMany((invoice, i) => Enumerable.Repeat((invoice, $"k{i}@example.com"), 3))
                .Select(async each =>
                    (each.invoice.InvoiceId, await compose.RunAsync(each.invoice, each.Item2, "es", CancellationToken.None))
                )
        );

        var carrying = blocks.Where(each => each.Item2 is not null).Select(each => each.InvoiceId).ToHashSet();
        Assert.InRange(carrying.Count, 1, 5);
        var campaign = await http.GetFromJsonAsync<Campaign>("/v1/campaigns/c1", Wire.Tolerant);
        Assert.Equal(5, campaign!.Impressions);
        // What it was counted for still carries it, and nothing else does.
        var later = await Task.WhenAll(
            invoices.Select((invoice, i) => compose.RunAsync(invoice, $"k{i}@example.com", "es", CancellationToken.None))
        );
        Assert.Equal(5, later.Count(block => block is not null));
        await using var connection = await delivery.Database.OpenConnectionAsync();
        Assert.Equal(5, await connection.ExecuteScalarAsync<int>("select count(*)::int from impression"));
        Assert.Equal(5, await connection.ExecuteScalarAsync<int>("select count(*)::int from assignment"));
    }

    [Fact]
    public async Task Who_is_held_out_is_written_down_and_shown_no_campaign()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await KeepCampaignAsync(http, "c1", """{"holdOutPercent":"50","coupon":{"amount":"5"}}""");
        var compose = delivery.Services.GetRequiredService<ComposeOffers>();
        var blocks = new List<OfferBlock?>();
        for (var i = 0; i < 60; i++)
        {
            await ConsentAsync(http, $"k{i}", granted: true);
            blocks.Add(await compose.RunAsync(Invoice($"k{i}", $"k{i}@example.com"), $"k{i}@example.com", "es", CancellationToken.None));
        }

        var expected = Enumerable.Range(0, 60).Select(i => CampaignChoice.IsHeldOut(Seller, "c1", $"c:k{i}", 50m)).ToArray();
        Assert.Equal(expected, blocks.Select(block => block is null));
        var results = await http.GetFromJsonAsync<CampaignResults>("/v1/campaigns/c1/results", Wire.Tolerant);
        var held = expected.Count(each => each);
        Assert.Equal(
            (held, 60 - held, 60 - held),
            ((int)results!.HeldOut.Customers, (int)results.Exposed.Customers, (int)results.CouponsGiven)
        );
        // The rules may change; who was assigned stays.
        await KeepCampaignAsync(http, "c1", """{"holdOutPercent":"0","coupon":{"amount":"5"}}""");
        var first = Array.IndexOf(expected, true);
        var email = $"k{first}@example.com";
        Assert.Null(await compose.RunAsync(Invoice($"k{first}", email), email, "es", CancellationToken.None));
    }

    [Fact]
    public async Task Of_sales_that_reserve_one_coupon_at_once_one_gets_it()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        var code = await CouponAsync(delivery, http, """{"holdOutPercent":"0","coupon":{"amount":"5"}}""");
        var address = $"/v1/coupons/{code.ToLowerInvariant()}/reservations";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => ReserveAsync(http, address, $"S{i}", "30.00")));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => answers[i].Status == HttpStatusCode.Created);
        Assert.Equal(15, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
        var again = await ReserveAsync(http, address, $"S{winner}", "30.00");
        Assert.Equal((HttpStatusCode.OK, answers[winner].Id), (again.Status, again.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"{address}/other")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await ReserveAsync(http, address, "S99", "30.00")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"{address}/S{winner}")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ReserveAsync(http, address, "S99", "30.00")).Status);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update coupon set reserved_until = now() - interval '1 minute'");
        Assert.Equal(HttpStatusCode.Created, (await ReserveAsync(http, address, "S100", "30.00")).Status);
        using var other = delivery.As("otro");
        Assert.Equal(HttpStatusCode.NotFound, (await ReserveAsync(other, address, "S1", "30.00")).Status);
    }

    [Fact]
    public async Task A_budget_of_discount_is_never_exceeded_by_reservations_at_once()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await CouponAsync(delivery, http, """{"holdOutPercent":"0","budget":{"discount":"12"},"coupon":{"amount":"5"}}""", customers: 8);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        var codes = (await connection.QueryAsync<string>("select code from coupon order by code")).ToArray();
        Assert.Equal(8, codes.Length);

        var answers = await Task.WhenAll(codes.Select((code, i) => ReserveAsync(http, $"/v1/coupons/{code}/reservations", $"S{i}", "30")));

        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(6, answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(10m, await connection.ExecuteScalarAsync<decimal>("select sum(held) from coupon"));
    }

    [Fact]
    public async Task A_coupon_is_redeemed_once_by_the_invoice_that_names_it_and_no_sale_is_refused_for_it()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        var code = await CouponAsync(delivery, http, """{"holdOutPercent":"0","coupon":{"amount":"5"}}""");
        var address = $"/v1/coupons/{code}/reservations";
        await ReserveAsync(http, address, "S1", "30.00");
        var used = Using(code, "S1");

        await delivery.PublishAsync(used);
        // The same invoice, told by another event.
        await delivery.PublishAsync(used with { EventId = EventId.New() });
        await Eventually.EqualAsync(
            1L,
            async () => (await http.GetFromJsonAsync<CampaignResults>("/v1/campaigns/c1/results", Wire.Tolerant))!.CouponsRedeemed,
            "coupons redeemed"
        );
        await delivery.PublishAsync(Using(code, "S2"));
        await delivery.PublishAsync(Using("OTOÑO", "S3"));

        await Eventually.EqualAsync(
            "redeemed-twice S2 5",
            async () =>
            {
                var page = (await http.GetFromJsonAsync<MisusedCouponPage>("/v1/coupons/misused", Wire.Tolerant))!;
                return string.Join(
                    ", ",
                    page.Coupons.Select(each =>
                        string.Create(CultureInfo.InvariantCulture, $"{each.Reason} {each.SaleId} {each.Amount:0.##}")
                    )
                );
            },
            "coupons misused"
        );
        var results = await http.GetFromJsonAsync<CampaignResults>("/v1/campaigns/c1/results", Wire.Tolerant);
        Assert.Equal((1L, 5m), (results!.CouponsRedeemed, results.Discount));
        var again = await ReserveAsync(http, address, "S1", "30.00");
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(HttpStatusCode.Conflict, (await ReserveAsync(http, address, "S2", "30.00")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await http.DeleteAsync($"{address}/S1")).StatusCode);
        using var other = delivery.As("otro");
        Assert.Empty((await other.GetFromJsonAsync<MisusedCouponPage>("/v1/coupons/misused", Wire.Tolerant))!.Coupons);
    }

    [Fact]
    public async Task Many_invoices_that_name_one_coupon_at_once_redeem_it_once()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        var code = await CouponAsync(delivery, http, """{"holdOutPercent":"0","coupon":{"amount":"5"}}""");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => delivery.PublishAsync(Using(code, $"S{i}"))));

        // One was used without a reservation, eleven more after it.
        await Eventually.EqualAsync(
            12,
            async () => (await http.GetFromJsonAsync<MisusedCouponPage>("/v1/coupons/misused", Wire.Tolerant))!.Coupons.Count,
            "coupons misused"
        );
        var misused = (await http.GetFromJsonAsync<MisusedCouponPage>("/v1/coupons/misused", Wire.Tolerant))!.Coupons;
        Assert.Single(misused, each => each.Reason == "without-reservation");
        Assert.Equal(11, misused.Count(each => each.Reason == "redeemed-twice"));
        var results = await http.GetFromJsonAsync<CampaignResults>("/v1/campaigns/c1/results", Wire.Tolerant);
        Assert.Equal((1L, 5m), (results!.CouponsRedeemed, results.Discount));
        var first = (await http.GetFromJsonAsync<MisusedCouponPage>("/v1/coupons/misused?limit=5", Wire.Tolerant))!;
        var rest = $"/v1/coupons/misused?limit=200&cursor={first.NextCursor}";
        var second = (await http.GetFromJsonAsync<MisusedCouponPage>(rest, Wire.Tolerant))!;
        Assert.Equal(misused.Select(each => each.InvoiceId), first.Coupons.Concat(second.Coupons).Select(each => each.InvoiceId));
    }

    [Fact]
    public async Task Results_count_what_each_group_bought_afterwards_without_returns_and_cancellations()
    {
        await using var neighbours = await StartedAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, Nowhere);
        using var http = delivery.As(Seller.Value);
        await KeepCampaignAsync(http, "c1", """{"measureDays":10}""");
        var assigned = new DateTimeOffset(2026, 11, 10, 0, 0, 0, TimeSpan.Zero);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into assignment (seller_id, campaign_id, customer, held_out, assigned_at, invoice_id)
            select 'nandu', 'c1', 'c:k' || i, i > 3, '2026-11-10 00:00:00+00', gen_random_uuid() from generate_series(1, 6) as t (i)
            """
        );
        // A corrective invoice that is heard before what it corrects.
        var first = Bought("k1", assigned.AddDays(1));
        await delivery.PublishAsync(Back(first, 84m));
        await delivery.PublishAsync(first);
        var returned = Bought("k2", assigned.AddDays(2));
        await delivery.PublishAsync(returned);
        await delivery.PublishAsync(Back(returned, 484m));
        var cancelled = Bought("k3", assigned.AddDays(3));
        await delivery.PublishAsync(cancelled);
        await delivery.PublishAsync(
            new InvoiceCancelled
            {
                EventId = EventId.New(),
                SellerId = Seller,
                InvoiceId = cancelled.InvoiceId,
                Number = cancelled.Number,
                CancelledAt = assigned,
            }
        );
        await delivery.PublishAsync(Bought("k4", assigned.AddDays(-1)));
        await delivery.PublishAsync(Bought("k5", assigned.AddDays(11)));
        await delivery.PublishAsync(Bought("k6", assigned.AddDays(10)));
        await Eventually.EqualAsync(
            (6, 2, 1),
            async () =>
                (
                    await connection.ExecuteScalarAsync<int>("select count(*)::int from purchase"),
                    await connection.ExecuteScalarAsync<int>("select count(*)::int from purchase_return"),
                    await connection.ExecuteScalarAsync<int>("select count(*)::int from purchase_cancelled")
                ),
            "purchases, returns and cancellations heard"
        );

        var results = await http.GetFromJsonAsync<CampaignResults>("/v1/campaigns/c1/results", Wire.Tolerant);

        Assert.Equal((3L, 1L, 400m), (results!.Exposed.Customers, results.Exposed.Conversions, results.Exposed.Spend));
        Assert.Equal((3L, 1L, 484m), (results.HeldOut.Customers, results.HeldOut.Conversions, results.HeldOut.Spend));
        Assert.Equal(0m, results.ConversionUplift!.Value);
        Assert.True(results.ConversionUplift.Low < 0m && results.ConversionUplift.High > 0m);
        Assert.Equal(-28m, results.SpendUplift!.Value);
    }

    private static async Task<Neighbourhood> StartedAsync()
    {
        var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        return neighbours;
    }

    private static ConsentWord Any(Random random, string customer, string email)
    {
        var granted = random.Next(3) > 0;
        var at = Start.AddMinutes(random.Next(5));
        // What names no customer can only be a no: a link or a complaint.
        var isByAddress = !granted && random.Next(2) == 0;
        return new ConsentWord
        {
            CustomerId = isByAddress ? null : CustomerId.Of(customer),
            Email = isByAddress
                ? email
                : random.Next(3) switch
                {
                    0 => null,
                    1 => email,
                    _ => $"other-{email}",
                },
            Purpose = ConsentPurpose.Offers,
            Granted = granted,
            Source = "test",
            At = at,
            RecordedAt = at,
        };
    }

    private static InvoiceIssued Invoice(string customer, string email)
    {
        var invoice = SampleInvoice.Of(Seller, 1, email: email);
        return invoice with
        {
            Buyer = invoice.Buyer! with { CustomerId = CustomerId.Of(customer) },
            Contact = invoice.Contact! with { CustomerId = CustomerId.Of(customer) },
        };
    }

    private static InvoiceIssued Bought(string customer, DateTimeOffset at) =>
        Invoice(customer, $"{customer}@example.com") with
        {
            IssuedAt = at,
            Contact = new InvoiceContact { CustomerId = CustomerId.Of(customer) },
        };

    private static InvoiceIssued Back(InvoiceIssued original, decimal amount) =>
        original with
        {
            EventId = EventId.New(),
            InvoiceId = InvoiceId.New(),
            Kind = InvoiceKind.Corrective,
            Corrects = [new InvoiceReference { InvoiceId = original.InvoiceId, Number = original.Number }],
            Correction = new InvoiceCorrection { Reason = "R1", Method = CorrectionMethod.Differences },
            Totals = original.Totals with { TotalWithVat = -amount },
        };

    private static InvoiceIssued Using(string code, string sale)
    {
        var invoice = SampleInvoice.Of(Seller, 1, email: null);
        return invoice with
        {
            SaleIds = [SaleId.Of(sale)],
            Allowances =
            [
                new InvoiceAllowanceBody
                {
                    Amount = 4.13m,
                    GrossAmount = 5m,
                    Coupon = code,
                },
            ],
        };
    }

    private static string Campaign(string change)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["name"] = "Campaña",
            ["from"] = today.AddDays(-2).ToString("O", CultureInfo.InvariantCulture),
            ["to"] = today.AddDays(30).ToString("O", CultureInfo.InvariantCulture),
            ["texts"] = System.Text.Json.Nodes.JsonNode.Parse("""{"es":{"title":"10 % en velas","text":"Solo para ti."}}"""),
        };
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return body.ToJsonString();
    }

    private static async Task<HttpStatusCode> KeepCampaignAsync(HttpClient http, string id, string change)
    {
        using var content = new StringContent(Campaign(change), Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync($"/v1/campaigns/{id}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.StatusCode;
    }

    private static async Task ConsentAsync(HttpClient http, string customer, bool granted)
    {
        using var answer = await http.PutAsJsonAsync(
            $"/v1/customers/{customer}/consent",
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

    /// <summary>A campaign c1 whose coupons so many customers have been given; the first one's code.</summary>
    private static async Task<string> CouponAsync(ServiceHost delivery, HttpClient http, string change, int customers = 1)
    {
        await KeepCampaignAsync(http, "c1", change);
        var compose = delivery.Services.GetRequiredService<ComposeOffers>();
        var codes = new List<string>();
        for (var i = 0; i < customers; i++)
        {
            await ConsentAsync(http, $"k{i}", granted: true);
            var block = await compose.RunAsync(Invoice($"k{i}", $"k{i}@example.com"), $"k{i}@example.com", "es", CancellationToken.None);
            codes.Add(Assert.Single(block!.Offers).Code!);
        }

        return codes[0];
    }

    private static async Task<(HttpStatusCode Status, Guid? Id)> ReserveAsync(HttpClient http, string address, string sale, string total)
    {
        using var content = new StringContent(JsonSerializer.Serialize(new { saleId = sale, total }), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(address, content);
        return (
            answer.StatusCode,
            answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<CouponReservation>(Wire.Tolerant))!.ReservationId : null
        );
    }
}
