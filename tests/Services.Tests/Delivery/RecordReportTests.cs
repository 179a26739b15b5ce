using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Delivery.Reports;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using static RetailInvoicing.Services.Tests.Delivery.SendInvoiceTests;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Reports that are posted become states, events and addresses that get nothing more, once.</summary>
public sealed class RecordReportTests(Infrastructure infrastructure)
{
    private const string Recipient = "cliente@example.com";
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_bounce_becomes_a_state_an_event_and_an_address_that_gets_nothing_more_and_is_shown()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);

        var recorded = await PostAsync(http, SampleReport.Status(Recipient.ToUpperInvariant(), $"{sent.TransmissionId}"));
        var repeated = await PostAsync(http, SampleReport.Status(Recipient, header: $"{sent.TransmissionId}"));

        Assert.Equal(new RecordedReport("recorded", sent.TransmissionId), recorded);
        Assert.Equal(new RecordedReport("repeated", sent.TransmissionId), repeated);
        var failed = Assert.Single(await told.AtLeastAsync<TransmissionFailed>(1));
        Assert.Equal(
            (sent.TransmissionId, sent.InvoiceId, "email", "invoice", Recipient, "5.1.1 550 5.1.1 no such user"),
            (failed.TransmissionId, failed.InvoiceId, failed.Channel, failed.Purpose, failed.Recipient, failed.Reason)
        );
        var shown = await ShownAsync(http, sent.TransmissionId);
        Assert.Equal("bounced", shown.Status);
        Assert.StartsWith("5.1.1", shown.LastError!, StringComparison.Ordinal);
        Assert.NotNull(shown.SentAt);
        Assert.Equal((1, "accepted"), (Assert.Single(shown.HandOvers).Number, shown.HandOvers[0].Outcome));
        var report = Assert.Single(shown.Reports);
        Assert.Equal(("bounced", "5.1.1", "550 5.1.1 no such user", "api"), (report.Kind, report.Status, report.Detail, report.Source));
        var page = await http.GetFromJsonAsync<UnreachableAddressPage>("/v1/unreachable-addresses", Wire.Tolerant);
        var address = Assert.Single(page!.Addresses);
        Assert.Equal(("email", Recipient), (address.Channel, address.Address));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
    }

    [Fact]
    public async Task An_address_that_works_again_is_lifted_by_its_seller_alone()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);
        await PostAsync(http, SampleReport.Status(Recipient, $"{sent.TransmissionId}"));
        using var other = delivery.As("otro");
        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);

        Assert.Empty((await other.GetFromJsonAsync<UnreachableAddressPage>("/v1/unreachable-addresses", Wire.Tolerant))!.Addresses);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/v1/unreachable-addresses/email/{Recipient}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync($"/v1/unreachable-addresses/email/{Recipient}")).StatusCode);
        Assert.InRange((int)(await http.DeleteAsync("/v1/unreachable-addresses/email/a%00b")).StatusCode, 400, 499);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await http.DeleteAsync($"/v1/unreachable-addresses/email/{Recipient.ToUpperInvariant()}")).StatusCode
        );
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync($"/v1/unreachable-addresses/email/{Recipient}")).StatusCode);
        Assert.Empty((await http.GetFromJsonAsync<UnreachableAddressPage>("/v1/unreachable-addresses", Wire.Tolerant))!.Addresses);
    }

    [Fact]
    public async Task Later_truth_wins_and_earlier_truth_that_comes_late_changes_nothing()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);
        var id = $"{sent.TransmissionId}";

        await PostAsync(http, SampleReport.Status(Recipient, id, "delayed", "4.4.1", "smtp; 451 later"));
        Assert.Equal("sent", (await ShownAsync(http, sent.TransmissionId)).Status);
        await PostAsync(http, SampleReport.Status(Recipient, id, "delivered", "2.0.0", null));
        Assert.Equal("delivered", (await ShownAsync(http, sent.TransmissionId)).Status);
        await PostAsync(http, SampleReport.Complaint(Recipient, id));
        await PostAsync(http, SampleReport.Status(Recipient, id, "delivered", "2.1.5", null));
        await PostAsync(http, SampleReport.Status(Recipient, id));

        var shown = await ShownAsync(http, sent.TransmissionId);
        Assert.Equal("complained", shown.Status);
        Assert.Equal(["delayed", "delivered", "complained", "delivered", "bounced"], shown.Reports.Select(each => each.Kind));
        Assert.Equal("complaint: abuse", Assert.Single(await told.AtLeastAsync<TransmissionFailed>(1)).Reason);
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from unreachable_address where reason = 'complaint: abuse'"));
    }

    [Fact]
    public async Task A_full_mailbox_is_a_bounce_and_the_next_mail_goes_there_all_the_same()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);

        await PostAsync(
            http,
            SampleReport.Status(Recipient, $"{sent.TransmissionId}", status: "5.2.2", diagnostic: "smtp; 552 5.2.2 full")
        );

        Assert.Equal("bounced", (await ShownAsync(http, sent.TransmissionId)).Status);
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from unreachable_address"));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-2")));
        await sink.AtLeastAsync(2);
    }

    [Fact]
    public async Task A_report_that_is_delivered_many_times_at_once_is_recorded_and_told_once()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => PostAsync(http, SampleReport.Status(Recipient, $"{sent.TransmissionId}")))
        );

        Assert.Single(answers, answer => answer.Status == "recorded");
        Assert.Equal(11, answers.Count(answer => answer.Status == "repeated"));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from mail_report"));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
    }

    [Fact]
    public async Task A_report_that_is_faster_than_the_record_of_its_acceptance_counts_once_that_is_made()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);
        using var http = delivery.As(Seller.Value);
        var early = new TaskCompletionSource<RecordedReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.AfterData = async mail =>
        {
            early.TrySetResult(await PostAsync(http, SampleReport.Status(Recipient, mail.Headers["X-RetailInvoicing-Transmission"])));
            return true;
        };

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        var recorded = await early.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("recorded", recorded.Status);
        await Eventually.EqualAsync(
            "bounced",
            async () => (await ShownAsync(http, recorded.TransmissionId!.Value)).Status,
            "the transmission's status"
        );
        Assert.Single(await told.AtLeastAsync<TransmissionFailed>(1));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.invoice-transmitted.v1'"));
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task A_report_changes_nothing_for_another_seller_another_recipient_or_a_mail_that_never_left()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);
        using var other = delivery.As("otro");
        var bounce = SampleReport.Status(Recipient, $"{sent.TransmissionId}");

        Assert.Equal(new RecordedReport("unknown"), await PostAsync(other, bounce));
        Assert.Equal(
            new RecordedReport("ignored", sent.TransmissionId),
            await PostAsync(http, SampleReport.Status("otro@example.com", $"{sent.TransmissionId}"))
        );
        Assert.Equal(new RecordedReport("unknown"), await PostAsync(http, SampleReport.Status(Recipient, $"{TransmissionId.New()}")));
        Assert.Equal(new RecordedReport("unknown"), await PostAsync(http, SampleReport.Status(Recipient)));
        Assert.Equal(new RecordedReport("ignored"), await PostAsync(http, "From: a@example.com\r\nSubject: Away\r\n\r\nAway.\r\n"));
        Assert.Equal(
            new RecordedReport("ignored", sent.TransmissionId),
            await PostAsync(http, SampleReport.Complaint(Recipient, $"{sent.TransmissionId}", "not-spam"))
        );
        await ExecuteAsync(delivery, "update transmission set attempts = 0");
        Assert.Equal(new RecordedReport("unknown"), await PostAsync(http, bounce));
        Assert.Equal("sent", (await ShownAsync(http, sent.TransmissionId)).Status);
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from mail_report"));
    }

    [Fact]
    public async Task What_is_no_mail_too_large_or_without_a_key_is_refused_with_a_code()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);
        var bounce = SampleReport.Status(Recipient, $"{TransmissionId.New()}");

        Assert.Equal((400, "BODY-04"), await RefusedAsync(http, Content(bounce, "application/json")));
        Assert.Equal((400, "DEL-REPORT-01"), await RefusedAsync(http, Content("")));
        Assert.Equal((413, "BODY-03"), await RefusedAsync(http, Content(new string('x', 5 * 1024 * 1024))));
        Assert.Equal((403, "AUTH-03"), await RefusedAsync(reader, Content(bounce)));
        Assert.Equal((401, "AUTH-01"), await RefusedAsync(delivery.Http, Content(bounce)));
        using var noise = new ByteArrayContent([0, 255, 254, 13, 10, 0, 1, 2, 3]);
        noise.Headers.ContentType = new("message/rfc822");
        using var answer = await http.PostAsync("/v1/mail-reports", noise);
        Assert.True((int)answer.StatusCode < 500, $"noise was answered {answer.StatusCode}");
    }

    [Fact]
    public async Task One_transmission_is_seen_by_its_seller_and_by_nobody_else()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var sent = await SentAsync(neighbours, delivery);
        using var other = delivery.As("otro");
        using var http = delivery.As(Seller.Value);

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/v1/transmissions/{sent.TransmissionId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/transmissions/nonsense")).StatusCode);
        Assert.Equal(sent.InvoiceId, (await ShownAsync(http, sent.TransmissionId)).InvoiceId);
        await ExecuteAsync(delivery, "update transmission set purpose = 'sign-in'");
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/v1/transmissions/{sent.TransmissionId}")).StatusCode);
    }

    /// <summary>An invoice's mail that the server has accepted.</summary>
    internal static async Task<Transmission> SentAsync(Neighbourhood neighbours, ServiceHost delivery)
    {
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        return await OnlyAsync(delivery);
    }

    internal static async Task<TransmissionHistory> ShownAsync(HttpClient http, TransmissionId id) =>
        (await http.GetFromJsonAsync<TransmissionHistory>($"/v1/transmissions/{id}", Wire.Tolerant))!;

    private static async Task<RecordedReport> PostAsync(HttpClient http, string mail)
    {
        using var content = Content(mail);
        using var answer = await http.PostAsync("/v1/mail-reports", content);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<RecordedReport>(Wire.Tolerant))!;
    }

    private static StringContent Content(string mail, string type = "message/rfc822") => new(mail, Encoding.UTF8, type);

    private static async Task<(int, string?)> RefusedAsync(HttpClient http, HttpContent content)
    {
        using (content)
        {
            using var answer = await http.PostAsync("/v1/mail-reports", content);
            var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
            return ((int)answer.StatusCode, problem.GetProperty("code").GetString());
        }
    }

    private static async Task ExecuteAsync(ServiceHost delivery, string sql)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
