using System.Net;
using System.Net.Http.Json;
using Dapper;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using Transmission = RetailInvoicing.Delivery.Transmissions.Transmission;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class TransmissionDoorsTests(Infrastructure infrastructure)
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_seller_sees_its_own_transmissions_page_by_page_and_nobody_elses()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        var invoices = Enumerable.Range(1, 5).Select(i => neighbours.Issued(SampleInvoice.Of(Seller, 1, number: $"F-{i}"))).ToArray();
        foreach (var invoice in invoices)
        {
            await delivery.PublishAsync(invoice);
        }

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(SellerId.Of("otro"), 1)));
        await sink.AtLeastAsync(6);
        using var http = delivery.As(Seller.Value, Scopes.InvoicesRead);
        await Eventually.EqualAsync(
            5,
            async () => (await PageAsync(http, "/v1/transmissions?status=sent")).Transmissions.Count,
            "transmissions sent"
        );

        var seen = new List<Transmission>();
        var cursor = "";
        do
        {
            var page = await PageAsync(http, $"/v1/transmissions?limit=2{cursor}");
            Assert.InRange(page.Transmissions.Count, 1, 2);
            seen.AddRange(page.Transmissions);
            cursor = page.NextCursor is { } next ? $"&cursor={next}" : null;
        } while (cursor is not null);

        Assert.Equal(invoices.Select(each => each.InvoiceId).ToHashSet(), seen.Select(each => each.InvoiceId!.Value).ToHashSet());
        Assert.Equal(5, seen.Count);
        var one = Assert.Single((await PageAsync(http, $"/v1/transmissions?invoiceId={invoices[2].InvoiceId}")).Transmissions);
        Assert.Equal(
            ("invoice", "email", "cliente@example.com", "sent", 1),
            (one.Purpose, one.Channel, one.Recipient, one.Status, one.Attempts)
        );
        Assert.NotNull(one.SentAt);
        Assert.Empty((await PageAsync(http, "/v1/transmissions?status=failed")).Transmissions);
        using var other = delivery.As("otro");
        Assert.Empty((await PageAsync(other, $"/v1/transmissions?invoiceId={invoices[2].InvoiceId}")).Transmissions);
    }

    [Theory]
    [InlineData("/v1/transmissions?status=lost")]
    [InlineData("/v1/transmissions?invoiceId=7")]
    [InlineData("/v1/transmissions?limit=0")]
    [InlineData("/v1/transmissions?limit=201")]
    [InlineData("/v1/transmissions?limit=many")]
    [InlineData("/v1/transmissions?cursor=!!")]
    [InlineData("/v1/transmissions?cursor=YWJj")]
    [InlineData("/v1/transmissions?cursor=A")]
    public async Task A_parameter_that_cannot_be_read_is_named(string address)
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var http = delivery.As(Seller.Value);
        using var answer = await http.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("QUERY-01", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_again_sends_once_more_however_often_it_is_clicked()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        using var http = delivery.As(Seller.Value);
        await Eventually.EqualAsync(1, async () => (await PageAsync(http, "/v1/transmissions?status=sent")).Transmissions.Count, "sent");
        var first = (await PageAsync(http, "/v1/transmissions")).Transmissions[0];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => http.PostAsync($"/v1/transmissions/{first.TransmissionId}/resend", null))
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        var again = await Task.WhenAll(answers.Select(answer => answer.Content.ReadFromJsonAsync<Transmission>(Wire.Tolerant)));
        Assert.NotEqual(first.TransmissionId, Assert.Single(again.Select(each => each!.TransmissionId).Distinct()));
        var mails = await sink.AtLeastAsync(2);
        await Eventually.EqualAsync(2, async () => (await PageAsync(http, "/v1/transmissions?status=sent")).Transmissions.Count, "sent");
        Assert.Equal(2, sink.Mails.Count);
        Assert.Equal(2, mails.Select(mail => mail.MessageId).Distinct().Count());
        SendInvoiceTests.AssertAttachments(mails[1], "F-S01-2026-000123");
    }

    [Fact]
    public async Task Sending_again_is_for_the_seller_whose_it_is_and_a_key_that_may()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));
        using var http = delivery.As(Seller.Value);
        await Eventually.EqualAsync(1, async () => (await PageAsync(http, "/v1/transmissions?status=sent")).Transmissions.Count, "sent");
        var address = $"/v1/transmissions/{(await PageAsync(http, "/v1/transmissions")).Transmissions[0].TransmissionId}/resend";
        using var other = delivery.As("otro");
        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);

        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(address, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync(address, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await delivery.Http.PostAsync(address, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/v1/transmissions/nonsense/resend", null)).StatusCode);
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task A_sign_in_link_goes_out_once_leaves_no_trace_of_the_secret_and_shows_in_no_list()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        const string secret = "https://facturas.example.com/in/a-secret-that-nobody-may-keep";
        var link = new SignInLink
        {
            Key = "k1",
            SellerId = Seller.Value,
            Email = "cliente@example.com",
            Link = secret,
            Language = "en",
            ExpiresAt = DateTimeOffset.MaxValue.AddDays(-2).ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        };

        var first = await messages.SendSignInLinkAsync(link, delivery.CallAs("portal", OnBehalfOf.System));
        var second = await messages.SendSignInLinkAsync(link, delivery.CallAs("portal", OnBehalfOf.System));
        var mail = Assert.Single(await sink.AtLeastAsync(1));

        Assert.Equal(first.TransmissionId, second.TransmissionId);
        Assert.Contains(secret, mail.TextBody!, StringComparison.Ordinal);
        Assert.Equal("Your link to sign in to Ñandú", mail.Subject);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await Eventually.EqualAsync(
            "sent",
            async () => await connection.ExecuteScalarAsync<string>("select status from transmission") ?? "",
            "the transmission's status"
        );
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from transmission_content"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from event"));
        using var http = delivery.As(Seller.Value);
        Assert.Empty((await PageAsync(http, "/v1/transmissions")).Transmissions);
        using var again = await http.PostAsync($"/v1/transmissions/{first.TransmissionId}/resend", null);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task A_sign_in_link_of_no_seller_is_mailed_too_and_one_that_ran_out_is_not()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        await messages.SendSignInLinkAsync(
            new SignInLink
            {
                Key = "late",
                Email = "a@example.com",
                Link = "https://x.example/late",
                ExpiresAt = "2020-01-01T00:00:00Z",
            },
            delivery.CallAs("portal", OnBehalfOf.System)
        );
        await messages.SendSignInLinkAsync(
            new SignInLink
            {
                Key = "good",
                Email = "a@example.com",
                Link = "https://x.example/good",
            },
            delivery.CallAs("portal", OnBehalfOf.System)
        );

        Assert.Contains("https://x.example/good", Assert.Single(await sink.AtLeastAsync(1)).TextBody!, StringComparison.Ordinal);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await Eventually.EqualAsync(
            "DEL-SEND-05",
            async () =>
                (await connection.ExecuteScalarAsync<string>("select last_error from transmission where occasion = 'late'") ?? "").Split(
                    ' '
                )[0],
            "why the late one was given up"
        );
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task A_reminder_goes_out_once_for_its_notice_and_lists_show_it()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        neighbours.Sellers[Seller.Value] = SampleInvoice.Seller(Seller);
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url);
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        var invoice = InvoiceId.New();
        var notice = new Notice
        {
            NoticeId = NoticeId.New().ToString(),
            SellerId = Seller.Value,
            InvoiceId = invoice.ToString(),
            Number = "F-7",
            Step = "1",
            Email = "cliente@example.com",
            Name = "María",
            Language = "es",
            Currency = "EUR",
            AmountDue = "18.90",
            DueDate = "2026-11-01",
            PaymentReference = "RF18539007547034",
        };

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => messages.SendNoticeAsync(notice, delivery.CallAs("collections", OnBehalfOf.Seller(Seller))).ResponseAsync)
        );

        var mail = Assert.Single(await sink.AtLeastAsync(1));
        Assert.Equal("Ñandú: recordatorio de la factura F-7, 18,90 €", mail.Subject!.Replace('\u00a0', ' '));
        Assert.Contains("venció el 1 de noviembre de 2026", mail.TextBody!, StringComparison.Ordinal);
        Assert.Contains($"https://payments.example.com/pay/{invoice}", mail.TextBody!, StringComparison.Ordinal);
        var transmissions = new Transmissions.TransmissionsClient(channel);
        await Eventually.EqualAsync(
            "reminder sent",
            async () =>
            {
                var list = await transmissions.ListAsync(
                    new RetailInvoicing.Contracts.Grpc.Delivery.ListTransmissions { InvoiceId = invoice.ToString() },
                    delivery.CallAs("portal", OnBehalfOf.Seller(Seller))
                );
                return string.Join(' ', list.Transmissions.Select(each => $"{each.Purpose} {each.Status}"));
            },
            "what lists show"
        );
        Assert.Empty(
            (
                await transmissions.ListAsync(
                    new RetailInvoicing.Contracts.Grpc.Delivery.ListTransmissions(),
                    delivery.CallAs("portal", OnBehalfOf.Seller(SellerId.Of("otro")))
                )
            ).Transmissions
        );
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task Rpcs_refuse_strangers_and_what_cannot_be_sent()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9");
        using var channel = delivery.Channel();
        var messages = new Messages.MessagesClient(channel);
        var stranger = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await messages.SendSignInLinkAsync(
                new SignInLink
                {
                    Key = "k",
                    Email = "a@example.com",
                    Link = "https://x.example",
                }
            )
        );
        var nobody = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await messages.SendSignInLinkAsync(
                new SignInLink
                {
                    Key = "k",
                    Email = "Bob <b@example.com>, c@example.com",
                    Link = "https://x.example",
                },
                delivery.CallAs("portal", OnBehalfOf.System)
            )
        );
        var script = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await messages.SendSignInLinkAsync(
                new SignInLink
                {
                    Key = "k",
                    Email = "b@example.com",
                    Link = "javascript:alert(1)",
                },
                delivery.CallAs("portal", OnBehalfOf.System)
            )
        );

        Assert.Equal(Grpc.Core.StatusCode.Unauthenticated, stranger.StatusCode);
        Assert.Equal("DEL-SEND-02", nobody.Trailers.GetValue("fault-code"));
        Assert.Equal("DEL-SEND-03", script.Trailers.GetValue("fault-code"));
    }

    private static async Task<TransmissionPage> PageAsync(HttpClient http, string address) =>
        (await http.GetFromJsonAsync<TransmissionPage>(address, Wire.Tolerant))!;
}
