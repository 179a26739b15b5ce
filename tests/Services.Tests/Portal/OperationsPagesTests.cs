using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>What those who operate the system see and do, and that nobody else does.</summary>
public sealed class OperationsPagesTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Queue = "delivery-send-invoice_error";
    private const string Letters = $"/operations/dead-letters/delivery/{Queue}";

    [Fact]
    public async Task An_operator_whom_no_seller_knows_signs_in_by_a_mailed_link_and_sees_every_service()
    {
        State(
            "invoicing",
            """ "submissions":[{"taxId":"B12345674","environment":"test","installation":"1","waiting":7,"oldestAt":"2026-11-23T08:15:00+00:00","answer":"rejected","code":"1117","answeredAt":"2026-11-23T09:00:00+00:00"}] """
        );
        State(
            "delivery",
            """ "mail":[{"channel":"email","queued":5,"retrying":2,"oldestAt":"2026-11-23T09:05:00+00:00"}] """,
            $$"""{"queue":"{{Queue}}","messages":3}"""
        );
        State("payments", "");
        State("collections", "");
        office.Doors.Answer("reporting GET /v1/operations", "", 503);
        using var browser = await office.Portal.SignedInAsync(Demo.Operator);
        Assert.Equal("/operations", (await browser.GetAsync("/")).Location);
        var page = await browser.GetAsync("/operations");

        Assert.Equal((200, "Operaciones"), (page.Status, page.Heading));
        foreach (
            var said in new[]
            {
                "1.2.3+abc",
                "023-newest",
                "No responde",
                "delivery-send-invoice_error",
                "B12345674",
                "1117",
                "60 min",
                "./retail status",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        // The web front tells of itself too.
        Assert.Contains("portal", page.Text, StringComparison.Ordinal);
        Assert.Contains(page.Html.Links, link => link.GetAttribute("href") == "https://panel.example/");
        Assert.Contains(page.Html.Links, link => link.GetAttribute("href") == Letters);
        // Nothing reloads by itself, which would take away what somebody reads: there is a link.
        Assert.Null(page.Html.QuerySelector("meta[http-equiv=refresh]"));
        Assert.Contains(page.Html.Links, link => link.TextContent == "Mirar otra vez");
        var token = new JsonWebToken(office.Doors.At("invoicing GET /v1/operations")[0].Bearer["Bearer ".Length..]);
        Assert.Equal("true", token.GetClaim("operator").Value);
    }

    [Fact]
    public async Task To_everybody_else_the_pages_are_not_there()
    {
        var before = office.Doors.At($"delivery POST /v1/operations/dead-letters/{Queue}/replay").Count;
        foreach (var email in new[] { Demo.Owner, Demo.Ana })
        {
            using var browser = await office.Portal.SignedInAsync(email);
            foreach (var path in new[] { "/operations", Letters })
            {
                Assert.Equal(404, (await browser.GetAsync(path)).Status);
            }

            var own = await browser.FollowAsync("/");
            Assert.DoesNotContain(own.Html.Links, link => link.GetAttribute("href") == "/operations");
            var form = own.Html.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            var sent = await browser.PostAsync(
                $"{Letters}/replay",
                new Dictionary<string, string> { ["__RequestVerificationToken"] = form, ["once"] = Guid.CreateVersion7().ToString("N") }
            );
            Assert.Equal(404, sent.Status);
        }

        Assert.Equal(before, office.Doors.At($"delivery POST /v1/operations/dead-letters/{Queue}/replay").Count);
        using var nobody = office.Portal.Browser();
        Assert.StartsWith("/sign-in", (await nobody.GetAsync("/operations")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_is_read_and_sent_back_once_however_often_its_button_is_pressed()
    {
        office.Doors.Answer(
            $"delivery GET /v1/operations/dead-letters/{Queue}",
            Shaped<DeadLetterList>(
                $$"""{"queue":"{{Queue}}","home":"delivery-send-invoice","letters":[{"name":"m-1","type":"invoicing.invoice-issued.v1","at":"2026-11-23T09:05:00+00:00","reason":"no <b>lookup</b>","body":"{\"a\":\"<script>\"}","cut":false}]}"""
            )
        );
        office.Doors.Answer($"delivery POST /v1/operations/dead-letters/{Queue}/replay", """{"replayed":1}""");
        using var browser = await office.Portal.SignedInAsync(Demo.Operator);
        var page = await browser.GetAsync(Letters);
        foreach (
            var said in new[]
            {
                "invoicing.invoice-issued.v1",
                "no <b>lookup</b>",
                "{\"a\":\"<script>\"}",
                "10 min",
                $"./retail dead-letters replay {Queue} --message m-1",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var one = page.Html.Forms.Single(form => form.QuerySelector("[name=message]") is not null);
        var pressed = await Task.WhenAll(browser.SubmitAsync(one), browser.SubmitAsync(one));
        Assert.All(pressed, answer => Assert.Equal((303, $"{Letters}?replayed=1"), (answer.Status, answer.Location)));
        var sent = Assert.Single(office.Doors.At($"delivery POST /v1/operations/dead-letters/{Queue}/replay"));
        Assert.Equal("m-1", (string?)JsonNode.Parse(sent.Body)!["message"]);
        Shaped<LettersToReplay>("""{"message":"m-1","all":false}""");
        Assert.Contains("Devuelto: 1 mensaje", (await browser.GetAsync(pressed[0].Location)).Text, StringComparison.Ordinal);

        var all = page.Html.Forms.First(form =>
            form.GetAttribute("action") == $"{Letters}/replay" && form.QuerySelector("[name=message]") is null
        );
        await browser.SubmitAsync(all);
        Assert.True((bool)JsonNode.Parse(office.Doors.At($"delivery POST /v1/operations/dead-letters/{Queue}/replay")[0].Body)!["all"]!);
    }

    private void State(string service, string part, string dead = "") =>
        office.Doors.Answer(
            $"{service} GET /v1/operations",
            Shaped<ServiceState>(
                $$$"""{"service":"{{{service}}}","version":"1.2.3+abc","health":"Healthy","complaints":[],"migrations":{"applied":30,"newest":"023-newest.sql"},"outbox":{"waiting":4,"oldestAt":"2026-11-23T09:14:00+00:00"},"queues":[{"queue":"{{{service}}}-queue","waiting":2,"consumers":1}],"dead":[{{{dead}}}],"away":[],"parts":{ {{{part}}} }}"""
            )
        );
}
