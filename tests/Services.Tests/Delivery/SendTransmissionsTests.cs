using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.Services.Tests.Fixtures;
using static RetailInvoicing.Services.Tests.Delivery.SendInvoiceTests;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>The senders, when instances, servers and lines come and go.</summary>
public sealed class SendTransmissionsTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task Two_instances_share_the_work_and_send_each_mail_once_over_few_connections()
    {
        const int mails = 60;
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var first = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var second = await neighbours.DeliveryAsync(infrastructure, sink.Url, beside: first);

        await Parallel.ForEachAsync(
            Enumerable.Range(1, mails),
            async (i, _) => await first.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, 1, number: $"F-{i}")))
        );

        await Eventually.EqualAsync(
            (long)mails,
            () => CountAsync(first, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        Assert.Equal(mails, sink.Mails.Count);
        Assert.Equal(mails, sink.Mails.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(0L, await CountAsync(first, "select count(*) from transmission where possible_duplicate"));
        Assert.InRange(sink.Connections, 1, 8);
    }

    [Fact]
    public async Task While_the_server_is_away_mails_wait_and_go_out_once_when_it_is_back()
    {
        await using var sink = new SmtpSink();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'queued'"),
            "mails waiting"
        );

        sink.Open();
        await sink.AtLeastAsync(1);
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        sink.Close();
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-2")));
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'queued'"),
            "mails waiting"
        );
        sink.Open();

        var mails = await sink.AtLeastAsync(2);
        await Eventually.EqualAsync(
            2L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        Assert.Equal(2, mails.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(2, sink.Mails.Count);
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from transmission where possible_duplicate"));
    }

    [Fact]
    public async Task Senders_whose_look_fails_again_and_again_are_still_there_when_the_database_is_well()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        await sink.AtLeastAsync(1);

        await ExecuteAsync(delivery, "alter table transmission rename column due_at to due_at_mislaid");
        // Every sender has looked in vain: each statement that failed is counted by the database.
        var failed = await RolledBackAsync(delivery);
        await Eventually.TrueAsync(async () => await RolledBackAsync(delivery) >= failed + 20, "looks that failed");
        await ExecuteAsync(delivery, "alter table transmission rename column due_at_mislaid to due_at");

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-2")));
        await sink.AtLeastAsync(2);

        Task<long> RolledBackAsync(ServiceHost host) =>
            CountAsync(host, "select xact_rollback from pg_stat_database where datname = current_database()");
    }

    [Fact]
    public async Task A_recipient_the_server_refuses_for_good_is_given_up_and_told_and_others_go_on()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);
        sink.Recipient = recipient => recipient.StartsWith("nadie", StringComparison.Ordinal) ? "550 no such user" : null;

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "nadie@example.com")));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "esto no es un correo")));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "alguien@example.com")));

        var failed = await told.AtLeastAsync<TransmissionFailed>(2);
        Assert.Contains(failed, each => each.Recipient == "nadie@example.com" && each.Reason.StartsWith("550", StringComparison.Ordinal));
        Assert.Contains(failed, each => each.Reason.StartsWith("DEL-SEND-02", StringComparison.Ordinal));
        await sink.AtLeastAsync(1);
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
    }

    [Fact]
    public async Task Whatever_a_server_says_is_recorded_even_what_a_database_cannot_keep()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        sink.Recipient = recipient =>
            recipient.StartsWith("nadie", StringComparison.Ordinal) ? $"550 no\0such {new string('x', 2000)}" : null;

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "nadie@example.com")));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-2", email: "alguien@example.com")));

        await Eventually.EqualAsync(
            1L,
            () =>
                CountAsync(
                    delivery,
                    "select count(*) from transmission where status = 'failed' and last_error like '550%x' and length(last_error) <= 510"
                ),
            "mails given up"
        );
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from transmission where possible_duplicate"));
    }

    [Fact]
    public async Task A_recipient_the_server_puts_off_is_tried_again()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var asked = 0;
        sink.Recipient = _ => Interlocked.Increment(ref asked) < 3 ? "451 greylisted" : null;

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        Assert.Single(await sink.AtLeastAsync(1));
        await Eventually.EqualAsync(
            1L,
            () =>
                CountAsync(delivery, "select count(*) from transmission where status = 'sent' and attempts = 3 and not possible_duplicate"),
            "mails sent at the third hand-over"
        );
    }

    [Fact]
    public async Task A_line_that_breaks_after_the_mail_went_out_sends_it_again_under_the_same_Message_ID_and_says_so()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var counted = 0L;
        using var meter = PossibleDuplicates(count => Interlocked.Add(ref counted, count));
        var seen = 0;
        sink.AfterData = _ => Task.FromResult(Interlocked.Increment(ref seen) > 1);

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        var mails = await sink.AtLeastAsync(2);
        Assert.Single(mails.Select(mail => mail.MessageId).Distinct());
        await Eventually.EqualAsync("sent", async () => (await OnlyAsync(delivery)).Status, "the transmission's status");
        var shown = await OnlyAsync(delivery);
        Assert.True(shown.PossibleDuplicate);
        Assert.Equal(2, shown.Attempts);
        Assert.True(Interlocked.Read(ref counted) >= 1, "delivery.possible_duplicates");
    }

    [Fact]
    public async Task What_a_dead_sender_was_handing_over_is_sent_again_by_another_and_counted()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        // A sender that never hears of the acceptance and outlives its hold is what a killed one leaves behind.
        var never = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = 0;
        sink.AfterData = _ => Interlocked.Increment(ref seen) == 1 ? never.Task : Task.FromResult(true);
        await using var dead = await neighbours.DeliveryAsync(
            infrastructure,
            sink.Url,
            null,
            ("Delivery:Hold", "00:00:02"),
            ("Delivery:SmtpTimeout", "00:01:00")
        );
        await dead.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        await sink.AtLeastAsync(1);

        await using var other = await neighbours.DeliveryAsync(infrastructure, sink.Url, beside: dead);

        var mails = await sink.AtLeastAsync(2);
        Assert.Single(mails.Select(mail => mail.MessageId).Distinct());
        await Eventually.EqualAsync("sent", async () => (await OnlyAsync(other)).Status, "the transmission's status");
        var shown = await OnlyAsync(other);
        Assert.True(shown.PossibleDuplicate);
        Assert.Equal(2, shown.Attempts);
        Assert.Equal(["unknown", "accepted"], await StringsAsync(other, "select outcome from attempt order by number"));
        // What the late one learns changes nothing any more.
        never.SetResult(true);
        Assert.Equal(2, sink.Mails.Count);
        Assert.Equal(1L, await CountAsync(other, "select count(*) from event where name = 'delivery.invoice-transmitted.v1'"));
    }

    [Fact]
    public async Task A_server_that_takes_a_mail_and_dies_each_time_gets_it_three_times_and_others_go_on()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        sink.AfterData = mail => Task.FromResult(!IsMortal(mail));

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "mortal@example.com")));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-2", email: "alguien@example.com")));

        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'failed' and attempts = 3 and possible_duplicate"),
            "mails given up"
        );
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from transmission where last_error like 'DEL-SEND-06%'"));
        Assert.Equal(3, sink.Mails.Count(IsMortal));
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent' and recipient = 'alguien@example.com'"),
            "mails of others sent"
        );

        static bool IsMortal(MimeKit.MimeMessage mail) => mail.To.Mailboxes.Single().Address == "mortal@example.com";
    }

    [Fact]
    public async Task A_host_that_puts_mails_off_again_and_again_rests_and_the_mails_of_others_go_on()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(
            infrastructure,
            sink.Url,
            null,
            ("Delivery:HostFailures", "3"),
            ("Delivery:HostRestBase", "01:00:00"),
            ("Delivery:HostRestCap", "01:00:00")
        );
        var asked = 0;
        sink.Recipient = recipient =>
        {
            if (!recipient.EndsWith("@slow.example", StringComparison.Ordinal))
            {
                return null;
            }

            Interlocked.Increment(ref asked);
            return "451 come again";
        };
        for (var i = 0; i < 8; i++)
        {
            await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: $"F-{i}", email: $"c{i}@slow.example")));
        }

        await Eventually.EqualAsync(
            1L,
            () =>
                CountAsync(
                    delivery,
                    "select count(*) from mail_host where host = 'slow.example' and rest_until > now() + interval '20 minutes'"
                ),
            "hosts at rest"
        );
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-9", email: "alguien@example.com")));

        await sink.AtLeastAsync(1);
        Assert.Equal("alguien@example.com", Assert.Single(sink.Mails).To.Mailboxes.Single().Address);
        await Eventually.EqualAsync(
            0L,
            () =>
                CountAsync(
                    delivery,
                    "select count(*) from transmission where status = 'queued' and hold is not null and due_at > now() and handed_over_at is null and due_at < now() + interval '20 minutes'"
                ),
            "mails in hand"
        );
        var before = Volatile.Read(ref asked);
        // What comes for it while it rests waits too.
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-10", email: "c10@slow.example")));
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-11", email: "otro@example.com")));
        await sink.AtLeastAsync(2);
        await Eventually.EqualAsync(
            "9 queued, 2 sent",
            async () =>
                string.Join(
                    ", ",
                    await StringsAsync(delivery, "select count(*) || ' ' || status from transmission group by status order by status")
                ),
            "what waits and what went out"
        );
        Assert.Equal(before, Volatile.Read(ref asked));
    }

    [Fact]
    public async Task A_host_gets_no_more_mails_a_minute_than_its_limit_and_others_go_on()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url, null, ("Delivery:HostsPerMinute", "4"));
        var began = Minute();
        for (var i = 0; i < 12; i++)
        {
            await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: $"F-{i}", email: $"c{i}@many.example")));
        }

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: "F-12", email: "alguien@example.com")));
        await Eventually.TrueAsync(
            () => Task.FromResult(sink.Mails.Any(mail => mail.To.Mailboxes.Single().Address == "alguien@example.com")),
            "the mail of another host"
        );

        await Eventually.TrueAsync(() => Task.FromResult(ToMany() >= 4), "the mails of a minute");
        // Four in a minute; a test that crosses a minute sees those of the next one too.
        var many = ToMany();
        Assert.InRange(many, 4, 4 * (1 + Minute() - began));

        static int Minute() => (int)(TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute);

        int ToMany() => sink.Mails.Count(mail => mail.To.Mailboxes.Single().Domain == "many.example");
    }

    [Fact]
    public async Task An_address_that_was_reported_as_gone_gets_nothing_more_but_a_link_that_somebody_waits_for()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await ExecuteAsync(
            delivery,
            "insert into unreachable_address values ('nandu', 'email', 'gone@example.com', '5.1.1 no such user', now())"
        );

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, email: "Gone@example.com")));
        await Eventually.EqualAsync(
            1L,
            () =>
                CountAsync(delivery, "select count(*) from transmission where status = 'failed' and last_error like 'DEL-SEND-07%5.1.1%'"),
            "mails given up"
        );
        using var channel = delivery.Channel();
        await new RetailInvoicing.Contracts.Grpc.Delivery.Messages.MessagesClient(channel).SendSignInLinkAsync(
            new RetailInvoicing.Contracts.Grpc.Delivery.SignInLink
            {
                Key = "k1",
                SellerId = Seller.Value,
                Email = "gone@example.com",
                Link = "https://facturas.example.com/sign-in/x",
                Language = "es",
            },
            delivery.CallAs("portal", RetailInvoicing.ServiceDefaults.OnBehalfOf.Seller(Seller))
        );

        await sink.AtLeastAsync(1);
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task One_mail_at_a_time_is_with_the_server_so_that_a_killed_sender_leaves_one_in_doubt_at_most()
    {
        const int mails = 30;
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var open = 0L;
        sink.AfterData = async _ =>
        {
            open = Math.Max(open, await CountAsync(delivery, "select count(*) from transmission where handed_over_at is not null"));
            return true;
        };
        for (var i = 0; i < mails; i++)
        {
            await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: $"F-{i}", email: $"c{i}@example.com")));
        }

        await sink.AtLeastAsync(mails);
        Assert.Equal(1L, open);
    }

    [Fact]
    public async Task What_a_stopping_sender_holds_is_anyones_at_once()
    {
        await using var sink = new SmtpSink();
        await using var neighbours = await Neighbourhood.StartAsync();
        var held = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.AfterData = _ => held.Task;
        await using var first = await neighbours.DeliveryAsync(
            infrastructure,
            sink.Url,
            null,
            ("Delivery:Hold", "00:10:00"),
            ("Delivery:HoldToWrite", "00:10:00"),
            ("Delivery:SmtpTimeout", "00:01:00")
        );
        for (var i = 0; i < 5; i++)
        {
            await first.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller, number: $"F-{i}", email: $"c{i}@example.com")));
        }

        // Nobody holds a mail while the server is away: all five are taken together when it is there.
        await Eventually.EqualAsync(5L, () => CountAsync(first, "select count(*) from transmission"), "mails waiting");
        sink.Open();
        await sink.AtLeastAsync(1);
        await Eventually.EqualAsync(5L, () => CountAsync(first, "select count(*) from transmission where hold is not null"), "held mails");
        var stopping = first
            .Services.GetServices<IHostedService>()
            .OfType<SendTransmissions>()
            .Single()
            .StopAsync(TestContext.Current.CancellationToken);
        held.SetResult(true);
        await stopping;
        Assert.Single(sink.Mails);
        await using var second = await neighbours.DeliveryAsync(infrastructure, sink.Url, beside: first);

        await sink.AtLeastAsync(5);
        await Eventually.EqualAsync(5L, () => CountAsync(second, "select count(*) from transmission where status = 'sent'"), "sent mails");
        Assert.Equal(5, sink.Mails.Count);
        Assert.Equal(0L, await CountAsync(second, "select count(*) from transmission where possible_duplicate"));
    }

    private static MeterListener PossibleDuplicates(Action<long> count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "delivery.possible_duplicates")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => count(value));
        listener.Start();
        return listener;
    }

    private static async Task ExecuteAsync(ServiceHost delivery, string sql)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private static async Task<string[]> StringsAsync(ServiceHost delivery, string sql)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>(sql)];
    }
}
