using Microsoft.Extensions.Time.Testing;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>TiempoEsperaEnvio: 60 seconds at first; who does not wait is noted, and refused by a strict agency.</summary>
public sealed class FlowControlTests
{
    private readonly FakeTimeProvider _clock = new(Letter.Now);

    [Fact]
    public async Task Who_sends_before_the_time_is_noted_and_who_waits_is_not()
    {
        await using var agency = await Agency.StartAsync(_clock, ("TaxAgency:WaitSeconds", "60"));
        var nif = Nifs.Person();
        Assert.Equal("60", (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Text("TiempoEsperaEnvio"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        Assert.Equal(0, await ViolationsAsync(agency, nif));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(["AceptadoConErrores 2007"], (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Verdicts);
        Assert.Equal(1, await ViolationsAsync(agency, nif));
        // Another taxpayer has a time of its own.
        var other = Nifs.Person();
        await agency.Client.SendAsync(other, Letter.Registering(other).Write());
        Assert.Equal(0, await ViolationsAsync(agency, other));
    }

    [Fact]
    public async Task A_strict_agency_refuses_what_comes_too_early_and_lets_the_time_run_on()
    {
        await using var agency = await Agency.StartAsync(_clock, ("TaxAgency:WaitSeconds", "60"));
        await agency.Client.SetAsync(new { strict = true });
        var nif = Nifs.Person();
        await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        _clock.Advance(TimeSpan.FromSeconds(30));
        var refused = await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        Assert.Equal(("env:Server", "SIM-01"), (refused.Text("faultcode"), refused.FaultCode));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Status);
        Assert.Equal(1, await ViolationsAsync(agency, nif));
        Assert.Equal(2, (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task A_thousand_records_need_not_wait()
    {
        await using var agency = await Agency.StartAsync(_clock, ("TaxAgency:WaitSeconds", "60"));
        await agency.Client.SetAsync(new { strict = true });
        var nif = Nifs.Person();
        var last = Letter.Registering(nif);
        await agency.Client.SendAsync(nif, last.Write());
        var records = new List<string>();
        while (records.Count < 1000)
        {
            var next = Letter.Registering(nif).After(last);
            records.Add(next.WriteRecord());
            last = next;
        }

        var answered = await agency.Client.SendAsync(nif, last.Around(records));
        Assert.Equal("Correcto", answered.Text("EstadoEnvio"));
        Assert.Equal(1000, answered.Lines.Count);
        Assert.Empty(OfficialAnswers.Breaches(answered));
        var totals = await agency.Client.TotalsAsync(nif);
        Assert.Equal(
            ("1001", "21021.00", "121121.00"),
            (
                $"{totals.GetProperty("inForce")}",
                totals.GetProperty("cuotaTotal").GetString(),
                totals.GetProperty("importeTotal").GetString()
            )
        );
        Assert.Equal(0, totals.GetProperty("chain").GetProperty("broken").GetArrayLength());
    }

    [Fact]
    public async Task The_wait_is_what_the_control_sets()
    {
        await using var agency = await Agency.StartAsync(_clock);
        await agency.Client.SetAsync(new { waitSeconds = 7 });
        var nif = Nifs.Person();
        Assert.Equal("7", (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Text("TiempoEsperaEnvio"));
    }

    private static async Task<int> ViolationsAsync(Agency agency, string nif) =>
        (await agency.Client.TotalsAsync(nif)).GetProperty("violations").GetArrayLength();
}
