using System.Net;
using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Staff that the seller's list holds to one shop, at the doors of Payments: the balances of its shop, and nothing that knows no shop.</summary>
public sealed class PaymentsStoresTests(Infrastructure infrastructure)
{
    private const string Seller = "nandu";

    [Fact]
    public async Task A_balance_of_another_store_is_not_there_and_nothing_is_booked_on_it()
    {
        await using var host = await ServiceHost.StartAsync<RecordPayment>(infrastructure, "payments");
        var (own, other) = await TellAsync(host);
        using var held = host.Member(Seller, StaffRole.Accountant, "S01");
        Assert.Equal(HttpStatusCode.OK, (await held.GetAsync($"/v1/invoices/{own.InvoiceId}/balance")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await held.GetAsync($"/v1/invoices/{other.InvoiceId}/balance")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await held.PostAsync($"/v1/invoices/{other.InvoiceId}/payment-links", null)).StatusCode);
        foreach (var (invoice, status) in new[] { (other, HttpStatusCode.NotFound), (own, HttpStatusCode.Created) })
        {
            var booked = await held.PostAsJsonAsync(
                "/v1/payments",
                new
                {
                    invoiceId = invoice.InvoiceId.ToString(),
                    means = "card",
                    amount = "1.00",
                    reference = $"r-{invoice.Number}",
                }
            );
            Assert.Equal(status, booked.StatusCode);
        }

        using var channel = host.Channel();
        var list = await new Balances.BalancesClient(channel).GetAsync(
            new GetBalances { InvoiceIds = { own.InvoiceId.ToString(), other.InvoiceId.ToString() } },
            host.CallAs("portal", StoreSweep.Behalf(Seller, StaffRole.Shop, "S01"))
        );
        Assert.Equal(own.InvoiceId.ToString(), Assert.Single(list.Balances).InvoiceId);
    }

    [Fact]
    public async Task An_invoice_whose_store_nobody_told_is_shown_to_nobody_who_is_held_to_some()
    {
        await using var host = await ServiceHost.StartAsync<RecordPayment>(infrastructure, "payments");
        var (own, _) = await TellAsync(host);
        await using (var forget = host.Database.CreateCommand("update invoice set store_id = null"))
        {
            await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using var held = host.Member(Seller, StaffRole.Accountant, "S01");
        Assert.Equal(HttpStatusCode.NotFound, (await held.GetAsync($"/v1/invoices/{own.InvoiceId}/balance")).StatusCode);
        using var all = host.Member(Seller, StaffRole.Accountant);
        Assert.Equal(HttpStatusCode.OK, (await all.GetAsync($"/v1/invoices/{own.InvoiceId}/balance")).StatusCode);
    }

    [Fact]
    public async Task No_GET_door_shows_anything_of_another_store()
    {
        await using var host = await ServiceHost.StartAsync<RecordPayment>(infrastructure, "payments");
        var (_, other) = await TellAsync(host);
        var values = new Dictionary<string, string> { ["invoiceId"] = other.InvoiceId.ToString(), ["provider"] = "stripe" };
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var held = host.Member(Seller, role, "S01");
            var answers = await StoreSweep.WalkAsync(
                host,
                held,
                values,
                ["", $"?invoiceId={other.InvoiceId}", "?account=430", "?from=2026-11-01&to=2026-11-30"],
                ["777.77", $"\"{other.Number}\"", $"\"{other.InvoiceId}\":"]
            );
            Assert.Equal((404, 403), (answers["/v1/invoices/{invoiceId}/balance"], answers["/v1/ledger"]));
        }
    }

    private static async Task<(InvoiceIssued Own, InvoiceIssued Other)> TellAsync(ServiceHost host)
    {
        await host.HearAsync(Shop.Registered(Seller));
        var own = await host.HearAsync(Shop.Invoice(Seller, 121m));
        var other = await host.HearAsync(Shop.Invoice(Seller, 777.77m) with { StoreId = StoreId.Of("S99") });
        return (own, other);
    }
}
