using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.Services.Tests.Fixtures;
using static RetailInvoicing.Services.Tests.Delivery.ChannelDoorsTests;
using static RetailInvoicing.Services.Tests.Delivery.SendInvoiceTests;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Where an invoice goes when its mail does not arrive, or cannot be sent.</summary>
public sealed class RerouteInvoicesTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task An_invoice_whose_mail_is_refused_goes_out_once_on_the_next_channel_with_a_link_that_shows_it()
    {
        await using var sink = SmtpSink.Start();
        sink.Recipient = _ => "550 no such user";
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", gateway.Url, 1));
        await using var told = await delivery.ListenAsync(InvoiceTransmitted.Exchange);
        var invoice = neighbours.Issued(WithPhone(SampleInvoice.Of(Seller), "600 11 22 33"));

        await delivery.PublishAsync(invoice);
        await delivery.PublishAsync(invoice with { EventId = EventId.New() });

        var sent = Assert.Single(await told.AtLeastAsync<InvoiceTransmitted>(1));
        Assert.Equal(("sms", "invoice", "+34600112233"), (sent.Channel, sent.Purpose, sent.Recipient));
        var asked = Assert.Single(gateway.All);
        Assert.Equal(sent.TransmissionId.ToString(), asked.Headers["idempotency-key"]);
        using var body = JsonDocument.Parse(asked.Body);
        Assert.Equal("+34600112233", body.RootElement.GetProperty("to").GetString());
        var text = body.RootElement.GetProperty("text").GetString()!;
        Assert.StartsWith("Ñandu: factura F-S01-2026-000123, 1.452,00 €. https://delivery.example.com/d/", text, StringComparison.Ordinal);
        var page = await delivery.Http.GetStringAsync(new Uri(text[text.IndexOf("https:", StringComparison.Ordinal)..]).AbsolutePath);
        Assert.Contains(invoice.Number, page, StringComparison.Ordinal);
        Assert.Equal(["email failed", "sms sent"], await StatesAsync(delivery));
        Assert.Single(gateway.All);
    }

    [Fact]
    public async Task An_invoice_without_an_address_goes_out_on_the_first_channel_that_reaches_its_buyer()
    {
        await using var sink = SmtpSink.Start();
        await using var first = await StandInGateway.StartAsync();
        await using var second = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", second.Url, 2), ("whatsapp", first.Url, 1));

        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller, email: null), "600112233")));
        // A landline takes no short messages, and nobody is left to tell.
        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller, email: null, number: "F-2"), "910000000")));

        Assert.Single(await first.AtLeastAsync(1));
        await Eventually.EqualAsync(
            2L,
            () => CountAsync(delivery, "select count(*) from inbox where consumer = 'delivery-send-invoice'"),
            "events heard"
        );
        await Eventually.TrueAsync(async () => (await StatesAsync(delivery)) is ["whatsapp sent"], "what was sent");
        Assert.Empty(second.All);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task Each_channel_is_tried_once_in_the_sellers_order_and_then_what_was_kept_is_forgotten()
    {
        await using var sink = SmtpSink.Start();
        sink.Recipient = _ => "550 no such user";
        await using var gateway = await StandInGateway.StartAsync();
        gateway.Answer = _ => (400, "no");
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(
            neighbours,
            sink.Url,
            ("webhook", gateway.Url, 9),
            ("sms", gateway.Url, 1),
            ("whatsapp", gateway.Url, 5)
        );
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);

        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller), "600112233")));

        var failed = await told.AtLeastAsync<TransmissionFailed>(4);
        Assert.Equal(["email", "sms", "webhook", "whatsapp"], failed.Select(each => each.Channel).Order(StringComparer.Ordinal));
        Assert.Equal(["email failed", "sms failed", "whatsapp failed", "webhook failed"], await StatesAsync(delivery));
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from transmission_fallback"));
        Assert.Equal(3, gateway.All.Count);
    }

    [Fact]
    public async Task Two_who_learn_at_once_that_a_mail_came_back_send_one_message_and_none_where_another_has_arrived()
    {
        await using var sink = SmtpSink.Start();
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", gateway.Url, 1));
        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller), "600112233")));
        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller, number: "F-2"), "600112233")));
        await Eventually.EqualAsync(
            2L,
            () => CountAsync(delivery, "select count(*) from transmission where status = 'sent'"),
            "mails sent"
        );
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update transmission set status = 'bounced' where true;
            insert into transmission (seller_id, transmission_id, invoice_id, purpose, occasion, recipient, status, due_at, created_at)
            select seller_id, gen_random_uuid(), invoice_id, purpose, 'resend-1', recipient, 'delivered', now(), now()
            from transmission order by created_at desc, transmission_id desc limit 1
            """
        );
        var bounced = (await connection.QueryAsync<Guid>("select transmission_id from transmission where status = 'bounced'")).ToArray();
        var reroute = delivery.Services.GetRequiredService<RerouteInvoices>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RerouteAsync()));

        await gateway.AtLeastAsync(1);
        await Eventually.EqualAsync(
            1L,
            () => CountAsync(delivery, "select count(*) from transmission where channel = 'sms' and status = 'sent'"),
            "short messages sent"
        );
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from transmission where channel = 'sms'"));
        Assert.Single(gateway.All);

        async Task RerouteAsync()
        {
            await using var own = await delivery.Database.OpenConnectionAsync();
            await using var transaction = await own.BeginTransactionAsync();
            await reroute.QueueAsync(
                transaction,
                [.. bounced.Select(id => new EndedTransmission(Seller, TransmissionId.Of(id)))],
                TestContext.Current.CancellationToken
            );
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task A_number_that_gets_nothing_more_is_passed_over_and_a_seller_without_channels_keeps_nothing()
    {
        await using var sink = SmtpSink.Start();
        sink.Recipient = _ => "550 no such user";
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", gateway.Url, 1));
        await using var told = await delivery.ListenAsync(TransmissionFailed.Exchange);
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("insert into unreachable_address values ('nandu', 'sms', '+34600112233', 'stop', now())");
        }

        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller), "600112233")));
        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(SellerId.Of("otro")), "600112244")));

        await told.AtLeastAsync(2);
        Assert.Equal(2L, await CountAsync(delivery, "select count(*) from transmission where status = 'failed' and channel = 'email'"));
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from transmission where channel <> 'email'"));
        Assert.Equal(0L, await CountAsync(delivery, "select count(*) from transmission_fallback"));
        Assert.Empty(gateway.All);
    }

    [Fact]
    public async Task A_gateway_that_is_busy_or_hangs_up_gets_the_same_message_again_by_the_same_key()
    {
        await using var sink = SmtpSink.Start();
        await using var gateway = await StandInGateway.StartAsync();
        var asked = 0;
        gateway.Answer = _ =>
            Interlocked.Increment(ref asked) switch
            {
                1 => (429, ""),
                2 => null,
                _ => (200, "{}"),
            };
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", gateway.Url, 1));

        await delivery.PublishAsync(neighbours.Issued(WithPhone(SampleInvoice.Of(Seller, email: null), "600112233")));

        await gateway.AtLeastAsync(3);
        await Eventually.TrueAsync(async () => (await StatesAsync(delivery)) is ["sms sent"], "what was sent");
        Assert.Single(gateway.All.Select(each => each.Headers["idempotency-key"]).Distinct());
        Assert.Single(gateway.All.Select(each => each.Body).Distinct());
        Assert.Equal(1L, await CountAsync(delivery, "select count(*) from transmission where possible_duplicate"));
    }

    [Fact]
    public async Task What_is_old_is_swept_and_what_is_not_stays()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", null, Open);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into transmission_fallback (seller_id, invoice_id, phone, created_at) values
                ('nandu', gen_random_uuid(), '+34600112233', now() - interval '31 days'),
                ('nandu', gen_random_uuid(), '+34600112244', now() - interval '29 days');
            insert into invoice_link (seller_id, name, invoice_id, kind, created_at, expires_at) values
                ('nandu', 'a', gen_random_uuid(), 'page', now(), now() - interval '1 minute'),
                ('nandu', 'b', gen_random_uuid(), 'page', now(), now() + interval '1 minute')
            """
        );

        await delivery.Services.GetRequiredService<SweepFallbacks>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal("+34600112244", await connection.QuerySingleAsync<string>("select phone from transmission_fallback"));
        Assert.Equal("b", await connection.QuerySingleAsync<string>("select name from invoice_link"));
    }

    private static InvoiceIssued WithPhone(InvoiceIssued invoice, string phone) =>
        invoice with
        {
            Contact = invoice.Contact! with { Phone = phone },
        };

    private async Task<ServiceHost> DeliveryAsync(
        Neighbourhood neighbours,
        string smtp,
        params (string Channel, string Url, int Priority)[] channels
    )
    {
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        var delivery = await neighbours.DeliveryAsync(infrastructure, smtp, null, Open);
        using var http = delivery.As(Seller.Value);
        foreach (var (channel, url, priority) in channels)
        {
            (await http.PutAsJsonAsync($"/v1/channels/{channel}", Sms(url, priority))).EnsureSuccessStatusCode();
        }

        return delivery;
    }

    private static async Task<string[]> StatesAsync(ServiceHost delivery)
    {
        await using var connection = await delivery.Database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<string>(
                "select channel || ' ' || status from transmission order by created_at, transmission_id"
            ),
        ];
    }
}
