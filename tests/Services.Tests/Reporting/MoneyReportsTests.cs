using System.Globalization;
using System.Text.Json;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Payments;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class MoneyReportsTests(Infrastructure infrastructure)
{
    // The tenth of the month before the last, so that all of a test's days have passed and lie in one month.
    private static readonly DateOnly Day = TenthOf(TimeProvider.System.GetUtcNow());
    private static readonly DateTimeOffset At = new(Day, new TimeOnly(10, 15), TimeSpan.Zero);
    private static readonly string Ever = $"from={Text(Day.AddYears(-1))}&to={Text(Day.AddYears(5))}";
    private static readonly string Month = $"from={Text(Day.AddDays(-9))}&to={Text(Day.AddDays(-9).AddMonths(1).AddDays(-1))}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20261123)]
    [InlineData(20261124)]
    public async Task Income_and_ageing_are_what_the_trial_balance_of_Payments_says(int seed)
    {
        await using var payments = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        await using var reporting = await StartAsync(payments);
        var random = new Random(seed);
        var told = new List<IEvent> { Shop.Registered("s1") };
        var asked = new Dictionary<InvoiceId, decimal>();
        for (var i = 0; i < 4; i++)
        {
            var invoice = Sold("s1", random.Next(1, 20000) / 100m);
            told.Add(invoice);
            asked[invoice.InvoiceId] = invoice.Totals.TotalWithVat;
        }

        // Paid at the till, in part; returned for money and for credit; and one that should never have been.
        var sale = Sold("s1", 121m, [Shop.Paid(PaymentMeans.Card, 100m), Shop.Paid(PaymentMeans.Cash, 21m)]);
        var part = Sold("s1", 60m, [Shop.Paid(PaymentMeans.Cash, 50m)]);
        var never = Sold("s1", 33m, [Shop.Paid(PaymentMeans.Card, 33m)]);
        told.AddRange(
            sale,
            part,
            never,
            Sold("s1", -21m, [Shop.Paid(PaymentMeans.Cash, -21m)], corrects: sale.InvoiceId),
            Sold("s1", -30m, corrects: part.InvoiceId),
            Cancelled(never)
        );
        foreach (var each in told)
        {
            await payments.HearAsync(each);
        }

        var play = new LedgerPlay(seed, asked);
        for (var step = 0; step < 80; step++)
        {
            await payments.BookAsync("s1", play.Invoices, play.Payments, (book, taken) => play.Move(book, taken));
        }

        // Twenty of the return's credit are left, and ten of them are given back.
        using var till = payments.As("s1");
        var credit = (await till.GetAsync("/v1/unallocated", Token).JsonAsync(200))
            .GetProperty("items")
            .EnumerateArray()
            .Single(item => item.Text("means") == "credit");
        await till.RefundAsync(credit.Text("id")!, "10.00", "back").JsonAsync(201);
        var heard = told.Count + await payments.QueryAsync<int>("select count(*)::int from event where name <> 'payments.invoice-paid.v1'");
        await HasHeardAsync(reporting, heard);

        var trial = (await till.GetAsync("/v1/ledger/trial-balance", Token).JsonAsync(200))
            .GetProperty("accounts")
            .EnumerateArray()
            .ToDictionary(row => row.Text("account")!, row => Amount(row, "balance"));
        decimal Stands(params string[] names) =>
            trial
                .Where(row => names.Any(name => row.Key == name || row.Key.StartsWith(name + ":", StringComparison.Ordinal)))
                .Sum(row => row.Value);
        using var http = reporting.As("s1", Scopes.ReportsRead);
        var days = await RowsAsync(http, $"income?{Ever}");
        Assert.Equal(Stands("receivable"), Amount(days[^1], "outstanding"));
        Assert.Equal(-Stands("sales-clearing"), days.Sum(row => Amount(row, "issued")));
        Assert.Equal(Stands("fees"), days.Sum(row => Amount(row, "fees")));
        Assert.Equal(Stands("differences", "write-offs"), days.Sum(row => Amount(row, "writtenOff")));
        var money = Stands("till", "bank", "provider", "payouts-in-transit", "refunds", "fees");
        Assert.Equal(money, days.Sum(row => Amount(row, "collected")));
        foreach (var grouping in new[] { "week", "month", "means", "provider" })
        {
            Assert.Equal(money, (await RowsAsync(http, $"income?{Ever}&groupBy={grouping}")).Sum(row => Amount(row, "collected")));
        }

        var providers = await RowsAsync(http, $"income?{Ever}&groupBy=provider");
        Assert.Subset(
            new HashSet<string> { "till", "stripe", "redsys", "bank", "credit" },
            providers.Select(row => row.Text("key")!).ToHashSet()
        );
        var ageing = await RowsAsync(http, "ageing");
        Assert.Equal(Stands("receivable"), ageing.Sum(row => Amount(row, "amountDue")));
        Assert.Equal(
            await payments.QueryAsync<long>("select count(*) from balance where amount_due > 0"),
            ageing.Sum(row => row.GetProperty("receivables").GetInt64())
        );

        // Every amount of the ageing is made of its invoices, and they are Payments' own.
        var invoices = await RowsAsync(http, "ageing/invoices?limit=200");
        Assert.Equal(
            (
                await payments.ListAsync<(Guid, decimal)>(
                    "select invoice_id, amount_due from balance where amount_due > 0 order by invoice_id"
                )
            ).Select(row => $"{row.Item1} {row.Item2.Coins()}"),
            invoices.Select(row => $"{row.Text("invoiceId")} {row.Text("amountDue")}").Order(StringComparer.Ordinal)
        );
        await MadeAnewAsync(reporting, payments, told);
    }

    [Fact]
    public async Task What_was_said_at_an_instant_is_said_again_whatever_became_known_since()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1", Scopes.ReportsRead);
        var invoice = Sold("s1", 100m);
        var payment = Received(60m, At.AddHours(1));
        await HearAsync(host, Shop.Registered("s1"), invoice, payment, Allocated(invoice, payment.PaymentId, 60m, 1));
        string[] reports =
        [
            $"income?{Ever}",
            $"income?{Ever}&groupBy=means",
            $"dso?{Ever}",
            $"collections?{Ever}",
            $"cash-flow?{Ever}",
            $"ageing?date={Text(Day.AddDays(1))}",
            $"ageing/invoices?date={Text(Day.AddDays(1))}",
        ];
        var before = new List<(string Report, string AsOf, string Rows)>();
        foreach (var report in reports)
        {
            var said = await http.GetAsync($"/v1/reports/{report}", Token).JsonAsync(200);
            before.Add((report, said.Text("asOf")!, said.GetProperty("rows").GetRawText()));
        }

        // Of the same days, told later: another payment, one that was heard before its invoice, a notice, a forecast.
        var late = Sold("s1", 50m);
        var more = Received(70m, At.AddHours(2));
        await HearAsync(host, Allocated(late, more.PaymentId, 30m, 1));
        await HearAsync(host, more, Allocated(invoice, more.PaymentId, 40m, 2), late, Notice(invoice), Forecast(Day));

        foreach (var (report, asOf, rows) in before)
        {
            Assert.NotEqual(rows, await RawAsync(report));
            Assert.Equal(rows, await RawAsync(report, asOf));
        }

        // The same when the hour that it became known in is long over.
        var after = new List<string>();
        foreach (var report in reports)
        {
            after.Add(await RawAsync(report));
        }

        foreach (var table in new[] { "taking_fact", "taking_change", "forecast" })
        {
            await host.QueryAsync<int>($"with moved as (update {table} set known_at = known_at - interval '3 hours' returning 1) select 1");
        }

        await host.QueryAsync<int>(
            "with moved as (update taking_hour set known_hour = known_hour - interval '3 hours' returning 1) select 1"
        );
        for (var i = 0; i < reports.Length; i++)
        {
            Assert.Equal(after[i], await RawAsync(reports[i], before[i].AsOf));
        }

        async Task<string> RawAsync(string report, string? asOf = null)
        {
            var at = asOf is null ? "" : $"&asOf={Uri.EscapeDataString(asOf)}";
            var separator = report.Contains('?', StringComparison.Ordinal) ? "" : "?";
            return (await http.GetAsync($"/v1/reports/{report}{separator}{at}", Token).JsonAsync(200)).GetProperty("rows").GetRawText();
        }
    }

    [Fact]
    public async Task An_ageing_of_a_day_before_holds_what_was_owed_then_and_pages_through_its_invoices()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1", Scopes.ReportsRead);
        var due = Day.AddDays(-53);
        var invoices = Enumerable.Range(0, 7).Select(i => Sold("s1", 10m + i) with { DueDate = due.AddDays(i) }).ToArray();
        var paid = Received(10m, At.AddDays(1));
        await HearAsync(host, [.. invoices, paid, Allocated(invoices[0], paid.PaymentId, 10m, 1, At.AddDays(1)), Sold("s2", 999m)]);

        // All issued on one day, and the first is paid on the next.
        Assert.Equal("91.00 7", await TotalAsync(Day));
        Assert.Equal("81.00 6", await TotalAsync(Day.AddDays(1)));
        Assert.Empty(await RowsAsync(http, $"ageing?date={Text(Day.AddDays(-1))}"));
        var buckets = await RowsAsync(http, $"ageing?date={Text(Day)}");
        Assert.Equal(
            ["current 0.00", "1-30 0.00", "31-60 91.00", "61-90 0.00", "90+ 0.00"],
            buckets.Select(row => $"{row.Text("key")} {row.Text("amountDue")}")
        );

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await http.GetAsync($"/v1/reports/ageing/invoices?date={Text(Day.AddDays(1))}&bucket=31-60&limit=2{cursor}", Token)
                .JsonAsync(200);
            var rows = page.GetProperty("rows").EnumerateArray().ToArray();
            Assert.InRange(rows.Length, 0, 2);
            seen.AddRange(rows.Select(row => row.Text("number")!));
            cursor = page.Text("nextCursor") is { } next ? $"&cursor={next}" : "";
        } while (cursor.Length > 0);
        Assert.Equal(invoices.Skip(1).Select(invoice => invoice.Number), seen);

        async Task<string> TotalAsync(DateOnly date)
        {
            var rows = await RowsAsync(http, $"ageing?date={Text(date)}");
            return $"{rows.Sum(row => Amount(row, "amountDue")).Coins()} {rows.Sum(row => row.GetProperty("receivables").GetInt64())}";
        }
    }

    [Fact]
    public async Task Notices_promises_and_forecasts_stand_beside_what_came()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1", Scopes.ReportsRead);
        var invoice = Sold("s1", 100m);
        var paid = Received(80m, At.AddDays(5));
        await HearAsync(
            host,
            invoice,
            Notice(invoice),
            new PromiseMade
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Date = Day.AddDays(4),
                Currency = Currency.Eur,
                Amount = 90m,
                MadeAt = At.AddDays(2),
            },
            new PromiseJudged
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                PromiseId = Guid.CreateVersion7(),
                InvoiceId = invoice.InvoiceId,
                Date = Day.AddDays(4),
                Currency = Currency.Eur,
                Amount = 90m,
                KeptAmount = 0m,
                Standing = "broken",
                JudgedAt = At.AddDays(4),
            },
            new DisputeRaised
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Reason = "wrong size",
                RaisedAt = At.AddDays(3),
            },
            new ActRecorded
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Kind = "call",
                RecordedAt = At.AddDays(4),
            },
            paid,
            Allocated(invoice, paid.PaymentId, 80m, 1, At.AddDays(5)),
            Forecast(Day.AddDays(-3)),
            Forecast(Day.AddDays(4), 30m)
        );

        var month = Assert.Single(await RowsAsync(http, $"collections?{Month}&groupBy=month"));
        Assert.Equal(
            (Text(Day)[..7], 1, 1, "200.00", 1, "80.00", "80.00"),
            (
                month.Text("key"),
                month.GetProperty("notices").GetInt32(),
                month.GetProperty("calls").GetInt32(),
                month.Text("askedFor"),
                month.GetProperty("answered").GetInt32(),
                month.Text("within7Days"),
                month.Text("came")
            )
        );
        Assert.Equal(
            (1, "90.00", 0, 1, "0.00", 1, "100.00"),
            (
                month.GetProperty("promises").GetInt32(),
                month.Text("promised"),
                month.GetProperty("promisesKept").GetInt32(),
                month.GetProperty("promisesBroken").GetInt32(),
                month.Text("promisedAndCame"),
                month.GetProperty("disputes").GetInt32(),
                month.Text("disputed")
            )
        );
        var channels = await RowsAsync(http, $"collections?{Month}&groupBy=channel");
        Assert.Equal(["call 80.00", "email 0.00"], channels.Select(row => $"{row.Text("key")} {row.Text("within30Days")}"));
        Assert.Null(channels[0].Text("promised"));

        // The forecast of the period's first day or the last before it, unless another one is asked for.
        var week = $"cash-flow?from={Text(Day)}&to={Text(Day.AddDays(7))}";
        var day = Assert.Single(await RowsAsync(http, week), row => row.Text("key") == Text(Day.AddDays(5)));
        Assert.Equal(
            (Text(Day.AddDays(-3)), "50.00", "20.00", "80.00", "80.00"),
            (day.Text("forecastOf"), day.Text("expected"), day.Text("low"), day.Text("high"), day.Text("came"))
        );
        var later = await RowsAsync(http, $"{week}&madeBy={Text(Day.AddDays(6))}");
        Assert.Equal("30.00", Assert.Single(later, row => row.Text("key") == Text(Day.AddDays(5))).Text("expected"));

        var dso = Assert.Single(await RowsAsync(http, $"dso?{Month}&window=30"));
        Assert.Equal(("20.00", "100.00", "6.0"), (dso.Text("outstanding"), dso.Text("onCredit"), dso.Text("dso")));
    }

    [Fact]
    public async Task A_report_of_money_that_cannot_be_made_is_refused_with_its_code()
    {
        await using var host = await StartAsync();
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (
            var (query, status, code) in new[]
            {
                ("income?from=2026-11-30&to=2026-11-01", 422, "REP-SALES-02"),
                ("income", 422, "REP-SALES-01"),
                ("income?from=1926-11-01&to=2026-11-01", 422, "REP-SALES-03"),
                ("income?from=2026-11-01&to=2026-11-30&groupBy=weather", 422, "REP-SALES-04"),
                ("dso?from=2026-11-01&to=2026-11-30&groupBy=day", 422, "REP-SALES-04"),
                ("dso?from=2026-11-01&to=2026-11-30&window=3", 422, "REP-DSO-01"),
                ("dso?from=2026-11-01&to=2026-11-30&window=many", 400, "QUERY-01"),
                ("dso?from=2026-11-01&to=2026-11-30&window=99999999999", 400, "QUERY-01"),
                ("collections?from=2026-11-01&to=2026-11-30&groupBy=sku", 422, "REP-SALES-04"),
                ("cash-flow?from=2026-11-01&to=2026-11-30&groupBy=hour", 422, "REP-SALES-04"),
                ("cash-flow?from=2026-11-01&to=2026-11-30&madeBy=soon", 400, "QUERY-01"),
                ("ageing?date=2999-01-01", 422, "REP-AGEING-01"),
                ("ageing?date=2026-02-30", 400, "QUERY-01"),
                ("ageing/invoices?bucket=old", 422, "REP-AGEING-02"),
                ("ageing/invoices?cursor=%00", 400, "QUERY-01"),
                ("ageing/invoices?limit=0", 400, "QUERY-01"),
                ("ageing/invoices?limit=201", 400, "QUERY-01"),
            }
        )
        {
            using var response = await http.GetAsync($"/v1/reports/{query}", Token);
            var body = await response.Content.ReadAsStringAsync(Token);
            Assert.True((int)response.StatusCode == status, $"{query}: {(int)response.StatusCode} {body}");
            Assert.Equal(code, JsonDocument.Parse(body).RootElement.Text("code"));
        }

        // The ends of time are periods like others.
        foreach (
            var query in new[]
            {
                "income?from=0001-01-01&to=0003-01-01",
                "income?from=9998-01-01&to=9999-12-31",
                "dso?from=0001-01-01&to=0003-01-01&groupBy=week",
                "dso?from=9999-01-01&to=9999-12-31&groupBy=week",
                "collections?from=0001-01-01&to=0003-01-01",
                "cash-flow?from=9999-01-01&to=9999-12-31&groupBy=week",
                "ageing?date=0001-01-01",
                "ageing/invoices?date=0001-01-01&bucket=90%2B",
            }
        )
        {
            Assert.Empty(await RowsAsync(http, query));
        }

        using var shop = host.As("s1", Scopes.SalesWrite);
        foreach (var report in new[] { $"income?{Ever}", "ageing", $"dso?{Ever}", $"collections?{Ever}", $"cash-flow?{Ever}" })
        {
            using var forbidden = await shop.GetAsync($"/v1/reports/{report}", Token);
            Assert.Equal(403, (int)forbidden.StatusCode);
        }
    }

    /// <summary>What a rebuild makes of everything that was told is, row for row, what is there.</summary>
    private static async Task MadeAnewAsync(ServiceHost host, ServiceHost payments, IReadOnlyList<IEvent> told)
    {
        string[] tables =
        [
            "select * from taking_fact",
            "select * from taking_sum",
            "select * from taking_hour",
            "select * from taking_due",
            "select * from debt",
            "select seller_id, known_at, kind, day, due, means, provider, currency, amount, count from taking_change",
        ];
        var knownAt = (
            await host.ListAsync<(Guid Event, DateTimeOffset KnownAt)>("select event_id, known_at from known_event")
        ).ToDictionary(each => each.Event, each => each.KnownAt);
        var kept = await payments.ListAsync<(string Name, string Body)>(
            "select name, body from event where name <> 'payments.invoice-paid.v1'"
        );
        var all = kept.Select(each => (IEvent)JsonSerializer.Deserialize(each.Body, TypeOf(each.Name), Wire.Tolerant)!)
            .Concat(told)
            .Select(each => (each, knownAt[each.EventId.Value]))
            .ToArray();
        new Random(all.Length).Shuffle(all);
        await using var connection = await host.Database.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        for (var i = 0; i < tables.Length; i++)
        {
            await connection.ExecuteAsync($"create temp table before_{i} on commit drop as {tables[i]}", transaction: transaction);
        }

        await connection.ExecuteAsync(
            "truncate taking_fact, taking_sum, taking_hour, taking_due, taking_change, debt",
            transaction: transaction
        );
        var money = new KeepMoney();
        foreach (var some in all.Chunk(50))
        {
            await money.LoadAsync(transaction, some, Token);
        }

        await money.MakeSumsAsync(transaction, Token);
        for (var i = 0; i < tables.Length; i++)
        {
            var differing = await connection.ExecuteScalarAsync<long>(
                $"""
                select (select count(*) from (select * from before_{i} except all ({tables[i]})) a)
                     + (select count(*) from (({tables[i]}) except all select * from before_{i}) b)
                """,
                transaction: transaction
            );
            Assert.True(differing == 0, $"{differing} rows differ: {tables[i]}");
        }

        static Type TypeOf(string exchange) =>
            typeof(PaymentReceived)
                .Assembly.GetTypes()
                .Single(type => type.GetField("Exchange")?.GetRawConstantValue() as string == exchange);
    }

    private Task<ServiceHost> StartAsync(ServiceHost? beside = null) =>
        ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting", new HostSettings { Beside = beside });

    private static async Task HearAsync(ServiceHost host, params IEvent[] told)
    {
        var had = await HeardAsync(host);
        foreach (var each in told)
        {
            await host.PublishAsync(each);
        }

        await HasHeardAsync(host, had + told.Length);
    }

    private static Task<int> HeardAsync(ServiceHost host) => host.QueryAsync<int>("select count(*)::int from inbox");

    private static Task HasHeardAsync(ServiceHost host, int events) =>
        Eventually.EqualAsync(events, () => HeardAsync(host), "events heard", TimeSpan.FromSeconds(60));

    private static async Task<JsonElement[]> RowsAsync(HttpClient http, string report) =>
        [.. (await http.GetAsync($"/v1/reports/{report}", Token).JsonAsync(200)).GetProperty("rows").EnumerateArray()];

    private static decimal Amount(JsonElement row, string name) =>
        row.Text(name) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0m;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly TenthOf(DateTimeOffset now) => new DateOnly(now.Year, now.Month, 10).AddMonths(-2);

    private static InvoiceIssued Sold(
        string seller,
        decimal total,
        IReadOnlyList<SalePayment>? payments = null,
        InvoiceId? corrects = null
    ) =>
        Shop.Invoice(seller, total, payments, corrects: corrects) with
        {
            IssueDate = Day,
            OperationDate = Day,
            DueDate = Day.AddDays(30),
            IssuedAt = At,
        };

    private static InvoiceCancelled Cancelled(InvoiceIssued invoice) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            Number = invoice.Number,
            CancelledAt = invoice.IssuedAt.AddMinutes(5),
        };

    private static PaymentReceived Received(decimal amount, DateTimeOffset at) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of("s1"),
            PaymentId = PaymentId.New(),
            Means = PaymentMeans.Transfer,
            Provider = "bank",
            Currency = Currency.Eur,
            Amount = amount,
            ReceivedAt = at,
        };

    private static PaymentAllocated Allocated(
        InvoiceIssued invoice,
        PaymentId payment,
        decimal amount,
        long version,
        DateTimeOffset? at = null
    ) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            PaymentId = payment,
            Currency = invoice.Currency,
            Amount = amount,
            AmountDue = invoice.Totals.TotalWithVat - amount,
            BalanceVersion = version,
            AllocatedAt = at ?? At.AddHours(1),
        };

    private static DunningNoticeIssued Notice(InvoiceIssued invoice) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            NoticeId = NoticeId.New(),
            Step = "reminder-1",
            Channel = "email",
            IssuedAt = At.AddDays(1),
        };

    private static ForecastMade Forecast(DateOnly asOf, decimal amount = 50m) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of("s1"),
            AsOf = asOf,
            Currency = Currency.Eur,
            Days =
            [
                new ForecastDay
                {
                    Date = Day.AddDays(5),
                    Amount = amount,
                    Low = 20m,
                    High = 80m,
                },
            ],
            MadeAt = new DateTimeOffset(asOf, new TimeOnly(6, 0), TimeSpan.Zero),
        };
}
