using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class RefundPaymentTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_refund_takes_what_is_left_over_first_then_opens_the_invoice_again_and_is_booked_once()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await using var refunded = await host.ListenAsync(PaymentRefunded.Exchange);
        await using var allocated = await host.ListenAsync(PaymentAllocated.Exchange);
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var payment = (await http.PayAsync(invoice, "120.00", "T-1").JsonAsync(201)).Text("paymentId")!;

        var first = await http.RefundAsync(payment, "20.00", "R-1").JsonAsync(201);
        Assert.Equal(first.GetRawText(), (await http.RefundAsync(payment, "20", "R-1").JsonAsync(200)).GetRawText());
        await http.RefundAsync(payment, "21.00", "R-1").RefusedAsync(409, "PAY-REFERENCE-02");
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));

        await http.RefundAsync(payment, "30.00", "R-2").JsonAsync(201);
        Assert.Equal("paid 100.00, refunded 30.00, due 30.00", await http.StandAsync(invoice));
        await http.RefundAsync(payment, "70.01", "R-3").RefusedAsync(422, "PAY-REFUND-01");
        await http.RefundAsync(payment, "0", "R-4").RefusedAsync(422, "PAY-AMOUNT-01");
        await http.RefundAsync(payment, "-1", "R-4").RefusedAsync(422, "PAY-AMOUNT-01");
        await http.RefundAsync("x", "1", "R-4").RefusedAsync(404, "PAY-PAYMENT-01");

        // Paid again, it is settled a second time, and told so.
        await http.PayAsync(invoice, "30.00", "T-2").JsonAsync(201);
        Assert.Equal("paid 130.00, refunded 30.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(
            [(20m, (InvoiceId?)null), (30m, invoice)],
            (await refunded.AtLeastAsync<PaymentRefunded>(2)).Select(each => (each.Amount, each.InvoiceId))
        );
        Assert.Equal(
            [(100m, 0m), (-30m, 30m), (30m, 0m)],
            (await allocated.AtLeastAsync<PaymentAllocated>(3)).Select(each => (each.Amount, each.AmountDue))
        );
        Assert.Equal(2, (await paid.AtLeastAsync<InvoicePaid>(2)).Count);
        await host.BooksAgreeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refund_for_goods_that_came_back_leaves_nothing_open_whether_the_credit_comes_before_or_after(bool creditFirst)
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m));
        var payment = (await http.PayAsync(original.InvoiceId, "100.00", "T-1").JsonAsync(201)).Text("paymentId")!;
        var corrective = Shop.Invoice("s1", -30m, corrects: original.InvoiceId);
        if (creditFirst)
        {
            await host.HearAsync(corrective);
        }

        await http.RefundAsync(payment, "30.00", "R-1").JsonAsync(201);
        if (!creditFirst)
        {
            await host.HearAsync(corrective);
        }

        Assert.Equal("paid 130.00, refunded 30.00, due 0.00", await http.StandAsync(original.InvoiceId));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Credit_of_a_corrective_invoice_can_be_given_back_as_far_as_no_invoice_took_it()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var original = await host.HearAsync(Shop.Invoice("s1", 100m, [Shop.Paid(PaymentMeans.Card, 80m)]));
        await host.HearAsync(Shop.Invoice("s1", -30m, corrects: original.InvoiceId));
        var credit = (await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items")[0].Text("id")!;

        await http.RefundAsync(credit, "10.01", "R-1").RefusedAsync(422, "PAY-REFUND-01");
        await http.RefundAsync(credit, "10.00", "R-1").JsonAsync(201);

        Assert.Empty((await http.GetAsync("/v1/unallocated").JsonAsync(200)).GetProperty("items").EnumerateArray());
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(original.InvoiceId));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Refunds_and_allocations_at_once_never_give_back_more_than_was_received()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var first = (await host.HearAsync(Shop.Invoice("s1", 40m))).InvoiceId;
        var second = (await host.HearAsync(Shop.Invoice("s1", 40m))).InvoiceId;
        var payment = (await http.PayAsync(first, "100.00", "T-1").JsonAsync(201)).Text("paymentId")!;

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(i =>
                    i % 5 == 4
                        ? System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
                            http,
                            $"/v1/unallocated/{payment}/allocations",
                            new { invoiceId = second.ToString(), amount = "5.00" }
                        )
                        : http.RefundAsync(payment, "9.00", $"R-{i}")
                )
        );

        Assert.All(answers, each => Assert.True((int)each.StatusCode is 201 or 422, each.StatusCode.ToString()));
        Assert.Equal(99m, await host.QueryAsync<decimal>("select sum(amount) from refund"));
        Assert.Equal(99m, await host.QueryAsync<decimal>("select sum(refunded) from payment_balance"));
        Assert.Equal(1m, await host.QueryAsync<decimal>("select sum(allocated + unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_provider_is_asked_once_for_what_it_took_and_it_is_told_when_it_was_given()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        await using var refunded = await host.ListenAsync(PaymentRefunded.Exchange);
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var payment = await host.ReceiveAsync("s1", "stripe", 120m, invoice);
        var id = payment.ToString();

        var first = await http.RefundAsync(id, "30.00", "R-1").JsonAsync(201);
        Assert.Equal(("asked", "30.00"), (first.Text("state"), first.Text("amount")));
        Assert.Equal(first.GetRawText(), (await http.RefundAsync(id, "30", "R-1").JsonAsync(200)).GetRawText());
        await http.RefundAsync(id, "31.00", "R-1").RefusedAsync(409, "PAY-REFERENCE-02");
        await http.RefundAsync(id, "90.01", "R-2").RefusedAsync(422, "PAY-REFUND-01");
        Assert.Equal("paid 100.00, refunded 10.00, due 10.00", await http.StandAsync(invoice));
        Assert.Equal(
            $"asked stripe {invoice} 0",
            await host.QueryAsync<string>(
                "select state || ' ' || provider || ' ' || invoice_id || ' ' || looks from refund where next_look_at is not null"
            )
        );
        Assert.Equal(-30m, await StandsAsync("refunds-under-way"));
        Assert.Equal(120m, await StandsAsync("provider:stripe"));
        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from event where name = 'payments.payment-refunded.v1'"));

        await host.BookAsync("s1", [], [payment], (book, _) => book.GiveRefund(payment, 30m, "R-1", invoice));
        await host.QueryAsync<int?>("update refund set state = 'given', provider_reference = 're_1', next_look_at = null");
        Assert.Equal("given", (await http.RefundAsync(id, "30.00", "R-1").JsonAsync(200)).Text("state"));
        var told = Assert.Single(await refunded.AtLeastAsync<PaymentRefunded>(1));
        Assert.Equal((30m, (InvoiceId?)invoice, "R-1"), (told.Amount, told.InvoiceId, told.Reference));
        Assert.Equal(0m, await StandsAsync("refunds-under-way"));
        Assert.Equal(90m, await StandsAsync("provider:stripe"));
        await host.BooksAgreeAsync();

        Task<decimal> StandsAsync(string account) =>
            host.QueryAsync<decimal>(
                "select coalesce(sum(amount), 0) from journal_line where account = @Account",
                new { Account = account }
            );
    }

    [Fact]
    public async Task What_a_provider_will_not_give_back_pays_the_invoice_again_and_the_reference_says_why()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var payment = await host.ReceiveAsync("s1", "redsys", 100m, invoice);
        await http.RefundAsync(payment.ToString(), "100.00", "R-1").JsonAsync(201);
        Assert.Equal("paid 100.00, refunded 100.00, due 100.00", await http.StandAsync(invoice));

        await host.BookAsync(
            "s1",
            [invoice],
            [payment],
            (book, _) =>
            {
                book.FailRefund(payment, 100m);
                book.Allocate(payment, invoice);
            }
        );
        await host.QueryAsync<int?>("update refund set state = 'failed', reason = '0190', next_look_at = null");

        Assert.Equal("paid 200.00, refunded 100.00, due 0.00", await http.StandAsync(invoice));
        var failed = await http.RefundAsync(payment.ToString(), "100.00", "R-1").JsonAsync(200);
        Assert.Equal(("failed", "0190"), (failed.Text("state"), failed.Text("reason")));
        // Under another reference it is asked for anew.
        Assert.Equal("asked", (await http.RefundAsync(payment.ToString(), "100.00", "R-2").JsonAsync(201)).Text("state"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Refunds_asked_of_a_provider_at_once_are_never_more_than_was_received_and_each_reference_counts_once()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        var first = (await host.HearAsync(Shop.Invoice("s1", 40m))).InvoiceId;
        var second = (await host.HearAsync(Shop.Invoice("s1", 30m))).InvoiceId;
        var payment = await host.ReceiveAsync("s1", "stripe", 100m, first, second);

        // Every reference twice, and among them somebody who moves the same payment from invoice to invoice.
        var moving = Task.WhenAll(Enumerable.Range(0, 10).Select(i => MoveAsync(i % 2 == 0 ? first : second)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => http.RefundAsync(payment.ToString(), "9.00", $"R-{i / 2}")));
        await moving;

        Assert.All(answers, each => Assert.True((int)each.StatusCode is 200 or 201 or 422, each.StatusCode.ToString()));
        Assert.Equal(11, answers.Count(each => (int)each.StatusCode == 201));
        Assert.Equal(99m, await host.QueryAsync<decimal>("select sum(amount) from refund where state = 'asked'"));
        Assert.Equal(99m, await host.QueryAsync<decimal>("select sum(refunded) from payment_balance"));
        Assert.Equal(-99m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'refunds-under-way'"));
        Assert.Equal(1m, await host.QueryAsync<decimal>("select sum(allocated + unallocated) from payment_balance"));
        await host.BooksAgreeAsync();

        Task MoveAsync(InvoiceId invoice) =>
            host.BookAsync(
                "s1",
                [first, second],
                [payment],
                (book, taken) =>
                {
                    foreach (var has in taken(payment).Where(each => each.InvoiceId == invoice))
                    {
                        book.Release(payment, invoice, has.Amount);
                        book.Allocate(payment, invoice == first ? second : first);
                    }
                }
            );
    }
}
