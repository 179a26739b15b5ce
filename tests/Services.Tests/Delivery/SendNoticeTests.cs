using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using static RetailInvoicing.Services.Tests.Delivery.ChannelDoorsTests;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Notices of several invoices, by mail and by short message.</summary>
public sealed class SendNoticeTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_notice_of_several_invoices_is_one_mail_and_asked_again_it_says_what_the_first_asking_told_of()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        var notice = Asked("F-1", "F-2", "F-3");

        var first = await messages.SendNoticeAsync(notice, Collections(delivery));
        // One was paid meanwhile, and another stands first.
        var fewer = notice.Clone();
        fewer.Items.RemoveAt(0);
        fewer.InvoiceId = fewer.Items[0].InvoiceId;
        var again = await messages.SendNoticeAsync(fewer, Collections(delivery));

        Assert.Equal(first.TransmissionId, again.TransmissionId);
        Assert.Equal(notice.Items.Select(item => $"{item.InvoiceId} r1"), again.Carried.Select(each => $"{each.InvoiceId} {each.Step}"));
        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Equal("Ñandú: 3 facturas pendientes de pago, 181,50 €", mail.Subject!.Replace('\u00a0', ' '));
        // Its button pays what it asks for and nothing else of the customer's.
        Assert.Contains("https://payments.example.com/pay/asked-3", mail.TextBody!, StringComparison.Ordinal);
        Assert.Equal(
            notice.Items.Select(item => (item.InvoiceId, item.AmountDue)),
            Assert.Single(neighbours.AskedLinks).Invoices.Select(each => (each.InvoiceId, each.Amount))
        );
        Assert.All(notice.Items, item => Assert.Contains(item.Number, mail.TextBody!, StringComparison.Ordinal));
        // Lists show it under each of its invoices.
        using var http = delivery.As(Seller.Value);
        foreach (var item in notice.Items)
        {
            var page = await http.GetStringAsync($"/v1/transmissions?invoiceId={item.InvoiceId}", TestContext.Current.CancellationToken);
            Assert.Contains(first.TransmissionId, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_notice_that_is_taken_back_has_gone_or_never_goes()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        var (gone, never) = (Asked("F-1", "F-2"), Asked("F-3"));
        var queued = await messages.SendNoticeAsync(gone, Collections(delivery));

        var had = await messages.WithdrawNoticeAsync(new NoticeWithdrawal { NoticeId = gone.NoticeId }, Collections(delivery));
        var none = await messages.WithdrawNoticeAsync(new NoticeWithdrawal { NoticeId = never.NoticeId }, Collections(delivery));

        Assert.Equal((queued.TransmissionId, queued.QueuedAt), (had.Queued.TransmissionId, had.Queued.QueuedAt));
        Assert.Equal(2, had.Queued.Carried.Count);
        Assert.Null(none.Queued);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await messages.SendNoticeAsync(never, Collections(delivery)));
        Assert.Equal("DEL-NOTICE-03", refused.Trailers.GetValue("fault-code"));
        none = await messages.WithdrawNoticeAsync(new NoticeWithdrawal { NoticeId = never.NoticeId }, Collections(delivery));
        Assert.Null(none.Queued);
        Assert.Single(await sink.AtLeastAsync(1));
        foreach (
            var (caller, notice) in new[]
            {
                (delivery.CallAs("portal", OnBehalfOf.Seller(Seller)), gone.NoticeId),
                (Collections(delivery), ""),
            }
        )
        {
            refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await messages.WithdrawNoticeAsync(new NoticeWithdrawal { NoticeId = notice }, caller)
            );
            Assert.Equal(notice.Length == 0 ? "DEL-SEND-03" : "AUTH-03", refused.Trailers.GetValue("fault-code"));
        }
    }

    [Fact]
    public async Task Sent_and_taken_back_at_once_both_say_the_same()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        for (var i = 0; i < 20; i++)
        {
            var notice = Asked("F-1");
            var sending = messages.SendNoticeAsync(notice, Collections(delivery)).ResponseAsync;
            var taking = messages
                .WithdrawNoticeAsync(new NoticeWithdrawal { NoticeId = notice.NoticeId }, Collections(delivery))
                .ResponseAsync;
            var fate = await taking;
            if (fate.Queued is { } queued)
            {
                Assert.Equal(queued.TransmissionId, (await sending).TransmissionId);
            }
            else
            {
                var refused = await Assert.ThrowsAsync<RpcException>(async () => await sending);
                Assert.Equal("DEL-NOTICE-03", refused.Trailers.GetValue("fault-code"));
            }
        }
    }

    [Fact]
    public async Task What_could_not_be_handed_over_in_time_does_not_go_any_more_and_is_told()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url);
        await using var failed = await delivery.ListenAsync(TransmissionFailed.Exchange);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        var (late, early) = (Asked("F-1"), Asked("F-2"));
        late.SendBefore = TimeProvider.System.GetUtcNow().AddSeconds(-1).ToString("O");
        early.SendBefore = TimeProvider.System.GetUtcNow().AddMinutes(30).ToString("O");

        await messages.SendNoticeAsync(late, Collections(delivery));
        await messages.SendNoticeAsync(early, Collections(delivery));

        var told = Assert.Single(await failed.AtLeastAsync<TransmissionFailed>(1));
        Assert.StartsWith("DEL-SEND-08", told.Reason, StringComparison.Ordinal);
        Assert.Contains("F-2", Assert.Single(await sink.AtLeastAsync(1)).TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Payments_has_not_heard_of_is_paid_where_the_customer_signs_in()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.PaymentsHasNotHeard = true;
        await using var delivery = await DeliveryAsync(neighbours, sink.Url);
        using var channel = delivery.Channel();

        await new Messages.MessagesClient(channel).SendNoticeAsync(Asked("F-1", "F-2"), Collections(delivery));

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Contains("https://facturas.example.com/invoices\r\n", mail.TextBody!.ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_channel_of_the_sellers_it_is_a_short_message_with_a_link_to_pay()
    {
        await using var sink = SmtpSink.Start();
        await using var gateway = await StandInGateway.StartAsync();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, sink.Url, ("sms", gateway.Url, 1));
        await using var told = await delivery.ListenAsync(InvoiceTransmitted.Exchange);
        using var channel = delivery.Channel();
        var notice = Asked("F-1");
        (notice.Channel, notice.Phone, notice.Email) = ("sms", "600 11 22 33", "");

        await new Messages.MessagesClient(channel).SendNoticeAsync(notice, Collections(delivery));

        var sent = Assert.Single(await told.AtLeastAsync<InvoiceTransmitted>(1));
        Assert.Equal(("sms", "reminder", "+34600112233"), (sent.Channel, sent.Purpose, sent.Recipient));
        using var body = JsonDocument.Parse(Assert.Single(gateway.All).Body);
        Assert.Equal(
            $"Ñandu: factura F-1 por pagar, 60,50 €. https://payments.example.com/pay/{notice.Items[0].InvoiceId}",
            body.RootElement.GetProperty("text").GetString()!.Replace('\u00a0', ' ')
        );
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task What_can_never_go_that_way_and_what_cannot_be_read_is_refused_by_its_code_and_nothing_is_sent()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours, "smtp://127.0.0.1:9");
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        foreach (
            var (code, spoil) in new (string, Action<Notice>)[]
            {
                ("DEL-NOTICE-01", notice => (notice.Channel, notice.Phone) = ("sms", "600112233")),
                ("DEL-NOTICE-02", notice => (notice.Channel, notice.Phone) = ("sms", "910000000")),
                ("DEL-NOTICE-02", notice => notice.Channel = "whatsapp"),
                ("DEL-SEND-02", notice => notice.Email = "Bob <b@example.com>"),
                ("DEL-SEND-03", notice => notice.Channel = "fax"),
                ("DEL-SEND-03", notice => notice.Template = "threat"),
                ("DEL-SEND-03", notice => notice.Tone = "rude"),
                ("DEL-SEND-03", notice => notice.NoticeId = ""),
                ("DEL-SEND-03", notice => notice.SellerId = "otro"),
                ("DEL-SEND-03", notice => notice.Items[1].AmountDue = "-1"),
                ("DEL-SEND-03", notice => notice.Items[1].DueDate = "1/6/2026"),
                ("DEL-SEND-03", notice => notice.Items[1].ClaimAmount = "x"),
                ("DEL-SEND-03", notice => notice.Items[1].InvoiceId = notice.Items[0].InvoiceId),
                ("DEL-SEND-03", notice => notice.SendBefore = "tomorrow"),
                ("DEL-SEND-03", notice => notice.PayUrl = "javascript:alert(1)"),
            }
        )
        {
            var notice = Asked("F-1", "F-2");
            spoil(notice);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await messages.SendNoticeAsync(notice, Collections(delivery)));
            Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
        }

        foreach (
            var (service, behalf, code) in new[]
            {
                ("collections", OnBehalfOf.System, "DEL-SEND-03"),
                ("collections", OnBehalfOf.Customer("cliente@example.com", Seller), "DEL-SEND-03"),
                ("portal", OnBehalfOf.Seller(Seller), "AUTH-03"),
            }
        )
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await messages.SendNoticeAsync(Asked("F-1"), delivery.CallAs(service, behalf))
            );
            Assert.Equal(code, refused.Trailers.GetValue("fault-code"));
        }

        using var http = delivery.As(Seller.Value);
        var page = await http.GetStringAsync("/v1/transmissions", TestContext.Current.CancellationToken);
        Assert.Contains("\"transmissions\":[]", page, StringComparison.Ordinal);
    }

    private static Metadata Collections(ServiceHost delivery) => delivery.CallAs("collections", OnBehalfOf.Seller(Seller));

    private static Notice Asked(params string[] numbers)
    {
        var notice = new Notice
        {
            NoticeId = NoticeId.New().ToString(),
            SellerId = Seller.Value,
            Step = "r1",
            Email = "cliente@example.com",
            Name = "María",
            Language = "es",
            Currency = "EUR",
            Template = "reminder",
            Tone = "neutral",
            Channel = "email",
            CustomerId = "c1",
        };
        notice.Items.Add(
            numbers.Select(number => new NoticeItem
            {
                InvoiceId = InvoiceId.New().ToString(),
                Number = number,
                AmountDue = "60.50",
                DueDate = "2026-11-01",
                PaymentReference = "RF18539007547034",
                Step = "r1",
            })
        );
        notice.InvoiceId = notice.Items[0].InvoiceId;
        return notice;
    }

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
}
