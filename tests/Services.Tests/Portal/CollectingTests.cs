using System.Text.Json.Nodes;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Disputes;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Worklist;
using RetailInvoicing.Collections.WriteOffs;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Collecting in the office: whom to call and why, what is owed, what is agreed, and the policies of reminders.</summary>
public sealed class CollectingTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Invoice = "01935b7c-0000-7000-8000-000000000041";
    private const string At = $"/office/collecting/receivables/{Invoice}";

    [Fact]
    public async Task The_worklist_says_whom_to_call_first_and_why()
    {
        office.Doors.Answer(
            "collections GET /v1/worklist",
            Shaped<WorklistBody>(
                $$"""
                {"asOf":"2026-11-23T09:15:00+00:00","strategy":"expected","currency":"EUR","otherCurrencies":[],"inFlightKnown":true,"rows":[
                  {"rank":1,"customerId":"17850","customerName":"Berta Ruiz","phone":"+34600111222","amount":"19.80","expectedGain":"7.10","suggestedAct":"call",
                   "reasons":[{"code":"usually-late","text":"Suele pagar unos 12 días después del vencimiento (9 facturas)."}],
                   "items":[{"invoiceId":"{{Invoice}}","number":"F-S01-2026-000041","dueDate":"2026-10-24","daysOverdue":30,"amountDue":"19.80","workable":"19.80","standstill":"none"}]}]}
                """
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/collecting");
        Assert.Equal(200, page.Status);
        foreach (
            var said in new[]
            {
                "1. Berta Ruiz",
                "19,80 €",
                "+34600111222",
                "Llamar",
                "Suele pagar unos 12 días después del vencimiento (9 facturas).",
                "F-S01-2026-000041",
                "30 días tarde",
                "Anotar una llamada",
                "Promete pagar",
                "No recordar",
                "Recordar ahora",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var asked = office.Doors.At("collections GET /v1/worklist")[0];
        Assert.StartsWith("Bearer ", asked.Bearer, StringComparison.Ordinal);
        Assert.StartsWith("es", asked.Language, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worklist_with_nobody_on_it_teaches()
    {
        office.Doors.Answer(
            "collections GET /v1/worklist",
            Shaped<WorklistBody>(
                """{"asOf":"2026-11-23T09:15:00+00:00","strategy":"expected","otherCurrencies":[],"inFlightKnown":false,"rows":[]}"""
            )
        );
        using var browser = await office.OwnerAsync("en");
        var page = await browser.GetAsync("/office/collecting");
        Assert.Contains("Nobody to call.", page.Text, StringComparison.Ordinal);
        Assert.Contains("it is not known which payments are on their way", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receivables_are_filtered_by_state_age_and_customer_and_paged()
    {
        office.Doors.Answer(
            "collections GET /v1/receivables",
            Shaped<ReceivablePage>($$"""{"items":[{{Receivable("overdue", 30)}}],"nextCursor":"abc"}""")
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/collecting/receivables");
        Assert.Contains("status=overdue", office.Doors.At("collections GET /v1/receivables")[0].Query, StringComparison.Ordinal);
        foreach (var said in new[] { "F-S01-2026-000041", "Berta Ruiz", "19,80 €", "Vencida", "en espera", "2 avisos enviados" })
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        Assert.NotNull(page.Html.QuerySelector("table.listing thead th"));
        var next = page.Html.QuerySelectorAll("a").Single(link => link.TextContent.Trim() == "Siguiente").GetAttribute("href")!;
        Assert.Contains("cursor=abc", next, StringComparison.Ordinal);
        await browser.GetAsync("/office/collecting/receivables?bucket=90%2B");
        Assert.Contains("bucket=90%2B", office.Doors.At("collections GET /v1/receivables")[0].Query, StringComparison.Ordinal);
        await browser.GetAsync("/office/collecting/receivables?customerId=mail%3Aana%40example.com");
        Assert.Contains(
            "customerId=mail%3Aana%40example.com",
            office.Doors.At("collections GET /v1/receivables")[0].Query,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_receivable_shows_what_was_agreed_and_done()
    {
        OneReceivable();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync(At);
        Assert.Equal(200, page.Status);
        foreach (
            var said in new[]
            {
                "F-S01-2026-000041 · 19,80 €",
                "30 días tarde",
                "Incumplida",
                "Llegó roto",
                "Espera aprobación",
                "pedido por cobros@nandu.example",
                "reminder-1",
                "Puesta en espera por vacaciones",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("note", "acts", """{"kind":"call","why":"Pagará el viernes"}""", "kind=call&why=Pagará el viernes")]
    [InlineData("promise", "promises", """{"date":"2026-11-27","amount":"19.80"}""", "date=2026-11-27&amount=19,80&why=")]
    [InlineData("hold", "holds", """{"reason":"Vacaciones"}""", "reason=Vacaciones&until=")]
    [InlineData("dispute", "disputes", """{"amount":"4.95","reason":"Llegó roto"}""", "amount=4,95 €&reason=Llegó roto")]
    [InlineData("write-off", "write-off", """{"reason":"Cerró"}""", "amount=&reason=Cerró")]
    [InlineData(
        "plan",
        "plans",
        """{"instalments":[{"date":"2026-12-01","amount":"10.00"},{"date":"2027-01-01","amount":"9.80"}]}""",
        "instalments=2026-12-01 10,00\n2027-01-01 9.80"
    )]
    public async Task An_act_is_one_form_and_one_door(string act, string door, string body, string typed)
    {
        OneReceivable();
        office.Doors.Answer($"collections POST /v1/receivables/{Invoice}/{door}", "{}", 201);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync(At);
        var filled = typed.Split('&').Select(each => (each.Split('=', 2)[0], each.Split('=', 2)[1])).ToArray();
        var done = await browser.SubmitAsync(page.Form($"{At}/{act}"), filled);
        Assert.Equal((303, $"{At}?done={act}"), (done.Status, done.Location));
        var sent = JsonNode.Parse(office.Doors.At($"collections POST /v1/receivables/{Invoice}/{door}")[0].Body);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), sent), sent?.ToJsonString());
        Assert.NotNull((await browser.GetAsync(done.Location)).Html.QuerySelector(".notice[role=status]"));
    }

    [Fact]
    public async Task Reminding_now_sends_the_last_message_again()
    {
        OneReceivable();
        const string Sent = "01935b7c-0000-7000-8000-0000000000aa";
        office.Doors.Answer(
            "delivery GET /v1/transmissions",
            Shaped<TransmissionPage>(
                $$"""{"transmissions":[{{Transmission("01935b7c-0000-7000-8000-0000000000ab", "invoice", 20)}},{{Transmission(Sent, "notice", 10)}}]}"""
            )
        );
        office.Doors.Answer($"delivery POST /v1/transmissions/{Sent}/resend", Shaped<Transmission>(Transmission(Sent, "notice", 10)));
        using var browser = await office.OwnerAsync();
        var done = await browser.SubmitAsync((await browser.GetAsync(At)).Form($"{At}/remind"));
        Assert.Equal(303, done.Status);
        Assert.Single(office.Doors.At($"delivery POST /v1/transmissions/{Sent}/resend"));
    }

    [Fact]
    public async Task A_hold_ends_a_dispute_is_resolved_and_a_write_off_approved_by_their_own_forms()
    {
        OneReceivable();
        office.Doors.Answer($"collections DELETE /v1/receivables/{Invoice}/holds/01935b7c-0000-7000-8000-0000000000b1", "", 204);
        office.Doors.Answer($"collections POST /v1/receivables/{Invoice}/disputes/01935b7c-0000-7000-8000-0000000000d1/resolution", "{}");
        office.Doors.Answer($"collections POST /v1/receivables/{Invoice}/write-off/01935b7c-0000-7000-8000-0000000000e1/approval", "{}");
        using var browser = await office.OwnerAsync();
        Assert.Equal(303, (await browser.SubmitAsync((await browser.GetAsync(At)).Form($"{At}/release"))).Status);
        Assert.Equal(
            303,
            (
                await browser.SubmitAsync(
                    (await browser.GetAsync(At)).Form($"{At}/resolve"),
                    ("outcome", "rejected"),
                    ("why", "Se envió bien")
                )
            ).Status
        );
        Assert.Equal(303, (await browser.SubmitAsync((await browser.GetAsync(At)).Form($"{At}/approve"))).Status);
        Assert.Single(office.Doors.At($"collections DELETE /v1/receivables/{Invoice}/holds/01935b7c-0000-7000-8000-0000000000b1"));
    }

    [Fact]
    public async Task A_refusal_is_said_in_the_services_words_and_what_was_typed_stays()
    {
        OneReceivable();
        office.Doors.Refuse(
            $"collections POST /v1/receivables/{Invoice}/promises",
            422,
            "COL-PROMISE-01",
            "La fecha ya ha pasado: elige una por venir."
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync(At);
        var refused = await browser.SubmitAsync(page.Form($"{At}/promise"), ("date", "2026-01-02"), ("amount", "5"), ("why", "Dijo enero"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("La fecha ya ha pasado", refused.Html.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        var form = refused.Form($"{At}/promise");
        Assert.Equal("2026-01-02", form.QuerySelector("[name=date]")!.GetAttribute("value"));
        Assert.Equal("Dijo enero", form.QuerySelector("[name=why]")!.GetAttribute("value"));
        Assert.True(form.Closest("details")!.HasAttribute("open"));
    }

    [Fact]
    public async Task A_double_click_acts_once()
    {
        OneReceivable();
        var door = $"collections POST /v1/receivables/{Invoice}/acts";
        office.Doors.Answer(door, "{}", 201);
        using var browser = await office.OwnerAsync();
        var form = (await browser.GetAsync(At)).Form($"{At}/note");
        var before = office.Doors.At(door).Count;
        var first = await browser.SubmitAsync(form, ("kind", "call"), ("why", "Una vez"));
        var again = await browser.SubmitAsync(form, ("kind", "call"), ("why", "Una vez"));
        Assert.Equal((303, first.Location), (again.Status, again.Location));
        Assert.Equal(before + 1, office.Doors.At(door).Count);
    }

    [Fact]
    public async Task A_form_from_elsewhere_does_nothing()
    {
        using var browser = await office.OwnerAsync();
        var before = office.Doors.Knocks.Count;
        var foreign = await browser.PostAsync(
            $"{At}/note",
            [new("kind", "call"), new("why", "x"), new("once", Guid.CreateVersion7().ToString("N"))]
        );
        Assert.Equal(400, foreign.Status);
        Assert.Equal(before, office.Doors.Knocks.Count);
    }

    [Fact]
    public async Task Ageing_adds_up_by_bucket_and_leads_to_the_invoices()
    {
        office.Doors.Answer(
            "collections GET /v1/ageing",
            Shaped<Ageing>(
                """{"asOf":"2026-11-23T09:15:00+00:00","date":"2026-11-23","rows":[{"currency":"EUR","bucket":"current","amountDue":"73.65","receivables":1},{"currency":"EUR","bucket":"1-30","amountDue":"19.80","receivables":1}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/collecting/ageing?asOf=2026-11-23");
        Assert.Contains("asOf=2026-11-23", office.Doors.At("collections GET /v1/ageing")[0].Query, StringComparison.Ordinal);
        Assert.Contains("93,45 €", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 a 30 días", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            "bucket=1-30",
            string.Join(
                ' ',
                (await browser.GetAsync("/office/collecting/ageing")).Html.QuerySelectorAll("a").Select(link => link.GetAttribute("href"))
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_policy_is_previewed_before_anything_of_it_is_kept()
    {
        Policy();
        office.Doors.Answer(
            "collections POST /v1/dunning-policies/normal/preview",
            Shaped<PolicyPreview>(
                """{"from":"2026-11-23T09:15:00+00:00","to":"2026-12-23T09:15:00+00:00","receivables":2,"withoutPolicy":0,"sent":[{"date":"2026-11-24","policyId":"normal","step":"suave","channel":"email","messages":1,"invoices":2}],"notSent":[{"step":"firme","outcome":"skipped","reason":"held","invoices":1}],"examples":[]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var form = (await browser.GetAsync("/office/collecting/policies/normal")).Form("/office/collecting/policies/normal");
        var before = office.Doors.At("collections PUT /v1/dunning-policies/normal").Count;
        var fields = form.QuerySelectorAll("input[name],select[name]")
            .ToDictionary(
                field => field.GetAttribute("name")!,
                field => field.GetAttribute("value") ?? field.QuerySelector("option[selected]")?.GetAttribute("value") ?? ""
            );
        fields["name"] = "Otra cosa";
        fields["offset0"] = "5";
        var preview = await browser.PostAsync("/office/collecting/policies/normal/preview", fields);
        Assert.Equal(200, preview.Status);
        Assert.Contains("Qué saldría en los próximos días", preview.Text, StringComparison.Ordinal);
        Assert.Contains("suave", preview.Text, StringComparison.Ordinal);
        Assert.Contains("held", preview.Text, StringComparison.Ordinal);
        Assert.Equal("Otra cosa", preview.Html.QuerySelector("[name=name]")!.GetAttribute("value"));
        Assert.Equal(before, office.Doors.At("collections PUT /v1/dunning-policies/normal").Count);
        var sent = JsonNode.Parse(office.Doors.At("collections POST /v1/dunning-policies/normal/preview")[0].Body)!;
        Assert.Equal("5", sent["steps"]![0]!["offsetDays"]!.ToJsonString());
        // What the form does not show stays as it was.
        Assert.Equal("true", sent["steps"]![0]!["claim"]!.ToJsonString());
        Shaped<PolicyBody>(sent.ToJsonString());
    }

    [Fact]
    public async Task A_policy_is_kept_as_a_draft_and_activated_by_an_act_of_its_own()
    {
        Policy();
        office.Doors.Answer("collections PUT /v1/dunning-policies/normal", KeptPolicyJson("draft", 3));
        office.Doors.Answer("collections POST /v1/dunning-policies/normal/activation", KeptPolicyJson("active", 3));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/collecting/policies/normal");
        Assert.Contains("v2", page.Text, StringComparison.Ordinal);
        var form = page.Form("/office/collecting/policies/normal");
        var saved = await browser.SubmitAsync(form);
        Assert.Equal((303, "/office/collecting/policies/normal?done=saved"), (saved.Status, saved.Location));
        var body = Shaped<PolicyBody>(office.Doors.At("collections PUT /v1/dunning-policies/normal")[0].Body);
        Assert.Contains("\"active\":false", body, StringComparison.Ordinal);
        var activated = await browser.SubmitAsync(
            (await browser.GetAsync(saved.Location)).Form("/office/collecting/policies/normal/activation")
        );
        Assert.Equal(303, activated.Status);
        Assert.Single(office.Doors.At("collections POST /v1/dunning-policies/normal/activation"));
    }

    [Fact]
    public async Task A_customer_who_is_no_staff_opens_none_of_it()
    {
        using var stranger = await office.Portal.SignedInAsync(Demo.Ana);
        foreach (
            var path in new[] { "", "/receivables", $"/receivables/{Invoice}", "/ageing", "/write-offs", "/policies", "/policies/normal" }
        )
        {
            Assert.Equal(403, (await stranger.GetAsync($"/office/collecting{path}")).Status);
        }
    }

    [Fact]
    public async Task Staff_of_several_sellers_stay_with_the_one_they_chose()
    {
        office.Doors.Answer("collections GET /v1/receivables", Shaped<ReceivablePage>($$"""{"items":[{{Receivable("overdue", 30)}}]}"""));
        using var browser = await office.Portal.SignedInAsync(Demo.Both);
        Assert.Equal("¿De qué tienda?", (await browser.GetAsync("/office/collecting")).Heading);
        var page = await browser.GetAsync("/office/collecting/receivables?seller=nandu");
        Assert.Equal(200, page.Status);
        Assert.All(
            page.Html.QuerySelectorAll("main a[href^='/office/collecting']"),
            link => Assert.Contains("seller=nandu", link.GetAttribute("href"), StringComparison.Ordinal)
        );
    }

    private static string Receivable(string status, int days) =>
        $$"""{"invoiceId":"{{Invoice}}","number":"F-S01-2026-000041","customerId":"17850","customerKey":"17850","customerName":"Berta Ruiz","currency":"EUR","totalWithVat":"19.80","amountDue":"19.80","dueDate":"2026-10-24","status":"{{status}}","bucket":"1-30","daysOverdue":{{days}},"reminders":2,"onHold":true}""";

    private static string Transmission(string id, string purpose, int day) =>
        $$"""{"transmissionId":"{{id}}","invoiceId":"{{Invoice}}","purpose":"{{purpose}}","channel":"email","recipient":"berta@example.com","status":"sent","attempts":1,"possibleDuplicate":false,"createdAt":"2026-11-{{day}}T09:00:00+00:00"}""";

    private static string KeptPolicyJson(string status, int version) =>
        Shaped<KeptPolicy>(
            $$"""{"policyId":"normal","version":{{version}},"status":"{{status}}","madeAt":"2026-11-20T09:00:00+00:00","policy":{"name":"La de siempre","steps":[{"step":"suave","offsetDays":3,"channels":["email"],"claim":true}]} }"""
        );

    private void OneReceivable()
    {
        office.Doors.Answer("collections GET /v1/receivables", Shaped<ReceivablePage>($$"""{"items":[{{Receivable("overdue", 30)}}]}"""));
        office.Doors.Answer(
            $"collections GET /v1/receivables/{Invoice}/promises",
            Shaped<PromiseList>(
                $$"""{"items":[{"promiseId":"01935b7c-0000-7000-8000-0000000000c1","invoiceId":"{{Invoice}}","date":"2026-11-10","currency":"EUR","amount":"19.80","madeAt":"2026-11-01T09:00:00+00:00","standing":"broken"}],"score":{"judged":1,"kept":0,"partial":0,"broken":1,"keptShare":"0"} }"""
            )
        );
        office.Doors.Answer(
            $"collections GET /v1/receivables/{Invoice}/disputes",
            Shaped<DisputeList>(
                $$"""{"items":[{"disputeId":"01935b7c-0000-7000-8000-0000000000d1","invoiceId":"{{Invoice}}","currency":"EUR","amount":"4.95","reason":"Llegó roto","raisedAt":"2026-11-12T09:00:00+00:00"}]}"""
            )
        );
        office.Doors.Answer(
            "collections GET /v1/write-offs",
            Shaped<WriteOffList>(
                $$"""{"items":[{"writeOffId":"01935b7c-0000-7000-8000-0000000000e1","invoiceId":"{{Invoice}}","currency":"EUR","amount":"4.95","reason":"No merece la pena","state":"asked","askedBy":"cobros@nandu.example","askedAt":"2026-11-13T09:00:00+00:00"}]}"""
            )
        );
        office.Doors.Answer(
            "collections GET /v1/acts",
            Shaped<ActPage>(
                $$"""{"items":[{"actId":"01935b7c-0000-7000-8000-0000000000f1","at":"2026-11-14T09:00:00+00:00","byKind":"staff","by":"cobros@nandu.example","role":"collector","kind":"hold-placed","invoiceId":"{{Invoice}}","why":"Puesta en espera por vacaciones","body":{"holdId":"01935b7c-0000-7000-8000-0000000000b1"} }]}"""
            )
        );
        office.Doors.Answer(
            $"collections GET /v1/receivables/{Invoice}/steps",
            Shaped<StepAnswers>(
                $$"""{"invoiceId":"{{Invoice}}","steps":[{"step":"reminder-1","state":"sent","policyId":"normal","policyVersion":2,"escalation":"none","sentAt":"2026-11-01T09:00:00+00:00","channel":"email","recipient":"berta@example.com"}]}"""
            )
        );
    }

    private void Policy()
    {
        office.Doors.Answer("collections GET /v1/dunning-policies/normal", KeptPolicyJson("draft", 2));
        office.Doors.Answer("collections GET /v1/dunning-policies/normal/versions", $$"""{"items":[{{KeptPolicyJson("draft", 2)}}]}""");
    }
}
