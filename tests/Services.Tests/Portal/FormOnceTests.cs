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
