using System.Text.Json.Nodes;
using RetailInvoicing.Reporting.Schedules;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The office's reports: each door with its period, its groups, what it is compared with, where its rows lead, and as a file.</summary>
public sealed class OfficeReportsTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Sales = "reporting GET /v1/reports/sales";
    private const string Schedules = "reporting GET /v1/report-schedules";
    private const string Head = "\"asOf\":\"2026-11-23T09:15:00+00:00\",\"lagMs\":12";

    public static TheoryData<string, string, string, string> EachReport =>
        new()
        {
            {
                "income",
                "income",
                """{"key":"2026-11-23","currency":"EUR","issued":"120.00","received":"100.00","givenBack":"0.00","collected":"100.00","fees":"1.20","writtenOff":"0.00","outstanding":"20.00","payments":3}""",
                "100,00 €"
            },
            {
                "vat-book",
                "vat-book",
                """{"invoiceId":"01935b7c-0000-7000-8000-000000000001","part":1,"recordType":"F1","issueDate":"2026-11-23","operationDate":"2026-11-23","series":"F-S01-2026-","number":"F-S01-2026-000123","buyerName":"Ana","operationKey":"01","total":"57.15","taxableAmount":"47.23","rate":"21","vatAmount":"9.92"}""",
                "F-S01-2026-000123"
            },
            {
                "vat-check",
                "vat-book/check",
                """{"rule":39,"wants":"Un tipo de IVA en vigor","invoices":2,"first":"F-S01-2026-000123"}""",
                "Un tipo de IVA en vigor"
            },
            { "form-303", "form-303", """{"box":"27","concept":"Total cuota devengada","amount":"1234.56"}""", "1.234,56 €" },
            { "ageing", "ageing", """{"key":"1-30","currency":"EUR","amountDue":"19.80","receivables":1}""", "1 a 30 días" },
            {
                "dso",
                "dso",
                """{"key":"2026-11","date":"2026-11-23","currency":"EUR","outstanding":"93.45","notDue":"73.65","issued":"900.00","onCredit":"400.00","dso":"9.3","dsoOnCredit":"21.0","bestPossible":"16.6","daysLate":"4.4"}""",
                "9,3"
            },
            {
                "collections",
                "collections",
                """{"key":"2026-11","currency":"EUR","notices":4,"calls":2,"otherActs":0,"askedFor":"80.00","answered":2,"within7Days":"19.80","within14Days":"19.80","within30Days":"39.60"}""",
                "39,60 €"
            },
            {
                "cash-flow",
                "cash-flow",
                """{"key":"2026-11-24","currency":"EUR","forecastOf":"2026-11-23","expected":"50.00","low":"20.00","high":"70.00","came":"0.00","payments":0}""",
                "70,00 €"
            },
            {
                "pairs",
                "products/pairs",
                """{"first":"PAN","second":"ACE","together":40,"withFirst":100,"withSecond":60,"lift":"3.2","ofFirst":"40","ofSecond":"66.67","evidence":"99"}""",
                "66,67 %"
            },
            {
                "slow",
                "products/slow",
                """{"product":"22423","lastSold":"2026-10-01","daysSince":53,"invoices":1,"expected":"9.5","invoicesBefore":12,"quantity":"1","quantityBefore":"14","chance":"0.01"}""",
                "22423"
            },
            {
                "customers",
                "customers",
                """{"customer":"17850","currency":"EUR","first":"2026-01-02","last":"2026-11-20","recency":3,"frequency":12,"value":"345.60","recencyScore":5,"frequencyScore":4,"valueScore":5}""",
                "345,60 €"
            },
            {
                "cohorts",
                "customers/cohorts",
                """{"cohort":"2026-01","currency":"EUR","customers":20,"monthsLater":3,"active":8,"value":"99.00","retained":"40.00"}""",
                "40 %"
            },
            {
                "anomalies",
                "anomalies",
                """{"kind":"silent-till","subject":"S01/T2","day":"2026-11-23","seen":"0","expected":"14","of":3,"chance":"0.01","reason":"Three hours without a sale.","reasonEs":"Tres horas sin una venta."}""",
                "Tres horas sin una venta."
            },
        };

    [Theory]
    [MemberData(nameof(EachReport))]
    public async Task Each_report_is_asked_for_its_usual_period_and_shown_with_its_files(string name, string path, string row, string said)
    {
        var door = $"reporting GET /v1/reports/{path}";
        office.Doors.Answer(door, $"{{{Head},\"rows\":[{row}]}}");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"/office/reports/{name}");
        Assert.Equal(200, page.Status);
        Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.Contains("Según lo sabido a 23 nov 2026, 10:15.", page.Text, StringComparison.Ordinal);
        Assert.Equal("Informes", page.Html.QuerySelector(".rooms a[aria-current=page]")!.TextContent);
        var file = page
            .Html.QuerySelectorAll("a")
            .Select(link => link.GetAttribute("href")!)
            .First(link => link.Contains("format=csv", StringComparison.Ordinal));
        office.Doors.Answer(door, "a,b\r\n", type: "text/csv");
        var taken = await browser.GetAsync(file);
        Assert.Equal((200, "a,b\r\n"), (taken.Status, taken.Body));
        Assert.Contains("format=csv", office.Doors.At(door)[0].Query, StringComparison.Ordinal);
        Assert.StartsWith(
            $"attachment; filename={name}-",
            taken.Response.Content.Headers.ContentDisposition!.ToString(),
            StringComparison.Ordinal
        );

        office.Doors.Answer(door, $"{{{Head},\"rows\":[{row}]}}");
        using var english = await office.OwnerAsync("en");
        Assert.Contains("As known at", (await english.GetAsync($"/office/reports/{name}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sales_are_grouped_compared_drawn_and_lead_to_their_invoices()
    {
        office.Doors.Answer(
            Sales,
            $$"""{ {{Head}},"before":{"from":"2026-10-01","to":"2026-10-31"},"rows":[{{Sold("S01", "150.00", "100.00")}},{{Sold("WEB", "50.00", "75.00")}}]}"""
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/reports/sales?from=2026-11-01&to=2026-11-30&groupBy=store&compare=previous");
        Assert.Equal("?from=2026-11-01&to=2026-11-30&groupBy=store&compare=previous", office.Doors.At(Sales)[0].Query);
        foreach (
            var text in new[]
            {
                "Del 1 nov 2026 al 30 nov 2026",
                "150,00 €",
                "100,00 €",
                "50 %",
                "−33,3 %",
                "Pálido, detrás: el periodo anterior.",
            }
        )
        {
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        }

        // A picture with its words, its figures in the table beneath; bars from zero.
        var chart = page.Html.QuerySelector("svg.chart")!;
        Assert.Equal("img", chart.GetAttribute("role"));
        Assert.Contains("150,00 €", chart.GetAttribute("aria-label")!.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Equal(2, chart.QuerySelectorAll("rect.now").Length);
        Assert.Equal(2, chart.QuerySelectorAll("rect.before").Length);
        var heights = chart
            .QuerySelectorAll("rect.now")
            .Select(bar => decimal.Parse(bar.GetAttribute("height")!, System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(3m, decimal.Round(heights[0] / heights[1], 1, MidpointRounding.AwayFromZero));
        Assert.Empty(chart.QuerySelectorAll("[style]"));

        var way = page.Html.QuerySelector(".listing tbody a")!.GetAttribute("href")!;
        Assert.Equal("/office/reports/sales/invoices?from=2026-11-01&to=2026-11-30&groupBy=store&key=S01", way);
        office.Doors.Answer(
            "reporting GET /v1/reports/sales/invoices",
            $$"""{ {{Head}},"cursor":"zzz","rows":[{"invoiceId":"01935b7c-0000-7000-8000-000000000001","number":"F-S01-2026-000123","kind":"full","operationDate":"2026-11-23","saleIds":["s-1"],"eventId":"01935b7c-0000-7000-8000-000000000002","currency":"EUR","totalWithoutVat":"47.23","vatTotal":"9.92","totalWithVat":"57.15","knownAt":"2026-11-23T09:00:00+00:00"}]}"""
        );
        var invoices = await browser.GetAsync(way);
        Assert.Equal("Facturas de S01", invoices.Heading);
        Assert.Contains("57,15 €", invoices.Text, StringComparison.Ordinal);
        Assert.NotNull(invoices.Html.QuerySelector("a[href='/office/invoices/01935b7c-0000-7000-8000-000000000001']"));
        Assert.Contains("cursor=zzz", invoices.Html.QuerySelector(".pages a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("key=S01", office.Doors.At("reporting GET /v1/reports/sales/invoices")[0].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_time_is_a_line_and_says_its_highest_and_its_last()
    {
        var rows = Enumerable.Range(1, 30).Select(day => Sold($"2026-11-{day:00}", day == 7 ? "900.00" : $"{day}.00", null));
        office.Doors.Answer(Sales, $"{{{Head},\"rows\":[{string.Join(',', rows)}]}}");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/reports/sales?from=2026-11-01&to=2026-11-30&groupBy=day");
        var chart = page.Html.QuerySelector("svg.chart")!;
        Assert.Equal(30, chart.QuerySelector("polyline.now")!.GetAttribute("points")!.Split(' ').Length);
        var words = chart.QuerySelectorAll("text").Select(text => text.TextContent.Replace('\u00a0', ' ')).ToList();
        Assert.Contains("900,00 €", words);
        Assert.Contains("30,00 €", words);
        Assert.Contains("1 nov", words);
    }

    [Fact]
    public async Task A_report_of_many_rows_shows_its_beginning_and_says_so()
    {
        var rows = Enumerable.Range(1, 3000).Select(each => Sold($"P{each:0000}", "1.00", null));
        office.Doors.Answer(Sales, $"{{{Head},\"rows\":[{string.Join(',', rows)}]}}");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/reports/sales?groupBy=sku");
        Assert.Equal(400, page.Html.QuerySelectorAll(".listing tbody tr").Length);
        Assert.Contains("Aquí se ven las primeras 400 filas; los archivos las tienen todas.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_reporting_refuses_is_said_with_its_code()
    {
        office.Doors.Refuse(Sales, 422, "REP-SALES-03", "El periodo acaba antes de empezar.");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/reports/sales?from=2026-11-30&to=2026-11-01");
        Assert.Equal(422, page.Status);
        Assert.Contains("El periodo acaba antes de empezar.", page.Text, StringComparison.Ordinal);
        Assert.Contains("REP-SALES-03", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync("/office/reports/nada")).Status);
        Assert.Equal(404, (await browser.GetAsync("/office/reports/sales/file?format=exe")).Status);
    }

    [Fact]
    public async Task A_report_comes_by_mail_as_often_as_somebody_wants_and_no_longer()
    {
        office.Doors.Answer(
            Schedules,
            $$"""{"schedules":[{{Shaped<ScheduleView>("""{"scheduleId":"ventas","schedule":{"report":"sales","cadence":"weekly","hour":7,"format":"xlsx","recipients":["ana@nandu.example"],"parameters":{},"active":true},"nextAt":"2026-11-30T06:00:00+00:00","mails":[{"period":"2026-11-16_2026-11-22","messageId":"<x>","status":"sent","attempts":1}]}""")}}]}"""
        );
        office.Doors.Answer("reporting PUT /v1/report-schedules/iva", "{}");
        office.Doors.Answer("reporting DELETE /v1/report-schedules/ventas", "", 204);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/reports/schedules?report=sales");
        foreach (
            var text in new[]
            {
                "ventas",
                "Cada lunes, de la semana anterior",
                "ana@nandu.example",
                "El próximo, 30 nov 2026, 07:00",
                "2026-11-16 – 2026-11-22: Enviado",
            }
        )
        {
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        }

        var gone = await browser.SubmitAsync(page.Form("/office/reports/schedules/removal"));
        Assert.Equal((303, "/office/reports/schedules?done=removed"), (gone.Status, gone.Location));
        Assert.Single(office.Doors.At("reporting DELETE /v1/report-schedules/ventas"));

        var form = page.Html.Forms.Single(each => each.GetAttribute("action") == "/office/reports/schedules");
        var kept = await browser.SubmitAsync(
            form,
            ("id", "iva"),
            ("report", "vat-book"),
            ("cadence", "quarterly"),
            ("hour", "8"),
            ("format", "pdf"),
            ("groupBy", ""),
            ("recipients", "ana@nandu.example, otra@nandu.example")
        );
        Assert.Equal("/office/reports/schedules?done=scheduled", kept.Location);
        var sent = JsonNode.Parse(Shaped<ScheduleRequest>(office.Doors.At("reporting PUT /v1/report-schedules/iva")[0].Body))!;
        Assert.Equal(("vat-book", "quarterly", "pdf"), ((string)sent["report"]!, (string)sent["cadence"]!, (string)sent["format"]!));
        Assert.Equal(2, sent["recipients"]!.AsArray().Count);
    }

    private static string Sold(string key, string total, string? before) =>
        $$"""{"key":"{{key}}","currency":"EUR","invoices":3,"returnInvoices":0,"totalWithoutVat":"{{total}}","vatTotal":"0.00","totalWithVat":"{{total}}","returns":"0.00"{{(before is null ? "" : $$""","before":{"invoices":2,"returnInvoices":0,"totalWithoutVat":"{{before}}","vatTotal":"0.00","totalWithVat":"{{before}}","returns":"0.00"}""")}}}""";
}
