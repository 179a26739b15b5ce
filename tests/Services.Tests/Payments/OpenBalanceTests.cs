using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using RabbitMQ.Client;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class OpenBalanceTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_sale_paid_at_the_till_is_received_allocated_and_told_as_paid_once()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await using var received = await host.ListenAsync(PaymentReceived.Exchange);
        await using var allocated = await host.ListenAsync(PaymentAllocated.Exchange);
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        using var http = host.As("s1");
        // 100 for the invoice in cash and by card, and a deposit of 50 on the card, which is no part of the invoice.
        var sale = Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Cash, 60m), Shop.Paid(PaymentMeans.Card, 90m)], paidAmount: 100m);
        await host.HearAsync(sale);
        await host.HearAsync(sale with { EventId = EventId.New() });

        Assert.Equal([60m, 90m], (await received.AtLeastAsync<PaymentReceived>(2)).Select(each => each.Amount));
        Assert.Equal(
            [(60m, 40m, 2L), (40m, 0m, 3L)],
            (await allocated.AtLeastAsync<PaymentAllocated>(2)).Select(each => (each.Amount, each.AmountDue, each.BalanceVersion))
        );
        Assert.Equal(sale.InvoiceId, Assert.Single(await paid.AtLeastAsync<InvoicePaid>(1)).InvoiceId);
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(sale.InvoiceId));
        var trial = (await http.GetAsync("/v1/ledger/trial-balance").JsonAsync(200)).GetProperty("accounts");
        Assert.Equal(
            [
                "non-sale-items -50.00",
                "receivable 0.00",
                "sales-clearing -100.00",
                "till:card 90.00",
                "till:cash 60.00",
                "unallocated 0.00",
            ],
            trial.EnumerateArray().Select(row => $"{row.Text("account")} {row.Text("balance")}")
        );
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task An_open_invoice_is_due_a_zero_one_is_paid_and_an_exchange_asks_for_nothing()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var open = await host.HearAsync(Shop.Invoice("s1", 121m));
        var zero = await host.HearAsync(Shop.Invoice("s1", 0m));
        var exchange = await host.HearAsync(Shop.Invoice("s1", 121m, [Shop.Paid(PaymentMeans.Card, 121m)], kind: InvoiceKind.Exchange));

        Assert.Equal("paid 0.00, refunded 0.00, due 121.00", await http.StandAsync(open.InvoiceId));
        Assert.Equal("paid 0.00, refunded 0.00, due 0.00", await http.StandAsync(exchange.InvoiceId));
        Assert.Equal(
            [zero.InvoiceId.Value],
            (await host.ListAsync<string>("select body from event where name = 'payments.invoice-paid.v1'")).Select(body =>
                JsonSerializer.Deserialize<InvoicePaid>(body, Wire.Tolerant)!.InvoiceId.Value
            )
        );
        Assert.Equal("121.00", (await http.BalanceAsync(open.InvoiceId)).Text("totalWithVat"));
        Assert.Equal("0.00", (await http.BalanceAsync(open.InvoiceId)).Text("inFlight"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_returns_credit_goes_to_its_original_and_the_rest_stays_the_customers_whichever_comes_first(bool originalFirst)
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        // 100, of which 80 were paid at the till; 30 worth of it comes back: 20 are no longer owed, 10 are the customer's.
        var original = Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Card, 80m)]);
        var corrective = Shop.Invoice("s1", -30m, corrects: original.InvoiceId);
        foreach (var told in originalFirst ? new[] { original, corrective } : [corrective, original])
        {
            await host.HearAsync(told);
        }

        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal("paid -30.00, refunded 0.00, due 0.00", await http.StandAsync(corrective.InvoiceId));
        var left = Assert.Single((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("10.00", "30.00", "credit", "17850", corrective.Number),
            (left.Text("unallocated"), left.Text("amount"), left.Text("means"), left.Text("customerId"), left.Text("reference"))
        );
        // Credit is no money: nothing of it was received.
        Assert.Equal(1L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.payment-received.v1'"));
        Assert.Equal(2L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.invoice-paid.v1'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_return_given_back_on_the_card_leaves_the_original_alone()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        var corrective = await host.HearAsync(Shop.Invoice("s1", -30m, [Shop.Paid(PaymentMeans.Card, -30m)], corrects: original.InvoiceId));

        Assert.Equal("paid 0.00, refunded 0.00, due 100.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal("paid -30.00, refunded 0.00, due 0.00", await http.StandAsync(corrective.InvoiceId));
        Assert.Empty((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task In_whatever_order_and_however_often_events_come_the_balances_are_the_same_and_the_trial_balance_zero()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        var days = new List<(string Seller, InvoiceIssued[] Told, Dictionary<InvoiceId, string> Expected, decimal Left)>();
        var shuffled = new List<InvoiceIssued>();
        var random = new Random(20101201);
        for (var i = 0; i < 40; i++)
        {
            days.Add(Day($"s{i}", random));
            var twice = days[i].Told.Concat(days[i].Told.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(twice);
            shuffled.AddRange(twice);
        }

        await PublishAllAsync(host, shuffled);
        await host.HasHeardAsync([.. days.SelectMany(day => day.Told)]);
        await Eventually.EqualAsync(0u, () => WaitingAsync(host), "messages in the queue");

        foreach (var (seller, _, expected, left) in days)
        {
            using var http = host.As(seller);
            foreach (var (invoice, due) in expected)
            {
                Assert.Equal(due, (await http.BalanceAsync(invoice)).Text("amountDue"));
            }

            Assert.Equal(
                left,
                await host.QueryAsync<decimal>(
                    "select coalesce(sum(unallocated), 0) from payment_balance where seller_id = @Seller",
                    new { Seller = seller }
                )
            );
        }

        Assert.Equal(
            days.Sum(day => day.Expected.Count(each => each.Value == "0.00")),
            await host.QueryAsync<int>("select count(*)::int from event where name = 'payments.invoice-paid.v1'")
        );
        await host.BooksAgreeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_paid_on_a_cancelled_invoice_is_the_customers_whichever_is_told_first(bool invoiceFirst)
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var sale = Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Card, 60m)], paidAmount: 60m);
        var cancelled = new InvoiceCancelled
        {
            EventId = EventId.New(),
            SellerId = sale.SellerId,
            InvoiceId = sale.InvoiceId,
            Number = sale.Number,
            CancelledAt = sale.IssuedAt,
        };
        if (invoiceFirst)
        {
            await host.HearAsync(sale);
            await host.HearAsync(cancelled);
        }
        else
        {
            await host.HearAsync(cancelled);
            await host.HearAsync(sale);
        }

        await host.HearAsync(cancelled with { EventId = EventId.New() });

        Assert.Equal("paid 0.00, refunded 0.00, due 0.00", await http.StandAsync(sale.InvoiceId));
        var unallocated = (await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetRawText();
        Assert.Contains("\"60.00\"", unallocated, StringComparison.Ordinal);
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_cancelled_corrective_invoice_takes_its_credit_back_from_the_original()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        var corrective = await host.HearAsync(Shop.Invoice("s1", -40m, kind: InvoiceKind.Corrective, corrects: original.InvoiceId));
        Assert.Equal("paid 40.00, refunded 0.00, due 60.00", await http.StandAsync(original.InvoiceId));

        await host.HearAsync(
            new InvoiceCancelled
            {
                EventId = EventId.New(),
                SellerId = corrective.SellerId,
                InvoiceId = corrective.InvoiceId,
                Number = corrective.Number,
                CancelledAt = corrective.IssuedAt,
            }
        );

        Assert.Equal("paid 0.00, refunded 0.00, due 100.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal("paid 0.00, refunded 0.00, due 0.00", await http.StandAsync(corrective.InvoiceId));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task What_is_told_of_a_credit_says_the_corrective_invoice_where_it_corrects_this_one_and_says_it_again_when_it_is_undone()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Card, 30m)]));
        var corrective = await host.HearAsync(Shop.Invoice("s1", -20m, corrects: original.InvoiceId));
        // Nobody knows which invoice this one corrects.
        await host.HearAsync(Shop.Invoice("s1", -15m));
        var left = Assert.Single((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        await http.PostAsJsonAsync(
                $"/v1/unallocated/{left.Text("id")}/allocations",
                new { invoiceId = original.InvoiceId.ToString(), amount = "15.00" }
            )
            .JsonAsync(201);
        await host.HearAsync(
            new InvoiceCancelled
            {
                EventId = EventId.New(),
                SellerId = corrective.SellerId,
                InvoiceId = corrective.InvoiceId,
                Number = corrective.Number,
                CancelledAt = corrective.IssuedAt,
            }
        );

        var told = (await host.ListAsync<string>("select body from event where name = 'payments.payment-allocated.v1'"))
            .Select(body => JsonSerializer.Deserialize<PaymentAllocated>(body, Wire.Tolerant)!)
            .Where(each => each.InvoiceId == original.InvoiceId)
            .OrderBy(each => each.BalanceVersion)
            .ToArray();
        Assert.Equal([30m, 20m, 15m, -20m], told.Select(each => each.Amount));
        InvoiceId?[] own = [null, corrective.InvoiceId, null, corrective.InvoiceId];
        Assert.Equal(own, told.Select(each => each.CorrectiveInvoiceId));
        Assert.Equal(Shop.At, told[0].ReceivedAt);
        Assert.All(told.Skip(1), each => Assert.Null(each.ReceivedAt));
    }

    [Fact]
    public async Task Nobody_can_write_a_lopsided_entry_and_the_service_cannot_change_a_line()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        var invoice = await host.HearAsync(Shop.Invoice("s1", 10m));

        var lopsided = await Assert.ThrowsAsync<PostgresException>(() =>
            host.QueryAsync<int>(
                """
                insert into journal_line (seller_id, entry_id, line, account, currency, amount)
                select seller_id, entry_id, 9, 'bank', 'EUR', 5 from journal_entry limit 1
                """
            )
        );
        Assert.Equal(PostgresErrorCodes.CheckViolation, lopsided.SqlState);
        foreach (var table in new[] { "journal_line", "journal_entry", "payment", "allocation", "invoice", "refund", "settlement" })
        {
            foreach (var change in new[] { $"delete from {table}", $"update {table} set seller_id = 'x'" })
            {
                var denied = await Assert.ThrowsAsync<PostgresException>(() => host.QueryAsync<int>($"set role payments_app; {change}"));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
            }
        }

        using var http = host.As("s1");
        Assert.Equal("paid 0.00, refunded 0.00, due 10.00", await http.StandAsync(invoice.InvoiceId));
    }

    /// <summary>A day of one seller: invoices open, half paid or paid, returns of some of them, with what must be open in the end.</summary>
    private static (string, InvoiceIssued[], Dictionary<InvoiceId, string>, decimal) Day(string seller, Random random)
    {
        var (told, expected, left) = (new List<InvoiceIssued>(), new Dictionary<InvoiceId, string>(), 0m);
        for (var i = 0; i < random.Next(2, 5); i++)
        {
            var total = random.Next(100, 20000) / 100m;
            var paid = random.Next(3) switch
            {
                0 => 0m,
                1 => total,
                _ => decimal.Round(total / 3m, 2, MidpointRounding.ToZero),
            };
            var invoice = Shop.Invoice(seller, total, paid == 0m ? [] : [Shop.Paid(PaymentMeans.Card, paid)]);
            told.Add(invoice);
            var credit = 0m;
            for (var returns = random.Next(3); returns > 0; returns--)
            {
                var back = decimal.Round(total * random.Next(1, 50) / 100m, 2, MidpointRounding.ToZero);
                if (back == 0m)
                {
                    continue;
                }

                var onCard = random.Next(3) == 0;
                var corrective = Shop.Invoice(
                    seller,
                    -back,
                    onCard ? [Shop.Paid(PaymentMeans.Card, -back)] : [],
                    corrects: invoice.InvoiceId
                );
                told.Add(corrective);
                expected[corrective.InvoiceId] = "0.00";
                credit += onCard ? 0m : back;
            }

            expected[invoice.InvoiceId] = Math.Max(0m, total - paid - credit).Coins();
            left += Math.Max(0m, credit - (total - paid));
        }

        return (seller, [.. told], expected, left);
    }

    private static async Task PublishAllAsync(ServiceHost host, IEnumerable<InvoiceIssued> told)
    {
        await using var connection = await new ConnectionFactory { Uri = host.Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var each in told)
        {
            await channel.BasicPublishAsync(InvoiceIssued.Exchange, "", JsonSerializer.SerializeToUtf8Bytes(each, Wire.Tolerant));
        }
    }

    private static async Task<uint> WaitingAsync(ServiceHost host)
    {
        await using var connection = await new ConnectionFactory { Uri = host.Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync("payments-open-balance");
    }
}
