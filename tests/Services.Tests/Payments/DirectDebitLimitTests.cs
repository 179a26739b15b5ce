using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>A debit that no line of the bank answers does not stay on its way for ever.</summary>
public sealed class DirectDebitLimitTests(Infrastructure infrastructure)
{
    [Theory]
    // 23 December 2026 is a Wednesday; Christmas and the 26th are no days of TARGET2, nor are weekends and the first of January.
    [InlineData("core", "2026-12-22", "submitted collection-day 2026-12-23")]
    [InlineData("core", "2026-12-23", "submitted bank-line 2027-01-01")]
    [InlineData("core", "2026-12-31", "submitted bank-line 2027-01-01")]
    [InlineData("core", "2027-01-01", "unanswered decision 2027-02-18")]
    [InlineData("core", "2027-02-17", "unanswered decision 2027-02-18")]
    [InlineData("core", "2027-02-18", "unanswered decision-overdue 2027-03-18")]
    [InlineData("core", "2027-06-01", "unanswered decision-overdue 2027-06-29")]
    [InlineData("b2b", "2026-12-29", "submitted bank-line 2026-12-30")]
    [InlineData("b2b", "2026-12-30", "unanswered decision-overdue 2027-01-27")]
    public void A_debit_waits_as_long_as_banks_may_take_and_then_for_somebody(string scheme, string today, string wait)
    {
        var found = DebitWait.Of(new DateOnly(2026, 12, 23), scheme, DateOnly.Parse(today, CultureInfo.InvariantCulture));
        Assert.Equal(wait, $"{found.State} {found.WaitsFor} {found.NextCheckOn:yyyy-MM-dd}");
    }

    [Fact]
    public async Task A_debit_without_any_line_is_unanswered_with_a_reason_and_a_next_check_and_in_flight_no_more()
    {
        var (clock, host) = await StartAsync();
        await using var _ = host;
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var (batch, file) = await http.CollectAsync("2026-12-23").FileAsync(201);
        Assert.NotEmpty(file);
        Assert.Equal("submitted collection-day 2026-12-23", await DebitAsync(http, batch));
        Assert.Equal("100.00", await http.InFlightAsync(invoice));

        await OnAsync(host, clock, "2026-12-23", ended: 0);
        Assert.Equal("submitted bank-line 2027-01-01", await DebitAsync(http, batch));
        await OnAsync(host, clock, "2026-12-31", ended: 0);
        Assert.Equal("100.00", await http.InFlightAsync(invoice));
        await OnAsync(host, clock, "2027-01-01", ended: 1);

        Assert.Equal("unanswered decision 2027-02-18", await DebitAsync(http, batch));
        Assert.Equal(("0.00", "paid 0.00, refunded 0.00, due 100.00"), (await http.InFlightAsync(invoice), await http.StandAsync(invoice)));
        Assert.Equal([batch], await BatchesAsync(http, "unanswered"));
        Assert.Empty(await BatchesAsync(http, "submitted"));
        await http.GetAsync("/v1/direct-debits?state=lost").RefusedAsync(400, "QUERY-01");
        // Nobody collects it a second time before somebody has said what became of the first.
        await http.CollectAsync("2027-01-11", invoices: [invoice]).RefusedAsync(422, "PAY-DEBIT-10");
        await OnAsync(host, clock, "2027-02-18", ended: 0);
        Assert.Equal("unanswered decision-overdue 2027-03-18", await DebitAsync(http, batch));

        // It was never executed: then it can be collected anew.
        await http.PostAsync($"/v1/direct-debits/{batch}/cancel", null).JsonAsync(200);
        Assert.Equal("cancelled  ", await DebitAsync(http, batch));
        await http.CollectAsync("2027-03-01", invoices: [invoice]).FileAsync(201);
        Assert.Equal("100.00", await http.InFlightAsync(invoice));
        await host.BooksAgreeAsync();
    }

    [Theory]
    [InlineData("line")]
    [InlineData("seller")]
    public async Task What_is_heard_late_counts_all_the_same(string who)
    {
        var (clock, host) = await StartAsync();
        await using var _ = host;
        using var http = host.As("s1");
        await http.SettleInAsync(host);
        var invoice = await host.HearAsync(Shop.Invoice("s1", 100m));
        var (batch, file) = await http.CollectAsync("2026-12-23").FileAsync(201);
        await OnAsync(host, clock, "2027-01-04", ended: 1);

        if (who == "line")
        {
            var group = file.Split("<PmtInfId>")[1].Split('<')[0];
            var details = $"<NtryDtls><Btch><PmtInfId>{group}</PmtInfId><NbOfTxs>1</NbOfTxs></Btch></NtryDtls>";
            using var content = new ByteArrayContent(
                Encoding.UTF8.GetBytes(CamtFiles.Statement(CamtFiles.Entry("100.00", inner: details, day: "2026-12-23", reference: "B1")))
            );
            content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            await http.PostAsync("/v1/bank-statements", content).JsonAsync(200);
        }
        else
        {
            await http.CollectedAsync(batch).JsonAsync(200);
        }

        Assert.Equal("collected  ", await DebitAsync(http, batch));
        Assert.Equal("paid 100.00, refunded 0.00, due 0.00", await http.StandAsync(invoice.InvoiceId));
        Assert.Equal("0.00", await http.InFlightAsync(invoice.InvoiceId));
        Assert.Equal(100m, await host.StandsAsync("bank"));
        await host.BooksAgreeAsync();
    }

    private async Task<(FakeTimeProvider Clock, ServiceHost Host)> StartAsync()
    {
        var clock = new FakeTimeProvider(At("2026-12-10"));
        var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings { Services = services => services.AddSingleton<TimeProvider>(clock) }
        );
        return (clock, host);
    }

    /// <summary>The day has come, and everything due is looked at; by whom makes no difference.</summary>
    private static async Task OnAsync(ServiceHost host, FakeTimeProvider clock, string day, int ended)
    {
        var before = await host.QueryAsync<long>("select count(*) from debit where state = 'unanswered'");
        clock.SetUtcNow(At(day));
        await host.Services.GetRequiredService<WatchDebits>().CheckDueAsync(CancellationToken.None);
        await Eventually.EqualAsync(
            before + ended,
            () => host.QueryAsync<long>("select count(*) from debit where state = 'unanswered'"),
            $"debits that are unanswered on {day}"
        );
        await Eventually.EqualAsync(
            0L,
            () =>
                host.QueryAsync<long>(
                    "select count(*) from debit where next_check_on <= @Day",
                    new { Day = DateOnly.Parse(day, CultureInfo.InvariantCulture) }
                ),
            $"debits to be looked at by {day}"
        );
    }

    private static DateTimeOffset At(string day) => DateTimeOffset.Parse($"{day}T09:00:00Z", CultureInfo.InvariantCulture);

    private static async Task<string> DebitAsync(HttpClient http, string batch)
    {
        var debit = (await http.GetAsync($"/v1/direct-debits/{batch}").JsonAsync(200)).GetProperty("debits")[0];
        return $"{debit.Text("state")} {debit.Text("waitsFor")} {debit.Text("nextCheckOn")}";
    }

    private static async Task<IReadOnlyList<string?>> BatchesAsync(HttpClient http, string state) =>
        [
            .. (await http.GetAsync($"/v1/direct-debits?state={state}").JsonAsync(200))
                .GetProperty("batches")
                .EnumerateArray()
                .Select(each => each.Text("batchId")),
        ];
}
