using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>What a customer asks for itself through the portal, held to the address that it proved.</summary>
public sealed class CustomersTests(Infrastructure infra)
{
    private const string Ana = "ana@example.com";

    [Fact]
    public async Task A_customer_finds_by_product_accent_amount_day_and_shop_and_only_among_its_own()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ham = await shop.IssueAsync(To(Ana, Named("A-1", "Jamón ibérico", "40.00")));
        var candle = await shop.IssueAsync(To(Ana, Named("A-2", "Portavelas", "9.95")));
        await shop.IssueAsync(To("berta@example.com", Named("A-3", "Jamón de Teruel", "25.00")));
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer("Ana@Example.com"));

        async Task<string[]> FoundAsync(string? q, Action<FindMine>? more = null)
        {
            var wish = new FindMine { Limit = 10 };
            if (q is not null)
            {
                wish.Q = q;
            }

            more?.Invoke(wish);
            return [.. (await customers.FindAsync(wish, me)).Invoices.Select(each => BodyOf(each).Number)];
        }

        Assert.Equal([candle.Number, ham.Number], await FoundAsync(null));
        Assert.Equal([ham.Number], await FoundAsync("jamon"));
        Assert.Equal([ham.Number], await FoundAsync("IBÉRICO jam"));
        Assert.Equal([candle.Number], await FoundAsync("9,95"));
        Assert.Equal([candle.Number], await FoundAsync("19.90 €"));
        Assert.Equal([candle.Number, ham.Number], await FoundAsync("23/11/2026"));
        Assert.Equal([candle.Number, ham.Number], await FoundAsync("nandu S01"));
        Assert.Equal([ham.Number], await FoundAsync(ham.Number));
        Assert.Empty(await FoundAsync("jamon 9,95"));
        Assert.Empty(await FoundAsync("teruel"));
        Assert.Empty(await FoundAsync("lineNetAmount"));
        Assert.Empty(await FoundAsync(null, wish => wish.SellerId = "faro"));
        Assert.Empty(await FoundAsync(null, wish => wish.To = "2026-11-22"));
        Assert.Equal(2, (await FoundAsync(null, wish => wish.UnpaidAtIssue = true)).Length);
        var first = await customers.FindAsync(new FindMine { Limit = 1 }, me);
        Assert.Equal([ham.Number], await FoundAsync(null, wish => wish.Cursor = first.NextCursor));
    }

    [Fact]
    public async Task Only_a_customer_asks_here_neither_staff_nor_the_seller_nor_another_service_without_an_address()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        foreach (var behalf in new[] { OnBehalfOf.System, OnBehalfOf.Seller(SellerId.Of(Shop.Seller)) })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await customers.FindAsync(new FindMine(), shop.Host.CallAs("portal", behalf))
            );
            Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Spending_takes_returns_off_and_counts_a_ticket_once()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer(Ana));
        await shop.IssueAsync(To(Ana, Shop.Sale("A-1")));
        await shop.IssueAsync(To(Ana, Shop.Return("A-2", "A-1", "-1")));
        var ticket = await shop.IssueAsync(To(Ana, Shop.Sale("A-3", "33.00", "1"), identified: false));
        var cancelled = await shop.IssueAsync(To(Ana, Shop.Sale("A-4", "100.00", "1")));
        await shop.ActAsync($"/v1/invoices/{cancelled.InvoiceId}/cancellation", """{"reason":"Twice"}""");
        await customers.ClaimAsync(Claim("k1", new HeldTicket { InvoiceId = ticket.InvoiceId.ToString() }), me);

        var spent = await customers.SpendingAsync(new GetSpending { From = "2026-01-01", To = "2026-12-31" }, me);

        var month = Assert.Single(spent.Months);
        Assert.Equal(("2026-11", "EUR", Shop.Seller), (month.Month, month.Currency, month.SellerId));
        Assert.Equal(42.95m, decimal.Parse(month.Total, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Whoever_holds_a_ticket_gets_its_full_invoice_once_and_sees_it_from_then_on()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer(Ana));
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var held = Held(ticket);

        var seen = await customers.TicketsAsync(new HeldTickets { Tickets = { held }, Language = "es" }, me);
        Assert.Equal(ticket.Number, BodyOf(seen.Tickets.Single().Invoice).Number);
        Assert.Null(seen.Tickets.Single().Refusal);

        var first = await customers.ClaimAsync(Claim("k1", held), me);
        var again = await customers.ClaimAsync(Claim("k1", held), me);
        var full = BodyOf(first.Invoice);
        Assert.Equal(("F3", "12345678Z", 19.90m), (full.Fiscal.RecordType, full.Buyer!.TaxId, full.Totals.TotalWithVat));
        Assert.Equal(full.InvoiceId, BodyOf(again.Invoice).InvoiceId);
        Assert.Equal(full.Number, BodyOf((await customers.FindAsync(new FindMine(), me)).Invoices.Single()).Number);

        var twice = await customers.ClaimAsync(Claim("k2", held), me);
        Assert.Null(twice.Invoice);
        Assert.Equal("INV-EXCHANGE-02", twice.Refusals.Single().Code);
        Assert.Contains(full.Number, twice.Refusals.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_is_found_by_all_that_is_printed_on_it_and_who_guesses_is_stopped()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var mine = await shop.IssueAsync(To(Ana, Shop.Sale("A-2"), identified: false));
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer(Ana));
        var thief = shop.Host.CallAs("portal", OnBehalfOf.Customer("thief@example.com"));
        var wrong = new Action<HeldTicket>[]
        {
            held => held.Number += "9",
            held => held.Total = "19.91",
            held => held.Date = "2026-11-22",
            held => held.SellerTaxId = "A58818501",
            held => held.ClearTotal(),
        };
        foreach (var change in wrong)
        {
            var held = Held(ticket);
            change(held);
            var seen = await customers.TicketsAsync(new HeldTickets { Tickets = { held }, Language = "en" }, me);
            Assert.Equal("INV-CUSTOMER-01", seen.Tickets.Single().Refusal.Code);
            Assert.Null(seen.Tickets.Single().Invoice);
        }

        // Another's mailed ticket is not had by its id.
        var byId = new HeldTicket { InvoiceId = mine.InvoiceId.ToString() };
        var stolen = await customers.TicketsAsync(new HeldTickets { Tickets = { byId } }, thief);
        Assert.Null(stolen.Tickets.Single().Invoice);

        var guess = Held(ticket);
        guess.Total = "1.00";
        for (var i = 0; i < 29; i++)
        {
            await customers.TicketsAsync(new HeldTickets { Tickets = { guess } }, thief);
        }

        var stopped = await Assert.ThrowsAsync<RpcException>(async () =>
            await customers.TicketsAsync(new HeldTickets { Tickets = { Held(ticket) } }, thief)
        );
        Assert.Equal((StatusCode.ResourceExhausted, "INV-CUSTOMER-02"), (stopped.StatusCode, stopped.Trailers.GetValue("fault-code")));
        shop.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await customers.TicketsAsync(new HeldTickets { Tickets = { Held(ticket) } }, thief)).Tickets.Single().Invoice);
    }

    [Fact]
    public async Task A_buyers_own_name_is_put_right_by_a_corrective_invoice_of_the_same_amounts()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var sale = Shop.SaleTo("A-1");
        sale["lines"]![0]!["allowances"] = JsonNode.Parse("""[{"amount":"1.00","reason":"Promoción"}]""");
        sale["allowances"] = JsonNode.Parse("""[{"amount":"2.00","reason":"Cupón"}]""");
        var wrong = await shop.IssueAsync(sale);
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer("c17850@example.com"));
        BuyerCorrection Right(string name, string taxId = "00017850W") =>
            new()
            {
                InvoiceId = wrong.InvoiceId.ToString(),
                Key = name.Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Language = "es",
                Buyer = new Buyer
                {
                    Name = name,
                    TaxId = taxId,
                    Address = new RetailInvoicing.Contracts.Grpc.Invoicing.Address
                    {
                        Line1 = "Calle Mayor 1",
                        PostalCode = "28013",
                        City = "Madrid",
                        Region = "Madrid",
                    },
                },
            };

        async Task<string> RefusedAsync(BuyerCorrection asked) => (await customers.CorrectBuyerAsync(asked, me)).Refusals.First().Code;

        Assert.Equal("INV-CUSTOMER-05", await RefusedAsync(Right("Customer 17850")));
        Assert.Equal("INV-CUSTOMER-04", await RefusedAsync(Right("Somebody else", "12345678Z")));
        var done = await customers.CorrectBuyerAsync(Right("Cristina Sol"), me);
        var again = await customers.CorrectBuyerAsync(Right("Cristina Sol"), me);

        Assert.Empty(done.Refusals);
        var right = BodyOf(done.Invoice);
        Assert.Equal(right.InvoiceId, BodyOf(again.Invoice).InvoiceId);
        Assert.Equal(("R4", CorrectionMethod.Substitution), (right.Fiscal.RecordType, right.Correction!.Method));
        Assert.Equal(("Cristina Sol", "00017850W"), (right.Buyer!.Name, right.Buyer.TaxId));
        Assert.Equal(
            (wrong.Totals.TotalWithVat, wrong.Totals.VatTotal, 0m),
            (right.Totals.TotalWithVat, right.Totals.VatTotal, right.Totals.AmountDue)
        );
        Assert.Equal(wrong.Number, right.Corrects.Single().Number);
        Assert.Equal("INV-CUSTOMER-06", await RefusedAsync(Right("Cristina Sol Ruiz")));
        var stranger = shop.Host.CallAs("portal", OnBehalfOf.Customer("other@example.com"));
        var hidden = await Assert.ThrowsAsync<RpcException>(async () => await customers.CorrectBuyerAsync(Right("X Y"), stranger));
        Assert.Equal(StatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task Who_is_forgotten_is_reached_no_more_and_the_invoice_stays_as_the_law_wants_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);
        var paid = await shop.IssueAsync(To(Ana, Shop.Sale("A-1")));
        var open = await shop.IssueAsync(To(Ana, Shop.Sale("A-2")));
        var others = await shop.IssueAsync(To("berta@example.com", Shop.Sale("A-3")));
        var me = shop.Host.CallAs("portal", OnBehalfOf.Customer(Ana));

        var done = await customers.ForgetAsync(new ForgetRequest { ButInvoiceIds = { open.InvoiceId.ToString() } }, me);

        Assert.Equal((1, 1), (done.Forgotten_, done.Kept));
        var left = await shop.ReadAsync(paid.InvoiceId);
        Assert.Null(left.Contact);
        Assert.Equal(("Ana Sol", "12345678Z", (string?)null), (left.Buyer!.Name, left.Buyer.TaxId, left.Buyer.Email));
        Assert.Equal(Ana, (await shop.ReadAsync(open.InvoiceId)).Contact!.Email);
        Assert.Equal("berta@example.com", (await shop.ReadAsync(others.InvoiceId)).Contact!.Email);
        Assert.Equal(open.Number, BodyOf((await customers.FindAsync(new FindMine(), me)).Invoices.Single()).Number);
    }

    private static JsonObject Named(string saleId, string name, string price)
    {
        var sale = Shop.Sale(saleId, price);
        sale["lines"]![0]!["name"] = name;
        sale["lines"]![0]!["sku"] = $"SKU-{saleId}";
        return sale;
    }

    private static JsonObject To(string email, JsonObject sale, bool identified = true)
    {
        sale["buyer"] = JsonNode.Parse(
            identified
                ? $$"""{"name":"Ana Sol","taxId":"12345678Z","email":"{{email}}","language":"es"}"""
                : $$"""{"email":"{{email}}","language":"es"}"""
        );
        return sale;
    }

    private static HeldTicket Held(InvoiceBody ticket) =>
        new()
        {
            SellerTaxId = "b-12345674",
            Number = ticket.Number,
            Date = ticket.IssueDate.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            Total = ticket.Totals.TotalWithVat.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };

    private static ClaimRequest Claim(string key, params HeldTicket[] tickets) =>
        new()
        {
            Key = key,
            Language = "es",
            Tickets = { tickets },
            Buyer = new Buyer { Name = "Ana Sol", TaxId = "12345678Z" },
        };

    private static InvoiceBody BodyOf(Invoice invoice) => JsonSerializer.Deserialize<InvoiceBody>(invoice.Body.Span, Wire.Tolerant)!;
}
