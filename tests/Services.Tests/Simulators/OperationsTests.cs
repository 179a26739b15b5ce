namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>The tables of admissible operations (validations, annex 5), each operation in each situation.</summary>
public sealed class OperationsTests(SharedAgency shared) : IClassFixture<SharedAgency>
{
    public static TheoryData<string, string, string> Table =>
        new()
        {
            { "Alta", "", "Correcto|Incorrecto 3000|Incorrecto 3000" },
            { "Alta", "Subsanacion=N RechazoPrevio=N", "Correcto|Incorrecto 3000|Incorrecto 3000" },
            { "Alta", "Subsanacion=S RechazoPrevio=X", "Correcto|Incorrecto 3000|Incorrecto 3000" },
            { "Alta", "Subsanacion=S", "Incorrecto 3002|Correcto|Correcto" },
            { "Alta", "Subsanacion=S RechazoPrevio=N", "Incorrecto 3002|Correcto|Correcto" },
            { "Alta", "Subsanacion=S RechazoPrevio=S", "Incorrecto 3002|Correcto|Correcto" },
            { "Anulacion", "", "Incorrecto 3002|Correcto|Correcto" },
            { "Anulacion", "SinRegistroPrevio=N RechazoPrevio=N", "Incorrecto 3002|Correcto|Correcto" },
            { "Anulacion", "RechazoPrevio=S", "Incorrecto 3002|Correcto|Correcto" },
            { "Anulacion", "SinRegistroPrevio=S", "Correcto|Incorrecto 3000|Incorrecto 3001" },
            { "Anulacion", "SinRegistroPrevio=S RechazoPrevio=N", "Correcto|Incorrecto 3000|Incorrecto 3001" },
            { "Anulacion", "SinRegistroPrevio=S RechazoPrevio=S", "Correcto|Incorrecto 3000|Incorrecto 3001" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_operation_is_admissible_where_the_annex_says_so(string operation, string says, string expected)
    {
        var agency = await shared.StartedAsync();
        var got = new List<string>();
        foreach (var situation in new[] { "none", "registered", "cancelled" })
        {
            var nif = Nifs.Person();
            var last = Letter.Registering(nif);
            if (situation != "none")
            {
                await agency.Client.SendAsync(nif, last.Write());
            }

            if (situation == "cancelled")
            {
                var cancelled = Letter.Cancelling(nif).Of(last.Number).After(last);
                await agency.Client.SendAsync(nif, cancelled.Write());
                last = cancelled;
            }

            var letter = Saying(operation == "Alta" ? Letter.Registering(nif) : Letter.Cancelling(nif), says).Of(last.Number);
            var answered = await agency.Client.SendAsync(nif, (situation == "none" ? letter : letter.After(last)).Write());
            got.Add(answered.Verdicts.Single());
            Assert.Empty(OfficialAnswers.Breaches(answered));
            Assert.Equal(operation, answered.Text("TipoOperacion"));
            var isDuplicate = got[^1] is "Incorrecto 3000" or "Incorrecto 3001";
            Assert.Equal(
                !isDuplicate ? null
                    : situation == "registered" ? "Correcta"
                    : "Anulada",
                answered.Text("EstadoRegistroDuplicado")
            );
        }

        Assert.Equal(expected, string.Join('|', got));
    }

    [Fact]
    public async Task A_registration_that_is_refused_as_a_duplicate_tells_what_is_there()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var first = Letter.Registering(nif).With("<CuotaTotal>21.00", "<CuotaTotal>50.00");
        await agency.Client.SendAsync(nif, first.Write());
        var again = await agency.Client.SendAsync(nif, first.Write());
        Assert.Equal(["Incorrecto 3000"], again.Verdicts);
        Assert.Equal("AceptadaConErrores", again.Text("EstadoRegistroDuplicado"));
        var kept = (await agency.Client.ListAsync(nif))[0];
        Assert.Equal(kept.GetProperty("requestId").GetString(), again.Text("IdPeticionRegistroDuplicado"));
        Assert.Equal("2006", again.Xml.Descendants().Last(each => each.Name.LocalName == "CodigoErrorRegistro").Value);
        // What is sent again is no new link of the chain.
        Assert.Equal(0, (await agency.Client.TotalsAsync(nif)).GetProperty("chain").GetProperty("broken").GetArrayLength());
    }

    [Fact]
    public async Task Records_of_one_submission_come_one_after_another()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var first = Letter.Registering(nif);
        var one = first.WriteRecord();
        var cancelled = Letter.Cancelling(nif).Of(first.Number).After(first);
        var two = cancelled.WriteRecord();
        var back = Saying(Letter.Registering(nif), "Subsanacion=S").Of(first.Number).After(cancelled);
        var three = back.WriteRecord();
        var duplicate = Letter.Registering(nif).Of(first.Number).After(back).WriteRecord();
        var answered = await agency.Client.SendAsync(nif, first.Around(one, two, three, duplicate));
        Assert.Equal(["Correcto", "Correcto", "Correcto", "Incorrecto 3000"], answered.Verdicts);
        Assert.Equal("ParcialmenteCorrecto", answered.Text("EstadoEnvio"));
        Assert.NotNull(answered.Text("CSV"));
        Assert.Empty(OfficialAnswers.Breaches(answered));
    }

    [Fact]
    public async Task A_submission_of_which_nothing_is_accepted_has_no_verification_code()
    {
        var agency = await shared.StartedAsync();
        var nif = Nifs.Person();
        var answered = await agency.Client.SendAsync(nif, Saying(Letter.Registering(nif), "Subsanacion=S").Write());
        Assert.Equal("Incorrecto", answered.Text("EstadoEnvio"));
        Assert.Null(answered.Text("CSV"));
        Assert.Null(answered.Text("DatosPresentacion"));
        Assert.Equal("No existe el registro de facturación.", answered.Text("DescripcionErrorRegistro"));
    }

    /// <summary>A record that says what it is about, in the order of the schema.</summary>
    private static Letter Saying(Letter letter, string says)
    {
        var elements = string.Concat(
            says.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(each => each.Split('='))
                .Select(each => $"<{each[0]}>{each[1]}</{each[0]}>")
        );
        return letter.WriteRecord().Contains("RegistroAlta", StringComparison.Ordinal)
            ? letter.With("<TipoFactura>F1", $"{elements}<TipoFactura>F1")
            : letter.With("</IDFactura>", $"</IDFactura>{elements}");
    }
}
