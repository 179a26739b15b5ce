using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>The sixteen messages that the service description prints, with their placeholders filled in, in an order that makes sense.</summary>
public sealed class SamplesTests
{
    private const string Recipient = "A84532506";

    private readonly string _nif = Nifs.Person();

    [Fact]
    public async Task Sample_01_is_the_fault_for_an_unknown_taxpayer()
    {
        await using var agency = await Agency.StartAsync();
        await agency.Client.ForgetAsync(_nif);
        var fault = await agency.Client.SendAsync(_nif, Filled("02"));
        var printed = new Answered(500, await ReadAsync("01"));
        Assert.Equal(Names(printed), Names(fault));
        Assert.Equal(printed.Text("faultcode"), fault.Text("faultcode"));
        Assert.Equal(printed.FaultCode, fault.FaultCode);
    }

    [Fact]
    public async Task Samples_02_03_05_and_06_register_correct_and_cancel_an_invoice_twice()
    {
        await using var agency = await Agency.StartAsync();
        foreach (var (sample, state) in new[] { ("02", "1 0"), ("03", "1 0"), ("05", "0 1"), ("06", "0 1") })
        {
            await SendAsync(agency, sample, "Correcto");
            var totals = await agency.Client.TotalsAsync(_nif);
            Assert.Equal(state, $"{totals.GetProperty("inForce")} {totals.GetProperty("cancelled")}");
        }
    }

    [Fact]
    public async Task Sample_04_registers_after_a_refusal_and_07_cancels_without_a_record()
    {
        await using var agency = await Agency.StartAsync();
        await agency.Client.AskForAsync(
            new
            {
                kind = "reject-code",
                code = 1193,
                times = 1,
            }
        );
        Assert.Equal(["Incorrecto 1193"], (await agency.Client.SendAsync(_nif, Filled("02"))).Verdicts);
        await SendAsync(agency, "04", "Correcto");
        var other = new SamplesTests();
        await other.SendAsync(agency, "07", "Correcto");
    }

    [Fact]
    public async Task Sample_08_has_three_records_in_a_chain()
    {
        await using var agency = await Agency.StartAsync();
        // The second cancels an invoice that must be there.
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(_nif, Filled("02", ("12345", "12311")))).Verdicts);
        await SendAsync(agency, "08", "Correcto", "Correcto", "Correcto");
        var broken = (await agency.Client.TotalsAsync(_nif)).GetProperty("chain").GetProperty("broken");
        // The samples name a record 44 before the first one, which nobody has sent; the three of 08 hang together.
        Assert.Equal(
            ["12311", "12345"],
            broken.EnumerateArray().Select(each => each.GetProperty("invoice").GetProperty("number").GetString())
        );
    }

    [Fact]
    public async Task Samples_09_10_and_11_answer_a_requirement_and_only_there()
    {
        await using var agency = await Agency.StartAsync();
        Assert.Equal("4126", (await agency.Client.SendAsync(_nif, Filled("09"))).FaultCode);
        foreach (var sample in new[] { "09", "10", "11" })
        {
            var answered = await agency.Client.SendAsync(_nif, Filled(sample), AgencyClient.Requirement);
            Assert.Equal(["Correcto"], answered.Verdicts);
            Assert.Empty(OfficialAnswers.Breaches(answered));
        }

        Assert.Equal(0, (await agency.Client.TotalsAsync(_nif)).GetProperty("records").GetInt32());
        Assert.Equal(3, (await agency.Client.TotalsAsync(_nif, "&service=requirement")).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task Samples_12_to_16_ask_for_what_was_sent()
    {
        await using var agency = await Agency.StartAsync();
        var sent = Letter
            .Registering(_nif)
            .With("{RECIPIENT}", Recipient)
            .With("<Desglose>", "<Cupon>N</Cupon><Desglose>")
            .With("<TipoImpositivo>21", "<TipoImpositivo>4")
            .With("<BaseImponibleOimporteNoSujeto>100.00", "<BaseImponibleOimporteNoSujeto>1044.03")
            .With("<CuotaRepercutida>21.00", "<CuotaRepercutida>41.76")
            .With("<CuotaTotal>21.00", "<CuotaTotal>41.76")
            .With("<ImporteTotal>121.00", "<ImporteTotal>1085.79");
        var first = Letter.Registering(_nif);
        await agency.Client.SendAsync(_nif, first.Write());
        await agency.Client.SendAsync(_nif, sent.After(first).Write());

        var all = await agency.Client.SendAsync(_nif, Filled("12"));
        Assert.Equal(("ConDatos", "N", 2), (all.Text("ResultadoConsulta"), all.Text("IndicadorPaginacion"), Found(all).Count));
        var ofRecipient = await agency.Client.SendAsync(_nif, Filled("14"));
        Assert.Equal([sent.Number], Found(ofRecipient));
        var printed = new Answered(200, await ReadAsync("13"));
        Assert.Equal(Names(printed), Names(ofRecipient));
        var ofDays = await agency.Client.SendAsync(_nif, Filled("15"));
        Assert.Equal(2, Found(ofDays).Count);
        using var recipient = agency.Client.With(ClientCertificates.Make(Recipient, null));
        var theirs = await AgencyClient.PostAsync(
            recipient,
            CodeCase.Bytes(Filled("16").Replace(_nif, Recipient, StringComparison.Ordinal))
        );
        Assert.Equal([sent.Number], Found(theirs));
        Assert.All([all, ofRecipient, ofDays, theirs], answered => Assert.Empty(OfficialAnswers.Breaches(answered)));
    }

    private async Task SendAsync(Agency agency, string sample, params string[] verdicts)
    {
        var answered = await agency.Client.SendAsync(_nif, Filled(sample));
        Assert.Equal(verdicts, answered.Verdicts);
        Assert.Equal("Correcto", answered.Text("EstadoEnvio"));
        Assert.Equal(_nif, answered.Text("NIFPresentador"));
        Assert.Empty(OfficialAnswers.Breaches(answered));
    }

    /// <summary>A sample with sound identifiers, days that may be, and fingerprints that are right.</summary>
    private string Filled(string sample, params (string Find, string Put)[] changes)
    {
        var text = File.ReadAllText(PathOf(sample))
            .Replace("XXXXXXXXXXXXXXXXXX", "REQ20260000000001", StringComparison.Ordinal)
            .Replace("XXXXXXXXX", _nif, StringComparison.Ordinal)
            .Replace("AAAA", _nif, StringComparison.Ordinal)
            // The one printed has a check character that is wrong.
            .Replace("A84532509", Recipient, StringComparison.Ordinal)
            .Replace("BBBB", Nifs.Entity(), StringComparison.Ordinal)
            .Replace("NNNN", "A39200019", StringComparison.Ordinal)
            .Replace("13-09-2024", Letter.Day(-1), StringComparison.Ordinal)
            .Replace("13-02-2024", Letter.Day(-1), StringComparison.Ordinal)
            .Replace("02-11-2024", Letter.Day(-2), StringComparison.Ordinal)
            .Replace("13-11-2024", Letter.Day(-1), StringComparison.Ordinal)
            .Replace("Ejercicio>2024", $"Ejercicio>{Letter.Now.AddDays(-1):yyyy}", StringComparison.Ordinal)
            .Replace("Periodo>11", $"Periodo>{Letter.Now.AddDays(-1):MM}", StringComparison.Ordinal);
        text = changes.Aggregate(text, (changed, change) => changed.Replace(change.Find, change.Put, StringComparison.Ordinal));
        var message = XElement.Parse(text);
        message.Descendants().Where(each => each.Name.LocalName == "ClavePaginacion").Remove();
        var last = "3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60";
        foreach (var record in message.Descendants().Where(each => each.Name.LocalName is "RegistroAlta" or "RegistroAnulacion"))
        {
            record
                .Descendants()
                .Single(each => each.Parent!.Name.LocalName == "RegistroAnterior" && each.Name.LocalName == "Huella")
                .Value = last;
            record.Elements().Single(each => each.Name.LocalName == "FechaHoraHusoGenRegistro").Value = Letter.Now.ToString(
                "yyyy-MM-ddTHH:mm:sszzz",
                CultureInfo.InvariantCulture
            );
            last = RetailInvoicing.Simulators.TaxAgency.Fingerprint.Of(record);
            record.Elements().Single(each => each.Name.LocalName == "Huella").Value = last;
        }

        return message.ToString();
    }

    private static Task<string> ReadAsync(string sample) => File.ReadAllTextAsync(PathOf(sample), TestContext.Current.CancellationToken);

    private static string PathOf(string sample) => Repository.Shared($"compliance/verifactu/aeat-soap-samples/{sample}.xml");

    private static IReadOnlyList<string> Found(Answered answered) =>
        [
            .. answered
                .Xml.Descendants()
                .Where(each => each.Name.LocalName == "NumSerieFactura" && each.Parent!.Name.LocalName == "IDFactura")
                .Select(each => each.Value),
        ];

    private static IEnumerable<string> Names(Answered answered) => answered.Xml.Descendants().Select(each => each.Name.LocalName);
}
