using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>A seller's certificate at the doors, in the table, and on what is signed with it.</summary>
public sealed class CertificateDoorTests(Infrastructure infra)
{
    private const string Door = $"/v1/sellers/{Shop.Seller}/certificate";

    [Fact]
    public async Task A_certificate_is_kept_shown_and_signs_and_its_key_is_shown_to_nobody()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var file = TestCertificate.File(TestCertificate.Shared);
        var sold = await shop.IssueAsync(Shop.SaleTo("A-1"));

        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(Door)).StatusCode);
        await RefusedAsync("INV-CERT-01", await shop.Till.GetAsync(Facturae(sold.InvoiceId)));
        var first = await PutAsync(admin, file);
        var again = await PutAsync(shop.Till, file);
        var shown = await shop.Till.GetStringAsync(Door);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(shown, await first.Content.ReadAsStringAsync());
        Assert.DoesNotContain(Convert.ToBase64String(file)[..40], shown, StringComparison.Ordinal);
        Assert.DoesNotContain(TestCertificate.Password, shown, StringComparison.Ordinal);
        var certificate = JsonNode.Parse(shown)!;
        Assert.Contains("VATES-B12345674", certificate["subject"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(TestCertificate.Shared.SerialNumber, certificate["serialNumber"]!.GetValue<string>());
        Assert.Equal("RSA 2048", certificate["key"]!.GetValue<string>());
        Assert.Equal("B12345674", certificate["taxIds"]!.AsArray().Single()!.GetValue<string>());
        Assert.StartsWith("2028-01-01T00:00:00", certificate["validUntil"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(certificate["valid"]!.GetValue<bool>());
        Assert.Empty(certificate["warnings"]!.AsArray());

        var answer = await shop.Till.GetAsync(Facturae(sold.InvoiceId));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"{sold.Number}.xsig", answer.Content.Headers.ContentDisposition!.FileName);
        var document = await answer.Content.ReadAsByteArrayAsync();
        var signature = XadesVerification.Of(document).Value;
        Assert.Equal(TestCertificate.Shared.Thumbprint, signature.Certificate.Thumbprint);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1)), signature.SignedAt);
        Assert.Equal(TimeSpan.FromHours(1), signature.SignedAt.Offset);
        Assert.Empty(IssuedFacturae.Breaches(document));
        Assert.Equal(sold.Number, FacturaeReader.Read(document).Value.Number);
    }

    [Fact]
    public async Task Unsigned_is_asked_for_by_its_name_and_tickets_are_refused()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sold = await shop.IssueAsync(Shop.SaleTo("A-1"));
        var ticket = await shop.IssueAsync(Shop.Sale("A-2"));

        var answer = await shop.Till.GetAsync(Facturae(sold.InvoiceId, "facturae-unsigned"));

        var document = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal($"{sold.Number}.xml", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Empty(IssuedFacturae.Breaches(document));
        Assert.True(XadesVerification.Of(document).Refused(out var fault));
        Assert.Equal("INV-SIGN-01", fault.Code.Code);
        await RefusedAsync("INV-FACTURAE-01", await shop.Till.GetAsync(Facturae(ticket.InvoiceId)));
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Till.GetAsync(Facturae(InvoiceId.New()))).StatusCode);
    }

    [Fact]
    public async Task A_curves_certificate_signs_and_a_representatives_is_kept_with_a_warning()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sold = await shop.IssueAsync(Shop.SaleTo("A-1"));
        using var curve = TestCertificate.Curve(ECCurve.NamedCurves.nistP256);
        using var representative = TestCertificate.Rsa(
            subject: "CN=RUIZ GIL ANA - 12345678Z, SERIALNUMBER=IDCES-12345678Z, C=ES",
            until: new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
            usage: X509KeyUsageFlags.KeyEncipherment
        );

        Assert.Equal(HttpStatusCode.Created, (await PutAsync(shop.Till, TestCertificate.File(curve))).StatusCode);
        var byCurve = await shop.Till.GetByteArrayAsync(Facturae(sold.InvoiceId));
        var answer = await PutAsync(shop.Till, TestCertificate.File(representative));
        var byRepresentative = await shop.Till.GetByteArrayAsync(Facturae(sold.InvoiceId));

        Assert.Equal(curve.Thumbprint, XadesVerification.Of(byCurve).Value.Certificate.Thumbprint);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var kept = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("12345678Z", kept["taxIds"]!.AsArray().Single()!.GetValue<string>());
        Assert.Equal(
            ["INV-CERT-09", "INV-CERT-10", "INV-CERT-11"],
            kept["warnings"]!.AsArray().Select(each => each!["code"]!.GetValue<string>())
        );
        Assert.Equal(representative.Thumbprint, XadesVerification.Of(byRepresentative).Value.Certificate.Thumbprint);
    }

    [Theory]
    [InlineData("not base64", "INV-CERT-02")]
    [InlineData("nothing", "INV-CERT-03")]
    [InlineData("noise", "INV-CERT-03")]
    [InlineData("a certificate alone", "INV-CERT-03")]
    [InlineData("half a file", "INV-CERT-03")]
    [InlineData("another password", "INV-CERT-04")]
    [InlineData("no password", "INV-CERT-04")]
    [InlineData("no key", "INV-CERT-05")]
    [InlineData("a short key", "INV-CERT-06")]
    [InlineData("another's key", "INV-CERT-06")]
    [InlineData("rounds without end", "INV-CERT-03")]
    [InlineData("another curve", "INV-CERT-06")]
    [InlineData("expired", "INV-CERT-07")]
    [InlineData("not valid yet", "INV-CERT-07")]
    [InlineData("huge", "INV-CERT-08")]
    [InlineData("null", "BODY-02")]
    [InlineData("an unknown field", "BODY-02")]
    [InlineData("no JSON", "BODY-01")]
    public async Task What_cannot_sign_is_refused_with_a_code_and_nothing_is_kept(string what, string code)
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var good = TestCertificate.File(TestCertificate.Shared);

        var answer = await admin.PutAsync(Door, new StringContent(Body(what, good), Encoding.UTF8, "application/json"));

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"\"code\":\"{code}\"", text, StringComparison.Ordinal);
        Assert.Equal(code == "BODY-01" ? 400 : 422, (int)answer.StatusCode);
        Assert.DoesNotContain(TestCertificate.Password, text, StringComparison.Ordinal);
        Assert.Equal(0L, await shop.AskAsync<long>("select count(*) from seller_certificate"));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var body = $$"""{"pkcs12":"{{new string('A', 5 * 1024 * 1024)}}","password":"x"}""";

        var answer = await admin.PutAsync(Door, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task The_door_is_for_the_admin_and_for_the_seller_itself()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var file = TestCertificate.File(TestCertificate.Shared);
        using var writer = shop.Host.As(Shop.Seller, "invoices:write");
        using var reader = shop.Host.As(Shop.Seller, "invoices:read");
        using var till = shop.Host.As(Shop.Seller, "sales:write");
        using var stranger = shop.Host.As("stranger");

        Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync(shop.Host.Http, file)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(till, file)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(reader, file)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(stranger, file)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(writer, file)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await till.GetAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync(Door)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/v1/sellers/stranger/certificate")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(admin, file, "/v1/sellers/nobody/certificate")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(admin, file, "/v1/sellers/no%20body/certificate")).StatusCode);
    }

    [Fact]
    public async Task Its_end_stops_signing_and_never_issuing()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await PutAsync(shop.Till, TestCertificate.File(TestCertificate.Shared));
        shop.Clock.SetUtcNow(TestCertificate.Until.AddHours(1));
        var sale = Shop.SaleTo("A-1");
        sale["occurredAt"] = "2028-01-01T01:30:00+01:00";

        var sold = await shop.IssueAsync(sale);

        await RefusedAsync("INV-CERT-07", await shop.Till.GetAsync(Facturae(sold.InvoiceId)));
        Assert.Equal(HttpStatusCode.OK, (await shop.Till.GetAsync(Facturae(sold.InvoiceId, "facturae-unsigned"))).StatusCode);
        Assert.False(JsonNode.Parse(await shop.Till.GetStringAsync(Door))!["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task At_rest_the_key_is_sealed_for_its_seller_and_certificate()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var sold = await shop.IssueAsync(Shop.SaleTo("A-1"));
        var file = TestCertificate.File(TestCertificate.Shared);
        await PutAsync(admin, file);

        var row = await shop.AskAsync<byte[]>("select sealed_key || certificate || seal::bytea from seller_certificate");
        using var key = TestCertificate.Shared.GetRSAPrivateKey()!;
        var secret = key.ExportParameters(includePrivateParameters: true);
        foreach (var part in new[] { file[64..96], key.ExportPkcs8PrivateKey()[..24], secret.D![..16], secret.P![..16], secret.Q![..16] })
        {
            Assert.True(row.AsSpan().IndexOf(part) < 0, "a part of the private key lies open");
        }

        var sealedOnce = await shop.AskAsync<byte[]>("select sealed_key from seller_certificate");
        await PutAsync(admin, file);
        Assert.NotEqual(sealedOnce, await shop.AskAsync<byte[]>("select sealed_key from seller_certificate"));

        // Under another seller's name, or beside another certificate, the row opens nothing.
        await admin.PutAsJsonAsync("/v1/sellers/other", Shop.Registration());
        await shop.AskAsync<object>("update seller_certificate set seller_id = 'other' returning 1");
        using var other = shop.Host.As("other");
        await RefusedAsync("INV-CERT-01", await shop.Till.GetAsync(Facturae(sold.InvoiceId)));
        var otherSale = Shop.SaleTo("B-1");
        var posted = await other.PostAsync("/v1/sales", new StringContent(otherSale.ToJsonString(), Encoding.UTF8, "application/json"));
        var otherId = JsonNode.Parse(await posted.Content.ReadAsStringAsync())!["invoiceId"]!.GetValue<Guid>();
        await RefusedAsync("INV-CERT-13", await other.GetAsync(Facturae(otherId)));
    }

    [Fact]
    public async Task Under_another_key_of_the_installation_it_is_to_be_put_again_and_without_one_it_is_not_taken()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var sold = await shop.IssueAsync(Shop.SaleTo("A-1"));
        await PutAsync(shop.Till, TestCertificate.File(TestCertificate.Shared));
        foreach (
            var (key, refused) in new[]
            {
                ("another-key-of-the-tests-that-seals-certificates-0123456789", "INV-CERT-13"),
                ("", "INV-CERT-12"),
            }
        )
        {
            await using var beside = await ServiceHost.StartAsync<InvoicingOptions>(
                infra,
                "invoicing",
                new HostSettings
                {
                    Beside = shop.Host,
                    Services = services => services.AddSingleton<TimeProvider>(shop.Clock),
                    Configuration = new Dictionary<string, string?> { ["Keys:CertificateKey"] = key },
                }
            );
            using var till = beside.As(Shop.Seller);

            var answer = await till.GetAsync(Facturae(sold.InvoiceId));

            Assert.Contains(refused, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Equal(
                key.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable,
                (await PutAsync(till, TestCertificate.File(TestCertificate.Shared))).StatusCode
            );
        }
    }

    private static string Facturae(object invoiceId, string format = "facturae") => $"/v1/invoices/{invoiceId}/document?format={format}";

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, byte[] file, string door = Door) =>
        http.PutAsJsonAsync(door, new { pkcs12 = Convert.ToBase64String(file), password = TestCertificate.Password });

    private static async Task RefusedAsync(string code, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", text, StringComparison.Ordinal);
    }

    private static string Body(string what, byte[] good)
    {
        string Json(byte[] file, string password = TestCertificate.Password) =>
            new JsonObject { ["pkcs12"] = Convert.ToBase64String(file), ["password"] = password }.ToJsonString();
        var now = IssuedFacturae.Now;
        switch (what)
        {
            case "not base64":
                return """{"pkcs12":"***","password":"x"}""";
            case "nothing":
                return Json([]);
            case "noise":
                return Json(RandomNumberGenerator.GetBytes(2000));
            case "a certificate alone":
                return Json(TestCertificate.Shared.RawData);
            case "half a file":
                return Json(good[..(good.Length / 2)]);
            case "another password":
                return Json(good, "otra");
            case "no password":
                return $$"""{"pkcs12":"{{Convert.ToBase64String(good)}}"}""";
            case "no key":
                using (var open = X509CertificateLoader.LoadCertificate(TestCertificate.Shared.RawData))
                {
                    return Json(
                        new X509Certificate2Collection(open).ExportPkcs12(
                            Pkcs12ExportPbeParameters.Pbes2Aes256Sha256,
                            TestCertificate.Password
                        )
                    );
                }
            case "a short key":
                using (var weak = TestCertificate.Rsa(1024))
                {
                    return Json(TestCertificate.File(weak));
                }
            case "another curve":
                using (var curve = TestCertificate.Curve(ECCurve.NamedCurves.nistP384))
                {
                    return Json(TestCertificate.File(curve));
                }
            case "another's key":
                using (var other = RSA.Create(2048))
                {
                    return Json(Paired(TestCertificate.Shared, other));
                }
            case "rounds without end":
                return Json(
                    TestCertificate.Shared.ExportPkcs12(
                        new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 700_000),
                        TestCertificate.Password
                    )
                );
            case "expired":
                using (var old = TestCertificate.Rsa(until: now.AddSeconds(-1)))
                {
                    return Json(TestCertificate.File(old));
                }
            case "not valid yet":
                using (var coming = TestCertificate.Rsa(from: now.AddDays(1)))
                {
                    return Json(TestCertificate.File(coming));
                }
            case "huge":
                return Json(new byte[100 * 1024]);
            case "null":
                return """{"pkcs12":null,"password":"x"}""";
            case "an unknown field":
                return """{"pkcs12":"","passwort":"x"}""";
            default:
                return "{";
        }
    }

    /// <summary>A file that pairs a certificate with a key that is not its own.</summary>
    private static byte[] Paired(X509Certificate2 certificate, RSA key)
    {
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000);
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        var (certificates, keys) = (new Pkcs12SafeContents(), new Pkcs12SafeContents());
        var id = new Pkcs9LocalKeyId([1]);
        certificates.AddCertificate(bare).Attributes.Add(id);
        keys.AddShroudedKey(key, TestCertificate.Password, parameters).Attributes.Add(id);
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(certificates, TestCertificate.Password, parameters);
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(TestCertificate.Password, HashAlgorithmName.SHA256, 2000);
        return builder.Encode();
    }
}
