using System.Text;
using MimeKit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Reports;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What is read out of reports about mails, in the forms that servers write them.</summary>
public sealed class ReadMailReportTests
{
    private const string Recipient = "cliente@example.com";
    private static readonly TransmissionId Id = TransmissionId.New();

    [Fact]
    public void A_bounce_names_its_mail_by_the_envelope_id_the_header_or_the_Message_ID()
    {
        foreach (
            var text in new[]
            {
                SampleReport.Status(Recipient, envelope: $"{Id}"),
                SampleReport.Status(Recipient, header: $"{Id}"),
                SampleReport.Status(Recipient, messageId: $"{Id}@facturas.example.com"),
                SampleReport.Status(Recipient, messageId: $"{Id}@facturas.example.com", returnedAs: "message/rfc822"),
            }
        )
        {
            var report = Read(text);
            Assert.Equal(Id, report.TransmissionId);
            var fate = report.Of(Recipient)!;
            Assert.Equal((ReportKind.Bounced, "5.1.1", "550 5.1.1 no such user"), (fate.Kind, fate.Status, fate.Detail));
            Assert.Equal("5.1.1 550 5.1.1 no such user", ReportedFate.ReasonOf(fate.KindName, fate.Status, fate.Detail));
        }
    }

    [Fact]
    public void A_bounce_that_names_no_mail_of_ours_names_none() =>
        Assert.Null(Read(SampleReport.Status(Recipient, envelope: "QQ314159", messageId: "hello@example.com")).TransmissionId);

    [Theory]
    [InlineData("failed", "5.1.1", ReportKind.Bounced)]
    [InlineData("Failed (no such user)", "5.1.1", ReportKind.Bounced)]
    [InlineData("failed", "4.4.7", ReportKind.Bounced)]
    [InlineData("delayed", "4.4.1", ReportKind.Delayed)]
    [InlineData("delayed", "5.1.1", ReportKind.Delayed)]
    [InlineData("delivered", "2.0.0", ReportKind.Delivered)]
    [InlineData("relayed", "2.0.0", ReportKind.Relayed)]
    [InlineData("expanded", "2.0.0", ReportKind.Relayed)]
    [InlineData("", "5.2.2", ReportKind.Bounced)]
    [InlineData("", "4.2.2", ReportKind.Delayed)]
    public void The_servers_own_word_says_what_became_of_a_mail_and_its_status_where_there_is_none(
        string action,
        string status,
        ReportKind kind
    ) => Assert.Equal(kind, Read(SampleReport.Status(Recipient, $"{Id}", action, status, diagnostic: null)).Of(Recipient)!.Kind);

    [Theory]
    [InlineData("5.1.1", true)]
    [InlineData("5.1.2", true)]
    [InlineData("5.1.10", true)]
    [InlineData("5.2.1", true)]
    [InlineData("5.2.2", false)]
    [InlineData("5.1.8", false)]
    [InlineData("5.3.4", false)]
    [InlineData("5.7.1", false)]
    [InlineData("4.4.7", false)]
    [InlineData("5.0.0", false)]
    public void Only_a_fault_of_the_address_itself_ends_it_and_a_full_mailbox_is_none(string status, bool ends) =>
        Assert.Equal(ends, Read(SampleReport.Status(Recipient, $"{Id}", status: status)).Of(Recipient)!.IsOfAddress);

    [Theory]
    [InlineData("smtp; 550 5.1.1 no such user", "5.1.1")]
    [InlineData("smtp; 552 mailbox full", "5.0.0")]
    [InlineData("smtp; 451 later", "4.0.0")]
    [InlineData("smtp; host 5.6.7.8 said nothing", null)]
    public void A_missing_status_is_taken_from_the_servers_reply(string diagnostic, string? status) =>
        Assert.Equal(status, Read(SampleReport.Status(Recipient, $"{Id}", status: null, diagnostic: diagnostic)).Of(Recipient)!.Status);

    [Fact]
    public void Of_several_recipients_only_the_one_who_was_written_to_counts()
    {
        var other = "Final-Recipient: rfc822; otro@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n";
        var report = Read(SampleReport.Status(Recipient, $"{Id}", "delivered", "2.0.0", null, before: other));
        Assert.Equal(ReportKind.Delivered, report.Of("CLIENTE@Example.com")!.Kind);
        Assert.Equal(ReportKind.Bounced, report.Of("otro@example.com")!.Kind);
        Assert.Null(report.Of("nadie@example.com"));
    }

    [Fact]
    public void A_mail_that_was_passed_on_counts_for_the_address_that_it_was_sent_to()
    {
        var report = Read(SampleReport.Status("elsewhere@example.net", $"{Id}", original: Recipient));
        Assert.Equal(ReportKind.Bounced, report.Of(Recipient)!.Kind);
    }

    [Fact]
    public void A_domain_beyond_ASCII_is_the_same_in_both_its_forms() =>
        Assert.NotNull(Read(SampleReport.Status("cliente@xn--and-6ma2c.example", $"{Id}")).Of("Cliente@ñandú.example"));

    [Fact]
    public void A_complaint_names_its_mail_and_who_complains_in_the_report_or_in_the_returned_mail()
    {
        foreach (var isNamed in new[] { true, false })
        {
            var report = Read(SampleReport.Complaint(Recipient, $"{Id}", isNamed: isNamed));
            Assert.Equal(Id, report.TransmissionId);
            var fate = report.Of(Recipient)!;
            Assert.Equal(ReportKind.Complained, fate.Kind);
            Assert.Equal("complaint: abuse", ReportedFate.ReasonOf(fate.KindName, fate.Status, fate.Detail));
        }
    }

    [Theory]
    [InlineData("not-spam")]
    [InlineData("auth-failure")]
    public void Praise_and_notes_about_signatures_are_no_complaints(string type) =>
        Assert.Empty(Read(SampleReport.Complaint(Recipient, $"{Id}", type)).Fates);

    [Fact]
    public void A_letter_is_no_report()
    {
        using var letter = SampleReport.Mail("From: a@example.com\r\nTo: b@example.com\r\nSubject: Away\r\n\r\nI am away.\r\n");
        Assert.Null(ReadMailReport.From(letter));
    }

    [Fact]
    public void What_a_server_says_is_kept_in_one_line_of_a_length_that_a_row_can_keep()
    {
        var said = $"smtp; 550 5.1.1 a\tb\u0001c{new string('x', 5000)}";
        var fate = Read(SampleReport.Status(Recipient, $"{Id}", diagnostic: said)).Of(Recipient)!;
        Assert.StartsWith("550 5.1.1 a b c", fate.Detail, StringComparison.Ordinal);
        Assert.InRange(fate.Detail!.Length, 100, 502);
        Assert.DoesNotContain(fate.Detail, each => char.IsControl(each));
    }

    [Fact]
    public void The_same_facts_have_one_fingerprint_and_other_facts_another()
    {
        var first = Read(SampleReport.Status(Recipient, envelope: $"{Id}")).Of(Recipient)!;
        var again = Read(SampleReport.Status(Recipient, header: $"{Id}")).Of(Recipient)!;
        var other = Read(SampleReport.Status(Recipient, envelope: $"{Id}", status: "5.1.2")).Of(Recipient)!;
        Assert.Equal(first.Fingerprint(), again.Fingerprint());
        Assert.NotEqual(first.Fingerprint(), other.Fingerprint());
    }

    [Fact]
    public void A_report_that_is_cut_or_garbled_anywhere_is_read_or_not_and_never_fails()
    {
        var bytes = Encoding.UTF8.GetBytes(
            SampleReport.Status(Recipient, $"{Id}", header: $"{Id}") + SampleReport.Complaint(Recipient, $"{Id}")
        );
        var random = new Random(20261123);
        var read = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var garbled = bytes[..random.Next(1, bytes.Length)];
            for (var change = random.Next(0, 8); change > 0; change--)
            {
                garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            }

            try
            {
                using var stream = new MemoryStream(garbled);
                using var mail = MimeMessage.Load(stream);
                if (ReadMailReport.From(mail) is { } report)
                {
                    _ = report.Of(Recipient)?.Fingerprint();
                    read++;
                }
            }
            catch (FormatException)
            {
                // No mail at all.
            }
        }

        Assert.InRange(read, 100, 2_000);
    }

    private static MailReport Read(string text)
    {
        using var mail = SampleReport.Mail(text);
        var report = ReadMailReport.From(mail);
        Assert.NotNull(report);
        return report;
    }
}
