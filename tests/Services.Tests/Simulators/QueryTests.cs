namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>What the agency tells of what it has: by filters, in pages, to those who may know.</summary>
public sealed class QueryTests(SharedAgency shared) : IClassFixture<SharedAgency>
{
    private const string Common =
        "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/SuministroInformacion.xsd";

    [Fact]
    public async Task Pages_follow_one_another_by_the_last_invoice_of_the_one_before()
    {
        await using var agency = await Agency.StartAsync();
        await agency.Client.SetAsync(new { pageSize = 2 });
        var nif = Nifs.Person();
        var sent = await SendAsync(agency, nif, 5);
        var got = new List<string>();
        var filter = "";
        string? more;
        do
        {
            var page = await agency.Client.SendAsync(
                nif,
                Letter.Asking(nif).With("</FiltroConsulta>", $"{filter}</FiltroConsulta>").WriteQuery()
            );
            Assert.Empty(OfficialAnswers.Breaches(page));
            got.AddRange(Numbers(page));
            more = page.Text("IndicadorPaginacion");
            var key = page.Xml.Descendants().SingleOrDefault(each => each.Name.LocalName == "ClavePaginacion");
            Assert.Equal(more == "S", key is not null);
            filter = key is null
                ? ""
                : $"<ClavePaginacion>{string.Concat(key.Elements().Select(each => $"<c:{each.Name.LocalName}>{each.Value}</c:{each.Name.LocalName}>"))}</ClavePaginacion>";
        } while (more == "S");

        Assert.Equal(sent, got);
    }

    [Theory]
    [InlineData("<NumSerieFactura>{0}</NumSerieFactura>", 1)]
    [InlineData("<NumSerieFactura>none</NumSerieFactura>", 0)]
    [InlineData("<FechaExpedicionFactura><c:FechaExpedicionFactura>{1}</c:FechaExpedicionFactura></FechaExpedicionFactura>", 2)]
    [InlineData(
        "<FechaExpedicionFactura><c:RangoFechaExpedicion><c:Hasta>{2}</c:Hasta></c:RangoFechaExpedicion></FechaExpedicionFactura>",
        0
    )]
    [InlineData("<RefExterna>R-1</RefExterna>", 0)]
    [InlineData(
        "<SistemaInformatico><c:NombreRazon>Productor</c:NombreRazon><c:NIF>A39200019</c:NIF><c:IdSistemaInformatico>77</c:IdSistemaInformatico><c:NumeroInstalacion>1</c:NumeroInstalacion></SistemaInformatico>",
        2
    )]
    [InlineData(
        "<SistemaInformatico><c:NombreRazon>Productor</c:NombreRazon><c:NIF>A39200019</c:NIF><c:IdSistemaInformatico>77</c:IdSistemaInformatico><c:NumeroInstalacion>2</c:NumeroInstalacion></SistemaInformatico>",
        0
    )]
    public async Task A_filter_leaves_what_it_is_about(string filter, int count)
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var sent = await SendAsync(agency, nif, 2);
        var asked = string.Format(System.Globalization.CultureInfo.InvariantCulture, filter, sent[0], Letter.Day(-1), Letter.Day(-2));
        var found = await agency.Client.SendAsync(
            nif,
            Letter.Asking(nif).With("</FiltroConsulta>", $"{asked}</FiltroConsulta>").WriteQuery()
        );
        Assert.Equal(count, Numbers(found).Count);
        Assert.Equal(count > 0 ? "ConDatos" : "SinDatos", found.Text("ResultadoConsulta"));
        Assert.Empty(OfficialAnswers.Breaches(found));
    }

    [Fact]
    public async Task The_system_and_the_issuer_s_name_are_told_where_they_are_asked_for()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        await SendAsync(agency, nif, 1);
        var plain = await agency.Client.SendAsync(nif, Letter.Asking(nif).WriteQuery());
        Assert.Equal((null, null), (plain.Text("SistemaInformatico"), plain.Text("NombreRazonEmisor")));
        var asking = Letter
            .Asking(nif)
            .With(
                "</FiltroConsulta>",
                "</FiltroConsulta><DatosAdicionalesRespuesta><MostrarNombreRazonEmisor>S</MostrarNombreRazonEmisor><MostrarSistemaInformatico>S</MostrarSistemaInformatico></DatosAdicionalesRespuesta>"
            );
        var shown = await agency.Client.SendAsync(nif, asking.WriteQuery());
        Assert.Equal(("Tienda", "77"), (shown.Text("NombreRazonEmisor"), shown.Text("IdSistemaInformatico")));
        Assert.Empty(OfficialAnswers.Breaches(shown));
    }

    [Fact]
    public async Task A_representative_sees_the_records_that_name_it()
    {
        var agency = await shared.StartedAsync();
        var (nif, adviser) = (Nifs.Person(), Nifs.Person());
        var first = Letter.Registering(nif);
        await agency.Client.SendAsync(nif, first.Write());
        var second = Letter
            .Registering(nif)
            .After(first)
            .With(
                "</Cabecera>",
                $"""<Representante xmlns="{Common}"><NombreRazon>Asesor</NombreRazon><NIF>{adviser}</NIF></Representante></Cabecera>"""
            );
        await agency.Client.SendAsync(adviser, second.Write());
        var asking = Letter
            .Asking(nif)
            .With("</c:ObligadoEmision>", "</c:ObligadoEmision><c:IndicadorRepresentante>S</c:IndicadorRepresentante>");
        var found = await agency.Client.SendAsync(adviser, asking.WriteQuery());
        Assert.Equal([second.Number], Numbers(found));
        Assert.Equal(adviser, found.Text("NifRepresentante"));
        Assert.Empty(OfficialAnswers.Breaches(found));
    }

    [Fact]
    public async Task A_cancelled_invoice_is_told_as_cancelled()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var sale = Letter.Registering(nif);
        await agency.Client.SendAsync(nif, sale.Write());
        await agency.Client.SendAsync(nif, Letter.Cancelling(nif).Of(sale.Number).After(sale).Write());
        var found = await agency.Client.SendAsync(nif, Letter.Asking(nif).WriteQuery());
        Assert.Equal("Anulado", found.Xml.Descendants().Last(each => each.Name.LocalName == "EstadoRegistro").Value);
        Assert.Empty(OfficialAnswers.Breaches(found));
    }

    private static async Task<IReadOnlyList<string>> SendAsync(Agency agency, string nif, int count)
    {
        var last = Letter.Registering(nif);
        var records = new List<string> { last.WriteRecord() };
        var numbers = new List<string> { last.Number };
        while (records.Count < count)
        {
            var next = Letter.Registering(nif).After(last);
            records.Add(next.WriteRecord());
            numbers.Add(next.Number);
            last = next;
        }

        Assert.Equal("Correcto", (await agency.Client.SendAsync(nif, last.Around(records))).Text("EstadoEnvio"));
        return numbers;
    }

    private static IReadOnlyList<string> Numbers(Answered answered) =>
        [
            .. answered
                .Xml.Descendants()
                .Where(each => each.Name.LocalName == "NumSerieFactura" && each.Parent!.Name.LocalName == "IDFactura")
                .Select(each => each.Value),
        ];
}
