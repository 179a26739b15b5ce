using System.Text.Json.Nodes;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Settings in the office: the seller's data, stores, brand, certificate, templates, providers, keys, webhooks and staff.</summary>
public sealed class SettingsTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Key = "01935b7c-0000-7000-8000-00000000c0de";

    [Fact]
    public async Task The_sellers_data_is_changed_and_what_the_law_binds_is_shown_and_stays()
    {
        Seller();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings");
        Assert.Contains("B12345674", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Html.QuerySelector("[name=taxId]"));
        var saved = await browser.SubmitAsync(page.Form("/office/settings"), ("tradeName", "Ñandú Centro"), ("language", "ca"));
        Assert.Equal((303, "/office/settings?done=saved"), (saved.Status, saved.Location));
        var sent = JsonNode.Parse(office.Doors.At("invoicing PUT /v1/sellers/nandu")[0].Body)!.AsObject();
        Assert.Equal("Ñandú Centro", (string?)sent["tradeName"]);
        Assert.Equal("B12345674", (string?)sent["taxId"]);
        Assert.Equal("verifactu", (string?)sent["regime"]);
        foreach (var ours in new[] { "sellerId", "version", "staff" })
        {
            Assert.False(sent.ContainsKey(ours), ours);
        }

        Shaped<RetailInvoicing.Contracts.SellerBody>(sent.ToJsonString());
    }

    [Fact]
    public async Task A_store_is_added_beside_the_others_and_series_are_shown()
    {
        Seller();
        office.Doors.Answer(
            "invoicing GET /v1/sellers/nandu/series",
            Shaped<ListedSeriesOfSeller>(
                """{"series":[{"series":"F-S01-2026","kind":"F","storeId":"S01","year":2026,"environment":"test","last":124}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/stores");
        Assert.Contains("F-S01-2026", page.Text, StringComparison.Ordinal);
        Assert.Contains("124", page.Text, StringComparison.Ordinal);
        var saved = await browser.SubmitAsync(
            page.Form("/office/settings/stores"),
            ("storeId", "S02"),
            ("city", "Cádiz"),
            ("timeZone", "")
        );
        Assert.Equal(303, saved.Status);
        var stores = JsonNode.Parse(office.Doors.At("invoicing PUT /v1/sellers/nandu")[0].Body)!["stores"]!.AsArray();
        Assert.Equal(["S01", "S02"], stores.Select(store => (string?)store!["storeId"]));
        Assert.Equal("Cádiz", (string?)stores[1]!["address"]!["city"]);
    }

    [Fact]
    public async Task Branding_is_kept_and_a_logo_that_could_not_be_fetched_says_why()
    {
        Seller();
        office.Doors.Answer(
            "delivery GET /v1/logo",
            Shaped<LogoStanding>("""{"status":"failed","url":"https://nandu.example/logo.png","lastError":"404"}""")
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/branding");
        Assert.Contains("No se ha podido traer", page.Text, StringComparison.Ordinal);
        Assert.Contains("404", page.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await browser.SubmitAsync(page.Form("/office/settings/branding"), ("colour", "#112233"))).Status);
        Assert.Equal(
            "#112233",
            (string?)JsonNode.Parse(office.Doors.At("invoicing PUT /v1/sellers/nandu")[0].Body)!["branding"]!["colour"]
        );
    }

    [Fact]
    public async Task A_certificate_goes_to_Invoicing_and_its_password_never_comes_back()
    {
        office.Doors.Answer(
            "invoicing GET /v1/sellers/nandu/certificate",
            Shaped<KeptCertificate>(
                """{"subject":"CN=NANDU","issuer":"CN=FNMT","serialNumber":"1","fingerprint":"ab12","key":"RSA 2048","taxIds":["B12345674"],"validFrom":"2026-01-01T00:00:00+00:00","validUntil":"2028-01-01T00:00:00+00:00","valid":true,"warnings":[{"code":"W1","detail":"Caduca pronto"}]}"""
            )
        );
        office.Doors.Answer("invoicing PUT /v1/sellers/nandu/certificate", "{}");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/certificate");
        Assert.Contains("CN=NANDU", page.Text, StringComparison.Ordinal);
        Assert.Contains("Caduca pronto", page.Text, StringComparison.Ordinal);
        var form = page.Form("/office/settings/certificate");
        using var content = new MultipartFormDataContent
        {
            {
                new StringContent(form.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!),
                "__RequestVerificationToken"
            },
            { new StringContent(form.QuerySelector("[name=once]")!.GetAttribute("value")!), "once" },
            { new StringContent("secreto-del-certificado"), "password" },
            { new ByteArrayContent([1, 2, 3]), "file", "sello.p12" },
        };
        var done = await Browser.ReadAsync(await browser.Http.PostAsync("/office/settings/certificate", content));
        Assert.Equal(303, done.Status);
        var sent = office.Doors.At("invoicing PUT /v1/sellers/nandu/certificate")[0].Body;
        Shaped<CertificateRequest>(sent);
        Assert.Equal("AQID", (string?)JsonNode.Parse(sent)!["pkcs12"]);
        Assert.DoesNotContain("secreto-del-certificado", (await browser.GetAsync(done.Location)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_previewed_unsaved_in_a_frame_that_can_do_nothing()
    {
        office.Doors.Answer(
            "delivery GET /v1/templates/mail",
            Shaped<OwnTemplate>("""{"name":"mail","own":true,"source":"<p>{{ Number }}</p>","savedAt":"2026-11-01T09:00:00+00:00"}""")
        );
        office.Doors.Answer(
            "delivery POST /v1/templates/mail/previews",
            knock =>
                (
                    200,
                    "text/html; charset=utf-8",
                    $"<!doctype html><html lang=\"es\"><head><title>x</title></head><body><h1>{(string?)JsonNode.Parse(knock.Body)!["source"]}</h1></body></html>"
                )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/templates/mail");
        var frame = Assert.Single(page.Html.QuerySelectorAll("iframe"));
        Assert.Equal("", frame.GetAttribute("sandbox"));
        Assert.Contains("frame-src 'self'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var form = page.Form("/office/settings/templates/mail");
        var button = form.QuerySelector("button[formaction]")!;
        Assert.Equal(frame.GetAttribute("name"), button.GetAttribute("formtarget"));
        var fields = form.QuerySelectorAll("input[name]")
            .ToDictionary(field => field.GetAttribute("name")!, field => field.GetAttribute("value") ?? "");
        fields["source"] = "Sin guardar";
        var preview = await browser.PostAsync(button.GetAttribute("formaction")!, fields);
        Assert.Equal("Sin guardar", preview.Heading);
        Assert.StartsWith(
            "sandbox; default-src 'none'",
            preview.Response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Equal("SAMEORIGIN", preview.Response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Empty(office.Doors.At("delivery PUT /v1/templates/mail"));
    }

    [Fact]
    public async Task A_template_that_lacks_what_the_law_wants_is_refused_and_what_was_written_stays()
    {
        office.Doors.Answer("delivery GET /v1/templates/page", Shaped<OwnTemplate>("""{"name":"page","own":false,"source":"<p>x</p>"}"""));
        office.Doors.Refuse("delivery PUT /v1/templates/page", 422, "DEL-TEMPLATE-07", "Falta el número de la factura {{Sheet.Number}}.");
        using var browser = await office.OwnerAsync();
        var form = (await browser.GetAsync("/office/settings/templates/page")).Form("/office/settings/templates/page");
        var refused = await browser.SubmitAsync(form, ("source", "<p>sin número</p>"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("Falta el número de la factura {{Sheet.Number}}.", refused.Text, StringComparison.Ordinal);
        Assert.Equal("<p>sin número</p>", refused.Html.QuerySelector("textarea[name=source]")!.TextContent);
    }

    [Fact]
    public async Task A_provider_is_set_up_and_its_secrets_are_never_shown()
    {
        office.Doors.Answer(
            "payments GET /v1/providers",
            Shaped<ListProviders.Answer>(
                """{"providers":[{"provider":"stripe","accountId":"acct_1","environment":"test","means":["card"],"place":1,"enabled":true,"settings":{"accountId":"acct_1"},"hasSecrets":true,"opens":true,"webhookUrl":"https://pay.example/v1/providers/stripe/webhook","changedAt":"2026-11-01T09:00:00+00:00"}]}"""
            )
        );
        office.Doors.Answer("payments GET /v1/refused-notices", """{"notices":[]}""");
        office.Doors.Answer("payments PUT /v1/providers/redsys", "{}", 201);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/providers");
        Assert.Contains("https://pay.example/v1/providers/stripe/webhook", page.Text, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(
            page.Form("/office/settings/providers/redsys"),
            ("merchantCode", "999008881"),
            ("terminal", "1"),
            ("key", "clave-muy-secreta"),
            ("environment", "test")
        );
        Assert.Equal(303, done.Status);
        var sent = office.Doors.At("payments PUT /v1/providers/redsys")[0].Body;
        Shaped<KeepProvider.Request>(sent);
        Assert.Equal("clave-muy-secreta", (string?)JsonNode.Parse(sent)!["secrets"]!["key"]);
        Assert.Equal(["card", "bizum"], JsonNode.Parse(sent)!["means"]!.AsArray().Select(means => (string?)means));
        office.Doors.Refuse("payments PUT /v1/providers/redsys", 422, "PAY-REDSYS-02", "El código de comercio tiene nueve cifras.");
        var refused = await browser.SubmitAsync(
            (await browser.GetAsync("/office/settings/providers")).Form("/office/settings/providers/redsys"),
            ("merchantCode", "9"),
            ("key", "clave-muy-secreta"),
            ("environment", "test")
        );
        Assert.Equal(422, refused.Status);
        Assert.DoesNotContain("clave-muy-secreta", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_taken_back()
    {
        office.Doors.Answer(
            "invoicing GET /v1/sellers/nandu/keys",
            Shaped<ListedKeys>($$"""{"keys":[{"keyId":"{{Key}}","scopes":["sales:write"],"givenAt":"2026-11-01T09:00:00+00:00"}]}""")
        );
        office.Doors.Answer(
            "invoicing POST /v1/sellers/nandu/keys",
            Shaped<GivenKey>($$"""{"keyId":"{{Key}}","apiKey":"LA-CLAVE-NUEVA"}"""),
            201
        );
        office.Doors.Answer($"invoicing DELETE /v1/sellers/nandu/keys/{Key}", "", 204);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/keys");
        Assert.Contains("Registrar ventas", page.Text, StringComparison.Ordinal);
        var form = page.Html.Forms.Single(each => each.GetAttribute("action") == "/office/settings/keys");
        var fields = form.QuerySelectorAll("input[type=hidden]")
            .ToDictionary(field => field.GetAttribute("name")!, field => field.GetAttribute("value")!);
        fields["invoices:read"] = "yes";
        var given = await browser.PostAsync("/office/settings/keys", fields);
        Assert.Equal(200, given.Status);
        Assert.Contains("LA-CLAVE-NUEVA", given.Text, StringComparison.Ordinal);
        Assert.Equal("""{"scopes":["invoices:read"]}""", office.Doors.At("invoicing POST /v1/sellers/nandu/keys")[0].Body);
        Assert.DoesNotContain("LA-CLAVE-NUEVA", (await browser.GetAsync("/office/settings/keys")).Body, StringComparison.Ordinal);
        Assert.Equal(303, (await browser.SubmitAsync(page.Form("/office/settings/keys/removal"))).Status);
        Assert.Single(office.Doors.At($"invoicing DELETE /v1/sellers/nandu/keys/{Key}"));
    }

    [Fact]
    public async Task A_webhook_shows_its_deliveries_and_sends_one_again()
    {
        const string Delivery = "01935b7c-0000-7000-8000-00000000d001";
        var webhook = Shaped<Webhook>(
            """{"webhookId":"erp","url":"https://erp.example/hook","events":["*"],"enabled":true,"failingSince":"2026-11-22T09:00:00+00:00","lastError":"500","createdAt":"2026-11-01T09:00:00+00:00","changedAt":"2026-11-01T09:00:00+00:00"}"""
        );
        office.Doors.Answer("delivery GET /v1/webhooks", $$"""{"webhooks":[{{webhook}}]}""");
        office.Doors.Answer("delivery GET /v1/webhooks/erp", webhook);
        office.Doors.Answer(
            "delivery GET /v1/webhooks/erp/deliveries",
            Shaped<WebhookDeliveryPage>(
                $$"""{"deliveries":[{"deliveryId":"{{Delivery}}","event":"invoicing.invoice-issued.v1","status":"failed","createdAt":"2026-11-22T09:00:00+00:00","redeliveries":0,"attempts":[{"at":"2026-11-22T09:00:00+00:00","milliseconds":12,"statusCode":500,"reason":"status","detail":"the server answered 500"}]}]}"""
            )
        );
        office.Doors.Answer("delivery POST /v1/webhooks/erp/redeliver", Shaped<Redelivery>("""{"queued":1,"more":false}"""), 202);
        using var browser = await office.OwnerAsync();
        var list = await browser.GetAsync("/office/settings/webhooks");
        Assert.Contains("Falla", list.Text, StringComparison.Ordinal);
        var page = await browser.GetAsync("/office/settings/webhooks/erp");
        Assert.Contains("the server answered 500", page.Text, StringComparison.Ordinal);
        var again = page.Html.Forms.Single(form => form.QuerySelector("[name=deliveryId]") is not null);
        var done = await browser.SubmitAsync(again);
        Assert.Equal((303, "/office/settings/webhooks/erp?done=redelivered"), (done.Status, done.Location));
        Assert.Equal($$"""{"deliveryId":"{{Delivery}}"}""", office.Doors.At("delivery POST /v1/webhooks/erp/redeliver")[0].Body);
    }

    [Fact]
    public async Task A_new_webhooks_secret_is_shown_once()
    {
        var webhook =
            """{"webhookId":"crm","url":"https://crm.example/h","events":["payments.invoice-paid.v1"],"enabled":true,"createdAt":"2026-11-01T09:00:00+00:00","changedAt":"2026-11-01T09:00:00+00:00"}""";
        office.Doors.Answer("delivery GET /v1/webhooks", """{"webhooks":[]}""");
        office.Doors.Answer("delivery GET /v1/webhooks/crm", Shaped<Webhook>(webhook));
        office.Doors.Answer(
            "delivery PUT /v1/webhooks/crm",
            Shaped<Webhook>(webhook.Replace("\"enabled\"", "\"secret\":\"whsec_UNA-VEZ\",\"enabled\"", StringComparison.Ordinal)),
            201
        );
        using var browser = await office.OwnerAsync();
        var form = (await browser.GetAsync("/office/settings/webhooks")).Form("/office/settings/webhooks");
        var kept = await browser.SubmitAsync(
            form,
            ("webhookId", "crm"),
            ("url", "https://crm.example/h"),
            ("events", "payments.invoice-paid.v1")
        );
        Assert.Contains("whsec_UNA-VEZ", kept.Text, StringComparison.Ordinal);
        Shaped<WebhookRequest>(office.Doors.At("delivery PUT /v1/webhooks/crm")[0].Body);
        Assert.DoesNotContain("whsec_UNA-VEZ", (await browser.GetAsync("/office/settings/webhooks/crm")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_is_enrolled_with_a_role_and_removed_and_nobody_removes_themselves()
    {
        Seller();
        office.Doors.Answer("invoicing PUT /v1/sellers/nandu/staff/caja@nandu.example", "{}");
        office.Doors.Answer("invoicing DELETE /v1/sellers/nandu/staff/gestoria@example.com", "", 204);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/staff");
        var removals = page.Html.Forms.Where(form => form.GetAttribute("action") == "/office/settings/staff/removal").ToList();
        Assert.Equal("gestoria@example.com", Assert.Single(removals).QuerySelector("[name=email]")!.GetAttribute("value"));
        var enrolled = await browser.SubmitAsync(
            page.Html.Forms.Single(form => form.GetAttribute("action") == "/office/settings/staff"),
            ("email", "caja@nandu.example"),
            ("role", "shop"),
            ("stores", "S01, S02")
        );
        Assert.Equal(303, enrolled.Status);
        Assert.Equal(
            """{"role":"shop","stores":["S01","S02"]}""",
            office.Doors.At("invoicing PUT /v1/sellers/nandu/staff/caja@nandu.example")[0].Body
        );
        Assert.Equal(303, (await browser.SubmitAsync(page.Form("/office/settings/staff/removal"))).Status);
    }

    [Fact]
    public async Task What_a_role_may_not_is_said_by_the_service_and_shown_in_words()
    {
        office.Doors.Refuse("invoicing GET /v1/sellers/nandu/keys", 403, "AUTH-03", "Esa clave no puede hacer esto.");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/settings/keys");
        Assert.Equal(403, page.Status);
        Assert.Contains("Esa clave no puede hacer esto", page.Text, StringComparison.Ordinal);
    }

    private void Seller()
    {
        office.Doors.Answer(
            "invoicing GET /v1/sellers/nandu",
            """
            {"sellerId":"nandu","version":3,"name":"Comercios Ñandú, S.L.","tradeName":"Ñandú","taxId":"B12345674","address":{"line1":"Calle Mayor 1","postalCode":"28013","city":"Madrid","region":"Madrid","country":"ES"},
             "email":"tienda@example.com","iban":"ES9121000418450200051332","timeZone":"Europe/Madrid","language":"es","environment":"test","regime":"verifactu","territory":"common","equivalenceSurcharge":false,"retail":true,"allowBlindReturns":false,"defaultTermsDays":30,
             "stores":[{"storeId":"S01"}],"branding":{"colour":"#0b7a6f"},
             "staff":[{"email":"duena@nandu.example","role":"owner","stores":[]},{"email":"gestoria@example.com","role":"accountant","stores":[]}]}
            """
        );
        office.Doors.Answer("invoicing PUT /v1/sellers/nandu", "{}");
    }
}
