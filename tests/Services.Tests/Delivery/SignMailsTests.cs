using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Mails are signed with their seller's key, and the key stays where it is.</summary>
public sealed class SignMailsTests(Infrastructure infrastructure)
{
    private const string Secret = "key-of-the-tests-that-seals-dkim-keys-0123456789";
    private const string Door = "/v1/dkim/nandu.example";
    private static readonly SellerId Seller = SellerId.Of("nandu");

    [Fact]
    public async Task A_mail_is_signed_once_the_key_is_active_and_a_receiver_finds_it_unaltered()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        var put = await PutAsync(http, new DkimRequest { Selector = "Retail1" });
        Assert.Equal(
            ("nandu.example", "retail1", "retail1._domainkey.nandu.example", "TXT", false),
            (put.Domain, put.Selector, put.Record.Name, put.Record.Type, put.Active)
        );
        Assert.StartsWith("v=DKIM1; k=rsa; p=", put.Record.Value, StringComparison.Ordinal);
        using var before = await SignedAsync(delivery, Seller);
        Assert.False(before.Headers.Contains(HeaderId.DkimSignature));

        await ActivateAsync(http);

        using var after = await SignedAsync(delivery, Seller);
        Assert.True(await IsSoundAsync(after, put.Record.Value));
        var signature = string.Concat(Signature(after).Value.Where(static each => !char.IsWhiteSpace(each)));
        Assert.Contains(";d=nandu.example;s=retail1;c=relaxed/relaxed;", signature, StringComparison.Ordinal);
        Assert.Contains(
            ";h=from:to:subject:date:message-id:mime-version:list-unsubscribe:content-type;",
            signature,
            StringComparison.Ordinal
        );
        after.Subject = "Another amount";
        Assert.False(await IsSoundAsync(after, put.Record.Value));
        using var another = await SignedAsync(delivery, SellerId.Of("otro"));
        Assert.False(another.Headers.Contains(HeaderId.DkimSignature));
        using var elsewhere = await SignedAsync(delivery, Seller, "facturas@elsewhere.example");
        Assert.False(elsewhere.Headers.Contains(HeaderId.DkimSignature));
    }

    [Fact]
    public async Task An_invoices_mail_arrives_signed()
    {
        await using var sink = SmtpSink.Start();
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, sink.Url, null, ("Keys:DkimKey", Secret));
        using var http = delivery.As(Seller.Value);
        var put = await PutAsync(http, new DkimRequest { Selector = "retail1" });
        await ActivateAsync(http);

        await delivery.PublishAsync(neighbours.Issued(SampleInvoice.Of(Seller)));

        Assert.True(await IsSoundAsync(Assert.Single(await sink.AtLeastAsync(1)), put.Record.Value));
    }

    [Fact]
    public async Task A_key_is_exchanged_without_a_mail_that_is_signed_by_one_nobody_can_look_up()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        var first = await PutAsync(http, new DkimRequest { Selector = "one" });
        await ActivateAsync(http);
        var again = await PutAsync(http, new DkimRequest { Selector = "one" });
        Assert.Equal((first.Record, true), (again.Record, again.Active));

        using var own = RSA.Create(2048);
        var second = await PutAsync(http, new DkimRequest { Selector = "two", PrivateKey = own.ExportPkcs8PrivateKeyPem() });
        Assert.EndsWith(Convert.ToBase64String(own.ExportSubjectPublicKeyInfo()), second.Record.Value, StringComparison.Ordinal);
        using var between = await SignedAsync(delivery, Seller);
        Assert.True(await IsSoundAsync(between, first.Record.Value));
        Assert.Equal((409, "DEL-DKIM-05"), await RefusedAsync(http, new { selector = "one", privateKey = own.ExportPkcs8PrivateKeyPem() }));

        await ActivateAsync(http);
        using var after = await SignedAsync(delivery, Seller);
        Assert.True(await IsSoundAsync(after, second.Record.Value));
        var keys = (await http.GetFromJsonAsync<DkimKeys>("/v1/dkim", Wire.Tolerant))!.Keys;
        Assert.Equal(["two", "one"], keys.Select(each => each.Selector));
        Assert.Equal([true, false], keys.Select(each => each.Active));
        using var other = delivery.As("otro");
        Assert.Empty((await other.GetFromJsonAsync<DkimKeys>("/v1/dkim", Wire.Tolerant))!.Keys);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync($"{Door}/activation", null)).StatusCode);
        using var unsigned = await SignedAsync(delivery, Seller);
        Assert.False(unsigned.Headers.Contains(HeaderId.DkimSignature));
    }

    [Fact]
    public async Task A_private_key_is_stored_sealed_opens_nowhere_else_and_never_comes_out()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        using var own = RSA.Create(2048);
        await PutAsync(http, new DkimRequest { Selector = "own", PrivateKey = own.ExportPkcs8PrivateKeyPem() });
        await ActivateAsync(http);

        await using var connection = await delivery.Database.OpenConnectionAsync();
        var kept = await connection.QuerySingleAsync<byte[]>("select sealed_key from dkim_key");
        var secret = own.ExportParameters(includePrivateParameters: true).D!;
        Assert.True(kept.AsSpan().IndexOf(secret.AsSpan(0, 16)) < 0, "the private key is stored open");
        Assert.DoesNotContain("PRIVATE", await http.GetStringAsync("/v1/dkim"), StringComparison.Ordinal);

        await connection.ExecuteAsync("update dkim_key set seller_id = 'otro'");
        using var moved = await SignedAsync(delivery, SellerId.Of("otro"));
        Assert.False(moved.Headers.Contains(HeaderId.DkimSignature));
        await connection.ExecuteAsync("update dkim_key set seller_id = 'nandu'");
        using var back = await SignedAsync(delivery, Seller);
        Assert.True(back.Headers.Contains(HeaderId.DkimSignature));

        // Another secret: mails go out unsigned, and a new key takes the lost one's place.
        await using var stranger = await DeliveryAsync(neighbours, "another-secret-of-the-tests-0123456789-0123456789", delivery);
        using var lost = await SignedAsync(stranger, Seller);
        Assert.False(lost.Headers.Contains(HeaderId.DkimSignature));
        using var again = stranger.As(Seller.Value);
        Assert.False((await PutAsync(again, new DkimRequest { Selector = "own" })).Active);
    }

    [Fact]
    public async Task What_can_be_no_key_domain_or_selector_is_refused_with_a_code()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await DeliveryAsync(neighbours);
        using var http = delivery.As(Seller.Value);
        using var small = RSA.Create(1024);
        using var sound = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal((422, "DEL-DKIM-01"), await RefusedAsync(http, new { selector = "one" }, "/v1/dkim/-no-"));
        Assert.Equal((422, "DEL-DKIM-01"), await RefusedAsync(http, new { selector = "one" }, $"/v1/dkim/{new string('a', 64)}.example"));
        Assert.Equal((422, "DEL-DKIM-02"), await RefusedAsync(http, new { selector = "a b" }));
        Assert.Equal((422, "DEL-DKIM-02"), await RefusedAsync(http, new { selector = "a\0" }));
        Assert.Equal((422, "DEL-DKIM-02"), await RefusedAsync(http, new { selector = "" }));
        Assert.Equal((422, "BODY-02"), await RefusedAsync(http, new { selector = "one", size = 2048 }));
        foreach (
            var key in new[]
            {
                "noise",
                small.ExportPkcs8PrivateKeyPem(),
                sound.ExportSubjectPublicKeyInfoPem(),
                sound.ExportEncryptedPkcs8PrivateKeyPem(
                    "password",
                    new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
                ),
                curve.ExportPkcs8PrivateKeyPem(),
                new string('x', 100_000),
            }
        )
        {
            Assert.Equal((422, "DEL-DKIM-04"), await RefusedAsync(http, new { selector = "one", privateKey = key }));
        }

        await using var connection = await delivery.Database.OpenConnectionAsync();
        Assert.Equal(0L, await connection.ExecuteScalarAsync<long>("select count(*) from dkim_key"));
        await using var without = await DeliveryAsync(neighbours, "", delivery);
        using var refused = without.As(Seller.Value);
        Assert.Equal((503, "DEL-DKIM-03"), await RefusedAsync(refused, new { selector = "one" }));
    }

    private Task<ServiceHost> DeliveryAsync(Neighbourhood neighbours, string secret = Secret, ServiceHost? beside = null) =>
        neighbours.DeliveryAsync(infrastructure, "smtp://127.0.0.1:9", beside, ("Keys:DkimKey", secret));

    /// <summary>A mail as a receiver gets it.</summary>
    private static async Task<MimeMessage> SignedAsync(ServiceHost delivery, SellerId seller, string from = "facturas@nandu.example")
    {
        var body = new BodyBuilder { TextBody = "Ñandú  \r\n.\r\nQuedan por pagar 18,90 €\r\n\r\n", HtmlBody = "<p>18,90 €</p>" };
        body.Attachments.Add("factura.pdf", RandomNumberGenerator.GetBytes(5_000), new ContentType("application", "pdf"));
        using var mail = new MimeMessage(
            [new MailboxAddress("Ñandú", from)],
            [new MailboxAddress("María José", "cliente@example.com")],
            "Ñandú: factura F-1, 18,90 €",
            body.ToMessageBody()
        )
        {
            MessageId = $"{TransmissionId.New()}@facturas.example.com",
        };
        mail.Headers.Add("List-Unsubscribe", "<https://delivery.example.com/v1/consent/withdrawals/abc>");
        await delivery.Services.GetRequiredService<SignMails>().RunAsync(seller, mail, CancellationToken.None);
        using var bytes = new MemoryStream();
        await mail.WriteToAsync(bytes);
        bytes.Position = 0;
        return await MimeMessage.LoadAsync(bytes);
    }

    private static Header Signature(MimeMessage mail) => mail.Headers[mail.Headers.IndexOf(HeaderId.DkimSignature)];

    private static async Task<bool> IsSoundAsync(MimeMessage mail, string record) =>
        mail.Headers.Contains(HeaderId.DkimSignature) && await new DkimVerifier(new Published(record)).VerifyAsync(mail, Signature(mail));

    private static async Task<DkimKey> PutAsync(HttpClient http, DkimRequest request)
    {
        using var answer = await http.PutAsJsonAsync(Door, request, Wire.Tolerant);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<DkimKey>(Wire.Tolerant))!;
    }

    private static async Task ActivateAsync(HttpClient http)
    {
        using var answer = await http.PostAsync($"{Door}/activation", null);
        Assert.True((await answer.Content.ReadFromJsonAsync<DkimKey>(Wire.Tolerant))!.Active, "the key is not active");
    }

    private static async Task<(int, string?)> RefusedAsync(HttpClient http, object request, string door = Door)
    {
        using var answer = await http.PutAsJsonAsync(door, request);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, problem.GetProperty("code").GetString());
    }

    /// <summary>The DNS, with one record in it.</summary>
    private sealed class Published(string record) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => GetPublicKey(record);

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(GetPublicKey(record));
    }
}
