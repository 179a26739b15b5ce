using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;
using static RetailInvoicing.Services.Tests.Delivery.RecordReportTests;
using static RetailInvoicing.Services.Tests.Delivery.SendInvoiceTests;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Reports that come by mail are read from their mailbox.</summary>
public sealed class WatchMailboxTests(Infrastructure infrastructure)
{
    private const string Recipient = "cliente@example.com";
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task Reports_in_the_mailbox_become_states_and_one_bad_mail_stops_no_other()
    {
        await using var sink = SmtpSink.Start();
        await using var mailbox = new ImapStandIn();
        mailbox.Open();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink, mailbox);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);

        mailbox.Add("From: a@example.com\r\nSubject: huge\r\n\r\nhuge\r\n", size: 50_000_000);
        mailbox.Add("From: a@example.com\r\nSubject: Away\r\n\r\nI am away.\r\n");
        mailbox.Add(SampleReport.Status(Recipient, $"{sent.TransmissionId}"));
        mailbox.Add(SampleReport.Status(Recipient, $"{sent.TransmissionId}"));

        await Eventually.EqualAsync(
            "\\Flagged \\Seen, \\Seen, \\Seen, \\Seen",
            () => Task.FromResult(string.Join(", ", mailbox.Marks)),
            "how the mails are marked"
        );
        var shown = await ShownAsync(http, sent.TransmissionId);
        Assert.Equal("bounced", shown.Status);
        Assert.Equal("mailbox", Assert.Single(shown.Reports).Source);
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
    }

    [Fact]
    public async Task A_complaint_about_any_sellers_mail_is_read_and_two_instances_record_it_once()
    {
        await using var sink = SmtpSink.Start();
        await using var mailbox = new ImapStandIn();
        mailbox.Open();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var first = await DeliveryAsync(neighbours, sink, mailbox);
        await using var second = await DeliveryAsync(neighbours, sink, mailbox, first);
        var sent = await SentAsync(neighbours, first);
        using var http = second.As(Seller.Value);

        mailbox.Add(SampleReport.Complaint(Recipient, $"{sent.TransmissionId}"));

        await Eventually.EqualAsync(
            "complained",
            async () => (await ShownAsync(http, sent.TransmissionId)).Status,
            "the transmission's status"
        );
        await Eventually.EqualAsync("\\Seen", () => Task.FromResult(mailbox.Marks[0]), "how the complaint is marked");
        Assert.Equal(1L, await CountAsync(first, "select count(*) from mail_report"));
        Assert.Equal(1L, await CountAsync(first, "select count(*) from event where name = 'delivery.transmission-failed.v1'"));
    }

    [Fact]
    public async Task While_the_mailbox_is_away_mails_go_out_and_reports_are_read_when_it_is_back()
    {
        await using var sink = SmtpSink.Start();
        await using var mailbox = new ImapStandIn();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink, mailbox);
        var sent = await SentAsync(neighbours, delivery);
        using var http = delivery.As(Seller.Value);
        mailbox.Add(SampleReport.Status(Recipient, header: $"{sent.TransmissionId}"));

        mailbox.Open();

        await Eventually.EqualAsync(
            "bounced",
            async () => (await ShownAsync(http, sent.TransmissionId)).Status,
            "the transmission's status"
        );
        Assert.True(mailbox.SignIns > 0, "nobody signed in");
    }

    private Task<ServiceHost> DeliveryAsync(Neighbourhood neighbours, SmtpSink sink, ImapStandIn mailbox, ServiceHost? beside = null) =>
        neighbours.DeliveryAsync(
            infrastructure,
            sink.Url,
            beside,
            ("Delivery:Reports:Mailbox", mailbox.Url),
            ("Delivery:Reports:Every", "00:00:00.100"),
            ("Delivery:Reports:AwayCap", "00:00:00.400")
        );
}
