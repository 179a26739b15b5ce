using RetailInvoicing.Portal.Sessions;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>A session that ends in the middle of a form: nothing is sent, and nothing that was written is lost.</summary>
public sealed class SessionFormTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Form = "/office/marketing/consent";
    private const string Door = "delivery PUT /v1/customers/17850/consent";

    [Fact]
    public async Task What_was_written_in_the_office_is_there_on_its_own_page_after_signing_in_again_and_is_sent_once()
    {
        office.Doors.Answer(Door, "{}");
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        var before = office.Doors.At(Door).Count;
        EndSessions();
        var sent = await browser.PostAsync(Form, fields);
        Assert.Equal(303, sent.Status);
        Assert.StartsWith("/sign-in?next=%2Fkept-forms%2F", sent.Location, StringComparison.Ordinal);

        var page = await BackAsync(browser, Demo.Owner, sent);
        Assert.Equal(200, page.Status);
        Assert.Contains("No se ha enviado nada.", page.Text, StringComparison.Ordinal);
        var form = page.Html.Forms.Single(each => each.QuerySelector("[name=once]") is not null && each.GetAttribute("action") == Form);
        Assert.Equal("lo dijo por teléfono", form.QuerySelector("[name=source]")!.GetAttribute("value"));
        Assert.Equal(fields["once"], form.QuerySelector("[name=once]")!.GetAttribute("value"));
        Assert.Equal(before, office.Doors.At(Door).Count);

        var again = await browser.SubmitAsync(form, ("granted", "no"));
        Assert.Equal(303, again.Status);
        Assert.Equal($"form-{fields["once"]}-1", office.Doors.At(Door)[0].Key);
        Assert.Equal(again.Location, (await browser.SubmitAsync(form, ("granted", "no"))).Location);
        Assert.Equal(before + 1, office.Doors.At(Door).Count);

        // It is used up: its address leads where the form led.
        var kept = await browser.GetAsync(Uri.UnescapeDataString(sent.Location["/sign-in?next=".Length..]));
        Assert.Equal((303, again.Location), (kept.Status, kept.Location));
    }

    [Fact]
    public async Task What_a_customer_wrote_is_shown_and_sent_by_the_customer_alone()
    {
        var portal = office.Portal;
        var invoice = Demo.Of(portal.World, "F-S01-2026-000041").InvoiceId;
        var path = $"/invoices/{invoice}/dispute";
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var form = (await browser.GetAsync(path)).Form(path);
        EndSessions();
        var sent = await browser.SubmitAsync(form, ("reason", "Llegó roto en dos trozos"));
        var page = await BackAsync(browser, Demo.Ana, sent);
        Assert.Equal((200, "No se ha enviado nada"), (page.Status, page.Heading));
        Assert.Contains("Llegó roto en dos trozos", page.Text, StringComparison.Ordinal);
        Assert.False(portal.World.Disputes.ContainsKey(invoice.ToString()));
        var again = await browser.SubmitAsync(page.Form(path));
        Assert.True(again.Status is 303 or 422, again.Text);
    }

    [Fact]
    public async Task It_is_shown_to_the_same_person_in_the_same_browser_for_half_an_hour()
    {
        var portal = office.Portal;
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        EndSessions();
        var sent = await browser.PostAsync(Form, fields);
        var kept = Uri.UnescapeDataString(sent.Location["/sign-in?next=".Length..]);

        // Another browser of the same person, and another person in the same browser.
        using var elsewhere = await office.OwnerAsync();
        Assert.Equal(404, (await elsewhere.GetAsync(kept)).Status);
        Assert.Equal(404, (await BackAsync(browser, Demo.Ana, sent)).Status);
        Assert.Equal(200, (await BackAsync(browser, Demo.Owner, sent)).Status);
        portal.Clock.Advance(KeepForm.Kept);
        var late = await browser.GetAsync(kept);
        Assert.Equal((404, "Lo que habías escrito ya no está"), (late.Status, late.Heading));
    }

    [Fact]
    public async Task What_the_database_holds_of_it_cannot_be_read()
    {
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        EndSessions();
        await browser.PostAsync(Form, fields);
        await using var command = office.Portal.Host.Database.CreateCommand(
            "select count(*) from kept_form where position('fono'::bytea in sealed) > 0"
        );
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_form_from_elsewhere_and_one_of_a_session_that_was_ended_by_hand_are_not_kept()
    {
        using var browser = await office.OwnerAsync();
        var fields = await FieldsAsync(browser);
        EndSessions();
        var forged = await browser.PostAsync(Form, new Dictionary<string, string>(fields) { ["__RequestVerificationToken"] = "CfDJ8" });
        Assert.Equal($"/sign-in?next={Uri.EscapeDataString(Form)}", forged.Location);

        using var second = await office.OwnerAsync();
        var written = await FieldsAsync(second);
        Assert.Equal(303, (await second.SubmitAsync((await second.GetAsync(Form)).Form("/sign-out"))).Status);
        Assert.Equal($"/sign-in?next={Uri.EscapeDataString(Form)}", (await second.PostAsync(Form, written)).Location);
    }

    /// <summary>All sessions end by themselves; none has gone a day since.</summary>
    private void EndSessions() => office.Portal.Clock.Advance(TimeSpan.FromDays(14));

    /// <summary>Signs in again in that browser, and goes where it is sent.</summary>
    private async Task<Answer> BackAsync(Browser browser, string email, Answer sent)
    {
        var next = Uri.UnescapeDataString(sent.Location["/sign-in?next=".Length..]);
        // Whoever is in leaves first.
        if ((await browser.GetAsync("/me")).Status == 200)
        {
            await browser.SubmitAsync((await browser.GetAsync("/me")).Form("/sign-out"));
        }

        var confirm = await browser.GetAsync(await office.Portal.LinkForAsync(browser, email, next));
        var inside = await browser.SubmitAsync(confirm.Form("/sign-in/"));
        Assert.Equal(next, inside.Location);
        return await browser.GetAsync(inside.Location);
    }

    private static async Task<Dictionary<string, string>> FieldsAsync(Browser browser)
    {
        var page = await browser.GetAsync($"{Form}?customerId=17850");
        var fields = page
            .Html.Forms.Single(form => form.QuerySelector("[name=once]") is not null && form.GetAttribute("action") == Form)
            .QuerySelectorAll("input[type=hidden][name]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        fields["granted"] = "no";
        fields["source"] = "lo dijo por teléfono";
        return fields;
    }
}
