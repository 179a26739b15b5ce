using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using RetailInvoicing.Reporting;
using RetailInvoicing.Reporting.Schedules;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Collections;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class ScheduleTests(Infrastructure infrastructure)
{
    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    [Theory]
    [InlineData("2026-11-23", Cadence.Daily, "2026-11-22_2026-11-22")]
    [InlineData("2026-11-23", Cadence.Weekly, "2026-11-16_2026-11-22")]
    [InlineData("2026-11-29", Cadence.Weekly, "2026-11-16_2026-11-22")]
    [InlineData("2026-03-01", Cadence.Monthly, "2026-02-01_2026-02-28")]
    [InlineData("2026-01-01", Cadence.Monthly, "2025-12-01_2025-12-31")]
    [InlineData("2026-01-01", Cadence.Quarterly, "2025-10-01_2025-12-31")]
    [InlineData("2026-05-31", Cadence.Quarterly, "2026-01-01_2026-03-31")]
    public void A_mail_is_of_the_last_whole_period(string day, Cadence cadence, string period) =>
        Assert.Equal(period, MailedPeriod.Before(DateOnly.ParseExact(day, "yyyy-MM-dd", null), cadence).Name);

    [Theory]
    [InlineData("2026-11-23T05:59:59Z", Cadence.Daily, 7, "2026-11-23T07:00:00+01:00")]
    [InlineData("2026-11-23T06:00:00Z", Cadence.Daily, 7, "2026-11-24T07:00:00+01:00")]
    [InlineData("2026-11-24T06:00:00Z", Cadence.Weekly, 7, "2026-11-30T07:00:00+01:00")]
    [InlineData("2026-11-24T06:00:00Z", Cadence.Monthly, 0, "2026-12-01T00:00:00+01:00")]
    [InlineData("2026-11-24T06:00:00Z", Cadence.Quarterly, 7, "2027-01-01T07:00:00+01:00")]
    // The clock skips from two to three on 29 March, and says two twice on 25 October.
    [InlineData("2026-03-28T12:00:00Z", Cadence.Daily, 2, "2026-03-29T03:00:00+02:00")]
    [InlineData("2026-10-24T12:00:00Z", Cadence.Daily, 2, "2026-10-25T02:00:00+02:00")]
    public void It_is_due_at_the_hour_of_the_sellers_zone(string after, Cadence cadence, int hour, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due, null), MailedPeriod.NextAfter(DateTimeOffset.Parse(after, null), cadence, hour, Madrid));

    [Fact]
    public async Task A_report_is_mailed_once_for_each_period_and_is_what_the_door_answers()
    {
        using var inbox = new Folder();
        var clock = new FakeTimeProvider(Told.At);
        await using var host = await StartAsync(inbox, clock);
        await host.PublishAsync(Told.Seller("s1") with { Email = "tienda@example.com" });
        var invoice = Told.Invoice("s1", 121m);
        await host.PublishAsync(invoice);
        using var http = host.As("s1", Scopes.ReportsRead);
        var day = invoice.OperationDate;
        await Eventually.EqualAsync(
            1,
            async () => (await RowsAsync(http, $"/v1/reports/sales?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}")).Count,
            "the sale is known"
        );

        using var kept = await http.PutAsJsonAsync("/v1/report-schedules/daily", Schedule("sales", "daily", "csv"));
        Assert.Equal(HttpStatusCode.Created, kept.StatusCode);
        var mails = host.Services.GetRequiredService<MailSchedules>();
        Assert.False(await mails.RunAsync(TestContext.Current.CancellationToken));

        // The next morning at seven, and again and again.
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 24, 7, 0, 1, TimeSpan.FromHours(1)));
        await MailAllAsync(mails);
        await MailAllAsync(mails);

        var mail = Assert.Single(inbox.Mails());
        Assert.Equal("tienda@example.com", mail.From.Mailboxes.Single().Address);
        Assert.Equal(["ana@example.com", "luis@example.com"], mail.To.Mailboxes.Select(each => each.Address));
        Assert.Contains("23/11/2026", mail.Subject, StringComparison.Ordinal);
        var attached = Assert.IsAssignableFrom<MimePart>(Assert.Single(mail.Attachments));
        using var content = new MemoryStream();
        await attached.Content!.DecodeToAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(
            await http.GetStringAsync($"/v1/reports/sales?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}&format=csv&groupBy=store"),
            System.Text.Encoding.UTF8.GetString(content.ToArray())
        );
        var told = (await http.GetFromJsonAsync<JsonNode>("/v1/report-schedules/daily"))!;
        Assert.Equal("sent", (string)told["mails"]![0]!["status"]!);
        Assert.Equal("2026-11-25T06:00:00+00:00", (string)told["nextAt"]!);

        using var removed = await http.DeleteAsync("/v1/report-schedules/daily");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await http.GetAsync("/v1/report-schedules/daily");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        // A schedule of the same name is no reason to mail a period again.
        using var again = await http.PutAsJsonAsync("/v1/report-schedules/daily", Schedule("sales", "daily", "csv", hour: 9));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 24, 9, 0, 1, TimeSpan.FromHours(1)));
        await MailAllAsync(mails);
        Assert.Single(inbox.Mails());
    }

    [Fact]
    public async Task While_the_mail_server_is_away_it_is_tried_again_and_a_file_that_is_too_large_is_told_of()
    {
        using var inbox = new Folder();
        var clock = new FakeTimeProvider(Told.At);
        await using var host = await StartAsync(inbox, clock, ("Reporting:MostMailBytes", "10"));
        await host.PublishAsync(Told.Seller("s1"));
        using var http = host.As("s1", Scopes.ReportsRead);
        using var kept = await http.PutAsJsonAsync("/v1/report-schedules/weekly", Schedule("vat-book", "weekly", "pdf", language: "en"));
        Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync());
        var mails = host.Services.GetRequiredService<MailSchedules>();
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 30, 7, 0, 1, TimeSpan.FromHours(1)));

        inbox.Close();
        await MailAllAsync(mails);
        var waiting = (await http.GetFromJsonAsync<JsonNode>("/v1/report-schedules/weekly"))!["mails"]![0]!;
        Assert.Equal(("waiting", 1), ((string)waiting["status"]!, (int)waiting["attempts"]!));
        Assert.NotEmpty((string)waiting["trouble"]!);

        inbox.Open();
        await MailAllAsync(mails);
        Assert.Empty(inbox.Mails());
        clock.Advance(TimeSpan.FromMinutes(2));
        await MailAllAsync(mails);

        var mail = Assert.Single(inbox.Mails());
        Assert.Empty(mail.Attachments);
        Assert.Contains("/v1/reports/vat-book?", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("from=2026-11-23&to=2026-11-29", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal((string)waiting["messageId"]!, mail.MessageId);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_is_refused_with_its_code()
    {
        using var inbox = new Folder();
        await using var host = await StartAsync(inbox, new FakeTimeProvider(Told.At));
        using var http = host.As("s1", Scopes.ReportsRead);
        foreach (
            var (id, body, code) in new (string, JsonObject, string)[]
            {
                ("a b", Schedule("sales", "daily", "csv"), "REP-SCHEDULE-01"),
                ("x", Schedule("weather", "daily", "csv"), "REP-SCHEDULE-02"),
                ("x", Schedule("rebuild", "daily", "csv"), "REP-SCHEDULE-02"),
                ("x", Schedule("sales", "daily", "docx"), "REP-SCHEDULE-03"),
                ("x", Schedule("sales", "daily", "csv", groupBy: "weather"), "REP-SCHEDULE-03"),
                ("x", Schedule("sales", "daily", "csv", recipients: []), "REP-SCHEDULE-04"),
                ("x", Schedule("sales", "daily", "csv", recipients: ["ana"]), "REP-SCHEDULE-05"),
                ("x", Schedule("sales", "daily", "csv", recipients: ["a@b.es\r\nBcc: c@d.es"]), "REP-SCHEDULE-05"),
                ("x", Schedule("sales", "daily", "csv", recipients: ["a\u0000@b.es"]), "REP-SCHEDULE-05"),
                ("x", Schedule("sales", "daily", "csv", hour: 24), "REP-SCHEDULE-06"),
                ("x", Schedule("sales", "daily", "csv", language: "fr"), "REP-SCHEDULE-07"),
                ("x", Schedule("sales", "daily", "csv", groupBy: "a\u0000"), "REP-SCHEDULE-08"),
                ("x", Schedule("form-303", "daily", "csv", groupBy: null), "REP-SCHEDULE-09"),
                ("x", Schedule("sales", "hourly", "csv"), "BODY-02"),
            }
        )
        {
            using var refused = await http.PutAsJsonAsync($"/v1/report-schedules/{Uri.EscapeDataString(id)}", body);
            var text = await refused.Content.ReadAsStringAsync();
            Assert.True((int)refused.StatusCode is >= 400 and < 500, $"{body.ToJsonString()}: {(int)refused.StatusCode} {text}");
            Assert.Equal(code, (string)JsonNode.Parse(text)!["code"]!);
        }

        var own = Schedule("sales", "daily", "csv");
        own["parameters"]!["from"] = "2026-01-01";
        using var decided = await http.PutAsJsonAsync("/v1/report-schedules/x", own);
        Assert.Contains("REP-SCHEDULE-08", await decided.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var form = await http.PutAsJsonAsync("/v1/report-schedules/x", Schedule("form-303", "quarterly", "xlsx", groupBy: null));
        Assert.True(form.IsSuccessStatusCode, await form.Content.ReadAsStringAsync());
        using var other = host.As("s2", Scopes.ReportsRead);
        Assert.Empty((await other.GetFromJsonAsync<JsonNode>("/v1/report-schedules"))!["schedules"]!.AsArray());
        using var till = host.As("s1", Scopes.SalesWrite);
        using var forbidden = await till.PutAsJsonAsync("/v1/report-schedules/x", own);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    private Task<ServiceHost> StartAsync(Folder inbox, FakeTimeProvider clock, params (string, string)[] more) =>
        ServiceHost.StartAsync<ReportingRpc>(
            infrastructure,
            "reporting",
            new HostSettings
            {
                Configuration = new Dictionary<string, string?>(more.Select(each => KeyValuePair.Create(each.Item1, (string?)each.Item2)))
                {
                    ["Smtp:Url"] = inbox.Url,
                    ["Reporting:LookEvery"] = "40.00:00:00",
                },
                // The mailer alone goes by this clock: its loop stands still, and the test says when it looks.
                Services = services =>
                    services
                        .Replace(
                            ServiceDescriptor.Singleton(provider =>
                                ActivatorUtilities.CreateInstance<MailSchedules>(provider, (TimeProvider)clock)
                            )
                        )
                        .Replace(
                            ServiceDescriptor.Singleton(provider =>
                                ActivatorUtilities.CreateInstance<KeepSchedule>(provider, (TimeProvider)clock)
                            )
                        ),
            }
        );

    private static async Task MailAllAsync(MailSchedules mails)
    {
        while (await mails.RunAsync(TestContext.Current.CancellationToken)) { }
    }

    private static async Task<JsonArray> RowsAsync(HttpClient http, string path) =>
        (await http.GetFromJsonAsync<JsonNode>(path))!["rows"]!.AsArray();

    private static JsonObject Schedule(
        string report,
        string cadence,
        string format,
        int hour = 7,
        string? groupBy = "store",
        string[]? recipients = null,
        string? language = null
    )
    {
        var body = new JsonObject
        {
            ["report"] = report,
            ["cadence"] = cadence,
            ["format"] = format,
            ["hour"] = hour,
            ["recipients"] = new JsonArray([
                .. (recipients ?? ["ana@example.com", "luis@example.com"]).Select(each => JsonValue.Create(each)),
            ]),
            ["parameters"] = groupBy is null ? new JsonObject() : new JsonObject { ["groupBy"] = groupBy },
        };
        if (language is not null)
        {
            body["language"] = language;
        }

        return body;
    }

    /// <summary>Mails as files, and a server that may be away: a file where its folder should be.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), $"mails-{Guid.CreateVersion7():N}");

        public string Url => new Uri(_path).AbsoluteUri;

        public IReadOnlyList<MimeMessage> Mails() =>
            Directory.Exists(_path)
                ? [.. Directory.GetFiles(_path, "*.eml").Order(StringComparer.Ordinal).Select(file => MimeMessage.Load(file))]
                : [];

        public void Close() => File.WriteAllText(_path, "");

        public void Open() => File.Delete(_path);

        public void Dispose()
        {
            if (Directory.Exists(_path))
            {
                Directory.Delete(_path, recursive: true);
            }
        }
    }
}
