using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Collections;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>What was owed on a day, whatever came later and in which order it was told.</summary>
public sealed class StatementTests(Infrastructure infrastructure)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 30, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_ageing_of_a_day_is_what_it_was_after_reversals_and_allocations_told_out_of_order()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        // Due on 31 January: paid in part on 10 February, paid on 20 February, taken back on 5 April.
        var returned = Issued("2026-01-01", "2026-01-31", 121m);
        // Due on 15 March, cancelled on 20 March.
        var cancelled = Issued("2026-02-15", "2026-03-15", 50m);
        // Due on 31 March, open to this day.
        var open = Issued("2026-03-01", "2026-03-31", 30m);
        // Nothing was due of it until its payment was taken back on 5 April.
        var till = Issued("2026-01-05", "2026-01-05", 77m, due: 0m);
        var foreign = Issued("2026-01-01", "2026-01-31", 1_000m, seller: "s2");
        IEvent[] told =
        [
            Told.Seller("s1"),
            Told.Seller("s2"),
            returned,
            cancelled,
            open,
            till,
            foreign,
            Told.Allocated(returned, 2, 100m) with
            {
                AllocatedAt = At("2026-02-10T12:00:00+01:00"),
            },
            Told.Allocated(returned, 4, 0m) with
            {
                AllocatedAt = At("2026-02-20T12:00:00+01:00"),
            },
            Told.Paid(returned) with
            {
                PaidAt = At("2026-02-20T12:00:00+01:00"),
            },
            Told.Allocated(returned, 7, 121m) with
            {
                AllocatedAt = At("2026-04-05T12:00:00+02:00"),
                Cause = "reversal",
            },
            Told.Cancelled(cancelled) with
            {
                CancelledAt = At("2026-03-20T09:00:00+01:00"),
            },
            Told.Allocated(till, 2, 0m) with
            {
                AllocatedAt = At("2026-01-05T10:00:00+01:00"),
            },
            Told.Allocated(till, 3, 77m) with
            {
                AllocatedAt = At("2026-04-05T23:30:00+02:00"),
                Cause = "reversal",
            },
        ];
        var shuffled = told.Concat(told).ToArray();
        new Random(20260630).Shuffle(shuffled);
        foreach (var each in shuffled)
        {
            await host.PublishAsync(each);
        }

        await Eventually.EqualAsync((long)told.Length, () => ScalarAsync<long>(host, "select count(*) from inbox"), "events heard");
        using var http = host.As("s1");
        async Task<string> AsOfAsync(string day) =>
            string.Join(
                ' ',
                (await JsonAsync(http.GetAsync($"/v1/ageing?asOf={day}"), 200))
                    .GetProperty("rows")
                    .EnumerateArray()
                    .Where(row => row.GetProperty("receivables").GetInt32() > 0)
                    .Select(row => $"{row.GetProperty("bucket")}:{row.GetProperty("amountDue")}")
            );

        Assert.Equal("", await AsOfAsync("2025-12-31"));
        Assert.Equal("current:121.00", await AsOfAsync("2026-01-31"));
        Assert.Equal("1-30:121.00", await AsOfAsync("2026-02-09"));
        Assert.Equal("1-30:100.00", await AsOfAsync("2026-02-10"));
        Assert.Equal("current:50.00", await AsOfAsync("2026-02-20"));
        Assert.Equal("current:30.00 1-30:50.00", await AsOfAsync("2026-03-19"));
        Assert.Equal("current:30.00", await AsOfAsync("2026-03-20"));
        Assert.Equal("1-30:30.00", await AsOfAsync("2026-04-04"));
        Assert.Equal("1-30:30.00 61-90:198.00", await AsOfAsync("2026-04-05"));
        Assert.Equal("61-90:30.00 90+:198.00", await AsOfAsync("2026-06-29"));
        // Today is now.
        Assert.Equal("90+:228.00", await AsOfAsync("2026-06-30"));
    }

    [Fact]
    public async Task A_statement_opens_with_what_was_owed_runs_through_what_happened_and_closes_with_what_the_ageing_says()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var (first, second, dollars, stranger) = (
            Issued("2026-01-01", "2026-01-31", 121m),
            Issued("2026-02-15", "2026-03-15", 50m),
            Issued("2026-02-20", "2026-03-20", 10m, currency: "USD"),
            Issued("2026-02-15", "2026-03-15", 999m, customer: "c2")
        );
        await TellAsync(
            host,
            Told.Seller("s1"),
            first,
            second,
            dollars,
            stranger,
            Told.Allocated(first, 2, 100m) with
            {
                AllocatedAt = At("2026-01-20T12:00:00+01:00"),
            },
            Told.Allocated(first, 3, 60m) with
            {
                AllocatedAt = At("2026-02-10T12:00:00+01:00"),
                Cause = "credit",
            },
            Told.Allocated(first, 4, 0m) with
            {
                AllocatedAt = At("2026-03-01T00:10:00+01:00"),
            },
            Told.Allocated(second, 2, 49m) with
            {
                AllocatedAt = At("2026-02-28T23:50:00+01:00"),
            },
            Told.Allocated(second, 3, 0m) with
            {
                AllocatedAt = At("2026-03-02T12:00:00+01:00"),
                Cause = "write-off",
            }
        );
        using var http = host.As("s1");

        var statement = await JsonAsync(http.GetAsync("/v1/customers/c1/statement?from=2026-02-01&to=2026-02-28"), 200);

        var accounts = statement.GetProperty("accounts").EnumerateArray().ToArray();
        Assert.Equal(["EUR", "USD"], accounts.Select(account => account.GetProperty("currency").GetString()));
        Assert.Equal(
            ("100.00", "109.00"),
            (accounts[0].GetProperty("opening").GetString(), accounts[0].GetProperty("closing").GetString())
        );
        Assert.Equal(
            [
                $"2026-02-10 correction {first.Number} -40.00 60.00",
                $"2026-02-15 invoice {second.Number} 50.00 110.00",
                $"2026-02-28 payment {second.Number} -1.00 109.00",
            ],
            accounts[0]
                .GetProperty("entries")
                .EnumerateArray()
                .Select(entry =>
                    $"{entry.GetProperty("date")} {entry.GetProperty("kind")} {entry.GetProperty("number")} {entry.GetProperty("amount")} {entry.GetProperty("balance")}"
                )
        );
        var march = await JsonAsync(http.GetAsync("/v1/customers/c1/statement?from=2026-03-01&to=2026-06-30"), 200);
        var euros = march.GetProperty("accounts")[0];
        Assert.Equal(("109.00", "0.00"), (euros.GetProperty("opening").GetString(), euros.GetProperty("closing").GetString()));
        Assert.Equal(
            ["payment -60.00", "write-off -49.00"],
            euros.GetProperty("entries").EnumerateArray().Select(entry => $"{entry.GetProperty("kind")} {entry.GetProperty("amount")}")
        );
        // The same day by the ageing, all customers' together.
        var ageing = (await JsonAsync(http.GetAsync("/v1/ageing?asOf=2026-02-28"), 200)).GetProperty("rows");
        Assert.Equal(
            109m + 999m,
            ageing
                .EnumerateArray()
                .Where(row => row.GetProperty("currency").GetString() == "EUR")
                .Sum(row => decimal.Parse(row.GetProperty("amountDue").GetString()!, System.Globalization.CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public async Task As_PDF_it_is_set_by_Delivery_and_where_Delivery_is_away_that_is_said()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var invoice = Issued("2026-02-15", "2026-03-15", 50m);
        await TellAsync(host, Told.Seller("s1", language: "ca"), invoice);
        using var http = host.As("s1");

        using var pdf = await http.GetAsync("/v1/customers/c1/statement?from=2026-02-01&to=2026-02-28&format=pdf");

        Assert.Equal(("application/pdf", 200), (pdf.Content.Headers.ContentType!.MediaType, (int)pdf.StatusCode));
        Assert.Equal("%PDF-of-the-test", await pdf.Content.ReadAsStringAsync());
        var told = Assert.Single(counterparts.Statements);
        Assert.Equal(
            ("c1", "Clara Peñalver", "ca", "2026-02-01", "2026-02-28", "50.00"),
            (told.CustomerNumber, told.CustomerName, told.Language, told.From, told.To, told.Accounts.Single().Closing)
        );
        counterparts.PdfSize = 5 * 1024 * 1024;
        using var large = await http.GetAsync("/v1/customers/c1/statement?format=pdf");
        Assert.Equal(422, (int)large.StatusCode);
        Assert.Contains("COL-STATEMENT-05", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        counterparts.DeliveryIsAway = true;
        using var away = await http.GetAsync("/v1/customers/c1/statement?format=pdf");
        Assert.Equal(503, (int)away.StatusCode);
        Assert.Contains("COL-STATEMENT-03", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_paid_in_the_sale_writes_no_history_and_what_is_not_keeps_its_lines_and_changes()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var (till, open) = (Issued("2026-01-05", "2026-01-05", 77m, due: 0m), Issued("2026-02-15", "2026-03-15", 50m));
        await TellAsync(host, till, open);
        await TellAsync(host, Told.Allocated(till, 2, 0m), Told.Allocated(open, 2, 30m), Told.Allocated(open, 3, 10m));

        Assert.Equal(
            $"{open.InvoiceId} 2 30.0000",
            await ScalarAsync<string>(
                host,
                "select string_agg(invoice_id || ' ' || version || ' ' || amount_due, ',') from receivable_change"
            )
        );
        Assert.Equal(
            $"{open.InvoiceId} 1 50.0000",
            await ScalarAsync<string>(
                host,
                "select string_agg(invoice_id || ' ' || line_id || ' ' || gross_amount, ',') from receivable_line"
            )
        );
    }

    [Fact]
    public async Task A_buyers_place_kind_and_telephone_are_kept_with_what_it_owes()
    {
        await using var counterparts = await Counterparts.StartAsync();
        await using var host = await StartAsync(counterparts);
        var invoice = Issued("2026-02-15", "2026-03-15", 50m) with
        {
            Buyer = new InvoiceParty
            {
                Name = "Hostelería Ñ, S.L.",
                Business = true,
                Phone = "+34600000000",
                Address = new Address { PostalCode = "35001", City = "Las Palmas" },
            },
            Contact = new InvoiceContact { Email = "Caja@Example.com" },
        };
        await TellAsync(host, Told.Seller("s1"), invoice);

        Assert.Equal(
            "mail:caja@example.com ES-35 t +34600000000 S01 2026-02-15 2026-03-16",
            await ScalarAsync<string>(
                host,
                "select concat_ws(' ', customer_key, place, business, phone, store_id, issue_date, first_overdue_on) from receivable"
            )
        );
    }

    private Task<ServiceHost> StartAsync(Counterparts counterparts) =>
        ServiceHost.StartAsync<CollectionsRpc>(infrastructure, "collections", counterparts.Settings(new FakeTimeProvider(Now)));

    private static InvoiceIssued Issued(
        string issued,
        string dueDate,
        decimal total,
        decimal? due = null,
        string seller = "s1",
        string customer = "c1",
        string currency = "EUR"
    ) =>
        Told.Invoice(seller, total, due, Day(dueDate), customer: customer, currency: currency) with
        {
            IssueDate = Day(issued),
            IssuedAt = At($"{issued}T09:00:00+01:00"),
        };

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task TellAsync(ServiceHost host, params IEvent[] told)
    {
        foreach (var each in told)
        {
            await host.PublishAsync(each);
        }

        var ids = string.Join(',', told.Select(each => $"'{each.EventId}'"));
        await Eventually.EqualAsync(
            (long)told.Length,
            () => ScalarAsync<long>(host, $"select count(*) from inbox where event_id in ({ids})"),
            "events heard"
        );
    }

    private static async Task<T> ScalarAsync<T>(ServiceHost host, string sql)
    {
        await using var connection = await host.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> request, int status)
    {
        using var response = await request;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement.Clone();
    }
}
