using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Whose certificate may bring whose records.</summary>
public sealed class CertificateTests(SharedAgency shared) : IClassFixture<SharedAgency>
{
    [Fact]
    public async Task A_person_s_an_organisation_s_and_a_representative_s_certificate_bring_records()
    {
        var agency = await shared.StartedAsync();
        var (person, company) = (Nifs.Person(), Nifs.Entity());
        Assert.Equal(200, await StatusAsync(agency, ClientCertificates.Make($"IDCES-{person}", null), Letter.Registering(person)));
        Assert.Equal(200, await StatusAsync(agency, ClientCertificates.Make(person, null), Letter.Registering(person)));
        // A representative's names the person, too: the organisation counts.
        Assert.Equal(
            200,
            await StatusAsync(agency, ClientCertificates.Make($"IDCES-{person}", $"VATES-{company}"), Letter.Registering(company))
        );
        var adviser = Nifs.Person();
        var represented = Letter
            .Registering(company)
            .With(
                "</Cabecera>",
                $"""<Representante xmlns="https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/SuministroInformacion.xsd"><NombreRazon>Asesor</NombreRazon><NIF>{adviser}</NIF></Representante></Cabecera>"""
            );
        Assert.Equal(200, await StatusAsync(agency, ClientCertificates.Of(adviser), represented));
    }

    [Fact]
    public async Task Without_a_certificate_that_is_in_time_there_is_a_page_that_says_so()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        Assert.Equal(403, await StatusAsync(agency, null, Letter.Registering(nif)));
        Assert.Equal(403, await StatusAsync(agency, ClientCertificates.Make(nif, null, -20, -10), Letter.Registering(nif)));
        Assert.Equal(403, await StatusAsync(agency, ClientCertificates.Make(nif, null, 10, 20), Letter.Registering(nif)));
        var plain = await AgencyClient.PostAsync(agency.Client.Control, Encoding.UTF8.GetBytes(Letter.Registering(nif).Write()));
        Assert.Equal(403, plain.Status);
        Assert.Contains("certificado electrónico", plain.Body, StringComparison.Ordinal);
        Assert.Equal(0, (await agency.Client.TotalsAsync(nif)).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task Somebody_else_s_certificate_is_refused_by_code()
    {
        var agency = await shared.StartedAsync();
        var (nif, other) = (Nifs.Person(), Nifs.Person());
        using var client = agency.Client.With(ClientCertificates.Of(other));
        var refused = await AgencyClient.PostAsync(client, Encoding.UTF8.GetBytes(Letter.Registering(nif).Write()));
        Assert.Equal(("env:Client", "4112"), (refused.Text("faultcode"), refused.FaultCode));
        Assert.Contains("El titular del certificado debe ser", refused.Text("faultstring"), StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(Agency agency, X509Certificate2? certificate, Letter letter)
    {
        using var client = agency.Client.With(certificate);
        return (await AgencyClient.PostAsync(client, Encoding.UTF8.GetBytes(letter.Write()))).Status;
    }
}
