using Dapper;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class WriteOffDebtTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task What_the_seller_gives_up_on_is_booked_once_under_its_id_and_told_as_an_allocation()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        await using var told = await host.ListenAsync(PaymentAllocated.Exchange);
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        using var http = host.As("s1");
        await http.PayAsync(invoice, "21.00", "r-1");
        using var channel = host.Channel();
        var balances = new Balances.BalancesClient(channel);
        var collections = host.CallAs("collections", OnBehalfOf.Seller(SellerId.Of("s1")));
        var part = Asked(invoice, "40.00");

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => balances.WriteOffAsync(part, collections).ResponseAsync));

        Assert.All(replies, reply => Assert.Equal(("EUR", "40.00", "60.00"), (reply.Currency, reply.Booked, reply.AmountDue)));
        Assert.Equal("paid 61.00, refunded 0.00, due 60.00", await http.StandAsync(invoice));
        // More than is due is what is due.
        var rest = await balances.WriteOffAsync(Asked(invoice, "100.00"), collections);
        Assert.Equal(("60.00", "0.00"), (rest.Booked, rest.AmountDue));
        // Asked once more, when nothing is due: what was booked under that id.
        Assert.Equal("40.00", (await balances.WriteOffAsync(part, collections)).Booked);

        await paid.AtLeastAsync(1);
        var allocated = (await told.AtLeastAsync<PaymentAllocated>(3)).OrderBy(each => each.BalanceVersion).ToArray();
        Assert.Equal([null, "write-off", "write-off"], allocated.Select(each => each.Cause));
        Assert.Equal([100m, 60m, 0m], allocated.Select(each => each.AmountDue));
        Assert.Equal(part.WriteOffId, allocated[1].PaymentId.ToString());
        Assert.Equal(100m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'write-offs'"));
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Nothing_is_given_up_while_somebody_pays_where_nothing_is_due_or_by_anybody_but_Collections()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        await host.HearAsync(Shop.Registered("s1"));
        var (open, paid) = (
            (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId,
            (await host.HearAsync(Shop.Invoice("s1", 50m))).InvoiceId
        );
        using var http = host.As("s1");
        var payment = (await http.PayAsync(paid, "50.00", "r-1").JsonAsync(201)).Text("paymentId")!;
        using var channel = host.Channel();
        var balances = new Balances.BalancesClient(channel);
        var collections = host.CallAs("collections", OnBehalfOf.Seller(SellerId.Of("s1")));
        await using (var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync("update balance set in_flight = 100 where invoice_id = @Value", new { open.Value });
        }

        async Task RefusedAsync(WriteOffRequest request, Metadata caller, string code)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await balances.WriteOffAsync(request, caller));
            Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
        }

        await RefusedAsync(Asked(open, "20.00"), collections, "PAY-WRITEOFF-01");
        await RefusedAsync(Asked(paid, "20.00"), collections, "PAY-WRITEOFF-02");
        await RefusedAsync(Asked(open, "0.00"), collections, "PAY-AMOUNT-01");
        await RefusedAsync(Asked(open, "1.001"), collections, "PAY-AMOUNT-01");
        await RefusedAsync(Asked(open, "-1"), collections, "PAY-RPC-01");
        await RefusedAsync(Asked(open, "x"), collections, "PAY-RPC-01");
        await RefusedAsync(Asked(InvoiceId.New(), "1.00"), collections, "PAY-INVOICE-01");
        await RefusedAsync(new WriteOffRequest { InvoiceId = "x", Amount = "1.00" }, collections, "PAY-RPC-01");
        await RefusedAsync(new WriteOffRequest { InvoiceId = $"{open}", Amount = "1.00" }, collections, "PAY-RPC-01");
        // The id is a payment's: no write-off hides behind it.
        await RefusedAsync(
            new WriteOffRequest
            {
                InvoiceId = $"{paid}",
                WriteOffId = payment,
                Amount = "1.00",
            },
            collections,
            "PAY-REFERENCE-02"
        );
        await RefusedAsync(Asked(open, "20.00"), host.CallAs("portal", OnBehalfOf.Seller(SellerId.Of("s1"))), "PAY-RPC-02");
        await RefusedAsync(
            Asked(open, "20.00"),
            host.CallAs("collections", OnBehalfOf.Customer(Shop.Email, SellerId.Of("s1"))),
            "PAY-RPC-02"
        );
        await RefusedAsync(Asked(open, "20.00"), host.CallAs("collections", OnBehalfOf.Seller(SellerId.Of("s2"))), "PAY-INVOICE-01");
        Assert.Equal(0m, await host.QueryAsync<decimal>("select coalesce(sum(amount), 0) from journal_line where account = 'write-offs'"));
    }

    [Fact]
    public async Task Why_an_allocation_was_made_or_undone_is_told_with_it()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        await using var told = await host.ListenAsync(PaymentAllocated.Exchange);
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        using var http = host.As("s1");
        var payment = (await http.PayAsync(invoice, "121.00", "r-1").JsonAsync(201)).Text("paymentId")!;
        await http.RefundAsync(payment, "21.00", "back-1");
        await host.HearAsync(Shop.Invoice("s1", -21m, corrects: invoice));

        var causes = (await told.AtLeastAsync<PaymentAllocated>(4))
            .Where(each => each.InvoiceId == invoice)
            .OrderBy(each => each.BalanceVersion)
            .Select(each => each.Cause);
        Assert.Equal([null, "refund", "credit"], causes);
    }

    private static WriteOffRequest Asked(InvoiceId invoice, string amount) =>
        new()
        {
            InvoiceId = invoice.ToString(),
            WriteOffId = Guid.CreateVersion7().ToString(),
            Amount = amount,
            Reason = "Insolvente",
        };
}
