using System.Globalization;
using RetailInvoicing.Services.Tests.Invoicing;
using RetailInvoicing.Simulators.TaxAgency.Rules;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>A sound record with one thing wrong gets exactly the code of that thing, with the official schemas and without.</summary>
public sealed class CodesTests
{
    public static TheoryData<bool> WithSchemasAndWithout => [true, false];

    [Theory]
    [MemberData(nameof(WithSchemasAndWithout))]
    public async Task Each_code_is_given_for_what_it_is_about(bool withSchemas)
    {
        await using var agency = await (withSchemas ? Agency.StartAsync() : Agency.StartWithoutSchemasAsync());
        var wrong = new List<string>();
        foreach (var each in CodeCases.All)
        {
            var answered = await each.SendAsync(agency.Client, Nifs.Person());
            var got = answered.FaultCode is { } fault ? $"fault {fault}" : string.Join(", ", answered.Verdicts);
            if (got != Expected(each))
            {
                wrong.Add($"{each}: {got}");
            }

            if (withSchemas)
            {
                wrong.AddRange(OfficialAnswers.Breaches(answered).Select(breach => $"{each}: {breach}"));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Each_check_has_a_message_that_breaks_it() =>
        Assert.Equal(RuleBook.Checks.Keys.Order(), CodeCases.All.Select(each => each.Code).Distinct().Order());

    [Fact]
    public void Each_published_code_is_checked_or_has_a_reason_why_not()
    {
        var published = Vectors
            .Of("compliance/verifactu/vectors/error-codes.csv")
            .Select(row => int.Parse(row[0], CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(239, published.Count);
        Assert.All(
            published,
            code =>
                Assert.True(RuleBook.Checks.ContainsKey(code) != NotChecked.Why(code) is not null, $"{code} is checked, or says why not")
        );
        Assert.Empty(RuleBook.Checks.Keys.Except(published));
    }

    [Theory]
    [MemberData(nameof(WithSchemasAndWithout))]
    public async Task A_sound_record_is_right(bool withSchemas)
    {
        await using var agency = await (withSchemas ? Agency.StartAsync() : Agency.StartWithoutSchemasAsync());
        var nif = Nifs.Person();
        var sale = Letter.Registering(nif);
        var registered = await agency.Client.SendAsync(nif, sale.Write());
        Assert.Equal(["Correcto"], registered.Verdicts);
        Assert.Matches("^A-[0-9A-Z]{14}$", registered.Text("CSV"));
        Assert.Equal(
            ["Correcto"],
            (await agency.Client.SendAsync(nif, Letter.Cancelling(nif).Of(sale.Number).After(sale).Write())).Verdicts
        );
    }

    private static string Expected(CodeCase each) =>
        each.Code is >= 4000 or 1248 or 1249 or 1250 or 1261 or 1270 or 1271 or 1272 or 1282 ? $"fault {each.Code}"
        : each.Code is >= 2000 and < 3000 ? $"AceptadoConErrores {each.Code}"
        : $"Incorrecto {each.Code}";
}
