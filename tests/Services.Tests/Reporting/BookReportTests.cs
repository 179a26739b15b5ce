using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class BookReportTests(Infrastructure infrastructure)
{
    private const string Year = "from=2026-01-01&to=2026-12-31";

    [Fact]
    public async Task The_book_and_the_form_come_to_the_invoices_in_whatever_order_they_are_told()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        var random = new Random(303);
        var invoices = Enumerable.Range(0, 60).Select(i => Numbered(i, random)).ToArray();
        var cancelled = invoices.Where((_, i) => i % 9 == 4).ToArray();
        IEvent[] told = [.. invoices, .. invoices, .. cancelled.Select(Told.Cancelled), Told.Seller("s1"), Told.Invoice("s2", 5000m)];
        random.Shuffle(told);
        await Parallel.ForEachAsync(told, async (each, _) => await host.PublishAsync(each));
        using var http = host.As("s1", Scopes.ReportsRead);
        var standing = invoices.Except(cancelled).ToArray();
        var entries = standing.SelectMany(BookEntries.Of).ToArray();
        await Eventually.EqualAsync(
            entries.Length,
            async () => (await JsonAsync(http, $"/v1/reports/vat-book?{Year}"))["rows"]!.AsArray().Count,
            "lines of the book"
        );

        var book = await JsonAsync(http, $"/v1/reports/vat-book?{Year}");
        Assert.Equal(
            entries
                .OrderBy(entry => entry.OperationDate)
                .ThenBy(entry => entry.IssueDate)
                .ThenBy(entry => entry.Series, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number, StringComparer.Ordinal)
                .Select(entry => Invariant($"{entry.Number} {entry.RecordType} {entry.Total:0.00} {entry.BuyerName}")),
            book["rows"]!.AsArray().Select(row => $"{row!["number"]} {row["recordType"]} {row["total"]} {row["buyerName"]}")
        );
        var declared = entries.Where(entry => entry.IsDeclared).ToArray();
        Assert.Equal("LSI 2025", (string)book["layout"]!);
        Assert.Equal(declared.Sum(entry => entry.Total), Amount(book["declared"]!["total"]));
        Assert.Equal(declared.Sum(entry => entry.VatAmount ?? 0m), Amount(book["declared"]!["vatAmount"]));

        var form = await JsonAsync(http, "/v1/reports/form-303?year=2026&period=4T");
        var due = declared
            .Where(entry => entry.OperationDate.Month >= 10)
            .Sum(entry => (entry.VatAmount ?? 0m) + (entry.SurchargeAmount ?? 0m));
        Assert.Equal(due, Amount(form["rows"]!.AsArray().Single(row => (string)row!["box"]! == "27")!["amount"]));
        Assert.Empty((await JsonAsync(http, $"/v1/reports/vat-book/check?{Year}"))["rows"]!.AsArray());

        // What was known before any of it was told, and what was known at the answer's own instant.
        Assert.Empty((await JsonAsync(http, $"/v1/reports/vat-book?{Year}&asOf=2026-01-01T00:00:00Z"))["rows"]!.AsArray());
        var asOf = (string)book["asOf"]!;
        await host.PublishAsync(Numbered(99, random));
        await Eventually.TrueAsync(
            async () => (await JsonAsync(http, $"/v1/reports/vat-book?{Year}"))["rows"]!.AsArray().Count > entries.Length,
            "another line"
        );
        var then = await JsonAsync(http, $"/v1/reports/vat-book?{Year}&asOf={Uri.EscapeDataString(asOf)}");
        Assert.Equal(book["rows"]!.ToJsonString(), then["rows"]!.ToJsonString());
        Assert.Equal(book["declared"]!.ToJsonString(), then["declared"]!.ToJsonString());
        var formThen = await JsonAsync(http, $"/v1/reports/form-303?year=2026&period=4T&asOf={Uri.EscapeDataString(asOf)}");
        Assert.Equal(form["rows"]!.ToJsonString(), formThen["rows"]!.ToJsonString());
        using var other = host.As("s2");
        Assert.Equal(
            "5000.00",
            (string)Assert.Single((await JsonAsync(other, $"/v1/reports/vat-book?{Year}"))["rows"]!.AsArray())!["total"]!
        );
    }

    [Fact]
    public async Task The_book_is_had_in_the_agencys_layout_and_as_printed()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        await host.PublishAsync(Told.Seller("s1"));
        await host.PublishAsync(BookTests.Some(121m, 0, 0, null));
        using var http = host.As("s1", Scopes.ReportsRead);
        await Eventually.EqualAsync(
            1,
            async () => (await JsonAsync(http, $"/v1/reports/vat-book?{Year}"))["rows"]!.AsArray().Count,
            "the line"
        );

        using var csv = await http.GetAsync($"/v1/reports/vat-book?{Year}&format=csv&activity=A036533");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("2026B12345674EComercios Ñandú, S.L..csv", csv.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(
            "2026;4T;A;03;6533;F1;;;23/11/2026;;F-S01-2026;000001;;;;12345678Z;Ana Peñalver;01;S1;;121,00;100,00;21,00;21,00;;;;;;;;;;;;",
            lines[2]
        );
        Assert.All(lines[..3], line => Assert.Equal(36, line.Split(';').Length));

        await using var zip = new ZipArchive(await http.GetStreamAsync($"/v1/reports/vat-book?{Year}&format=xlsx"));
        await using var workbook = await zip.GetEntry("xl/workbook.xml")!.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            "EXPEDIDAS",
            (string)XDocument.Load(workbook).Descendants().Single(each => each.Name.LocalName == "sheet").Attribute("name")!
        );
        await using var sheet = await zip.GetEntry("xl/worksheets/sheet1.xml")!.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, XDocument.Load(sheet).Descendants().Count(each => each.Name.LocalName == "row"));

        var pdf = await http.GetByteArrayAsync($"/v1/reports/vat-book?{Year}&format=pdf");
        using var document = UglyToad.PdfPig.PdfDocument.Open(pdf);
        Assert.Contains("B12345674", document.GetPage(1).Text, StringComparison.Ordinal);
        var parquet = await http.GetByteArrayAsync($"/v1/reports/vat-book?{Year}&format=parquet");
        Assert.Equal("PAR1"u8.ToArray(), parquet[^4..]);
        // Another report in each format too: who writes it knows nothing of what is in it.
        foreach (var format in new[] { "csv", "xlsx", "parquet", "json" })
        {
            Assert.NotEmpty(await http.GetByteArrayAsync($"/v1/reports/form-303?year=2026&period=11&format={format}"));
        }
    }

    [Fact]
    public async Task A_book_that_cannot_be_made_is_refused_with_its_code()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (
            var (path, status, code) in new[]
            {
                ("vat-book?from=2026-11-30&to=2026-11-01", 422, "REP-SALES-02"),
                ("vat-book?from=1926-11-01&to=2026-11-01", 422, "REP-SALES-03"),
                ($"vat-book?{Year}&format=docx", 422, "REP-SALES-05"),
                ($"vat-book?{Year}&activity=Z99", 422, "REP-BOOK-02"),
                ("form-303?year=2026", 422, "REP-BOOK-01"),
                ("form-303?year=2026&period=5T", 422, "REP-BOOK-01"),
                ("form-303?year=0&period=1T", 422, "REP-BOOK-01"),
                ("form-303?year=mmxxvi&period=1T", 400, "QUERY-01"),
                ($"form-303?year=2026&period=1T&format=pdf", 422, "REP-SALES-05"),
                ($"products/pairs?{Year}&limit=0", 422, "REP-INSIGHT-02"),
                ("products/slow?from=2024-01-01&to=2026-01-01", 422, "REP-INSIGHT-01"),
                ("anomalies?from=2024-01-01&to=2026-01-01", 422, "REP-INSIGHT-01"),
                ("customers?from=2026-11-30&to=2026-11-01", 422, "REP-SALES-02"),
                ("customers/cohorts?from=2026-11-01", 422, "REP-SALES-01"),
            }
        )
        {
            using var response = await http.GetAsync($"/v1/reports/{path}", TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode == status, $"{path}: {(int)response.StatusCode} {body}");
            Assert.Equal(code, (string)JsonNode.Parse(body)!["code"]!);
        }

        // The ends of the calendar are days like others.
        foreach (
            var path in new[]
            {
                "products/slow",
                "anomalies",
                "customers",
                "customers/cohorts",
                "products/pairs",
                "vat-book",
                "vat-book/check",
            }
        )
        {
            foreach (var days in new[] { "from=0001-01-01&to=0001-01-02", "from=9999-12-30&to=9999-12-31" })
            {
                using var response = await http.GetAsync($"/v1/reports/{path}?{days}", TestContext.Current.CancellationToken);
                Assert.True(response.IsSuccessStatusCode, $"{path}?{days}: {(int)response.StatusCode}");
            }
        }

        using var till = host.As("s1", Scopes.SalesWrite);
        using var forbidden = await till.GetAsync($"/v1/reports/vat-book?{Year}", TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)forbidden.StatusCode);
    }

    [Fact]
    public async Task Products_customers_and_anomalies_are_told_of_and_stay_as_they_were()
    {
        await using var host = await ServiceHost.StartAsync<ReportingRpc>(infrastructure, "reporting");
        await host.PublishAsync(Told.Seller("s1"));
        // Cup and saucer go together; of the tea, one of forty was sold at another rate.
        var first = new DateOnly(2026, 9, 1);
        var invoices = Enumerable
            .Range(0, 80)
            .Select(i => Sold(first.AddDays(i), i % 8, i % 2 == 0 ? ["CUP", "SAUCER"] : [$"X{i % 4}"], teaRate: i == 77 ? 21m : 10m))
            .ToArray();
        foreach (var invoice in invoices)
        {
            await host.PublishAsync(invoice);
        }

        using var http = host.As("s1", Scopes.ReportsRead);
        await Eventually.EqualAsync(
            8,
            async () => (await JsonAsync(http, $"/v1/reports/customers?{Year}"))["rows"]!.AsArray().Count,
            "customers"
        );
        await Eventually.EqualAsync(
            80L,
            async () => (await JsonAsync(http, $"/v1/reports/customers?{Year}"))["rows"]!.AsArray().Sum(row => (long)row!["frequency"]!),
            "their invoices"
        );

        var pairs = await JsonAsync(http, $"/v1/reports/products/pairs?{Year}");
        Assert.Equal((80, 1), ((int)pairs["sales"]!, (int)pairs["oneOf"]!));
        var pair = pairs["rows"]!.AsArray().Single(row => (string)row!["second"]! == "SAUCER" || (string)row["first"]! == "SAUCER")!;
        Assert.Equal(("CUP", 40), ((string)pair["first"]!, (int)pair["together"]!));
        var cohorts = await JsonAsync(http, $"/v1/reports/customers/cohorts?{Year}");
        Assert.Equal(
            [("2026-09", 8L, 0, 8L), ("2026-09", 8L, 1, 8L), ("2026-09", 8L, 2, 8L)],
            cohorts["rows"]!
                .AsArray()
                .Select(row => ((string)row!["cohort"]!, (long)row["customers"]!, (int)row["monthsLater"]!, (long)row["active"]!))
        );
        var odd = (await JsonAsync(http, "/v1/reports/anomalies?from=2026-11-01&to=2026-11-19&language=es"))["rows"]!.AsArray();
        var rate = Assert.Single(odd, row => (string)row!["kind"]! == "vat-rate")!;
        Assert.Equal(("TEA", "21", "10"), ((string)rate["subject"]!, (string)rate["seen"]!, (string)rate["expected"]!));
        Assert.Contains("facturas al 21 %", (string)rate["reason"]!, StringComparison.Ordinal);
        var slow = await JsonAsync(http, "/v1/reports/products/slow?from=2026-10-11&to=2026-11-19");
        Assert.Empty(slow["rows"]!.AsArray());

        // What was known before one more was told is what it was.
        string[] paths =
        [
            $"/v1/reports/customers?{Year}",
            $"/v1/reports/customers/cohorts?{Year}",
            $"/v1/reports/products/pairs?{Year}",
            "/v1/reports/products/slow?from=2026-10-11&to=2026-11-19",
            "/v1/reports/anomalies?from=2026-11-01&to=2026-11-19",
        ];
        var before = new List<JsonNode>();
        foreach (var path in paths)
        {
            before.Add(await JsonAsync(http, path));
        }

        await host.PublishAsync(Sold(first.AddDays(70), 1, ["CUP", "SAUCER"], 21m));
        await host.PublishAsync(Told.Cancelled(invoices[3]));
        await Eventually.TrueAsync(
            async () =>
                (await JsonAsync(http, paths[0]))["rows"]!.ToJsonString() != before[0]["rows"]!.ToJsonString()
                && (await JsonAsync(http, paths[2]))["sales"]!.ToJsonString() == "80",
            "one more and one less"
        );
        for (var i = 0; i < paths.Length; i++)
        {
            var then = await JsonAsync(http, $"{paths[i]}&asOf={Uri.EscapeDataString((string)before[i]["asOf"]!)}");
            Assert.Equal(before[i]["rows"]!.ToJsonString(), then["rows"]!.ToJsonString());
        }
    }

    private static async Task<JsonNode> JsonAsync(HttpClient http, string path) => (await http.GetFromJsonAsync<JsonNode>(path))!;

    private static decimal Amount(JsonNode? node) => decimal.Parse((string)node!, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static InvoiceIssued Numbered(int i, Random random)
    {
        var invoice = BookTests.Some(random.Next(1, 200_000) / 100m * (i % 6 == 5 ? -1 : 1), i % 3, i % 5, i % 11 == 3 ? 0.9m : null);
        var day = new DateOnly(2026, 7, 1).AddDays(random.Next(0, 140));
        return invoice with { Number = $"{invoice.Series}-{i + 1:000000}", OperationDate = day, IssueDate = day.AddDays(i % 2) };
    }

    private static InvoiceIssued Sold(DateOnly day, int customer, string[] products, decimal teaRate)
    {
        var invoice = Told.Invoice("s1", 121m, customer: $"c{customer}");
        InvoiceLineBody Line(string sku, decimal rate, int n) =>
            invoice.Lines[0] with
            {
                LineId = $"{n}",
                Sku = sku,
                Vat = new InvoiceVatBody { Category = "S", Rate = rate },
            };
        return invoice with
        {
            OperationDate = day,
            IssueDate = day,
            OccurredAt = new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.FromHours(1)),
            Lines = [Line("TEA", teaRate, 1), .. products.Select((sku, n) => Line(sku, 21m, n + 2))],
        };
    }
}
