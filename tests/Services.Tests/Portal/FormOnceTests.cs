using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Portal;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>A form of the office that is sent twice, wherever it arrives: one act, one answer.</summary>
public sealed class FormOnceTests(OfficeHost office, Infrastructure infrastructure) : IClassFixture<OfficeHost>
{
    private const string Form = "/office/marketing/consent";
    private const string Door = "delivery PUT /v1/customers/17850/consent";

    [Fact]
    public async Task Two_instances_that_get_the_same_form_do_it_once_and_answer_alike()
    {
        office.Doors.Answer(Door, "{}");
        await using var second = await SecondAsync();
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        var before = office.Doors.At(Door).Count;

        var answers = await Task.WhenAll(
            browser.PostAsync(Form, fields),
            browser.PostAsync(new Uri(second.HttpAddress, Form).AbsoluteUri, fields),
            browser.PostAsync(Form, fields),
            browser.PostAsync(new Uri(second.HttpAddress, Form).AbsoluteUri, fields)
        );

        Assert.All(answers, answer => Assert.Equal((303, answers[0].Location), (answer.Status, answer.Location)));
        Assert.Equal(before + 1, office.Doors.At(Door).Count);
        var later = await browser.PostAsync(new Uri(second.HttpAddress, Form).AbsoluteUri, fields);
        Assert.Equal((303, answers[0].Location), (later.Status, later.Location));
        Assert.Equal(before + 1, office.Doors.At(Door).Count);
    }

    [Fact]
    public async Task The_services_are_given_the_forms_own_key_and_the_same_one_again_after_no_answer()
    {
        office.Doors.Answer(Door, "", 500);
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        var before = office.Doors.At(Door).Count;

        var away = await browser.PostAsync(Form, fields);
        Assert.Equal(503, away.Status);
        var again = away.Html.QuerySelector($"form[action='{Form}'] [name=once]")!.GetAttribute("value");
        Assert.Equal(fields["once"], again);
        office.Doors.Answer(Door, "{}");
        Assert.Equal(303, (await browser.PostAsync(Form, fields)).Status);

        var keys = office.Doors.At(Door).Take(office.Doors.At(Door).Count - before).Select(knock => knock.Key).ToList();
        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Equal($"form-{fields["once"]}-1", key));
    }

    [Fact]
    public async Task A_key_opens_nothing_of_somebody_else_and_another_form_is_another_act()
    {
        office.Doors.Answer(Door, "{}");
        using var browser = await office.OwnerAsync();
        var first = await FieldsAsync(browser);
        var other = await FieldsAsync(browser);
        Assert.NotEqual(first["once"], other["once"]);
        var before = office.Doors.At(Door).Count;
        Assert.Equal(303, (await browser.PostAsync(Form, first)).Status);
        Assert.Equal(303, (await browser.PostAsync(Form, other)).Status);
        Assert.Equal(before + 2, office.Doors.At(Door).Count);

        // Without a key, or with one that is none, nothing is done.
        Assert.Equal(409, (await browser.PostAsync(Form, new Dictionary<string, string>(first) { ["once"] = "x" })).Status);
        Assert.Equal(before + 2, office.Doors.At(Door).Count);
    }

    [Fact]
    public async Task What_was_changed_after_going_back_is_not_taken_for_what_was_sent()
    {
        office.Doors.Answer(Door, "{}");
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        Assert.Equal(303, (await browser.PostAsync(Form, fields)).Status);
        var before = office.Doors.At(Door).Count;

        var changed = await browser.PostAsync(Form, new Dictionary<string, string>(fields) { ["source"] = "por teléfono" });
        Assert.Equal(409, changed.Status);
        Assert.Contains("Lo que has cambiado no se ha enviado", changed.Text, StringComparison.Ordinal);
        Assert.Equal(before, office.Doors.At(Door).Count);
        var form = changed.Html.Forms.Single(each =>
            each.GetAttribute("action") == Form && each.QuerySelector("[name=source]") is not null
        );
        Assert.Equal("por teléfono", form.QuerySelector("[name=source]")!.GetAttribute("value"));
        Assert.NotEqual(fields["once"], form.QuerySelector("[name=once]")!.GetAttribute("value"));

        Assert.Equal(303, (await browser.SubmitAsync(form)).Status);
        Assert.Equal(before + 1, office.Doors.At(Door).Count);
        Assert.Contains("por teléfono", office.Doors.At(Door)[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_of_two_clicks_is_told_the_same_new_key_and_nobody_later()
    {
        const string keys = "/office/settings/keys";
        const string door = "invoicing POST /v1/sellers/nandu/keys";
        office.Doors.Answer("invoicing GET /v1/sellers/nandu/keys", """{"keys":[]}""");
        office.Doors.Answer(door, """{"keyId":"key-7","apiKey":"LA-CLAVE-DE-UNA-VEZ"}""", 201);
        await using var second = await SecondAsync();
        using var browser = await office.OwnerAsync();
        var fields = (await browser.GetAsync(keys))
            .Html.Forms.Single(each => each.GetAttribute("action") == keys)
            .QuerySelectorAll("input[type=hidden][name]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        fields["invoices:read"] = "yes";

        var clicks = await Task.WhenAll(
            browser.PostAsync(keys, fields),
            browser.PostAsync(new Uri(second.HttpAddress, keys).AbsoluteUri, fields)
        );
        Assert.All(clicks, click => Assert.Equal(200, click.Status));
        Assert.All(clicks, click => Assert.Contains("LA-CLAVE-DE-UNA-VEZ", click.Text, StringComparison.Ordinal));
        Assert.Single(office.Doors.At(door));
        await using (
            var sealedToo = office.Portal.Host.Database.CreateCommand(
                "select count(*) from form_once where position('CLAVE'::bytea in told) > 0"
            )
        )
        {
            Assert.Equal(0L, await sealedToo.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        office.Portal.Clock.Advance(TimeSpan.FromMinutes(2.1));
        await Eventually.EqualAsync(
            0L,
            async () =>
            {
                await using var told = office.Portal.Host.Database.CreateCommand("select count(*) from form_once where told is not null");
                return (long)(await told.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            },
            "what is still told"
        );
        var late = await browser.PostAsync(keys, fields);
        Assert.Equal((303, keys), (late.Status, late.Location));
        Assert.Single(office.Doors.At(door));
    }

    private Task<ServiceHost> SecondAsync() =>
        ServiceHost.StartAsync<PortalOptions>(
            infrastructure,
            "portal",
            new HostSettings
            {
                Beside = office.Portal.Host,
                Configuration = office.Portal.Surrounding,
                Services = services => services.AddSingleton<TimeProvider>(office.Portal.Clock),
            }
        );

    private static async Task<Dictionary<string, string>> FieldsAsync(Browser browser)
    {
        var page = await browser.GetAsync($"{Form}?customerId=17850");
        var fields = page
            .Html.Forms.Single(form => form.QuerySelector("[name=once]") is not null && form.GetAttribute("action") == Form)
            .QuerySelectorAll("input[type=hidden][name]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        fields["granted"] = "no";
        fields["source"] = "en la tienda";
        return fields;
    }
}
