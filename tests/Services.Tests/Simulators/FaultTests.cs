using System.Net;
using System.Net.Http.Json;
using System.Xml;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.TaxAgency.Control;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Faults on request: what the client sees, and what the agency has recorded.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Slow_answers_late()
    {
        var clock = new FakeTimeProvider(Letter.Now);
        var begun = clock.GetUtcNow();
        await using var agency = await Agency.StartAsync(clock);
        await agency.Client.AskForAsync(new { kind = "slow", seconds = 5 });
        var nif = Nifs.Person();
        var sent = agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        while (!sent.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(clock.GetUtcNow() - begun >= TimeSpan.FromSeconds(5), "it answered before its time");
        Assert.Equal(["Correcto"], (await sent).Verdicts);
    }

    [Theory]
    [InlineData("cut-before", 0)]
    [InlineData("cut-after", 1)]
    public async Task Cut_drops_the_connection_before_or_after_recording(string kind, int recorded)
    {
        await using var agency = await Agency.StartAsync();
        await agency.Client.AskForAsync(new { kind, times = 1 });
        var nif = Nifs.Person();
        var letter = Letter.Registering(nif);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => agency.Client.SendAsync(nif, letter.Write()));
        await Eventually.TrueAsync(
            async () => (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32() == recorded,
            $"{recorded} recorded"
        );
        // Sent again, it is accepted, or is there already.
        var again = await agency.Client.SendAsync(nif, letter.Write());
        Assert.Equal([recorded == 0 ? "Correcto" : "Incorrecto 3000"], again.Verdicts);
    }

    [Fact]
    public async Task A_server_error_and_a_server_fault_record_nothing()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        await agency.Client.AskForAsync(new { kind = "5xx", times = 1 });
        await agency.Client.AskForAsync(
            new
            {
                kind = "5xx",
                code = 502,
                times = 1,
            }
        );
        await agency.Client.AskForAsync(new { kind = "fault-server", times = 1 });
        Assert.Equal(503, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        Assert.Equal(502, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        var fault = await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        Assert.Equal(("env:Server", "20009"), (fault.Text("faultcode"), fault.FaultCode));
        Assert.Equal(0, (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task A_malformed_answer_is_no_XML_and_its_records_are_recorded()
    {
        await using var agency = await Agency.StartAsync();
        await agency.Client.AskForAsync(new { kind = "malformed" });
        var nif = Nifs.Person();
        var answered = await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        Assert.Equal(200, answered.Status);
        Assert.Throws<XmlException>(() => answered.Xml);
        Assert.Equal(1, (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task Partial_refuses_every_other_record_and_reject_code_all()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        var first = Letter.Registering(nif);
        var one = first.WriteRecord();
        var two = Letter.Registering(nif).After(first).WriteRecord();
        await agency.Client.AskForAsync(
            new
            {
                kind = "partial",
                code = 1193,
                times = 1,
            }
        );
        Assert.Equal(["Correcto", "Incorrecto 1193"], (await agency.Client.SendAsync(nif, first.Around(one, two))).Verdicts);
        await agency.Client.AskForAsync(new { kind = "reject-code", code = 1110 });
        var refused = await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        Assert.Equal(["Incorrecto 1110"], refused.Verdicts);
        Assert.Equal("El NIF no está identificado en el censo de la AEAT.", refused.Text("DescripcionErrorRegistro"));
        Assert.Empty(OfficialAnswers.Breaches(refused));
    }

    [Fact]
    public async Task A_certificate_is_refused_by_a_page_or_by_a_code()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        await agency.Client.AskForAsync(new { kind = "certificate-refused", times = 1 });
        Assert.Equal(403, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        await agency.Client.AskForAsync(new { kind = "certificate-refused", code = 4112 });
        Assert.Equal("4112", (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).FaultCode);
    }

    [Fact]
    public async Task A_fault_is_for_one_taxpayer_for_so_many_times_for_submissions_or_queries_until_it_is_taken_back()
    {
        await using var agency = await Agency.StartAsync();
        var (nif, other) = (Nifs.Person(), Nifs.Person());
        await agency.Client.AskForAsync(new { kind = "5xx", nif });
        Assert.Equal(200, (await agency.Client.SendAsync(other, Letter.Registering(other).Write())).Status);
        Assert.Equal(200, (await agency.Client.SendAsync(nif, Letter.Asking(nif).WriteQuery())).Status);
        Assert.Equal(503, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        await agency.Client.Control.DeleteAsync("/control/faults", TestContext.Current.CancellationToken);
        await agency.Client.AskForAsync(
            new
            {
                kind = "5xx",
                times = 1,
                on = "query",
            }
        );
        Assert.Equal(200, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        Assert.Equal(503, (await agency.Client.SendAsync(nif, Letter.Asking(nif).WriteQuery())).Status);
        Assert.Equal(200, (await agency.Client.SendAsync(nif, Letter.Asking(nif).WriteQuery())).Status);
    }

    [Fact]
    public void A_rate_draws_the_same_requests_from_the_same_seed()
    {
        static string Draw(int seed)
        {
            var faults = new Faults();
            faults.Seed(seed);
            faults.Add(new Fault { Kind = FaultKinds.CutAfter, Rate = 0.1 });
            return string.Concat(Enumerable.Range(0, 1000).Select(_ => faults.Draw("submission", null) is null ? '.' : 'x'));
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.InRange(Draw(1).Count(each => each == 'x'), 70, 130);
    }

    [Theory]
    [InlineData("""{"kind":"thunder"}""")]
    [InlineData("""{"kind":"slow","rate":2}""")]
    [InlineData("""{"kind":"reject-code"}""")]
    public async Task What_is_no_fault_is_refused(string fault)
    {
        await using var agency = await Agency.StartAsync();
        using var content = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");
        var answered = await agency.Client.Control.PostAsync("/control/faults", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answered.StatusCode);
        Assert.Empty((await agency.Client.Control.GetFromJsonAsync<Fault[]>("/control/faults", TestContext.Current.CancellationToken))!);
    }
}
