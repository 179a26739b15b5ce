using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Fiscal;

/// <summary>What is given out of fiscal records: the export, the list of submissions, the QR, the producer's declaration.</summary>
public sealed class FiscalDocumentsTests(Infrastructure infra)
{
    [Fact]
    public async Task An_export_is_a_zip_that_verifies_to_the_last_byte()
    {
        await using var shop = await Shop.OpenAsync(infra);
        for (var i = 1; i <= 3; i++)
        {
            await shop.IssueAsync(Shop.Sale($"A-{i}"));
            shop.Clock.Advance(TimeSpan.FromDays(1));
        }

        using var whole = await shop.Till.GetAsync("/v1/fiscal/export");
        using var part = await shop.Till.GetAsync("/v1/fiscal/export?from=2026-11-24&to=2026-11-25");
        using var none = await shop.Till.GetAsync("/v1/fiscal/export?from=2026-12-24");

        Assert.Equal("application/zip", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal("registros-B12345674-test.zip", whole.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.Equal("registros-B12345674-test-2026-11-24-2026-11-25.zip", part.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        foreach (var (answer, count) in new[] { (whole, 3), (part, 2) })
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var verdict = VerifyExport.Of(new MemoryStream(bytes));
            Assert.Empty(verdict.Findings);
            Assert.Equal(count, verdict.Records);
            Assert.Contains("B12345674", verdict.Head, StringComparison.Ordinal);
            bytes[bytes.Length / 3] ^= 1;
            Assert.False(VerifyExport.Of(new MemoryStream(bytes)).IsSound);
        }

        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("INV-FISCAL-10", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_the_whole_chain_of_the_taxpayer_and_nothing_of_others()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var twin = await ChainDoorTests.TwinAsync(shop, "B12345674");
        using var other = await ChainDoorTests.TwinAsync(shop, "A58818501", "other");
        await shop.IssueAsync(Shop.Sale("A-1"));
        (await twin.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"))).EnsureSuccessStatusCode();

        var verdict = VerifyExport.Of(new MemoryStream(await twin.GetByteArrayAsync("/v1/fiscal/export")));

        Assert.Empty(verdict.Findings);
        Assert.Equal(2, verdict.Records);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/v1/fiscal/export")).StatusCode);
    }

    [Fact]
    public async Task Submissions_are_listed_newest_first_with_what_the_agency_said_and_what_to_do()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var twin = await ChainDoorTests.TwinAsync(shop, "B12345674");
        for (var i = 1; i <= 4; i++)
        {
            await shop.IssueAsync(Shop.SaleTo($"A-{i}"));
        }

        (await twin.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"))).EnsureSuccessStatusCode();
        await shop.TamperAsync(
            """
            insert into fiscal_answer (tax_id, environment, installation, position, state, code, description, csv, answered_at) values
            ('B12345674', 'Test', '01', 1, 'accepted', null, null, 'A-CSV', '2026-11-23T10:20:00Z'),
            ('B12345674', 'Test', '01', 2, 'accepted-with-errors', '2005', 'Importe', 'A-CSV', '2026-11-23T10:20:00Z'),
            ('B12345674', 'Test', '01', 3, 'rejected', '1109', 'El NIF no está identificado', null, '2026-11-23T10:20:00Z')
            """
        );
        shop.Till.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es");

        var all = await ListAsync(shop.Till, "");
        var page = await ListAsync(shop.Till, "?limit=3");
        var rest = await ListAsync(shop.Till, $"?limit=3&cursor={page["nextCursor"]}");
        var rejected = (await ListAsync(shop.Till, "?state=rejected"))["submissions"]!.AsArray().Single()!;

        Assert.Equal("4 3 2 1", Positions(all));
        Assert.Null(all["nextCursor"]);
        Assert.Equal("4 3 2", Positions(page));
        Assert.Equal("1", Positions(rest));
        Assert.Equal(
            "pending rejected accepted-with-errors accepted",
            string.Join(' ', all["submissions"]!.AsArray().Select(each => each!["state"]!.GetValue<string>()))
        );
        Assert.Equal("1109", rejected["code"]!.GetValue<string>());
        Assert.StartsWith("El NIF del destinatario", rejected["advice"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("F-S01-2026-000003", rejected["number"]!.GetValue<string>());
        Assert.Equal("A-CSV", all["submissions"]![3]!["csv"]!.GetValue<string>());
        Assert.Equal("5", Positions(await ListAsync(twin, "")));
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Till.GetAsync("/v1/fiscal/submissions?state=lost")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Till.GetAsync("/v1/fiscal/submissions?cursor=x%00")).StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await shop.Till.GetAsync("/v1/fiscal/submissions?cursor=99999999999999999999")).StatusCode
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Till.GetAsync("/v1/fiscal/submissions?limit=0")).StatusCode);
    }

    [Fact]
    public async Task The_QR_of_an_invoice_is_a_picture_for_its_seller_alone()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var twin = await ChainDoorTests.TwinAsync(shop, "B12345674");
        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));
        var door = $"/v1/invoices/{invoice.InvoiceId}/qr";

        using var svg = await shop.Till.GetAsync(door);
        using var png = await shop.Till.GetAsync($"{door}?format=png");
        shop.Till.DefaultRequestHeaders.Accept.ParseAdd("image/png");
        using var accepted = await shop.Till.GetAsync(door);

        Assert.Equal("image/svg+xml", svg.Content.Headers.ContentType!.MediaType);
        Assert.Equal(QrImage.Of(invoice.Fiscal.QrUrl!).ToSvg(), await svg.Content.ReadAsStringAsync());
        Assert.Equal(QrImage.Of(invoice.Fiscal.QrUrl!).ToPng(), await png.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", accepted.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Till.GetAsync($"{door}?format=gif")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await twin.GetAsync(door)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Till.GetAsync("/v1/invoices/7/qr")).StatusCode);
    }

    [Fact]
    public async Task An_invoice_under_no_regime_has_no_QR_and_no_chain()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["regime"] = "none");
        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));

        using var answer = await shop.Till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/qr");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("INV-DOC-02", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await ChainDoorTests.ChainAsync(shop.Till))["records"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_declaration_is_there_for_anyone_and_says_that_a_producer_is_to_be_named()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var anyone = shop.Host.Http;

        var page = await GetAsync("/v1/fiscal/declaration", "*/*", "text/html");
        var browser = await GetAsync("/declaracion-responsable", "text/html,application/json;q=0.1", "text/html");
        var text = await GetAsync("/v1/fiscal/declaration", "text/plain", "text/plain");
        var json = JsonNode.Parse(await GetAsync("/v1/fiscal/declaration", "application/json", "application/json"))!;

        Assert.Equal(page, browser);
        Assert.Contains("<h1>DECLARACIÓN RESPONSABLE DEL SISTEMA INFORMÁTICO DE FACTURACIÓN</h1>", page, StringComparison.Ordinal);
        Assert.Contains("sin productor designado", page, StringComparison.Ordinal);
        Assert.Contains("PENDIENTE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ñandú", page, StringComparison.Ordinal);
        Assert.False(json["complete"]!.GetValue<bool>());
        Assert.Equal(12, json["items"]!.AsArray().Count);
        Assert.Equal("1.a", json["items"]![0]!["letter"]!.GetValue<string>());

        async Task<string> GetAsync(string address, string accept, string expected)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await anyone.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(expected, answer.Content.Headers.ContentType!.MediaType);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_producer_that_is_named_declares()
    {
        await using var shop = await Shop.OpenAsync(
            infra,
            configuration: new Dictionary<string, string?>
            {
                ["Verifactu:ProducerName"] = "Ejemplo <Productora>, S.L.",
                ["Verifactu:ProducerNif"] = "B12345674",
                ["Verifactu:ProducerAddress:0"] = "Calle Mayor 1",
                ["Verifactu:ProducerAddress:1"] = "28013 Madrid",
                ["Verifactu:DeclaredOn"] = "2026-11-01",
                ["Verifactu:DeclaredAt"] = "Madrid, España",
            }
        );

        var page = await shop.Host.Http.GetStringAsync("/declaracion-responsable");

        Assert.Contains("Ejemplo &lt;Productora&gt;, S.L.", page, StringComparison.Ordinal);
        Assert.Contains("1 de noviembre de 2026", page, StringComparison.Ordinal);
        Assert.DoesNotContain("PENDIENTE", page, StringComparison.Ordinal);
        Assert.DoesNotContain("incompleta", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invoice")]
    [InlineData("sale")]
    [InlineData("fiscal_record")]
    [InlineData("fiscal_answer")]
    [InlineData("fiscal_event")]
    [InlineData("adopted_record")]
    [InlineData("cancellation")]
    [InlineData("correction")]
    public async Task The_services_role_can_neither_change_nor_delete(string table)
    {
        await using var shop = await Shop.OpenAsync(infra);
        var narrow = new NpgsqlConnectionStringBuilder(shop.Host.ConnectionString)
        {
            Options = "-c role=invoicing_app -c search_path=invoicing",
        };
        await using var database = NpgsqlDataSource.Create(narrow.ConnectionString);

        Assert.Equal("42501", await RefusedAsync($"delete from {table}"));
        Assert.Equal("42501", await RefusedAsync($"truncate {table}"));
        var column = await shop.AskAsync<string>(
            $"select column_name::text from information_schema.columns where table_schema = 'invoicing' and table_name = '{table}' limit 1"
        );
        Assert.Equal("42501", await RefusedAsync($"update {table} set {column} = {column}"));
        Assert.Equal("42501", await RefusedAsync($"alter table {table} disable trigger all"));

        async Task<string> RefusedAsync(string sql)
        {
            await using var command = database.CreateCommand(sql);
            return (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState;
        }
    }

    private static string Positions(JsonNode page) =>
        string.Join(' ', page["submissions"]!.AsArray().Select(each => each!["position"]!.GetValue<long>()));

    private static async Task<JsonNode> ListAsync(HttpClient client, string query) =>
        JsonNode.Parse(await client.GetStringAsync($"/v1/fiscal/submissions{query}"))!;
}
