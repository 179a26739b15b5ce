using System.Net.Http.Json;
using RetailInvoicing.Services.Tests.Invoicing;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>What the control API tells of records: totals declared, chains, states.</summary>
public sealed class RecordsTests
{
    [Fact]
    public async Task Declared_are_registrations_in_force_without_F3_and_substitutions_by_their_difference()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        var sent = new List<Letter>();
        async Task Send(Letter letter)
        {
            var answered = await agency.Client.SendAsync(nif, (sent.Count == 0 ? letter : letter.After(sent[^1])).Write());
            Assert.Equal(["Correcto"], answered.Verdicts);
            sent.Add(letter);
        }

        await Send(Letter.Registering(nif));
        await Send(CodeCase.Changed(Letter.Registering(nif), CodeCase.Of("F2"), CodeCase.ToNobody));
        await Send(CodeCase.Changed(Letter.Registering(nif), CodeCase.Of("F3")));
        // 21 and 121 in place of 10 and 60: the difference is 11 and 61.
        await Send(
            CodeCase.Changed(
                Letter.Registering(nif),
                CodeCase.Of(
                    "R1",
                    "<TipoRectificativa>S</TipoRectificativa><ImporteRectificacion><BaseRectificada>50.00</BaseRectificada><CuotaRectificada>9.00</CuotaRectificada><CuotaRecargoRectificado>1.00</CuotaRecargoRectificado></ImporteRectificacion>"
                )
            )
        );
        // What was cancelled is not declared, and what was corrected is declared once.
        await Send(Letter.Registering(nif));
        await Send(Letter.Cancelling(nif).Of(sent[^1].Number));
        await Send(Letter.Registering(nif));
        await Send(Letter.Registering(nif).With("<TipoFactura>F1", "<Subsanacion>S</Subsanacion><TipoFactura>F1").Of(sent[^1].Number));

        var totals = await agency.Client.TotalsAsync(nif, "&environment=test");
        Assert.Equal((8, 5, 1), (Number("records"), Number("inForce"), Number("cancelled")));
        Assert.Equal(("74.00", "424.00"), (totals.GetProperty("cuotaTotal").GetString(), totals.GetProperty("importeTotal").GetString()));
        Assert.Equal(8, Number("requests"));
        Assert.Equal(0, totals.GetProperty("chain").GetProperty("broken").GetArrayLength());
        Assert.Equal(0, (await agency.Client.TotalsAsync(nif, "&environment=production")).GetProperty("records").GetInt32());
        int Number(string name) => totals.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_chain_is_broken_where_a_record_does_not_follow_the_one_received_last()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        var (one, two, three) = (Letter.Registering(nif), Letter.Registering(nif), Letter.Registering(nif));
        await agency.Client.SendAsync(nif, one.Write());
        // A refused record is a link of the chain all the same.
        await agency.Client.SendAsync(nif, two.With("<CalificacionOperacion>S1", "<CalificacionOperacion>N1").After(one).Write());
        await agency.Client.SendAsync(nif, three.After(two).Write());
        var four = Letter.Registering(nif).After(one);
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(nif, four.Write())).Verdicts);
        await agency.Client.SendAsync(nif, Letter.Registering(nif).After(four).Write());
        var broken = (await agency.Client.TotalsAsync(nif)).GetProperty("chain").GetProperty("broken");
        var only = Assert.Single(broken.EnumerateArray());
        Assert.Equal(four.Number, only.GetProperty("invoice").GetProperty("number").GetString());
        Assert.Equal(three.Fingerprint, only.GetProperty("expected").GetProperty("fingerprint").GetString());
        Assert.Equal(one.Fingerprint, only.GetProperty("found").GetProperty("fingerprint").GetString());
    }

    [Fact]
    public async Task The_list_tells_each_record_with_its_state_and_verification_code()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        var sale = Letter.Registering(nif);
        var answered = await agency.Client.SendAsync(nif, sale.Write());
        await agency.Client.SendAsync(nif, sale.Write());
        var records = (await agency.Client.ListAsync(nif)).EnumerateArray().ToList();
        Assert.Equal(["Correcto", "Incorrecto"], records.Select(each => each.GetProperty("state").GetString()));
        Assert.Equal(
            (sale.Number, "Alta", "F1", sale.Fingerprint, answered.Text("CSV")),
            (
                records[0].GetProperty("number").GetString(),
                records[0].GetProperty("type").GetString(),
                records[0].GetProperty("kind").GetString(),
                records[0].GetProperty("fingerprint").GetString(),
                records[0].GetProperty("csv").GetString()
            )
        );
        Assert.Equal(3000, records[1].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Under_a_requirement_a_breach_is_noted_and_only_who_is_who_is_refused()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        const string header =
            """<RemisionRequerimiento xmlns="https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/SuministroInformacion.xsd"><RefRequerimiento>REQ1</RefRequerimiento></RemisionRequerimiento></Cabecera>""";
        Letter Required() => Letter.Registering(nif).With("</Cabecera>", header);
        var noted = await agency.Client.SendAsync(
            nif,
            Required().With("<CalificacionOperacion>S1", "<CalificacionOperacion>N1").Write(),
            AgencyClient.Requirement
        );
        Assert.Equal(["AceptadoConErrores 1237"], noted.Verdicts);
        var refused = await agency.Client.SendAsync(nif, Required().With("{RECIPIENT}", Nifs.Unsound()).Write(), AgencyClient.Requirement);
        Assert.Equal(["Incorrecto 1193"], refused.Verdicts);
    }

    [Fact]
    public async Task Production_is_kept_apart_and_known_by_its_path()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        var sale = Letter.Registering(nif);
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(nif, sale.Write(), $"/production{AgencyClient.Voluntary}")).Verdicts);
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(nif, sale.Write())).Verdicts);
        Assert.Equal(1, (await agency.Client.TotalsAsync(nif, "&environment=production")).GetProperty("records").GetInt32());
        Assert.Equal(2, (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task A_late_record_needs_an_incident_where_the_control_says_so()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        Letter Late() => Letter.Registering(nif).With("{MADE}", $"{Letter.Now.AddHours(-1):yyyy-MM-ddTHH:mm:sszzz}");
        var first = Late();
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(nif, first.Write())).Verdicts);
        await agency.Client.SetAsync(new { lateNeedsIncident = true });
        var second = await agency.Client.SendAsync(nif, Late().After(first).Write());
        Assert.Equal(["AceptadoConErrores 2004"], second.Verdicts);
        Assert.EndsWith("240 segundos.", second.Text("DescripcionErrorRegistro"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "192 de 239")]
    [InlineData(false, "192 de 192")]
    public async Task The_page_says_what_this_is_and_what_it_checks(bool withSchemas, string counts)
    {
        await using var agency = await (withSchemas ? Agency.StartAsync() : Agency.StartWithoutSchemasAsync());
        var nif = Nifs.Person();
        await agency.Client.SendAsync(nif, Letter.Registering(nif).Write());
        var page = await agency.Client.Control.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("simulador y un entorno de pruebas, sin validez fiscal", page, StringComparison.Ordinal);
        Assert.Contains("a test environment, with no fiscal validity", page, StringComparison.Ordinal);
        Assert.Contains(nif, page, StringComparison.Ordinal);
        Assert.Contains($"{counts} códigos comprobados", page, StringComparison.Ordinal);
        Assert.Contains(withSchemas ? "los esquemas oficiales de" : "without the official schemas", page, StringComparison.Ordinal);
        Assert.Equal("Healthy", await agency.Client.Control.GetStringAsync("/health", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_census_forgets_and_remembers()
    {
        await using var agency = await Agency.StartAsync();
        var nif = Nifs.Person();
        await agency.Client.ForgetAsync(nif);
        Assert.Contains(
            nif,
            (await agency.Client.Control.GetFromJsonAsync<string[]>("/control/census", TestContext.Current.CancellationToken))!
        );
        Assert.Equal("4104", (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).FaultCode);
        await agency.Client.Control.DeleteAsync($"/control/census/{nif}", TestContext.Current.CancellationToken);
        Assert.Equal(["Correcto"], (await agency.Client.SendAsync(nif, Letter.Registering(nif).Write())).Verdicts);
    }

    [Fact]
    public void Published_fingerprints_are_found_right_whatever_zeros_end_the_amounts()
    {
        foreach (var row in Vectors.Of("compliance/verifactu/vectors/huella-published.csv").Where(row => row[1] is "alta" or "anulacion"))
        {
            var fields = row[3].Split('&').Select(each => each.Split('=', 2)).ToDictionary(each => each[0], each => each[1]);
            Assert.True(RetailInvoicing.Simulators.TaxAgency.Fingerprint.IsRight(Record(row[1] == "alta", fields, row[4])), row[0]);
            if (fields.TryGetValue("ImporteTotal", out var total))
            {
                fields["ImporteTotal"] = total + "0";
                Assert.True(RetailInvoicing.Simulators.TaxAgency.Fingerprint.IsRight(Record(isRegistration: true, fields, row[4])), row[0]);
            }
        }
    }

    private static System.Xml.Linq.XElement Record(bool isRegistration, Dictionary<string, string> fields, string fingerprint)
    {
        var record = new System.Xml.Linq.XElement(isRegistration ? "RegistroAlta" : "RegistroAnulacion");
        var id = new System.Xml.Linq.XElement("IDFactura");
        record.Add(id, new System.Xml.Linq.XElement("Encadenamiento", new System.Xml.Linq.XElement("RegistroAnterior")));
        foreach (var (name, value) in fields)
        {
            var place =
                name == "Huella" ? record.Element("Encadenamiento")!.Element("RegistroAnterior")!
                : name.StartsWith("IDEmisor", StringComparison.Ordinal)
                || name.StartsWith("NumSerie", StringComparison.Ordinal)
                || name.StartsWith("FechaExp", StringComparison.Ordinal)
                    ? id
                : record;
            place.Add(new System.Xml.Linq.XElement(name, value));
        }

        record.Add(new System.Xml.Linq.XElement("Huella", fingerprint));
        return record;
    }
}
